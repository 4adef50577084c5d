"""The names that the archive speaks of most, and whether it speaks of them more than before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.entities.entity import FIELDS
from indexing.index.dates import span
from indexing.index.faults import translate_errors
from indexing.searching.query import Query, check, clauses
from indexing.searching.syntax import day_of

_MOST = 1000
EVERYTHING = Query()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A name in ``articles`` of the window and ``before`` of the one before (None: no window)."""

    name: str
    articles: int
    before: int | None

    @property
    def trend(self) -> int | None:
        """How many articles more than in the window before."""
        return None if self.before is None else self.articles - self.before


@dataclass(frozen=True, slots=True)
class Ranking:
    """``names``, most frequent first, out of ``articles``; windows as days, both inclusive.

    ``window`` and ``window_before`` are empty where no time was asked for, ``window_before`` also
    where the window has no beginning.
    """

    kind: str
    articles: int
    articles_before: int | None
    window: tuple[str, str] | None
    window_before: tuple[str, str] | None
    names: list[Ranked]


def ranking(
    client: Elasticsearch,
    index: str,
    kind: str,
    since: str | None = None,
    until: str | None = None,
    size: int = 20,
    today: date | None = None,
    *,
    within: Query = EVERYTHING,
) -> Ranking:
    """Return the ``size`` names that most articles hold.

    ``kind`` is ``person``, ``organisation`` or ``place``. ``since`` and ``until`` are as in a
    :class:`Query`; a window without end ends ``today``. The window before is as long, in days,
    and ends the day before. Only articles ``within`` a query count. Raises :class:`UsageError` and
    ``ServiceUnavailable``.
    """
    if kind not in FIELDS:
        raise UsageError(f"There are no entities of kind {kind!r}: there are {', '.join(FIELDS)}.")
    if not 0 < size <= _MOST:
        raise UsageError(f"The size must be from 1 to {_MOST}.")
    check(within)
    field, now = FIELDS[kind], replace(within, since=since, until=until)
    articles, counts = _count(client, index, field, now, {"size": size})
    window = windows(since, until, today or date.today())  # noqa: DTZ011 -- days as people have them
    total_before, before = None, None
    if window:
        asked = replace(within, since=window[1][0], until=window[1][1])
        # An empty list would mean every name.
        only = {"include": list(counts) or [""], "size": size}
        total_before, before = _count(client, index, field, asked, only)
    names = [
        Ranked(name, count, None if before is None else before.get(name, 0))
        for name, count in counts.items()
    ]
    return Ranking(kind, articles, total_before, window and window[0], window and window[1], names)


def windows(
    since: str | None, until: str | None, today: date
) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Return the window asked for and the one before, each as first and last day.

    ``None`` without a beginning, and where no day lies before. Raises :class:`UsageError` for what
    is no date.
    """
    if not since:
        return None
    first, last = _first(since), _last(until) if until else max(today, _first(since))
    length = last - first + timedelta(days=1)
    try:
        before = first - length, first - timedelta(days=1)
    except OverflowError:
        return None
    return _days(first, last), _days(*before)


def _first(value: str) -> date:
    return date.fromisoformat(span(day_of(value))["gte"][:10])


def _last(value: str) -> date:
    limits = span(day_of(value))
    if "lt" in limits:
        return date.fromisoformat(limits["lt"]) - timedelta(days=1)
    return date.fromisoformat(limits["lte"][:10])


def _days(first: date, last: date) -> tuple[str, str]:
    return first.isoformat(), last.isoformat()


def _count(
    client: Elasticsearch, index: str, field: str, query: Query, how: dict[str, Any]
) -> tuple[int, dict[str, int]]:
    shards = {"shard_size": how["size"] * 5 + 100}
    aggs = {"names": {"terms": {"field": field, **shards, **how}}}
    with translate_errors():
        answer = client.search(
            index=index, size=0, query=clauses(query, []), aggs=aggs, track_total_hits=True
        )
    buckets = answer["aggregations"]["names"]["buckets"]
    return answer["hits"]["total"]["value"], {
        bucket["key"]: bucket["doc_count"] for bucket in buckets
    }
