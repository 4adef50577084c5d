"""Queries with judged articles, and what an order of articles is worth by them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import log2
from pathlib import Path
from statistics import mean
from typing import NamedTuple

_QUERIES = Path(__file__).with_name("queries.json")
_DEEP = 10


class Judged(NamedTuple):
    """A query of a class; ``relevant`` grades articles by id.

    1: the article touches on it; 2: it is a part of the article; 3: the article is about it.
    """

    query: str
    kind: str
    relevant: dict[str, int]


class Scores(NamedTuple):
    """Of 1: an article of the set first; among the first five; nDCG over the first ten."""

    success_1: float
    success_5: float
    ndcg_10: float


def judged() -> list[Judged]:
    """Return the queries of the relevance set, class by class."""
    queries = json.loads(_QUERIES.read_text(encoding="utf-8"))
    return [Judged(query["query"], query["class"], query["relevant"]) for query in queries]


def scores(ranked: Sequence[str], relevant: Mapping[str, int]) -> Scores:
    """Return what ``ranked``, ids best first, is worth.

    nDCG after Järvelin and Kekäläinen (2002), gain ``2**grade - 1``, as Burges et al. (2005).
    """
    grades = [relevant.get(id_, 0) for id_ in ranked[:_DEEP]]
    best = sorted(relevant.values(), reverse=True)[:_DEEP]
    return Scores(
        float(any(grades[:1])),
        float(any(grades[:5])),
        _gain(grades) / _gain(best),
    )


def averaged(all_scores: Sequence[Scores]) -> Scores:
    """Return the means."""
    return Scores(*(mean(column) for column in zip(*all_scores, strict=True)))


def _gain(grades: Sequence[int]) -> float:
    return sum(float(2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))
