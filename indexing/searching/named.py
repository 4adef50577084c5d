"""The names that a query asks for: which the archive knows, and which are nearest if none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch
from rapidfuzz import fuzz

from articles.fields import BY_NAME, FILTERS
from german.folding import unaccented
from indexing.index.point_in_time import ask
from indexing.searching.query import Canonical, Query, as_written, exactly, is_surname, partly
from indexing.searching.results import Nearest, Unknown
from indexing.searching.syntax import parse

#: A name is near if on average its words are as like as this to words of the other. Both set by
#: hand, as no judged names measure them.
_LIKE = 0.78
#: So much less like than the nearest is not near any more.
_WORSE = 0.1
_MOST_NEAREST, _MOST_CANDIDATES = 3, 500
#: For so many unknown names of a query near ones are looked for: each takes up to ten requests.
_MOST_UNKNOWN = 5
#: Of three and more words one may be wrong altogether.
_MOST_WORDS = "2<-1"
#: A person's name among the words of a query has so many; so many of them are looked up at most.
_NAME_WORDS, _MOST_NAMES = (2, 3, 4), 20


@dataclass(frozen=True, slots=True)
class ResolvedNames:
    """The clauses for the names of a query, and those names that no article has."""

    filters: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)

    @property
    def misspelt(self) -> bool:
        """Tell whether a name that no article has is near to one that some have."""
        return any(unknown.nearest for unknown in self.unknown)


def look_up(
    client: Elasticsearch, index: str, query: Query, canonical: Canonical = as_written
) -> ResolvedNames:
    """Return the clauses for the names that ``query`` asks for, and all unknown ones in it.

    Those between ``OR`` and excluded ones have no clause here, but may be misspelt as well. Raises
    as :func:`resolve`, and ``UsageError`` for a query that cannot be read.
    """
    terms = parse(query.text)
    either = [value for group in terms.either for kind, value in group if kind == "name"]
    others = [(field_, name) for field_, _, name in (pair.partition(":") for pair in either)]
    asked = resolve(client, index, query.names(), canonical)
    beside = resolve(client, index, [*others, *terms.without_names], canonical)
    return ResolvedNames(asked.filters, [*asked.unknown, *beside.unknown])


def resolve(
    client: Elasticsearch,
    index: str,
    names: Sequence[tuple[str, str]],
    canonical: Canonical = as_written,
) -> ResolvedNames:
    """Return a clause for each pair of index field and name.

    It asks for the canonical name or, where no article has that, for the name as written; for
    the whole name if it is known, else for names that have all its words. Raises
    ``ServiceUnavailable`` and ``UsageError``.
    """
    if not names:
        return ResolvedNames()
    pairs = {(kind, each) for kind, name in names for each in (canonical(kind, name), name)}
    counts = _counts(client, index, sorted(pairs))
    resolved = ResolvedNames()
    for kind, name in names:
        forms = [(kind, canonical(kind, name)), (kind, name)]
        known = next((pair for pair in forms if any(counts[pair])), None)
        if known is None:
            few = len(resolved.unknown) < _MOST_UNKNOWN
            nearest = nearest_names(client, index, kind, name) if few else []
            resolved.unknown.append(Unknown(BY_NAME[kind].filters[0], name, nearest))
        pair = known or (kind, name)
        whole = counts[pair][0] and not is_surname(*pair)
        resolved.filters.append(exactly(*pair) if whole else partly(*pair))
    return resolved


def given_names(client: Elasticsearch, index: str, words: Sequence[str]) -> frozenset[str]:
    """Return those of ``words`` that stand before a surname in the name of a person of the archive.

    An article that says `Obama` is about him whom the archive calls `Barack Obama`. Raises
    ``ServiceUnavailable`` and ``UsageError``.
    """
    rows = [words[at : at + size] for size in _NAME_WORDS for at in range(len(words) - size + 1)]
    names = [row for row in rows if all(word[:1].isupper() for word in row)][:_MOST_NAMES]
    if not names:
        return frozenset()
    counts = _counts(client, index, [("people", " ".join(row)) for row in names])
    known = [row for row in names if any(counts["people", " ".join(row)])]
    return frozenset(word for row in known for word in row[:-1])


def _counts(
    client: Elasticsearch, index: str, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how many articles have the whole name, and how many all its words."""
    aggs: dict[str, Any] = {}
    for n, pair in enumerate(pairs):
        aggs |= {f"{n}": {"filter": exactly(*pair)}, f"{n}-words": {"filter": partly(*pair)}}
    counts = ask(client, index=index, aggs=aggs, size=0, track_total_hits=False)["aggregations"]
    return {
        pair: (counts[f"{n}"]["doc_count"], counts[f"{n}-words"]["doc_count"])
        for n, pair in enumerate(pairs)
    }


def nearest_names(client: Elasticsearch, index: str, kind: str, name: str) -> list[Nearest]:
    """Return up to three names that some articles have and that are nearest to ``name``.

    ``kind`` is an index field. Names of other kinds are given only where its own has none. Raises
    as :func:`resolve`.
    """
    for other in dict.fromkeys([kind, *(asked.name for asked in FILTERS.values())]):
        if near := _nearest(client, index, other, name):
            return near
    return []


def _nearest(client: Elasticsearch, index: str, kind: str, name: str) -> list[Nearest]:
    like: dict[str, Any] = {"match_all": {}}
    if BY_NAME[kind].type == "names":
        words = {"query": name, "fuzziness": "AUTO", "minimum_should_match": _MOST_WORDS}
        like = {"match": {f"{kind}.name": words}}
    terms = {"names": {"terms": {"field": kind, "size": _MOST_CANDIDATES}}}
    answer = ask(client, index=index, query=like, aggs=terms, size=0, track_total_hits=False)
    buckets = answer["aggregations"]["names"]["buckets"]
    wanted = _words(name)
    ranked = sorted(
        (
            (_likeness(wanted, bucket["key"]), bucket["doc_count"], bucket["key"])
            for bucket in buckets
        ),
        reverse=True,
    )[:_MOST_NEAREST]
    least = max(_LIKE, ranked[0][0] - _WORSE) if ranked else 1.0
    asked = BY_NAME[kind].filters[0]
    return [Nearest(asked, key, count) for like_, count, key in ranked if like_ >= least]


def likeness(asked: str, known: str) -> float:
    """Return from 0 to 1 how like the words of ``asked`` are to words of ``known``.

    Two words are as like as twice the letters of their longest common subsequence to all of both
    (rapidfuzz's ratio).
    """
    return _likeness(_words(asked), known)


def _likeness(words: list[str], known: str) -> float:
    others = _words(known) or [""]
    each = [max(fuzz.ratio(word, other) for other in others) for word in words]
    return sum(each) / (100 * len(each)) if each else 0.0


def _words(name: str) -> list[str]:
    return unaccented(name.replace("-", " ")).split()
