"""What programs may send is checked; what is wrong is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from articles.limits import LARGEST_ARTICLE
from articles.parts import NAMES
from extraction.formats.clean import clean, one_line
from extraction.formats.json_format import read_json
from tasks.envelope import LARGEST_SENT
from tasks.messages import (
    MOST_CHARACTERS,
    MOST_PATHS,
    MOST_REQUESTS,
    article_to_send,
    read_article,
    read_ids,
    read_name,
    read_number,
    read_paths,
)


def test_a_headline_is_enough() -> None:
    assert read_article({"headline": "Testfall"}) == {"headline": "Testfall"}


def test_a_refusal_names_the_first_of_very_many_arguments() -> None:
    """Red before: 240,000 names of 16 MB were an error of 66 MB, and took a process 1.5 GB."""
    strange = {f"{number}{'x' * 1000}": 1 for number in range(1000)}
    refused: list[Callable[[], object]] = [
        lambda: read_article({"headline": "H", **strange}),
        lambda: read_article({"headline": "H"}, [strange]),
        lambda: read_paths(["a"], **strange),
        lambda: read_article({"x" * 10**6: 1}, [{"x" * 10**6: 1}]),
    ]
    for refuse in refused:
        with pytest.raises(UsageError) as error:
            refuse()
        assert len(str(error.value)) < 2000
    with pytest.raises(UsageError, match=r"0xxx.*and 990 more$"):
        read_article({"headline": "H", **strange})


def test_everything_that_can_be_sent() -> None:
    content = {
        "headline": "H", "body": "B", "kicker": "K", "lead": "L", "published": "2024-06",
        "agencies": ["dpa"], "byline": "A. B.", "dateline_places": [], "language": "de",
        "url": "https://x.example/1", "id": 7, "subjects": ["S"], "slugline": "A/B",
        "genre": "G", "modified": "2024-07", "version": 2, "embargo_until": "2024-08",
    }  # fmt: skip
    assert set(content) == NAMES
    assert read_article(content) == content


def test_null_and_an_empty_text_are_as_if_they_were_not_sent() -> None:
    nothing: dict[str, Any] = dict.fromkeys(NAMES - {"headline"})
    assert read_article({"headline": "H", **nothing}) == {"headline": "H"}
    assert read_article({"headline": "H", "lead": "", "agencies": []}) == {
        "headline": "H",
        "agencies": [],
    }


@pytest.mark.parametrize(
    ("positional", "content"),
    [
        (({"headline": "H", "body": "B", "id": 7},), {}),
        (({"headline": "H", "body": "B"},), {"id": 7}),
        (("H", "B"), {"id": 7}),
        (("H",), {"body": "B", "id": 7}),
    ],
)
def test_positional_arguments_are_one_object_or_headline_and_body(
    positional: tuple[Any, ...], content: dict[str, Any]
) -> None:
    assert read_article(content, positional) == {"headline": "H", "body": "B", "id": 7}


@pytest.mark.parametrize(
    ("positional", "content", "named"),
    [
        (("H", "B", "2024"), {}, "by their names"),
        (("H",), {"headline": "I"}, "headline: is given twice"),
        (([{"headline": "H"}],), {}, "headline: must be a string, not a list"),
        ((None,), {}, "headline: is missing"),
        (({"headlin": "H"},), {}, "headlin: is no part"),
    ],
)
def test_other_positional_arguments_are_named(
    positional: tuple[Any, ...], content: dict[str, Any], named: str
) -> None:
    with pytest.raises(UsageError, match=named):
        read_article(content, positional)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({}, "headline"),
        ({"headline": ""}, "headline"),
        ({"headline": " \n\t"}, "headline"),
        ({"headline": None}, "headline"),
        ({"headline": 7}, "headline"),
        ({"headline": "H", "body": 7}, "body"),
        ({"headline": "H", "boddy": "B"}, "boddy"),
        ({"headline": "H", "published": 2024}, "published"),
        ({"headline": "H", "agencies": ["dpa", 7]}, "agencies"),
        ({"headline": "H", "byline": {"a": 1}}, "byline"),
        ({"headline": "H", "id": 7.5}, "id"),
        ({"headline": "H", "id": True}, "id"),
        ({"headline": "H", "url": "x" * 2001}, "url"),
        ({"headline": "H", "source": {"path": "/etc/passwd"}}, "source"),
    ],
)
def test_what_is_wrong_is_named(content: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=rf"^ingest\.article: {named}: "):
        read_article(content)


def test_all_that_is_wrong_is_named_at_once_and_no_text_is_repeated() -> None:
    with pytest.raises(UsageError) as wrong:
        read_article({"body": ["secret"], "extra": "secret"})
    assert {part.split(": ")[0] for part in str(wrong.value)[16:].split("; ")} == {
        "headline",
        "body",
        "extra",
    }
    assert "secret" not in str(wrong.value)


VALUES = st.none() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.text())


#: Without the embargo: a file whose embargo nobody can read is held back.
FREE = sorted(NAMES - {"embargo_until"})


@given(st.dictionaries(st.text(max_size=8) | st.sampled_from(FREE), VALUES))
def test_what_a_message_may_say_a_file_may_say_too(content: dict[str, Any]) -> None:
    """Whatever is sent is written down as a JSON file: it must not fail there."""
    try:
        parts = read_article(content)
    except UsageError:
        return
    if not one_line(clean(parts["headline"])):
        return  # invisible characters alone: the file fails with a reason
    draft = read_json(clean(json.dumps(parts)))
    assert draft.format == "json"
    assert not [warning for warning in draft.warnings if "Unknown" in warning]


def test_paths_are_a_list_of_strings() -> None:
    assert read_paths(["a", "b\udcff"]) == ["a", "b\udcff"]
    assert read_paths([]) == []


@pytest.mark.parametrize("paths", ["a.txt", None, 7, {"a": 1}, ("a",), [None], ["a", 7], [["a"]]])
def test_other_arguments_are_misuse(paths: object) -> None:
    with pytest.raises(UsageError, match="list of paths"):
        read_paths(paths)


def test_not_too_many_paths() -> None:
    assert len(read_paths(["a"] * MOST_PATHS)) == MOST_PATHS
    with pytest.raises(UsageError, match="at most 10,000 paths"):
        read_paths(["a"] * (MOST_PATHS + 1))


def test_not_too_long_paths() -> None:
    """The costliest have names of one character, and as many as the system takes."""
    many = MOST_CHARACTERS // len(path := "/a" * 2_000)
    assert len(read_paths([path] * many)) == many
    with pytest.raises(UsageError, match="at most 5,000,000 characters together"):
        read_paths([path] * (many + 1))


@pytest.mark.parametrize(
    "ids", [None, "id", {"id": 1}, [{}], [["id"]], [7], ["x" * 513], ["x"] * 513]
)
def test_ids_are_some_strings(ids: object) -> None:
    with pytest.raises(UsageError, match=r"enrich\.documents"):
        read_ids(ids)


@pytest.mark.parametrize("number", [None, "1", True, -1, 1.0, MOST_REQUESTS + 1, [1]])
def test_a_request_has_a_number(number: object) -> None:
    with pytest.raises(UsageError, match=r"enrich\.documents"):
        read_number(number)
    assert [read_number(n) for n in (0, 1, MOST_REQUESTS)] == [0, 1, MOST_REQUESTS]


def test_ids_of_documents_and_the_name_of_a_batch() -> None:
    assert read_ids(["a", "b"]) == ["a", "b"]
    assert read_name("b") == "b"
    with pytest.raises(UsageError, match="name of a batch"):
        read_name(["b"])


def test_an_article_that_would_be_too_large_is_not_sent() -> None:
    body = "ü" * (LARGEST_ARTICLE // 2)
    with pytest.raises(UsageError, match="33,554,433 bytes in UTF-8, more than the limit of"):
        read_article({"headline": "H", "body": body})
    assert read_article({"headline": "H", "body": body[:-1]})


def test_what_is_too_long_for_a_message_is_told_before_it_is_sent() -> None:
    body = "ü" * (LARGEST_SENT // 6)
    with pytest.raises(UsageError, match=r"as JSON, more than a message may have .* as a file"):
        article_to_send({"headline": "H", "body": body})
    assert article_to_send({"headline": "H", "body": body[:-5]})
