"""What becomes of an article whose bytes are read otherwise now."""

from __future__ import annotations

from typing import Any

from indexing.writing.by_hand import Setting, with_by_hand, words_of
from indexing.writing.reread import reread
from indexing.writing.versions import as_it_was_read, earlier, every, place

AT = "2026-11-29T10:00:00Z"
OLD: dict[str, Any] = {
    "headline": "Hafen",
    "body": "Von Anna Kern\n\nDer Rat berät.",
    "language": "de",
    "signature": ["1"],
    "source": {"path": "a.txt", "sha256": "1", "bytes": 9, "format": "text", "encoding": "ascii"},
    "received_at": "2024-06-20T08:00:00Z",
    "indexed_at": "2024-06-20T08:00:01Z",
    "story": "s",
    "people": ["Anna Kern"],
    "enrichment": {"state": "enriched", "attempts": 0, "pipeline": "p"},
}
READ: dict[str, Any] = {
    "headline": "Hafen",
    "body": "Der Rat berät.",
    "byline": ["Anna Kern"],
    "language": "de",
    "signature": ["2"],
    "source": {"path": "other", "sha256": "x", "format": "text", "encoding": "utf-8"},
    "received_at": "",
    "enrichment": {"state": "pending"},
}


def test_what_is_read_as_before_stays_as_it_is() -> None:
    as_before = {n: OLD[n] for n in ("headline", "body", "language", "signature", "source")}
    assert reread(OLD, as_before, (), AT).document is None
    by_hand = [Setting("headline", {"headline": "Brückenbau"}, AT, "desk")]
    with_words = {**as_before, "parts": words_of(as_before)}
    set_by_hand = with_by_hand({**OLD, "parts": with_words["parts"]}, by_hand)
    assert set_by_hand["parts"] != with_words["parts"]
    assert reread(set_by_hand, with_words, by_hand, AT).document is None


def test_another_reading_is_a_version_and_the_one_before_is_not_lost() -> None:
    told = reread(OLD, READ, (), AT)
    assert told.before == {"body": OLD["body"], "byline": None}
    new = told.document
    assert new is not None
    assert (new["version"], new["reparsed"], new["changed"]) == (2, AT, ["body", "byline"])
    assert new["source"] == {**OLD["source"], "encoding": "utf-8"}
    assert (new["story"], new["people"]) == ("s", ["Anna Kern"])
    assert new["enrichment"]["state"] == "pending"
    assert "Von Anna Kern" in new["earlier"][0]
    (line,) = earlier(new)
    assert (line.number, line.path, line.sha256) == (1, "a.txt", "1")
    assert as_it_was_read(new, 1) == {"body": OLD["body"], "byline": None}
    assert as_it_was_read(new, 2) == {}


def test_two_readings_later_each_is_still_known() -> None:
    second = reread(OLD, READ, (), AT).document
    third = reread(second or {}, {**READ, "headline": "Der Hafen"}, (), AT).document
    assert third is not None
    assert [version.number for version in every(third)] == [1, 2, 3]
    assert as_it_was_read(third, 1) == {"body": OLD["body"], "byline": None, "headline": "Hafen"}
    assert as_it_was_read(third, 2) == {"headline": "Hafen"}


def test_what_nobody_sees_is_made_anew_without_a_version() -> None:
    told = reread(OLD, {**OLD, "parts": ["Rat"]}, (), AT)
    assert told.before == {}
    assert told.document == {**OLD, "parts": ["Rat"]}
    other_story = reread(OLD, {**OLD, "signature": ["2"]}, (), AT).document or {}
    assert other_story["enrichment"]["state"] == "pending"


def test_what_was_set_by_hand_stays_over_another_reading() -> None:
    by_hand = [Setting("byline", {"byline": ["A. Kern"]}, AT, "desk")]
    new = reread(with_by_hand(OLD, by_hand), READ, by_hand, AT).document or {}
    assert new["byline"] == ["A. Kern"]
    assert new["by_hand"][0]["source"] == {"byline": ["Anna Kern"]}


def test_a_text_that_comes_after_it_is_the_next_version_and_a_copy_is_one() -> None:
    new = reread(OLD, READ, (), AT).document or {}
    copy = {**READ, "source": {"path": "b", "sha256": "2"}, "received_at": "2026-11-30T00:00:00Z"}
    assert place(new, copy).version == 0
    placed = place(new, {**copy, "body": "Der Rat hat beraten."})
    assert placed.version == 3
    assert placed.document is not None
    assert "reparsed" not in placed.document
    assert [v.reparsed for v in every(placed.document)] == ["", AT, ""]
