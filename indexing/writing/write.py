"""Writing: new articles, what was read out of them, and the marks of their enrichment.

No function here retries. What is written can be searched after the index's refresh interval, or
at once where a refresh is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, TooLarge, UsageError
from indexing.index.point_in_time import pages
from indexing.index.source import source_of
from indexing.writing.bulk import Item, Outcome, item, send_chunks
from indexing.writing.copies import sites_of
from indexing.writing.same_text import digests, text_digest
from indexing.writing.stored import Stored, in_parts
from indexing.writing.versions import current, moves_embargo, number_of

Result = Literal[
    "created", "exists", "updated", "corrected", "conflict", "missing", "rejected", "away"
]

#: Longest error text that is kept with a failed document, in characters.
ERROR_CHARS = 2000

#: As the document of a part is, in whose place the whole has come.
GONE = "a document of its id was there, and is gone again"

_FIRST = " (the first time: "


@dataclass(frozen=True, slots=True)
class Existing:
    """The document that was there before: where it came from and when.

    ``same_text`` tells whether it has the text of what was to be created, ``same_bytes`` whether it
    was made of its bytes, ``number`` which of its versions was made of that very file of that very
    batch (0: none), ``sites`` where files of it are known to lie.
    """

    path: str
    sha256: str
    received_at: str
    same_text: bool = True
    number: int = 0
    sites: frozenset[str] = frozenset()
    same_bytes: bool = True


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of one document.

    ``create`` gives ``created``, ``exists`` (then ``existing`` tells which), ``rejected``
    (also where what is there is too large to be read) or ``away``, as where that is gone again;
    ``correct.correct`` gives ``corrected``, too;
    ``enriched`` gives ``updated``, ``conflict``, ``missing``, ``rejected`` or ``away``.
    ``reason`` is a line for a person, empty on success. ``version`` is that of what was updated.
    """

    id: str
    result: Result
    reason: str = ""
    existing: Existing | None = None
    version: tuple[int, int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Update:
    """Fields to put into a document, if nobody has written it since it was read."""

    id: str
    seq_no: int
    primary_term: int
    fields: Mapping[str, Any]


def create(
    client: Elasticsearch,
    index: str,
    documents: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    refresh: bool = False,
) -> Iterator[WriteResult]:
    """Index ``(id, document)`` pairs that are not there yet; yield a fate for each, in order.

    ``away`` means unconfirmed: the document may or may not have been written, and sending it
    again later is right in either case. With ``refresh`` they can be searched at once. Raises
    :class:`UsageError` where the alias is missing or the credentials are refused.
    """
    pairs = list(documents)
    items = (item("create", id_, document) for id_, document in pairs)
    contents = iter([document for _, document in pairs])
    for chunk in send_chunks(client, index, items, refresh=refresh):
        sent = list(zip(chunk, contents, strict=False))  # the chunk first: it ends before they do
        conflicts = [(entry.id, d) for (entry, o), d in sent if o.verdict == "conflict"]
        existing = iter(_existing(client, index, conflicts))
        for (entry, outcome), _ in sent:
            known = next(existing) if outcome.verdict == "conflict" else None
            yield _created(entry, outcome, known)


def _created(
    sent: Item, outcome: Outcome, known: Existing | ServiceUnavailable | None
) -> WriteResult:
    if outcome.verdict == "done":
        return WriteResult(sent.id, "created")
    if outcome.verdict == "conflict":
        if isinstance(known, TooLarge):
            return WriteResult(sent.id, "rejected", str(known))
        if isinstance(known, ServiceUnavailable):  # it exists, but which it is could not be asked
            return WriteResult(sent.id, "away", str(known))
        if known is None:
            return WriteResult(sent.id, "away", GONE)
        return WriteResult(sent.id, "exists", existing=known)
    return _not_done(sent, outcome)


def _not_done(sent: Item, outcome: Outcome) -> WriteResult:
    return WriteResult(sent.id, "away" if outcome.verdict == "away" else "rejected", outcome.reason)


def _existing(
    client: Elasticsearch, index: str, conflicts: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[Existing | ServiceUnavailable | None]:
    """Return what is there in place of each; ``None`` where it is gone again.

    Texts are asked for only where the bytes are others, which is seldom so for a copy. Of each
    document is kept what is told of it: what others have made of it may be long.
    """
    known: list[Existing | ServiceUnavailable | None] = [None] * len(conflicts)
    numbers: dict[str, list[int]] = {}
    for number, (id_, _) in enumerate(conflicts):
        numbers.setdefault(id_, []).append(number)
    try:
        for part in in_parts(client, index, list(numbers), _OF_EXISTING):
            for entry in part.entries:
                source = source_of(entry)
                for number in numbers[entry["_id"]]:
                    known[number] = part.error or _seen(source, *conflicts[number])
        return _compared(client, index, conflicts, known)
    except ServiceUnavailable as error:
        return [error] * len(conflicts)


#: Of other versions what tells of their files: as what each was read may be long.
OF_HISTORY = tuple(
    f"history.{name}" for name in ("number", "path", "sha256", "received_at", "site")
)
_OF_EXISTING = ("source", "received_at", "version", *OF_HISTORY, "embargo_until", "copies")


def _seen(source: Mapping[str, Any], id_: str, document: Mapping[str, Any]) -> Existing:
    """What is there, beside a document that has come; its text may be another where bytes are."""
    known = _known(source)
    same_bytes = known.sha256 == document.get("source", {}).get("sha256", "")
    return replace(
        known,
        same_bytes=same_bytes,
        same_text=same_bytes or not moves_embargo(source, document, id_),
        number=number_of(source, current(document)),
    )


def _compared(
    client: Elasticsearch,
    index: str,
    conflicts: Sequence[tuple[str, Mapping[str, Any]]],
    known: Sequence[Existing | ServiceUnavailable | None],
) -> list[Existing | ServiceUnavailable | None]:
    """The same; where bytes are others, whether the text is the same, None if it is gone since."""
    pairs = list(zip(conflicts, known, strict=True))
    others = {id_ for (id_, _), one in pairs if isinstance(one, Existing) and not one.same_bytes}
    texts = digests(client, index, sorted(others))

    def compared(one: Existing, id_: str, document: Mapping[str, Any]) -> Existing | None:
        if one.same_bytes:
            return one
        if id_ not in texts:  # gone between the two looks
            return None
        return replace(one, same_text=one.same_text and texts[id_] == text_digest(document))

    return [
        compared(one, id_, document) if isinstance(one, Existing) else one
        for (id_, document), one in pairs
    ]


def _known(source: Mapping[str, Any]) -> Existing:
    where = source.get("source", {})
    return Existing(
        path=where.get("path", ""),
        sha256=where.get("sha256", ""),
        received_at=source.get("received_at", ""),
        sites=sites_of(source),
    )


def enriched(client: Elasticsearch, index: str, updates: Iterable[Update]) -> list[WriteResult]:
    """Write partial updates, each only if its document is as it was read; a fate for each.

    Raises :class:`UsageError` as :func:`create` does.
    """
    items = (
        item(
            "update",
            update.id,
            {"doc": update.fields},
            if_seq_no=update.seq_no,
            if_primary_term=update.primary_term,
        )
        for update in updates
    )
    pairs = [pair for chunk in send_chunks(client, index, items) for pair in chunk]
    return [_updated(sent, outcome) for sent, outcome in pairs]


def _updated(sent: Item, outcome: Outcome) -> WriteResult:
    if outcome.verdict == "done":
        version = outcome.answer["_seq_no"], outcome.answer["_primary_term"]
        return WriteResult(sent.id, "updated", version=version)
    if outcome.verdict == "conflict":
        return WriteResult(sent.id, "conflict", outcome.reason)
    if outcome.kind == "document_missing_exception":
        return WriteResult(sent.id, "missing", outcome.reason)
    return _not_done(sent, outcome)


def count_attempt(client: Elasticsearch, index: str, stored: Stored) -> Stored | None:
    """Count one more attempt in the document and return it as it now is: pending until it is read.

    ``None`` where someone else has written it meanwhile or it is gone. Raises
    :class:`ServiceUnavailable`.
    """
    attempts = stored.attempts + 1
    again = {"request": stored.request} if stored.request else {}
    mark = {"state": "pending", "attempts": attempts, **again}
    version = _update(client, index, stored, {"enrichment": mark})
    if version is None:
        return None
    seq_no, primary_term = version
    return replace(
        stored, state="pending", attempts=attempts, seq_no=seq_no, primary_term=primary_term
    )


def mark_failed(client: Elasticsearch, index: str, stored: Stored, error: str, at: str) -> bool:
    """Mark the document as failed; false where someone else has written it meanwhile.

    ``at`` is ISO 8601. Raises :class:`ServiceUnavailable`.
    """
    mark = {"state": "failed", "error": _with_first(error, stored.error), "at": at}
    return _update(client, index, stored, {"enrichment": mark}) is not None


def _with_first(error: str, before: str) -> str:
    """The new error, and the first one behind it where a try before said something else."""
    first = before.rpartition(_FIRST)[2].removesuffix(")") if _FIRST in before else before
    error = error[:ERROR_CHARS]
    return error if first in {"", error} else f"{error}{_FIRST}{first})"


def _update(
    client: Elasticsearch, index: str, stored: Stored, fields: Mapping[str, Any]
) -> tuple[int, int] | None:
    """Return the version that the document has now, None where that was refused.

    By a bulk request, as an enrichment is: what can be enriched can fail.
    """
    update = Update(stored.id, stored.seq_no, stored.primary_term, fields)
    (fate,) = enriched(client, index, [update])
    _there(fate)
    return fate.version


def set_pending(client: Elasticsearch, index: str, ids: Iterable[str] | None = None) -> int:
    """Make failed documents pending again, all or those named; return how many.

    Raises :class:`ServiceUnavailable` and, for what cannot be updated behind all others,
    :class:`UsageError`; repeatable.
    """
    query: dict[str, Any] = {"term": {"enrichment.state": "failed"}}
    if ids is not None:
        query = {"bool": {"filter": [query, {"ids": {"values": list(ids)}}]}}
    # Conditional updates and no update-by-query: no script, no request that outlasts a timeout.
    # The error stays until it is enriched: a second failure must not lose the first reason.
    fields = {"enrichment": {"state": "pending", "attempts": 0}}
    done, refused = 0, ""
    for hits in pages(client, index, query):
        updates = [Update(hit["_id"], hit["_seq_no"], hit["_primary_term"], fields) for hit in hits]
        for fate in enriched(client, index, updates):
            _there(fate)
            done += fate.result == "updated"
            if fate.result == "rejected":
                refused = refused or f"{fate.id}: {fate.reason}"
    if refused:
        raise UsageError(f"{done:,} are pending again. Elasticsearch refuses to update {refused}")
    return done


def _there(fate: WriteResult) -> None:
    if fate.result == "away":
        raise ServiceUnavailable(f"Elasticsearch takes no work now: {fate.reason}")
