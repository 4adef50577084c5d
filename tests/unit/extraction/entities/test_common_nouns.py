"""Common nouns that a tagger takes for people or places, and names that are nouns too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Label, Mention
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.names import canonical
from extraction.entities.trim import tidy


def kept(text: str, *marked: tuple[Label, str]) -> list[str]:
    """Mark the surfaces one after the other; return those that stay names."""
    mentions, at = [], 0
    for label, surface in marked:
        at = text.index(surface, at)
        mentions.append(Mention(label, "", surface, "body", at, at + len(surface)))
        at += len(surface)
    return [m.surface for m in canonical(mentions, {"body": text})]


@pytest.mark.parametrize("word", ["Verteidigungspakt", "Buskonvoi", "Tatorts", "Reifen", "Panik"])
def test_common_nouns(word: str) -> None:
    assert is_common_noun(word)


@pytest.mark.parametrize("word", ["Merkel", "Chemnitz", "Putin", "Karl-Marx-Allee", "NATO", ""])
def test_names_are_none(word: str) -> None:
    assert not is_common_noun(word)


@pytest.mark.parametrize(
    ("text", "label", "surface"),
    [
        ("Der Verteidigungspakt gilt.", "PER", "Verteidigungspakt"),
        ("Dann brannten Reifen.", "LOC", "Reifen"),
        ("Die Menge geriet in Panik.", "LOC", "Panik"),
        ("Am Tatort fand man nichts, trotz des Tatorts.", "LOC", "Tatorts"),
        ("Anschlag auf Buskonvoi. Ein Buskonvoi fuhr.", "LOC", "Buskonvoi"),
        ("Das sagte der Koch.", "PER", "Koch"),
        ("Sie stand am Brückenfundament.", "LOC", "Brückenfundament"),
        ("Er kam zum Ukraine-Friedensmarsch.", "LOC", "Ukraine-Friedensmarsch"),
    ],
)
def test_nouns_are_left_out(text: str, label: Label, surface: str) -> None:
    assert kept(text, (label, surface)) == []


@pytest.mark.parametrize(
    ("text", "label", "surface"),
    [
        ("Minister Koch kam.", "PER", "Koch"),
        ("Frau Schatz kam.", "PER", "Schatz"),
        ("Fischer sagte nichts.", "PER", "Fischer"),
        ("Die Offenbarung des Johannes", "PER", "Johannes"),
        ("Er lebt in Essen.", "LOC", "Essen"),
        ("Er lebt in Halle.", "LOC", "Halle"),
        ("Sie wohnt in der Lindenstraße.", "LOC", "Lindenstraße"),
        ("Der Nordatlantik wird wärmer.", "LOC", "Nordatlantik"),
        ("Er kam aus Kirchmöser.", "LOC", "Kirchmöser"),
        ("Der Gegner Schalke gewann.", "LOC", "Schalke"),
        ("Sie spielten im Ostseestadion.", "LOC", "Ostseestadion"),
        ("Er stand vor der Wilhelmsburg-Kaserne.", "LOC", "Wilhelmsburg-Kaserne"),
        ("Er lebt in Sachsen-Anhalt.", "LOC", "Sachsen-Anhalt"),
    ],
)
def test_names_stay(text: str, label: Label, surface: str) -> None:
    assert kept(text, (label, surface)) == [surface]


def test_somebody_named_in_full_keeps_the_surname() -> None:
    text = "Roland Koch kam, und der Koch, den alle kennen, sprach."
    assert kept(text, ("PER", "Roland Koch"), ("PER", "Koch")) == ["Roland Koch", "Koch"]


@given(st.text(max_size=30))
def test_any_word_gets_an_answer(word: str) -> None:
    assert is_common_noun(word) in (True, False)


@pytest.mark.parametrize("label", ["LOC", "PER"])
def test_a_storm_is_neither_person_nor_place(label: Label) -> None:
    text = "Der Tropensturm Rita kam. Rita zog weiter."
    mentions = [
        Mention(label, "", "Rita", "body", at, at + len("Rita"))
        for at in (text.index("Rita"), text.rindex("Rita"))
    ]
    assert [m.label for m in canonical(mentions, {"body": text})] == ["MISC", "MISC"]


def test_the_surname_of_somebody_is_no_place() -> None:
    text = "Es sprach Mahmud Ahmadinedschad. Dann kamen Ahmadinedschad und Ahmadinedschad."
    first = text.index("Mahmud")
    later = [i for i in range(len(text)) if text.startswith("Ahmadinedschad", i)][1:]
    full = "Mahmud Ahmadinedschad"
    mentions = [Mention("PER", "", full, "body", first, first + len(full))]
    mentions += [Mention("LOC", "", full[7:], "body", at, at + len(full[7:])) for at in later]
    assert {(m.label, m.name) for m in canonical(mentions, {"body": text})} == {("PER", full)}


def test_inhabitants_of_large_cities_are_no_places() -> None:
    assert kept("Er fuhr zum Frankfurter Kreuz.", ("LOC", "Frankfurter")) == []


def test_marks_of_a_list_are_no_part_of_a_name() -> None:
    text = "2.710)Ruslan Ponomarjow"
    assert tidy(text, 0, len(text)) == (len("2.710)"), len(text))
    text = "Frankfurt (Oder)"
    assert tidy(text, 0, len(text)) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "surface", "label"),
    [
        ("Dem Ministerpräsidenten Fidschis wurde gedroht.", "Fidschis", "LOC"),
        ("Kämpfe gab es in und um Bengasi.", "Bengasi", "LOC"),
        ("Das sagte Präsident Kenia.", "Kenia", "PER"),
        ("Das sagte Frau Bengasi.", "Bengasi", "PER"),
        ("Das sagte Merkel.", "Merkel", "PER"),
    ],
)
def test_states_and_large_cities_are_no_people(text: str, surface: str, label: Label) -> None:
    at = text.index(surface)
    mention = Mention("PER", "", surface, "body", at, at + len(surface))
    assert [m.label for m in canonical([mention], {"body": text})] == [label]


@pytest.mark.parametrize(
    "name",
    [
        *("Cäsar", "Fuchs", "Hase", "Hummel", "Nachtigall", "Lachs", "Rolle", "Wasserfall"),
        *("Adler", "Specht", "Sommer", "Frost", "Amsel", "Distel", "Spatz", "Hammer", "Nagel"),
    ],
)
def test_names_that_have_a_plural_as_nouns_stay_people(name: str) -> None:
    text = f"Der Senat warnte {name}. {name} lachte."
    assert kept(text, ("PER", name), ("PER", name)) == [name, name]


@pytest.mark.parametrize("noun", ["Fuchs", "Hummel", "Cäsar"])
def test_behind_an_article_they_are_nouns(noun: str) -> None:
    assert kept(f"Gestern lachte der {noun}.", ("PER", noun)) == []


@pytest.mark.parametrize(
    ("text", "noun", "stays"),
    [
        ("Er sprach von einer „Allianz“ gegen sich.", "Allianz", False),
        ("Die „Front“ der Gegner wächst.", "Front", False),
        ("Die Partei „Heimat“ klagt.", "Heimat", True),
        ("Der „Stern“ berichtet.", "Stern", True),
        ("Das Heft „Finanztest“ warnt.", "Finanztest", True),
        ("Die Allianz verdient mehr.", "Allianz", True),
    ],
)
def test_a_noun_that_is_only_quoted_is_no_organisation(text: str, noun: str, stays: bool) -> None:
    assert kept(text, ("ORG", noun)) == [noun] * stays
