"""The rules of versions, tried on any order of any texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Version
from indexing.index.source import source_of
from indexing.writing.versions import (
    MOST_SEARCHED,
    Stamp,
    as_it_was_read,
    changed,
    current,
    earlier,
    every,
    is_newer,
    newest_first,
    number_of,
    place,
    stamp,
)

Document = dict[str, Any]


def came(text: str, minute: int, version: object = None, modified: str = "") -> Document:
    """The document of a text that was claimed in that minute, out of a file of that minute."""
    path, received = f"{minute}.txt", f"2024-06-19T12:{minute:02}:00.000000Z"
    source = {"path": path, "sha256": f"{text}-{minute}", "bytes": 5, "version": version}
    said = {"received_at": received, "source": source, "modified": modified}
    return {"headline": "Bericht", "body": text, **said}


def taken(old: Document | None, new: Document) -> Document:
    """The document as it stands when that text has come."""
    if old is None:
        return new
    placed = place(old, new)
    if placed.document is not None:
        return dict(placed.document)
    return {**old, **(placed.fields or {})}


def all_taken(texts: Sequence[Document]) -> Document:
    document: Document | None = None
    for text in texts:
        document = taken(document, text)
    assert document is not None
    return document


@given(st.permutations(range(6)))
def test_whoever_was_claimed_last_is_current_in_whatever_order_they_are_taken(
    order: list[int],
) -> None:
    document = all_taken([came(f"Text {n}", n) for n in order])
    assert document["body"] == "Text 5"
    assert sorted(v.path for v in every(document)) == [f"{n}.txt" for n in range(6)]
    assert [v.number for v in every(document)] == [1, 2, 3, 4, 5, 6]
    assert [v.path for v in newest_first(document)] == [f"{n}.txt" for n in range(4, -1, -1)]


@given(st.permutations(range(5)), st.sampled_from(["version", "modified"]))
def test_what_the_source_says_decides_against_the_arrival(order: list[int], by: str) -> None:
    texts = [
        came(f"Text {n}", minute, version=str(n))
        if by == "version"
        else came(f"Text {n}", minute, modified=f"2024-06-{10 + n}T00:00:00Z")
        for minute, n in enumerate(order)
    ]
    assert all_taken(texts)["body"] == "Text 4"


ANY = st.builds(
    came,
    st.sampled_from("ABC"),
    st.integers(0, 9),
    st.none() | st.integers(1, 3),
    st.sampled_from(["", "2024-06-19", "2024-06-20T12:00:00+02:00", "gestern"]),
)


@given(st.lists(ANY, min_size=1, max_size=8))
def test_no_text_is_lost_numbers_are_for_good_and_nothing_is_done_twice(
    texts: list[Document],
) -> None:
    document: Document | None = None
    known: dict[int, str] = {}
    had = set[str]()
    for text in texts:
        again = document and any(
            (v.path, v.received_at) == (current(text).path, text["received_at"])
            for v in every(document)
        )
        document = taken(document, text)
        numbers = {version.number: version.text for version in every(document)}
        assert len(numbers) == len(every(document)), "one line a number"
        if not again:  # else it is the same file, with another text: that takes its line's place
            assert known.items() <= numbers.items()
            had.add(current(text).text)
        else:
            had = set(numbers.values())
        assert had <= set(numbers.values())
        known = numbers
        assert place(document, text).document is None
        assert place(document, text).fields is None


@given(st.lists(ANY, min_size=1, max_size=8))
def test_a_text_that_is_current_is_never_corrected_by_its_copy(texts: list[Document]) -> None:
    document = all_taken(texts)
    copy = {**came(document["body"], 11), "byline": ["Karsten Holm"]}
    assert (place(document, copy).version, place(document, copy).document) == (0, None)


MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
STAMPS = st.builds(
    Stamp, st.none() | st.integers(), MOMENTS, st.sampled_from("abc"), st.sampled_from("xy")
)


@given(STAMPS, STAMPS)
def test_of_two_texts_one_is_the_newer(one: Stamp, other: Stamp) -> None:
    assert is_newer(one, other) or is_newer(other, one)
    same = (one.number, one.modified) == (other.number, other.modified)
    if is_newer(one, other) and is_newer(other, one):
        assert (one.arrived, one.path) == (other.arrived, other.path)
        assert same or None in {one.number, other.number, one.modified, other.modified}


@given(st.permutations("abcd"))
def test_the_files_of_one_batch_are_in_the_order_of_their_paths(order: list[str]) -> None:
    texts = [came(f"Text {name}", 1) for name in order]
    for text, name in zip(texts, order, strict=True):
        text["source"] |= {"path": f"{name}.txt"}
    assert all_taken(texts)["body"] == "Text d"


@given(st.permutations(range(4)))
def test_a_part_never_takes_the_place_of_a_whole(order: list[int]) -> None:
    texts = [came(f"Text {n}", n) | {"partial": n != 1} for n in order]
    assert all_taken(texts)["body"] == "Text 1"


def test_an_earlier_text_comes_back_only_if_its_source_says_so() -> None:
    document = all_taken([came("A", 1, version=1), came("B", 2, version=2)])
    assert place(document, came("A", 3)).version == 0
    assert place(document, came("A", 3, version=1)).version == 0
    back = taken(document, came("A", 3, version=3))
    assert (back["body"], back["version"], back["changed"]) == ("A", 3, ["body"])


@pytest.mark.parametrize(
    ("said", "number"), [("3", 3), (3, 3), ("3.1", None), (None, None), (True, None)]
)
def test_a_number_of_the_source_counts_if_it_is_one(said: object, number: int | None) -> None:
    assert stamp(current(came("A", 1, version=said))).number == number


def test_which_file_a_version_was_made_of_is_told_by_its_batch_and_bytes() -> None:
    first, second = came("A", 1), came("B", 2)
    document = all_taken([first, second])
    assert number_of(document, current(first)) == 1
    assert number_of(document, current(second)) == 2
    assert number_of(document, current(came("A", 3))) == 0
    assert number_of(document, current(came("C", 1))) == 0, "it had other bytes then"


def test_what_was_changed_is_named() -> None:
    old = {"headline": "Bericht", "byline": ["A"], "body": "Eins.\n\nZwei."}
    new = {"headline": "Bericht ", "byline": "A", "body": "Eins.", "published": "2024"}
    assert changed(old, new) == ["body", "published"]


def test_of_very_many_texts_the_last_can_be_searched() -> None:
    long = "x" * (MOST_SEARCHED // 2)
    document = all_taken([came(f"{number} {long}", number) for number in range(5)])
    assert [text[:11] for text in document["earlier"]] == ["Bericht\n\n3 "]
    assert len(earlier(document)) == 4


def test_what_another_client_wrote_is_no_version() -> None:
    document = {**came("A", 1), "history": [{"path": "x"}, {"number": 2, "of": "more"}]}
    assert [version.number for version in every(document)] == [1, 2]


@pytest.mark.parametrize("said", [10**20, "20261129074400123456", "-" + "9" * 4_000, 2**63])
def test_a_number_that_no_document_holds_loses_no_text(said: object) -> None:
    """As an agency may count by the clock: its line would not be read, and then not be written."""
    document = taken(None, came("Eins", 1, said))
    for minute, text in enumerate(("Zwei", "Drei"), 2):
        document = taken(document, came(text, minute, said))
        document = source_of({"_source": json.loads(json.dumps(document))})
    assert [version.number for version in every(document)] == [1, 2, 3]


@pytest.mark.parametrize("number", [2**31 - 1, 2**30 + 1, 1.5, -3])
@pytest.mark.parametrize("history", [[], [{"number": 4}], [{"number": 2**30}]])
def test_behind_a_number_that_none_can_count_on_from_there_is_room(
    number: object, history: list[dict[str, Any]]
) -> None:
    """As another client may write it: the index could not hold the next."""
    document = {**came("Eins", 1), "version": number, "history": history}
    for minute, text in enumerate(("Zwei", "Drei", "Vier"), 2):
        document = source_of(
            {"_source": taken(source_of({"_source": document}), came(text, minute))}
        )
        numbers = [version.number for version in every(document)]
        assert len(set(numbers)) == len(numbers)
        assert current(document).number == max(numbers) < 2**31 - 1


LINES = st.lists(
    st.fixed_dictionaries(
        {"number": st.integers() | st.floats() | st.sampled_from([1, 2, 2**31 - 1])},
        optional={
            field.name: st.none() | (st.integers() if "int" in str(field.type) else st.text())
            for field in fields(Version)
            if field.name != "number"
        },
    )
)


@given(LINES)
def test_whatever_others_write_into_a_history_nothing_breaks(lines: list[dict[str, Any]]) -> None:
    old = source_of({"_source": {**came("Eins", 1), "history": lines}})
    assert len(newest_first(old)) == len(earlier(old))
    assert all(as_it_was_read(old, version.number) == {} for version in every(old))
    after = taken(old, came("Zwei", 2))
    assert max(version.number for version in every(after)) < 2**31
