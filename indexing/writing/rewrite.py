"""Whole documents in the place of what was read of them, if nobody has written them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.source import source_of
from indexing.writing.bulk import Item, Outcome, item, send_chunks
from indexing.writing.stored import each_by_id
from indexing.writing.write import WriteResult


@dataclass(frozen=True, slots=True)
class Whole:
    """A document with all its fields, as it stands."""

    id: str
    seq_no: int
    primary_term: int
    document: Mapping[str, Any]


def whole(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[Whole]:
    """Return the documents with these ids that are there.

    Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    entries = each_by_id(client, index, ids, None)
    return [Whole(e["_id"], e["_seq_no"], e["_primary_term"], source_of(e)) for e in entries]


def rewrite(
    client: Elasticsearch,
    index: str,
    changes: Sequence[tuple[Whole, Mapping[str, Any]]],
    *,
    refresh: bool = False,
) -> list[WriteResult]:
    """Write a document in the place of each; a fate for each.

    ``updated``, ``conflict`` where somebody else has written it meanwhile or it is gone,
    ``rejected`` or ``away``. With ``refresh`` they can be searched at once. Raises ``UsageError``
    as ``write.create`` does.
    """
    items = (
        item("index", old.id, new, if_seq_no=old.seq_no, if_primary_term=old.primary_term)
        for old, new in changes
    )
    chunks = send_chunks(client, index, items, refresh=refresh)
    return [_fate(*pair) for chunk in chunks for pair in chunk]


def _fate(sent: Item, outcome: Outcome) -> WriteResult:
    if outcome.verdict == "done":
        return WriteResult(sent.id, "updated")
    if outcome.verdict == "conflict":
        return WriteResult(sent.id, "conflict", outcome.reason)
    return WriteResult(sent.id, "away" if outcome.verdict == "away" else "rejected", outcome.reason)
