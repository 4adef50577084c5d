"""Search in the texts that articles had before they were corrected, where that is asked for."""

from __future__ import annotations

from typing import Any

from indexing.index.mapping import EXACT
from indexing.searching.syntax import parse

EARLIER = "earlier"
#: Behind every article that says it today.
_BOOST = 0.01


def or_earlier(clause: dict[str, Any], text: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Return the query that also finds what an earlier text of an article says.

    It needs all words in any form, and the phrases; ``limits`` are names and dates as of today,
    as ``query.limits`` has them. Groups (``OR``, ``near``) are asked of the current texts alone.
    """
    terms = parse(text)
    must: list[dict[str, Any]] = []
    if terms.words:
        must = [{"match": {EARLIER: {"query": terms.words, "operator": "and"}}}]
    field = f"{EARLIER}.{EXACT}"
    must += [{"match_phrase": {field: phrase}} for phrase in terms.phrases]
    if not must or terms.either or terms.near:
        return clause
    without = [{"match_phrase": {field: phrase}} for phrase in terms.without_phrases]
    without += [{"match": {EARLIER: word}} for word in terms.without_words]
    kept = {"filter": limits["filter"], "must_not": [*without, *limits["must_not"]]}
    earlier = {"bool": {"must": must, "boost": _BOOST, **kept}}
    return {"bool": {"should": [clause, earlier], "minimum_should_match": 1}}
