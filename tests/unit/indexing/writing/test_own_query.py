"""What is asked for with each look is of the kinds that Depesche's own requests are made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.writing import affected
from indexing.writing.own_query import is_own
from indexing.writing.reenrich import Request, Requests, parsed, stale, written

SCRIPT = {"script": {"script": {"source": "while (true) {}"}}}


@given(
    st.lists(st.text()),
    st.booleans(),
    st.none() | st.dictionaries(st.text(), st.none() | st.lists(st.text())),
)
def test_each_of_our_own_is(
    pipelines: list[str], everything: bool, names: dict[str, list[str] | None] | None
) -> None:
    query = stale(pipelines, everything, None if names is None else affected.holding(names))
    assert is_own(query)
    asked = Requests(1, (Request(1, query, "2024-06-20T10:00:00Z"),))
    assert parsed(written(asked)) == asked


@pytest.mark.parametrize(
    "query",
    [
        *(SCRIPT, {}, [], None, "x", {"term": {}, "terms": {}}),
        {"bool": {"filter": [{"bool": {"should": [SCRIPT]}}]}},
        {"bool": {"filter": SCRIPT}},
        {"bool": {"should": [], "minimum_should_match": "2<-25%"}},
        {"terms": {"id": {"index": "articles", "id": "t-1", "path": "known_as"}}},
        {"match_phrase": {"text": {"query": "x", "analyzer": "whitespace"}}},
        {"regexp": {"text": ".*.*.*x"}},
        {"wrapper": {"query": "eyJzY3JpcHQiOnt9fQ=="}},
        {"function_score": {"query": {"match_all": {}}}},
    ],
)
def test_no_other_is_and_none_such_is_asked_for(query: Any) -> None:
    """Red before: Elasticsearch ended of a script with each look, and again after each start."""
    assert not is_own(query)
    text = json.dumps({"latest": 1, "open": [{"number": 1, "query": query, "at": ""}]})
    with pytest.raises(UsageError, match="Another program"):
        parsed(text)
