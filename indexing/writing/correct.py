"""Corrections: another text of an article that is there, in its place in one step.

The rules are in ``versions.py``. Each write is conditional on the document that was read; who
meets another writer reads again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, TooLarge
from indexing.index.source import source_of
from indexing.writing.bulk import Item, Outcome, item, send_chunks
from indexing.writing.by_hand import TOLD
from indexing.writing.copies import sites_of
from indexing.writing.stored import in_parts
from indexing.writing.versions import COMPARED, WANTED, Placed, place
from indexing.writing.write import GONE, Existing, WriteResult

#: Reads of one document before somebody else's turn is waited for.
TRIES = 4
#: As somebody who enriches it, or another correction.
BUSY = "its document is being written by somebody else"

Incoming = tuple[str, Mapping[str, Any]]


def correct(
    client: Elasticsearch,
    index: str,
    texts: Sequence[Incoming],
    *,
    refresh: bool = False,
    follow: bool = False,
) -> list[WriteResult]:
    """Make each ``(id, document)`` a version of the article that is there; a fate for each.

    ``corrected``; ``updated`` where it is the first text, read again; ``exists`` where it is a
    copy, or was made before of this very file; ``conflict`` where somebody else writes it again and
    again, ``rejected`` or ``away``. Of texts with one id the later ones come after the earlier.
    ``follow``: see ``versions.place``. Raises as ``write.create`` does.
    """
    results: dict[int, WriteResult] = {}
    tries = [0] * len(texts)
    while turn := _turn(texts, results):
        taken = {number: texts[number] for number in turn}
        for number, result in _written(client, index, taken, refresh, follow):
            tries[number] += 1
            if result.result != "conflict" or tries[number] >= TRIES:
                results[number] = result
    return [results[number] for number in range(len(texts))]


def _turn(texts: Sequence[Incoming], results: Mapping[int, object]) -> list[int]:
    """The first of each id that has no result yet."""
    first: dict[str, int] = {}
    for number, (id_, _) in enumerate(texts):
        if number not in results:
            first.setdefault(id_, number)
    return list(first.values())


class _Sent(NamedTuple):
    """What was sent for a text: its number, its version, and whether that is the current one."""

    number: int
    version: int
    is_current: bool


def _written(
    client: Elasticsearch, index: str, texts: Mapping[int, Incoming], refresh: bool, follow: bool
) -> Iterator[tuple[int, WriteResult]]:
    results, sent, why = dict[int, WriteResult](), deque[_Sent](), GONE
    items = _items(client, index, texts, results, sent, follow)
    try:
        for chunk in send_chunks(client, index, items, refresh=refresh):
            for pair in chunk:
                one = sent.popleft()
                results[one.number] = _result(*pair, one)
    except ServiceUnavailable as error:
        why = str(error)
    for number, (id_, _) in texts.items():
        yield number, results.get(number) or WriteResult(id_, "away", why)


def _items(
    client: Elasticsearch,
    index: str,
    texts: Mapping[int, Incoming],
    results: dict[int, WriteResult],
    sent: deque[_Sent],
    follow: bool,
) -> Iterator[Item]:
    """What is to be sent, and ``sent`` knows it; of what is not, ``results`` tells.

    No more documents are held than one answer brings, whatever others have made of them.
    """
    numbers = {id_: number for number, (id_, _) in texts.items()}
    for part in in_parts(client, index, list(numbers), _NEEDED):
        for entry in part.entries:
            id_ = entry["_id"]
            number, old = numbers[id_], source_of(entry)
            if part.error:
                results[number] = _unread(id_, part.error)
                continue
            where = place(old, texts[number][1], id_, follow=follow)
            if where.document is None and where.fields is None:
                results[number] = _known(id_, old, where.version)
            else:
                sent.append(_Sent(number, where.version, where.document is not None))
                yield _item(entry, where)


def _unread(id_: str, error: ServiceUnavailable) -> WriteResult:
    """Another program has made the document too large, or it can be read another time."""
    return WriteResult(id_, "rejected" if isinstance(error, TooLarge) else "away", str(error))


_NEEDED = list(dict.fromkeys([*WANTED, *COMPARED, *TOLD, "story"]))


def _item(old: Mapping[str, Any], placed: Placed) -> Item:
    on = {"if_seq_no": old["_seq_no"], "if_primary_term": old["_primary_term"]}
    if placed.document is not None:
        return item("index", old["_id"], placed.document, **on)
    return item("update", old["_id"], {"doc": placed.fields}, **on)


def _known(id_: str, old: Mapping[str, Any], number: int) -> WriteResult:
    where = old.get("source", {})
    existing = Existing(
        where.get("path", ""),
        where.get("sha256", ""),
        old.get("received_at", ""),
        number=number,
        sites=sites_of(old),
    )
    return WriteResult(id_, "exists", existing=existing)


def _result(sent: Item, outcome: Outcome, placed: _Sent) -> WriteResult:
    if outcome.verdict == "done" and placed.version == 1:  # its file changed while it was worked
        return WriteResult(sent.id, "updated")
    if outcome.verdict == "done":
        after = "" if placed.is_current else ", and not the current one"
        return WriteResult(sent.id, "corrected", f"version {placed.version} of its article{after}")
    if outcome.verdict == "conflict":
        return WriteResult(sent.id, "conflict", BUSY)
    if outcome.kind == "document_missing_exception":
        return WriteResult(sent.id, "away", GONE)
    return WriteResult(sent.id, "away" if outcome.verdict == "away" else "rejected", outcome.reason)
