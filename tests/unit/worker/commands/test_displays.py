"""What `show` and `search` print of an article's fields."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from depesche import Item
from indexing.searching.results import Hit
from worker.care.failures import FailedFile, of_file
from worker.care.note import Note
from worker.care.standing import FailedReason, Status
from worker.care.workers import Worker
from worker.commands.ingest import _print_passed_over, warned
from worker.commands.searching import names
from worker.commands.showing import print_article
from worker.commands.standing import print_status
from worker.commands.state import print_failed
from worker.console import PlainConsole

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
    console = PlainConsole(file=io.StringIO(), width=200)
    print_article(console, document)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in text.splitlines() if line.strip()]


LIE = "odd\nAll is well\r\x1b[2J"


def test_what_others_wrote_cannot_pass_for_a_line_of_ours(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = FailedFile(LIE, LIE, "intake", "2024-06-19", LIE, first_error=LIE * 2, times=2)
    worker = Worker("watch", LIE, 7, False, LIE, 1.0, 2.0, "idle", 3.0, LIE)
    print_status(
        Status(
            verdict="Waiting.",
            to_do=[LIE],
            services={"redis": LIE},
            workers=[worker],
            failed_files=[file],
            failed_reasons=[FailedReason(LIE, "intake", 1, (LIE,))],
            failures={LIE: 1},
            left_alone={LIE: LIE},
            notes=[Note("odd", LIE, items=(LIE,))],
        )
    )
    print_failed([of_file(file)], everything=True)
    _print_passed_over("skipped", {LIE: LIE})
    sys.stderr.write(
        "".join(f"{line}\n" for line in warned([Item("x", "indexed", "", "", (LIE,))]))
    )
    said = capsys.readouterr()
    lines = (said.out + said.err).splitlines()
    assert [line for line in lines if line.strip().startswith("All is well")] == []
    assert sum("odd All is well" in line for line in lines) == 12
    assert "\x1b" not in said.out + said.err


def test_status_names_another_model(capsys: pytest.CaptureFixture[str]) -> None:
    print_status(Status())
    assert "the model" not in capsys.readouterr().out
    print_status(Status(places={"model": "large"}))
    assert "the model large" in capsys.readouterr().out


def test_status_counts_all_that_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    print_status(Status(left_alone=dict.fromkeys("abcdef", "a socket"), left_alone_more=2_000))
    assert "left alone: … 2,001 more (--json)" in capsys.readouterr().out


def test_status_counts_all_that_failed_for_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    reasons = [FailedReason(f"reason {letter}", "parse", 300, ("a", "b")) for letter in "abcdefgh"]
    print_status(Status(failed_reasons=reasons, failures={"odd": 2}))
    said = capsys.readouterr().out
    assert "failed: 300 at parse: reason a (a, b)" in said
    assert "failed: 2 at enrich: odd" in said
    assert "failed: … for 2 more reasons (`depesche failed`)" in said


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


def test_show_says_that_a_file_holds_a_part_of_its_article_alone() -> None:
    assert not any("a part of the article" in line for line in printed(DOCUMENT))
    assert any("a part of the article" in line for line in printed({**DOCUMENT, "partial": True}))
