"""What `show` and `search` print of an article's fields."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console

from indexing.searching.results import Hit
from worker.commands.searching import names
from worker.commands.showing import print_article

DOCUMENT: dict[str, Any] = {
    "headline": "Pakt",
    "body": "Der Text.",
    "published": "2024-06",
    "agency": ["dpa", "afp"],
    "byline": [],
    "language": "de",
    "people": ["Wladimir Putin", "Kim Jong Un"],
    "mentions": [
        {"label": "PER", "name": "Wladimir Putin", "role": "Präsident", "role_of": "Russland"}
    ],
    "places": ["Moskau", "Ostsee"],
    "located": [{"name": "Moskau", "country": "RU"}],
    "quotes": [{"text": "Ja.", "kind": "direct", "speaker": "Kim Jong Un", "cue": "sagte"}],
    "dates": [{"surface": "Mittwoch", "first": "2024-06-19", "last": "2024-06-19", "value": ""}],
    "keyphrases": ["Verteidigungspakt"],
    "source": {"path": "a.txt", "bytes": 1200},
    "enrichment": {"state": "enriched", "pipeline": "p1"},
}


def printed(document: dict[str, Any]) -> list[str]:
    console = Console(file=io.StringIO(), width=200)
    print_article(console, document)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_show_prints_what_was_read_before_where_it_is_from() -> None:
    assert [line.split(maxsplit=1) for line in printed(DOCUMENT)[2:]] == [
        ["published", "2024-06"],
        ["people", "Wladimir Putin: Präsident (Russland)"],
        ["Kim", "Jong Un"],
        ["places", "Moskau (RU), Ostsee"],
        ["quotes", "Kim Jong Un (sagte): „Ja.“"],
        ["dates", "Mittwoch = 2024-06-19"],
        ["keyphrases", "Verteidigungspakt"],
        ["agency", "dpa, afp"],
        ["language", "de"],
        ["source", "a.txt (1,200 bytes)"],
        ["enrichment", "enriched p1"],
    ]


def test_a_hit_shows_its_first_names_people_before_organisations_and_places() -> None:
    hit = Hit(
        id="t-1",
        score=0.0,
        headline="H",
        kicker="",
        published="",
        highlights=[],
        people=[f"P{number}" for number in range(9)],
        organisations=["Nato"],
        places=["Bonn", "Köln", "Kiel", "Jena"],
        state="enriched",
    )
    assert names(hit) == "P0, P1, P2, P3, P4, Nato, Bonn, Köln, Kiel"
