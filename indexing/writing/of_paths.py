"""Documents by the paths of their files. There is no end to what others write under a path.

Nor to what they write into each: so of all of them only the first values of short fields are asked
for, which come with the order of the hits, and whole those alone that the ledger knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from elasticsearch import Elasticsearch

from indexing.index.dates import moment_at
from indexing.index.faults import translate_errors
from indexing.index.one_value import first_by_name, first_of
from indexing.index.point_in_time import pages
from indexing.writing.stored import readable

#: Documents that are told of one question, in one answer, and that are read whole.
MOST, _AT_ONCE, WHOLE = 1_000, 100, 500
#: Answers about these that are small, since more was too much: others may write large ones, and
#: each takes Elasticsearch a second or more.
PATIENCE = 16
_ORDER: list[Mapping[str, Any]] = [{"_score": "desc"}, {"_shard_doc": "asc"}]
_OF_SOURCE = ("path", "sha256", "bytes", "site")
_TOLD = (
    *(f"source.{name}" for name in _OF_SOURCE),
    *("headline.raw", "minhash", "version", "received_at", "corrected_by_hand"),
    *("published", "published_day", "published_precision"),
)
_Made = TypeVar("_Made")
#: Of a date that is as exact as that.
_CHARACTERS = {"year": 4, "month": 7}


def of_paths(
    client: Elasticsearch,
    index: str,
    paths: Sequence[str],
    limit: Mapping[str, Any],
    first: Sequence[str],
    beyond: Callable[[int], object] = lambda _: None,
    without: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """Yield hits made of files with these paths and within ``limit``, those with ids ``first``.

    None of those ``without`` which they are asked for.

    Their ``_source`` has what the index tells of ``source``, ``headline`` (up to a length),
    ``minhash``, ``version``, ``corrected_by_hand``, ``received_at`` (to the millisecond) and
    ``published`` (to the day). All that was written before the call is seen: it refreshes. What is
    beyond ``MOST`` is left out: the log says so, and ``beyond`` is told how many. Raises
    ``ServiceUnavailable`` and ``UsageError``.
    """
    before = {"constant_score": {"filter": {"ids": {"values": list(first)}}}}
    query: dict[str, Any] = {
        "bool": {"filter": [{"terms": {"source.path": list(paths)}}, limit], "should": before}
    }
    if without:
        query["bool"]["must_not"] = [{"ids": {"values": list(without)}}]
    sort = [*_ORDER, *first_of(*_TOLD)]
    hits = chain.from_iterable(pages(client, index, query, sort, size=min(_AT_ONCE, MOST)))
    yield from ({**hit, "_source": _told(hit)} for hit in islice(hits, MOST))
    if next(hits, None):
        import structlog  # here, for some commands do without

        structlog.get_logger().warning("documents.too_many", paths=list(paths)[:5], read=MOST)
        with translate_errors():
            beyond(int(client.count(index=index, query=query)["count"]) - MOST)


def with_whole(
    client: Elasticsearch,
    index: str,
    hits: Sequence[dict[str, Any]],
    ids: Collection[str],
    wanted: Sequence[str],
    made_of: Callable[[Mapping[str, Any]], _Made],
) -> list[_Made]:
    """What is ``made_of`` the hits; of the first of these ids of all that is ``wanted`` of them, as
    they stand now.

    Of each is kept what is made of it, for together they may be any number of megabytes; what is
    too large to be read is as it was found, and so is what is behind ``PATIENCE``. Raises likewise.
    """
    known = [hit["_id"] for hit in hits if hit["_id"] in ids][:WHOLE]
    entries = readable(client, index, known, wanted, PATIENCE)
    whole = {entry["_id"]: made_of(entry) for entry in entries}
    if len(whole) < len(known):
        import structlog  # here, for some commands do without

        structlog.get_logger().warning("documents.not_read_whole", count=len(known) - len(whole))
    return [whole.get(hit["_id"]) or made_of(hit) for hit in hits]


def _told(hit: Mapping[str, Any]) -> dict[str, Any]:
    told = first_by_name(hit, len(_ORDER), _TOLD)
    source = {name: told[key] for name in _OF_SOURCE if (key := f"source.{name}") in told}
    made = {"source": source, "headline": told.get("headline.raw"), "published": _published(told)}
    made |= {name: told.get(name) for name in ("minhash", "version")}
    made |= {"received_at": _moment(told.get("received_at"))}
    made |= {"corrected_by_hand": [told[n] for n in ("corrected_by_hand",) if n in told]}
    return {name: value for name, value in made.items() if value not in (None, "", [])}


def _published(told: Mapping[str, Any]) -> str:
    """As far as its source told it, by the calendar there where anybody believes it."""
    day = _moment(told.get("published_day", told.get("published")))[:10]
    return day[: _CHARACTERS.get(told.get("published_precision", ""))]


def _moment(milliseconds: int | None) -> str:
    """As documents tell it: those texts compare as the moments do."""
    moment = None if milliseconds is None else moment_at(milliseconds)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z") if moment else ""
