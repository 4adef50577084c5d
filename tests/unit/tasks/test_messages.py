"""What programs may send is checked; what is wrong is named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from tasks.messages import read_article, read_paths


def test_a_headline_is_enough() -> None:
    message = read_article({"headline": "  Testfall "})
    assert message.headline == "Testfall"
    assert message.model_dump(exclude_defaults=True) == {"headline": "Testfall"}


def test_everything_that_can_be_sent() -> None:
    content = {
        "headline": "H", "body": "B", "kicker": "K", "lead": "L", "published": "2024-06",
        "agencies": ["dpa"], "byline": ["A. B."], "language": "de", "url": "https://x.example/1",
        "id": "7",
    }  # fmt: skip
    assert read_article(content).model_dump(exclude_defaults=True) == content


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({}, "headline"),
        ({"headline": ""}, "headline"),
        ({"headline": " \n\t"}, "headline"),
        ({"headline": None}, "headline"),
        ({"headline": 7}, "headline"),
        ({"headline": "\ud800"}, "headline"),
        ({"headline": "H", "body": 7}, "body"),
        ({"headline": "H", "body": None}, "body"),
        ({"headline": "H", "boddy": "B"}, "boddy"),
        ({"headline": "H", "published": 2024}, "published"),
        ({"headline": "H", "agencies": "dpa"}, "agencies"),
        ({"headline": "H", "agencies": ["dpa", 7]}, "agencies.1"),
        ({"headline": "H", "byline": {"a": 1}}, "byline"),
        ({"headline": "H", "id": 7}, "id"),
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


@given(st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text(max_size=8)))
def test_any_other_argument_is_misuse(content: dict[str, Any]) -> None:
    try:
        message = read_article(content)
    except UsageError:
        return
    assert message.headline == content["headline"].strip()


def test_paths_are_a_list_of_strings() -> None:
    assert read_paths(["a", "b\udcff"]) == ["a", "b\udcff"]
    assert read_paths([]) == []


@pytest.mark.parametrize("paths", ["a.txt", None, 7, {"a": 1}, ("a",), [None], ["a", 7], [["a"]]])
def test_other_arguments_are_misuse(paths: object) -> None:
    with pytest.raises(UsageError, match="list of paths"):
        read_paths(paths)
