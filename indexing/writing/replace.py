"""Documents that another reading of their file replaces: found by path, written over, removed.

Corrections are in ``correct.py``. Each write is conditional on the document that was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from articles.errors import TooLarge
from indexing.index.dates import moment_of
from indexing.index.faults import translate_errors
from indexing.index.source import source_of
from indexing.writing.bulk import Item, Outcome, item, send_chunks
from indexing.writing.of_paths import of_paths, with_whole
from indexing.writing.stored import by_id, in_parts, less_of
from indexing.writing.versions import KEPT, written_over
from indexing.writing.write import WriteResult

_SOURCE = ("path", "sha256", "bytes", "site")
_LEAST = [*(f"source.{name}" for name in _SOURCE), "received_at", "version"]
#: Of its other versions only whether there are any: what they hold may be long.
_WANTED = [*_LEAST, "history.number"]


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A document as it stands, and the file that it was made of: path, digest, size in bytes.

    ``received_at`` is ISO 8601, when that file was claimed; ``version`` is which of its article's
    texts it holds, ``has_versions``: there are others. ``site`` is where the file lies.
    """

    id: str
    path: str
    sha256: str
    bytes: int
    received_at: str
    seq_no: int
    primary_term: int
    version: int = 1
    has_versions: bool = False
    site: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document that is to stand where ``old`` stands, under the same id."""

    old: MadeOf
    document: Mapping[str, Any]


def made_of_paths(
    client: Elasticsearch,
    index: str,
    paths: Sequence[str],
    since: str,
    now: str,
    until: str,
    first: Sequence[str] = (),
) -> list[MadeOf]:
    """Return the documents made of files with these paths that were claimed within these times.

    Those with ids ``first``, and of the others some (:func:`of_paths`): where they were not claimed
    ``now``, to the millisecond, their versions are told by the number alone. Raises as that.
    """
    claimed = {"range": {"received_at": {"gte": since, "lte": until}}}
    hits = list(of_paths(client, index, paths, claimed, first))
    at_once = {hit["_id"] for hit in hits if _is_about(hit["_source"].get("received_at"), now)}
    return with_whole(client, index, hits, at_once.union(first), _WANTED, _made_of)


def _is_about(received_at: str | None, now: str) -> bool:
    received, moment = moment_of(received_at or ""), moment_of(now)
    return bool(received and moment and abs(received - moment) < timedelta(milliseconds=1))


def made_of_ids(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[MadeOf]:
    """Return the documents with these ids that are there. Raises as :func:`made_of_paths`."""
    made = list[MadeOf]()
    for part in in_parts(client, index, ids, _WANTED):
        entries = less_of(client, index, part, _LEAST) if part.error else part.entries
        made += map(_made_of, entries)
    return made


def _made_of(hit: Mapping[str, Any]) -> MadeOf:
    content = source_of(hit)
    source, version = content.get("source", {}), int(content.get("version") or 1)
    return MadeOf(
        id=hit["_id"],
        path=source.get("path", ""),
        sha256=source.get("sha256", ""),
        bytes=source.get("bytes", 0),
        received_at=content.get("received_at", ""),
        seq_no=hit["_seq_no"],
        primary_term=hit["_primary_term"],
        version=version,
        has_versions=bool(content.get("history")) or version > 1,
        site=source.get("site", ""),
    )


def write_over(
    client: Elasticsearch, index: str, replacements: Iterable[Replacement]
) -> list[WriteResult]:
    """Replace whole documents, each only if it is as it was read; a fate for each.

    What a document has of other versions goes along. ``updated``, or ``corrected`` where it is not
    the first one, ``conflict``, ``rejected`` (also where what is there is too large to be read) or
    ``away``. Raises as ``write.create`` does.
    """
    sent = list(replacements)
    pairs = (pair for c in send_chunks(client, index, _items(client, index, sent)) for pair in c)
    return [_written(*pair, new.old) for pair, new in zip(pairs, sent, strict=True)]


def _items(client: Elasticsearch, index: str, sent: Sequence[Replacement]) -> Iterator[Item]:
    """One after the other: what a document tells of its versions may be as long as anybody likes."""
    for new in sent:
        try:
            entries = by_id(client, index, [new.old.id], KEPT)
        except TooLarge as error:
            yield Item(new.old.id, fault=str(error))
            continue
        kept = source_of(entries[0]) if entries else {}
        on = {"if_seq_no": new.old.seq_no, "if_primary_term": new.old.primary_term}
        yield item("index", new.old.id, written_over(kept, new.document), **on)


def _written(sent: Item, outcome: Outcome, old: MadeOf) -> WriteResult:
    if outcome.verdict == "done":
        return WriteResult(sent.id, "corrected" if old.version > 1 else "updated")
    if outcome.verdict == "conflict":
        return WriteResult(sent.id, "conflict", outcome.reason)
    return WriteResult(sent.id, "away" if outcome.verdict == "away" else "rejected", outcome.reason)


def remove(client: Elasticsearch, index: str, old: MadeOf) -> bool:
    """Remove a document; false where somebody else has written it since it was read.

    One that is gone already is removed. Raises as :func:`made_of_paths`.
    """
    try:
        with translate_errors():
            client.delete(
                index=index, id=old.id, if_seq_no=old.seq_no, if_primary_term=old.primary_term
            )
    except NotFoundError:
        return True
    except ConflictError:
        return not by_id(client, index, [old.id], [])
    return True
