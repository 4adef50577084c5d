"""Documents that another reading of their file replaces: found by path, written over, removed.

Corrections are in ``correct.py``. Each write is conditional on the document that was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from elasticsearch import ConflictError, Elasticsearch, NotFoundError

from indexing.index.dates import moment_of
from indexing.index.faults import translate_errors
from indexing.index.source import source_of
from indexing.writing.bulk import Item, Outcome, item, send_chunks
from indexing.writing.of_paths import of_paths, with_whole
from indexing.writing.stored import by_id
from indexing.writing.versions import KEPT, written_over
from indexing.writing.write import WriteResult

_SOURCE = ("path", "sha256", "bytes", "site")
_WANTED = [*KEPT, *(f"source.{name}" for name in _SOURCE), "received_at"]


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A document as it stands, and the file that it was made of: path, digest, size in bytes.

    ``received_at`` is ISO 8601, when that file was claimed; ``kept`` tells of its versions;
    ``site`` is where the file lies.
    """

    id: str
    path: str
    sha256: str
    bytes: int
    received_at: str
    seq_no: int
    primary_term: int
    kept: Mapping[str, Any] = field(default_factory=dict, hash=False)
    site: str = ""

    @property
    def version(self) -> int:
        """Which of its article's texts it holds."""
        return int(self.kept.get("version") or 1)

    @property
    def has_versions(self) -> bool:
        """Whether its article has other texts."""
        return bool(self.kept.get("history")) or self.version > 1


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
    ``now``, to the millisecond, ``kept`` is the version alone. Raises as that.
    """
    claimed = {"range": {"received_at": {"gte": since, "lte": until}}}
    hits = list(of_paths(client, index, paths, claimed, first))
    at_once = {hit["_id"] for hit in hits if _is_about(hit["_source"].get("received_at"), now)}
    return list(map(_made_of, with_whole(client, index, hits, at_once.union(first), _WANTED)))


def _is_about(received_at: str | None, now: str) -> bool:
    received, moment = moment_of(received_at or ""), moment_of(now)
    return bool(received and moment and abs(received - moment) < timedelta(milliseconds=1))


def made_of_ids(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[MadeOf]:
    """Return the documents with these ids that are there. Raises as :func:`made_of_paths`."""
    return [_made_of(entry) for entry in by_id(client, index, ids, _WANTED)]


def _made_of(hit: Mapping[str, Any]) -> MadeOf:
    content = source_of(hit)
    source = content.get("source", {})
    return MadeOf(
        id=hit["_id"],
        path=source.get("path", ""),
        sha256=source.get("sha256", ""),
        bytes=source.get("bytes", 0),
        received_at=content.get("received_at", ""),
        seq_no=hit["_seq_no"],
        primary_term=hit["_primary_term"],
        kept={name: content[name] for name in KEPT if content.get(name)},
        site=source.get("site", ""),
    )


def write_over(
    client: Elasticsearch, index: str, replacements: Iterable[Replacement]
) -> list[WriteResult]:
    """Replace whole documents, each only if it is as it was read; a fate for each.

    What a document has of other versions goes along. ``updated``, or ``corrected`` where it is not
    the first one, ``conflict``, ``rejected`` or ``away``. Raises as ``write.create`` does.
    """
    sent = list(replacements)
    kept = _kept(client, index, [new.old.id for new in sent])
    items = (
        item(
            "index",
            new.old.id,
            written_over(kept.get(new.old.id, {}), new.document),
            if_seq_no=new.old.seq_no,
            if_primary_term=new.old.primary_term,
        )
        for new in sent
    )
    pairs = [pair for chunk in send_chunks(client, index, items) for pair in chunk]
    return [_written(*pair, new.old) for pair, new in zip(pairs, sent, strict=True)]


def _kept(client: Elasticsearch, index: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What documents tell of their versions, by id: not all that is known of one was read whole."""
    return {entry["_id"]: source_of(entry) for entry in by_id(client, index, ids, KEPT)}


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
