"""Bulk requests in which every item's fate is looked at and one bad item harms no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from articles.errors import ServiceUnavailable, UsageError
from articles.limits import LARGEST_DOCUMENT
from indexing.index.faults import (
    Verdict,
    denied,
    describe,
    error_of,
    judge,
    kind_of,
    no_index,
    not_ours,
    short,
    translate_errors,
    unanswered,
)
from indexing.writing.stored import AT_ONCE, in_parts

CHUNK_BYTES = 8 * 2**20
CHUNK_ITEMS = 500
#: A full chunk is analysed in seconds, but on a busy machine in many.
REQUEST_SECONDS = 60.0
_TOO_LARGE = 413
#: The kind of an outcome: the document is so, and not what is written into it.
TOO_LARGE = "too_large"
_OPERATION = re.compile(r"primary_operation_bytes=(\d+), max_primary_bytes=(\d+)")

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Item:
    """One action of a bulk request as bytes; ``fault`` says why it cannot be sent, if so.

    Of an update these are not the bytes that Elasticsearch has to do with.
    """

    id: str
    lines: bytes = b""
    fault: str = ""
    is_update: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item; ``kind`` is Elasticsearch's type of the error."""

    verdict: Verdict | Literal["done"]
    reason: str = ""
    kind: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


def item(action: str, id_: str, source: Mapping[str, Any], **meta: Any) -> Item:
    """Return the item for ``action`` on document ``id_``; never raises for what is in it."""
    try:
        head = {action: {"_id": id_, **meta}}
        lines = b"".join(_line(part) for part in (head, source))
    except (TypeError, ValueError) as error:  # no JSON: NaN, lone surrogates, foreign types
        return Item(id_, fault=f"cannot be written as JSON: {error}")
    if len(lines) > LARGEST_DOCUMENT:
        size, most = (f"{count / 10**6:.1f} MB" for count in (len(lines), LARGEST_DOCUMENT))
        return Item(id_, fault=f"too large for Elasticsearch: {size}, above {most}")
    return Item(id_, lines, is_update=action == "update")


def _line(part: Mapping[str, Any]) -> bytes:
    return _ENCODER.encode(part).encode() + b"\n"


def send_chunks(
    client: Elasticsearch, index: str, items: Iterable[Item], *, refresh: bool = False
) -> Iterator[list[tuple[Item, Outcome]]]:
    """Send ``items`` in chunks and yield each chunk with its outcomes, in the given order.

    No chunk has more updates than documents are read at once: of each Elasticsearch keeps the whole
    document until the chunk has ended, and does not count what that takes. Of one that is too large
    to be read here it may end, and again after each start: it is not asked to update that.

    With ``refresh`` each chunk can be searched as soon as it is yielded.

    Nothing is retried. Once a whole chunk finds the server away, the rest is not sent and counts
    as away too. Raises :class:`UsageError` for refused credentials and a missing alias.
    """
    away: Outcome | None = None
    for chunk in _chunks(items):
        outcomes = [away] * len(chunk) if away else _send(client, index, chunk, refresh)
        if all(outcome.verdict == "away" for outcome in outcomes):
            away = outcomes[-1]
        yield list(zip(chunk, outcomes, strict=True))


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    chunk: list[Item] = []
    size = updates = 0
    for entry in items:
        is_full = size + len(entry.lines) > CHUNK_BYTES or len(chunk) == CHUNK_ITEMS
        if chunk and (is_full or updates + entry.is_update > AT_ONCE):
            yield chunk
            chunk, size, updates = [], 0, 0
        chunk.append(entry)
        size += len(entry.lines)
        updates += entry.is_update
    if chunk:
        yield chunk


def _send(client: Elasticsearch, index: str, chunk: Sequence[Item], refresh: bool) -> list[Outcome]:
    """Updates in as many requests as it took answers to read their documents: together they may be
    too much, too.
    """
    try:
        looks = _looks(client, index, [entry.id for entry in chunk if entry.is_update])
    except ServiceUnavailable as error:
        return [Outcome("away", str(error))] * len(chunk)
    seen = [looks.get(entry.id, _NONE) if entry.is_update else _NONE for entry in chunk]
    outcomes: dict[int, Outcome] = {}
    for at, (entry, look) in enumerate(zip(chunk, seen, strict=True)):
        if fault := Outcome("refused", entry.fault) if entry.fault else look.fault:
            outcomes[at] = fault
    for number in dict.fromkeys(look.number for look in seen):
        of_one = (at for at, look in enumerate(seen) if look.number == number)
        places = [at for at in of_one if at not in outcomes]
        sent = _post(client, index, [chunk[at] for at in places], refresh)
        outcomes |= dict(zip(places, sent, strict=True))
    return [outcomes[at] for at in range(len(chunk))]


class _Look(NamedTuple):
    """In which answer a document was read, and why it is not to be updated, if so."""

    number: int
    fault: Outcome | None


#: At what is no update.
_NONE = _Look(0, None)


def _looks(client: Elasticsearch, index: str, ids: Sequence[str]) -> dict[str, _Look]:
    """At each of these documents.

    What grows behind this look is another version than the one that the update is of.
    """
    found = dict[str, _Look]()
    for number, part in enumerate(in_parts(client, index, list(dict.fromkeys(ids)), None)):
        said = f"too large to be updated: {part.error}"
        fault = Outcome("refused", said, TOO_LARGE) if part.error else None
        found |= dict.fromkeys(part.ids, _Look(number, fault))
    return found


def _post(client: Elasticsearch, index: str, items: Sequence[Item], refresh: bool) -> list[Outcome]:
    if not items:
        return []
    lines: list[Any] = [sent.lines for sent in items]  # bytes are sent as they are
    try:
        # Without require_alias a missing index would be made up, with a guessed mapping.
        answer = client.options(request_timeout=REQUEST_SECONDS).bulk(
            index=index,
            operations=lines,
            require_alias=True,
            pipeline="_none",  # what somebody set for the index would change or drop articles
            refresh=refresh or None,
            timeout="10s",
        )
    except TransportError as error:
        fault = unanswered(error)
        if isinstance(fault, UsageError):
            raise fault from error
        return [Outcome("away", str(fault))] * len(items)
    except ApiError as error:
        return _whole_refused(client, index, items, error, refresh)
    outcomes = [_outcome(index, *pair) for entry in answer["items"] for pair in entry.items()]
    if len(items) > 1 and any(_never_fits(outcome.reason) for outcome in outcomes):
        return _in_halves(client, index, items, refresh)
    return [_or_too_large(outcome) for outcome in outcomes]


def _whole_refused(
    client: Elasticsearch, index: str, items: Sequence[Item], error: ApiError, refresh: bool
) -> list[Outcome]:
    kind, reason = kind_of(error), short(describe(error_of(error)))
    if judge(error.status_code, kind) == "away":
        return [Outcome("away", f"{error.status_code} {reason}")] * len(items)
    if judge(error.status_code, kind) == "denied" and kind == "security_exception":
        raise denied(reason, index)
    if error.status_code != _TOO_LARGE:  # which proxies say, too
        with suppress(ApiError), translate_errors():  # the server is wrong, not a document
            raise error
    if len(items) == 1:
        return [Outcome("refused", reason, kind)]
    # Something in the request cannot be taken (413, 400).
    return _in_halves(client, index, items, refresh)


def _in_halves(
    client: Elasticsearch, index: str, items: Sequence[Item], refresh: bool
) -> list[Outcome]:
    """Until what cannot be taken stands alone."""
    middle = len(items) // 2
    first, second = items[:middle], items[middle:]
    return _post(client, index, first, refresh) + _post(client, index, second, refresh)


def _never_fits(reason: str) -> bool:
    """Whether one document needs more of the heap than all writes together may have.

    Elasticsearch 9.4 counts it four times while it is indexed, and says 429: for ever.
    """
    sizes = _OPERATION.search(reason)
    return sizes is not None and int(sizes[1]) > int(sizes[2])


def _or_too_large(outcome: Outcome) -> Outcome:
    if not _never_fits(outcome.reason):
        return outcome
    heap = "too large for the heap of this Elasticsearch (DEPESCHE_ELASTICSEARCH_HEAP)"
    why = f"{heap}: {outcome.reason}"
    return Outcome("refused", why, outcome.kind, outcome.answer)


def _outcome(index: str, action: str, answer: Mapping[str, Any]) -> Outcome:
    error = answer.get("error")
    if error is None and action != "update" and answer.get("result") == "noop":
        # Called done, and written is nothing: the file would go to the archive all the same.
        raise UsageError(
            f"An ingest pipeline drops what is written to {index!r}: its setting "
            "index.final_pipeline must be _none. Work waits until then."
        )
    if error is None:
        return Outcome("done", answer=answer)
    kind = str(error.get("type", ""))
    verdict = judge(answer["status"], kind)
    if verdict == "no_index":
        raise no_index(index)
    if verdict == "denied":
        raise denied(describe(error), index)
    if wrong := not_ours(describe(error)):
        raise wrong
    return Outcome(verdict, describe(error), kind, answer)
