"""Queries with judged articles, and what an order of articles is worth by them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from math import log2
from pathlib import Path
from statistics import mean
from typing import NamedTuple

_QUERIES = Path(__file__).with_name("queries.json")
#: Within the folder of data: queries written before any result was seen.
OVER_NEWSPAPER = Path("search") / "queries.json"
#: Written so too, over the Wikinews articles, by a reader who knew neither search nor its rules;
#: how: docs/searching.md. Nobody who works on search reads them one by one.
OVER_WIKINEWS = Path(__file__).with_name("wikinews-queries.json")
#: Names as filters, over others of those articles; written by us after reading those.
FILTERS = Path(__file__).with_name("filter-queries.json")
#: Names as filters, full names, acronyms, over Wikinews and articles written for the names in them.
#: Drawn by chance from the annotation, read, and written down before any answer was seen.
NAMES = Path(__file__).with_name("name-queries.json")
#: In the classes of those over a newspaper, over that newspaper and the articles of ``NAMES``: each
#: of a text drawn by chance and read, before an answer was seen; each has one target.
DRAWN = Path(__file__).with_name("news-queries.json")
_DEEP = 10


class Judged(NamedTuple):
    """A query of a class; ``targets`` are what it looks for; ``relevant`` grades articles by id.

    1: the article touches on it; 2: it is a part of the article; 3: the article is about it.
    Without grades no order is measured.
    """

    query: str
    kind: str
    targets: frozenset[str]
    relevant: dict[str, int]


class Scores(NamedTuple):
    """Of 1: a target first; among the first five; nDCG over the first ten, if it is graded."""

    success_1: float
    success_5: float
    ndcg_10: float | None


def judged() -> list[Judged]:
    """Return the queries of the relevance set, class by class."""
    queries = json.loads(_QUERIES.read_text(encoding="utf-8"))
    return [
        Judged(query["query"], query["class"], frozenset(query["relevant"]), query["relevant"])
        for query in queries
    ]


def blind(file: Path) -> list[Judged]:
    """Return queries that were written blind, class by class. Raises ``FileNotFoundError``."""
    queries = json.loads(file.read_text(encoding="utf-8"))
    return [
        Judged(
            query["query"], query["cls"], frozenset(query["targets"]), query.get("judgements", {})
        )
        for query in queries
    ]


def scores(
    ranked: Sequence[str], relevant: Mapping[str, int], targets: Collection[str] = ()
) -> Scores:
    """Return what ``ranked``, ids best first, is worth; without ``targets`` all that is graded is.

    nDCG after Järvelin and Kekäläinen (2002), gain ``2**grade - 1``, as Burges et al. (2005).
    """
    grades = [relevant.get(id_, 0) for id_ in ranked[:_DEEP]]
    best = sorted(relevant.values(), reverse=True)[:_DEEP]
    hits = [id_ in (targets or relevant) for id_ in ranked[:_DEEP]]
    order = _gain(grades) / _gain(best) if relevant else None
    return Scores(float(any(hits[:1])), float(any(hits[:5])), order)


def averaged(all_scores: Sequence[Scores]) -> Scores:
    """Return the means, that of nDCG over those that have one."""
    first, five, order = zip(*all_scores, strict=True)
    graded = [value for value in order if value is not None]
    return Scores(mean(first), mean(five), mean(graded) if graded else None)


def _gain(grades: Sequence[int]) -> float:
    return sum(float(2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))
