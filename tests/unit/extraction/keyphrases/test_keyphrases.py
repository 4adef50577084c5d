"""Keyphrases: what is given, what is left out, and that no text does harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.keyphrases import read_keyphrases
from tests.linear import assert_linear

FIELDS = {
    "kicker": "Verteidigung",
    "headline": "Litauen und Deutschland schließen Verteidigungspakt",
    "lead": "Der Pakt sieht gemeinsame Munitionslieferungen vor.",
    "body": "Der Verteidigungspakt gilt zehn Jahre, sagte der Ministerpräsident am Montag. "
    "Munitionslieferungen sollen im Herbst beginnen. Über künstliche Intelligenz wird noch "
    "verhandelt; die künstliche Intelligenz soll Drohnen lenken. Litauens Armee braucht Drohnen.",
}
NAMES = ["Litauen", "Deutschland"]


def test_compounds_come_as_lemmas_and_their_heads_are_left_out() -> None:
    found = read_keyphrases(FIELDS, NAMES)
    assert {"Verteidigungspakt", "Munitionslieferung", "künstliche Intelligenz"} <= set(found)
    assert not {"Pakt", "Lieferung", "Intelligenz"} & set(found)


def test_names_in_any_form_times_and_offices_are_none() -> None:
    found = read_keyphrases(FIELDS, NAMES)
    assert not {"Litauen", "Litauens", "Deutschland", "Jahr", "Montag", "Herbst"} & set(found)
    assert "Ministerpräsident" not in found[:3]


def test_a_part_far_more_frequent_than_its_compound_stays() -> None:
    body = (
        "Der Wolf wird geschützt. Ein Wolf riss Schafe. Kein Wolf wurde gesehen. Der Wolf ist da. "
    )
    assert "Wolf" in read_keyphrases({"headline": "Ein Wolf und ein Wolfsrudel", "body": body}, [])


def test_the_background_of_an_archive_decides_what_is_rare() -> None:
    body = {"body": "Die Notenbank senkt den Leitzins. Der Leitzins fällt, sagt die Notenbank."}
    common = read_keyphrases(body, [], lambda lemma: 0.9 if lemma == "Leitzins" else 0.001)
    assert "Notenbank" in common
    assert "Leitzins" not in common


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        (
            "Wegen sexuellen Missbrauchs verurteilt: Ein sexueller Missbrauch.",
            "sexueller Missbrauch",
        ),
        ("Für erneuerbare Energien! Die erneuerbaren Energien wachsen.", "erneuerbare Energien"),
        ("Das digitale Klassenbuch. Dem digitalen Klassenbuch.", "digitales Klassenbuch"),
        ("Die Rente mit 63 bleibt. Sie will die Rente mit 63 behalten.", "Rente mit 63"),
    ],
)
def test_terms_of_several_words_stand_in_the_nominative(text: str, phrase: str) -> None:
    assert phrase in read_keyphrases({"body": text}, [])


def test_short_texts_give_few() -> None:
    assert read_keyphrases({}, []) == ()
    assert read_keyphrases({"headline": "Aber wie weiter?"}, []) == ()
    assert len(read_keyphrases({"headline": "Waldbrand in Portugal gelöscht"}, ["Portugal"])) == 1


@given(st.text(), st.text(), st.lists(st.text()))
def test_no_text_raises(headline: str, body: str, names: list[str]) -> None:
    found = read_keyphrases({"headline": headline, "body": body}, names)
    assert len(found) == len(set(found)) <= 12


@pytest.mark.no_cover
@pytest.mark.parametrize("scrap", ["A ", "Haus ", "„", "1 ", "Haus-", "schöne Häuser ", "Ä"])
def test_long_runs_take_no_time(scrap: str) -> None:
    assert_linear(lambda text: read_keyphrases({"body": text}, []), scrap)


def test_forms_for_both_genders_count_as_the_word_that_the_lexicon_has() -> None:
    text = "Die Pilot:innen streiken. Den Pilot*innen hilft die Politiker:innenrunde."
    found = read_keyphrases({"headline": "PilotInnen streiken", "body": f"{text} {text}"}, [])
    assert {"Pilot", "Politikerrunde"} <= {*found}
    assert not any("innen" in phrase for phrase in found)
