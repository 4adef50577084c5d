"""Forms for both genders, in texts and in queries, on a real Elasticsearch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from indexing.searching.search import Query, search
from indexing.searching.spelling import spellings
from tests.integration.conftest import filled

#: By the word for the man, each form of it that a text may have.
WRITTEN = {
    "Pilot": ("Pilot:innen", "Pilot:in", "Pilot*in", "PilotInnen"),
    "Politiker": ("Politiker*innen",),
    "Kollege": ("Kolleg_innen",),
    "Schüler": ("SchülerInnen",),
    "Mitarbeiter": ("Mitarbeiter/-innen",),
    "Lehrer": ("Lehrer(innen)",),
    "Arzt": ("Ärzt:innen",),
    "Bürger": ("Bürger/innen",),
}
ASKED = {
    "Pilot": "Pilot Piloten Pilotin Pilotinnen Pilot:innen pilot:in Pilot*innen PilotInnen",
    "Politiker": "Politiker Politikern Politikerin Politikerinnen Politiker:innen",
    "Kollege": "Kollege Kollegen Kollegin Kolleginnen Kolleg*innen",
    "Schüler": "Schüler Schülern Schülerin Schülerinnen Schüler_innen",
    "Mitarbeiter": "Mitarbeiter Mitarbeitern Mitarbeiterin Mitarbeiterinnen Mitarbeiter(innen)",
    "Lehrer": "Lehrer Lehrern Lehrerin Lehrerinnen Lehrer/-innen",
    "Arzt": "Arzt Ärzte Ärzten Ärztin Ärztinnen Ärzt*innen Aerztinnen",
    "Bürger": "Bürger Bürgern Bürgerin Bürgerinnen BürgerInnen",
}
OTHERS = {
    "runde": "Streit\n\nDie Politiker:innenrunde tagt seit heute.",
    "rat": "Beratung\n\nDer Bürger(innen)rat tagt seit heute.",
    "abgeordnete": "Neuwahl\n\nJede:r Abgeordnete:r stimmt ab.",
}


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    texts = {
        form: f"Nachricht des Tages\n\nSeit Montag streiken die {form} in Köln."
        for forms in WRITTEN.values()
        for form in forms
    }
    with filled(client, texts | OTHERS) as alias:
        yield alias


def _ids(client: Elasticsearch, index: str, text: str) -> set[str]:
    hits = search(client, index, Query(text, size=50), every_copy=True).hits
    return {hit.id for hit in hits if not hit.loosened}


@pytest.mark.parametrize("man", WRITTEN)
def test_every_form_is_found_by_every_other(client: Elasticsearch, index: str, man: str) -> None:
    for asked in ASKED[man].split():
        results = search(client, index, Query(asked, size=50), every_copy=True)
        assert {*WRITTEN[man]} <= {hit.id for hit in results.hits}, asked
        assert results.respelled == {}, asked
        for hit in results.hits:
            marked = [sentence for sentence in hit.highlights if sentence.marks]
            assert marked or hit.id in OTHERS, (asked, hit)


def test_compounds_with_them_are_found_by_both_and_by_their_parts(
    client: Elasticsearch, index: str
) -> None:
    for asked in ("Politikerrunde", "Politikerinnenrunde", "Politiker*innenrunde", "Runde"):
        assert "runde" in _ids(client, index, asked), asked
    assert {"runde", "Politiker*innen"} <= _ids(client, index, "Politikerinnen")
    for asked in ("Bürgerrat", "Bürgerinnenrat", "Bürger:innenrat", "Rat"):
        assert "rat" in _ids(client, index, asked), asked
    assert _ids(client, index, "Politiker:innenrunde") == {"runde"}
    for asked in ("Abgeordnete", "Abgeordneter", "Abgeordnete:r", "Abgeordneten"):
        assert _ids(client, index, asked) == {"abgeordnete"}, asked


def test_without_and_or_and_near_take_them(client: Elasticsearch, index: str) -> None:
    assert not {*WRITTEN["Pilot"]} & _ids(client, index, "Köln -Pilot:innen")
    either = {*WRITTEN["Arzt"], *WRITTEN["Lehrer"]}
    assert _ids(client, index, "Ärzt:innen OR Lehrer*innen") == either
    assert {*WRITTEN["Pilot"]} <= _ids(client, index, "Piloten near Köln")


@pytest.mark.parametrize("asked", ["Pilottinnen", "Politikrinnen", "Schülerinen", "Burger:inen"])
def test_what_is_respelled_is_never_refused(client: Elasticsearch, index: str, asked: str) -> None:
    assert search(client, index, Query(asked)).hits is not None
    for spelling in spellings(client, index, asked):
        assert all(" " not in other for other in spelling.words.values())
