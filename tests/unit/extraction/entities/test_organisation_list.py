"""The list of organisations: its form, its lookup, and that names lead to one organisation."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.analysed_text import AnalysedField
from extraction.entities import aliases as rules
from extraction.entities.organisation_list import OrganisationList, read, shipped

LINES = [
    "@ government -",
    "Auswärtiges Amt; Außenamt",
    "@ magazine DE",
    "?Stern; Magazin Stern",
    "@ authority DE",
    "Bundesamt für Verfassungsschutz; BfV",
    "@ club DE",
    "1. FC Köln; FC Köln",
]


def looked_up(text: str) -> list[tuple[str, str, bool]]:
    hits = OrganisationList(read(LINES)).hits(AnalysedField(text))
    return [(text[hit.start : hit.end], hit.alias.name, hit.alias.sure) for hit in hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("des Auswärtigen Amtes", [("Auswärtigen Amtes", "Auswärtiges Amt", True)]),
        ("im Auswärtigen Amt.", [("Auswärtigen Amt", "Auswärtiges Amt", True)]),
        ("des Bundesamts für Verfassungsschutz", [("Bundesamts für Verfassungsschutz",)]),
        ("der 1. FC Köln siegte", [("1. FC Köln", "1. FC Köln", True)]),
        ("FC Kölns Trainer", [("FC Kölns", "FC Köln", True)]),
        ("der Stern leuchtet", [("Stern", "Stern", False)]),
        ("Auswärtiges\nAmt", []),
        ("BfV-Chef und BfV- und andere", []),
        ("Seestern, stern, Sterne", []),
    ],
)
def test_names_in_a_text(text: str, found: list[tuple[str, ...]]) -> None:
    assert [hit[: len(want)] for hit, want in zip(looked_up(text), found, strict=True)] == found


@pytest.mark.parametrize("lines", [["Nato"], ["@ party DE", "SPD; "], ["@ party DE", "?"]])
def test_a_line_that_names_nothing_is_refused(lines: list[str]) -> None:
    with pytest.raises(ValueError, match="no heading before it, or an empty name"):
        [*read(lines)]


def test_a_heading_has_kind_and_country() -> None:
    with pytest.raises(ValueError, match="unpack"):
        [*read(["@ party", "SPD"])]


def test_every_name_of_the_shipped_list_is_found_in_a_text() -> None:
    listed = shipped()
    for name in [*listed.aliases][::7]:
        (first, *_) = listed.hits(AnalysedField(f"{name} ruht"))
        assert (first.start, first.alias.name) == (0, name)


def test_the_list_and_the_rules_call_an_organisation_the_same() -> None:
    laid_down = rules.shipped()
    named = {bearer for alias in shipped().aliases.values() for bearer in alias.bearers}
    assert not {
        (bearer.name, ruled)
        for bearer in named
        if bearer.kind != "misc" and (ruled := laid_down.name("ORG", bearer.name)) != bearer.name
    }


def test_two_fairs_are_two() -> None:
    named = {short: shipped().aliases[short].bearers[0].name for short in ("IAA", "IFA")}
    assert named == {"IAA": "IAA", "IFA": "IFA"}


def test_a_sure_name_is_one_organisations() -> None:
    several = [a for a in shipped().aliases.values() if a.sure and len(a.bearers) > 1]
    told = Counter(len({bearer.name for bearer in alias.bearers}) for alias in several)
    assert sum(told.values()) <= 12


@given(st.text(max_size=200))
def test_hits_stand_in_order_and_apart(text: str) -> None:
    spans = [(hit.start, hit.end) for hit in shipped().hits(AnalysedField(text))]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
