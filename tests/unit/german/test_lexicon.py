"""What is known of nouns: gender, genitive, plural, and whether a word is one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from german import lexicon
from german.declension import decoded, encoded

_LETTERS = st.text("abcdefghiklmnoprstuvwzäöüß", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("noun", "gender", "genitive", "plural"),
    [
        ("Sektor", "m", "Sektors", "Sektoren"),
        ("Gewölbe", "n", "Gewölbes", "Gewölbe"),
        ("Ingenieur", "m", "Ingenieurs", "Ingenieure"),
        ("Haus", "n", "Hauses", "Häuser"),
        ("Museum", "n", "Museums", "Museen"),
        ("Präsident", "m", "Präsidenten", "Präsidenten"),
        ("Katze", "f", "Katze", "Katzen"),
        ("Leute", "p", "", "Leute"),
        ("Verteidigungsministerium", "n", "Verteidigungsministeriums", "Verteidigungsministerien"),
        ("CDU-Vorstand", "m", "CDU-Vorstandes", "CDU-Vorstände"),
        ("Chefermittlerin", "f", "Chefermittlerin", "Chefermittlerinnen"),
        ("Entflechtungsbehörde", "f", "Entflechtungsbehörde", "Entflechtungsbehörden"),
        ("Xyz", "", "", ""),
    ],
)
def test_forms(noun: str, gender: str, genitive: str, plural: str) -> None:
    assert lexicon.gender(noun) == gender
    assert lexicon.plural(noun) == plural
    assert lexicon.genitive(noun) in {genitive, genitive.replace("es", "s")}


@pytest.mark.parametrize(
    ("form", "genders"),
    [
        ("Wähler", ("m", "p")),
        ("Sektors", ("m",)),
        ("Nationen", ("p",)),
        ("Alpen", ("p",)),
        ("Xyz", ()),
    ],
)
def test_what_a_form_may_be(form: str, genders: tuple[str, ...]) -> None:
    assert lexicon.genders(form) == genders


@pytest.mark.parametrize(
    ("form", "noun"),
    [
        ("Gewölbes", "Gewölbe"),
        ("Bundesamts", "Bundesamt"),
        ("Kreuzes", "Kreuz"),
        ("Kreis", "Kreis"),
        ("Krankenhaus", "Krankenhaus"),
        ("Währungsfonds", "Währungsfonds"),
        ("Teams", "Team"),
        ("Häuser", ""),
        ("Pizzas", ""),
        ("Xyzs", ""),
    ],
)
def test_genitives_in_s(form: str, noun: str) -> None:
    assert lexicon.genitive_of(form) == noun


@pytest.mark.parametrize(
    ("form", "plural"),
    [("Spielen", "Spiele"), ("Ämtern", "Ämter"), ("Nationen", "Nationen"), ("Garten", "Garten")],
)
def test_the_dative_of_plurals(form: str, plural: str) -> None:
    assert lexicon.nominative_plural(form) == plural


@pytest.mark.parametrize("word", ["Haus", "Häusern", "Nationen", "Verteidigungspakts", "Leute"])
def test_nouns(word: str) -> None:
    assert lexicon.is_noun(word)


@pytest.mark.parametrize("word", ["Merkel", "Berlin", "Xyz", "haus", "sagte", "", "-", "Angela"])
def test_no_nouns(word: str) -> None:
    assert not lexicon.is_noun(word)


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("Herzens", "Herz"), ("Gewölben", "Gewölbe"), ("Museen", "Museum"), ("Merkel", "Merkel")],
)
def test_lemmas(form: str, lemma: str) -> None:
    assert lexicon.lemma(form) == lemma


@given(st.text(max_size=30))
@example("ſ")
@example("İ")
@example("-")
@example("Straße-")
def test_any_string_may_be_asked_for(word: str) -> None:
    assert lexicon.gender(word) in ("m", "f", "n", "p", "")
    assert set(lexicon.genders(word)) <= set("mfnp")
    assert lexicon.genitive_of(word) == "" or word.startswith(lexicon.genitive_of(word))
    assert word.startswith(lexicon.nominative_plural(word))
    for form in (lexicon.plural(word), lexicon.genitive(word), lexicon.lemma(word)):
        assert isinstance(form, str)
    assert lexicon.is_noun(word) in (True, False)


@given(_LETTERS, _LETTERS)
@example("museum", "museen")
@example("haus", "häuser")
@example("baum", "bäume")
def test_a_code_makes_the_form_again(nominative: str, form: str) -> None:
    code = encoded(nominative, form)
    assert code == "-" or decoded(nominative, code) == form
