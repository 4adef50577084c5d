"""Names in the nominative, without an article."""

from __future__ import annotations

import pytest

from extraction.entities.gazetteer import Gazetteer
from extraction.entities.nominative import dictionary_form


@pytest.mark.parametrize(
    ("determiner", "name", "nominative"),
    [
        ("", "Olympischen Spielen", "Olympische Spiele"),
        ("den", "Freien Wählern", "Freie Wähler"),
        ("den", "Roten Löwen", "Rote Löwen"),
        ("ein", "Freies Tibet", "Freies Tibet"),
        ("der", "Freies Fernsehen GmbH", "Freies Fernsehen GmbH"),
        ("", "Ultimate Ears Boom", "Ultimate Ears Boom"),
        ("vom", "Norddeutschen Regatta Verein", "Norddeutscher Regatta Verein"),
        ("der", "Neuen Regatta Thailands", "Neue Regatta Thailands"),
        ("", "Gegenwind Böhringen", "Gegenwind Böhringen"),
        ("", "Verein Siegen", "Verein Siegen"),
        ("", "Siegen", "Siegen"),
        ("den", "Berliner Philharmonikern", "Berliner Philharmoniker"),
        ("der", "GRÜNEN", "GRÜNEN"),
        ("der", "Verbraucherzentrale Bremen", "Verbraucherzentrale Bremen"),
        ("der", "Regionalen Zentrale", "Regionale Zentrale"),
    ],
)
def test_the_dictionary_form(determiner: str, name: str, nominative: str) -> None:
    assert dictionary_form(name, determiner, "ORG", Gazetteer()) == nominative
