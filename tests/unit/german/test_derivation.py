"""Word families: from nouns to verbs and back, and the forms of verbs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.derivation.conjugation import forms, verbs
from german.derivation.families import family, nouns_of, verbs_of
from german.derivation.infinitives import infinitives


@pytest.mark.parametrize(
    ("verb", "some"),
    [
        ("ehren", "ehrt ehrte ehrten geehrt geehrten"),
        ("verhaften", "verhaftet verhaftete verhafteter"),
        ("reden", "redet redete geredet"),
        ("sammeln", "sammelt sammelte gesammelt"),
        ("öffnen", "öffnet öffnete geöffnet"),
        ("regieren", "regiert regierte"),
        ("festnehmen", "festnimmt festnahm festzunehmen festgenommen festgenommene"),
        ("beschließen", "beschließt beschloss beschlossen beschlossene"),
        ("übertragen", "übertrug übertragen"),
    ],
)
def test_verbs_have_the_forms_that_texts_have(verb: str, some: str) -> None:
    assert set(some.split()) < set(forms(verb).whole)


def test_prefixes_and_foreign_verbs_take_no_ge() -> None:
    whole = [*forms("regieren").whole, *forms("verhaften").whole, *forms("beurteilen").whole]
    assert not [form for form in whole if form.startswith("ge")]


def test_a_verb_with_a_particle_stands_in_two_parts_too() -> None:
    assert forms("festnehmen")[1:] == (("nehmen", "nimmt", "nahm", "nahmen"), "fest")
    assert forms("verhaften").particle == ""


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("Festnahme", "festnehmen"),
        ("Verhaftung", "verhaften"),
        ("Austritt", "austreten"),
        ("Rückgang", "zurückgehen"),
        ("Absturz", "abstürzen"),
        ("Verlust", "verlieren"),
        ("Sammlung", "sammeln"),
        ("Öffnung", "öffnen"),
        ("Förderung", "fördern"),
        ("Explosion", "explodieren"),
        ("Demonstration", "demonstrieren"),
        ("Diskussion", "diskutieren"),
        ("Kritik", "kritisieren"),
        ("Boykott", "boykottieren"),
        ("Verkauf", "verkaufen"),
        ("Verkäuferin", "verkaufen"),
        ("Entführer", "entführen"),
        ("Wahl", "wählen"),
        ("Antrag", "beantragen"),
    ],
)
def test_a_noun_of_an_act_has_its_verb(noun: str, verb: str) -> None:
    assert verbs_of(noun) == (verb,)


@pytest.mark.parametrize(
    "word",
    [
        "Zeitung",
        "Vertrag",
        "Ausschuss",
        "Land",
        "Haus",
        "Rat",
        "Vorgang",
        "Masse",
        "Begriff",
        "kommt",
    ],
)
def test_what_has_gone_its_own_way_has_no_family(word: str) -> None:
    assert family(word) == ((), ())


@pytest.mark.parametrize(
    ("form", "infinitive"),
    [
        ("festgenommen", "festnehmen"),
        ("geehrten", "ehren"),
        ("gefälscht", "fälschen"),
        ("stürzte", "stürzen"),
        ("verlor", "verlieren"),
        ("auszutreten", "austreten"),
        ("kosten", "kosten"),
        ("gebrochen", "brechen"),
    ],
)
def test_a_form_has_one_infinitive(form: str, infinitive: str) -> None:
    assert infinitives(form) == (infinitive,)


def test_from_a_verb_back_to_its_nouns() -> None:
    assert "Festnahme" in family("festgenommen").nouns
    assert family("gewählt").nouns == ("Wahl",)
    assert set(nouns_of("entführen")) == {"Entführung", "Entführer"}
    assert "Verlust" in nouns_of("verlieren")


def test_a_noun_in_any_form_has_the_family_of_its_nominative() -> None:
    assert family("Festnahmen") == family("Festnahme")
    assert family("festnahme").verbs == family("Festnahme").verbs


@given(st.sampled_from(sorted(verbs())))
def test_every_form_leads_to_a_verb_that_has_it(verb: str) -> None:
    for form in forms(verb).whole:
        assert re.fullmatch(r"[a-zäöüß]+", form)
        assert any(form in forms(other).whole for other in infinitives(form))


@given(st.text(max_size=40))
def test_any_string_may_be_asked(word: str) -> None:
    its = family(word)
    assert len(its.verbs) <= 2
    assert word not in its.nouns
