"""Single documents as they stand, read by their ids: no refresh is needed to see a write."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from articles.article import TEXT_FIELDS
from articles.errors import NotNow, ServiceUnavailable, TooLarge
from indexing.index.answers import limited
from indexing.index.faults import (
    denied,
    describe,
    is_momentary,
    no_index,
    not_ours,
    translate_errors,
)
from indexing.index.source import read, source_of
from indexing.writing.reenrich import FAR

#: Seconds before one is asked for again that was refused while Elasticsearch answered otherwise.
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)
#: Documents in one answer: another client may have written a dozen megabytes into each, and of
#: many such ones Elasticsearch dies; of what is asked for by ids it does not count what that takes,
#: nor of what is updated in one request (``bulk.py``).
AT_ONCE = 16
_CONTEXT = (
    *("published", "published_precision", "dateline_place", "language"),
    *("signature", "minhash", "story", "received_at", "embargo_until"),
)
_LONG = frozenset({"lead", "body", "history", "earlier"})
#: What tells of a document's enrichment.
MARKS = [f"enrichment.{name}" for name in ("state", "pipeline", "attempts", "error", "request")]


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it stands: its texts by field, its version, its enrichment.

    ``texts`` has every field of ``TEXT_FIELDS``; ``pipeline`` is ``""`` before the first
    enrichment; ``error`` is what a failure before this try said. ``published`` and
    ``precision``, ``dateline_places`` and ``language`` are as the article was parsed;
    ``signature``, ``minhash`` and ``story`` are empty in documents of older versions. ``wrong``
    are the fields that hold what they cannot: another client wrote them. ``request`` is the number
    of the latest request for which it is or was read again (:mod:`indexing.writing.reenrich`).
    """

    id: str
    seq_no: int
    primary_term: int
    texts: dict[str, str]
    state: str
    pipeline: str
    attempts: int
    path: str = ""
    error: str = ""
    published: str = ""
    precision: str = ""
    dateline_places: tuple[str, ...] = ()
    language: str = ""
    signature: tuple[str, ...] = ()
    minhash: str = ""
    story: str = ""
    received_at: str = ""
    wrong: tuple[str, ...] = ()
    embargo_until: str = ""
    request: int = 0

    def is_due(self, request: int) -> bool:
        """Whether it is to be read, for the request of this number (0: for none)."""
        unread = self._number(request) != self.request
        return self.state == "pending" or (self.state == "enriched" and unread)

    def due_for(self, request: int) -> Stored:
        """The same as it is read for this request: of what was done, attempts begin anew."""
        attempts = self.attempts if self.state == "pending" else 0
        return replace(self, attempts=attempts, request=self._number(request))

    def _number(self, request: int) -> int:
        """The later one of both, unless its own is one that no request has."""
        foreign = request > 0 and self.request > request + FAR
        return request if foreign else max(self.request, request)

    @property
    def read(self) -> tuple[object, ...]:
        """What enrichment reads: where it is the same, so is a result."""
        context = (self.published, self.precision, self.dateline_places, self.language)
        return (self.texts, *context)


def fetch_texts(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[Stored]:
    """Return the documents with these ids as last written; ids that do not exist are left out.

    And what is too large: nobody can update it. Raises :class:`ServiceUnavailable` and
    :class:`UsageError`.
    """
    wanted = [*TEXT_FIELDS, *MARKS, *_CONTEXT, "source.path"]
    stored = list[Stored]()
    for part in in_parts(client, index, ids, wanted):
        if part.error:
            _say_too_large(part)
        else:
            stored += map(_stored, part.entries)
    return stored


def fetch_marks(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[Stored]:
    """The same without texts and what else is read of them: what tells whether each is to be.

    What is too large even so is left out.
    """
    wanted = ["enrichment.state", "enrichment.request"]
    return [_stored(entry) for entry in readable(client, index, ids, wanted)]


class Part(NamedTuple):
    """What one answer tells of these ``ids``: the documents that there are.

    ``error``: it is one alone, and what is asked for of it is too much, and is not brought; where
    that is not ``sure``, for Elasticsearch alone refuses it, it was asked for again and again.
    """

    ids: Sequence[str]
    entries: list[dict[str, Any]]
    error: TooLarge | None = None
    sure: bool = False


def in_parts(
    client: Elasticsearch, index: str, ids: Sequence[str], wanted: Sequence[str] | None
) -> Iterator[Part]:
    """Yield what :func:`by_id` returns as it comes: of each keep what is needed, for each may be as
    much as an answer may be (``answers.py``).

    What is too much for one answer is halved. Raises as that, for none that is too large by itself.
    """
    # Of an empty one Elasticsearch says no "not found", but a fault; others may write such keys.
    if not (ids := [id_ for id_ in ids if id_]):
        return
    if wanted is not None and not wanted:
        yield Part(ids, _those(client, index, ids, {"source": False}))
        return
    of_each = {"source_includes": wanted if wanted is None else list(wanted)}
    ask = _Ask(client, index, of_each, iter(PAUSES))
    for at in range(0, len(ids), AT_ONCE):
        yield from _halved(ask, ids[at : at + AT_ONCE])


def each_by_id(
    client: Elasticsearch, index: str, ids: Sequence[str], wanted: Sequence[str] | None
) -> Iterator[dict[str, Any]]:
    """Yield what :func:`by_id` returns, as it comes. Raises as that, in the midst of it, too."""
    for part in in_parts(client, index, ids, wanted):
        if part.error:
            raise part.error
        yield from part.entries
        del part  # before the next one is read


def by_id(
    client: Elasticsearch, index: str, ids: Sequence[str], wanted: Sequence[str] | None
) -> list[dict[str, Any]]:
    """Return the documents with these ids as last written, with the ``wanted`` fields only.

    None wants all fields; where none is named, all are asked for at once. Together they are as
    much as others have written: of many ask for fields that are short, or each as it comes. Raises
    :class:`ServiceUnavailable`, also for a document that is too large by itself, and
    :class:`UsageError`.
    """
    return list(each_by_id(client, index, ids, wanted))


def readable(
    client: Elasticsearch,
    index: str,
    ids: Sequence[str],
    wanted: Sequence[str],
    patience: int = sys.maxsize,
) -> Iterator[dict[str, Any]]:
    """Yield the same as :func:`each_by_id`, without what is too large by itself.

    ``patience``: behind so many answers with fewer than are asked for at once nothing is read, for
    of what was too much each took some that were given up.
    """
    for part in in_parts(client, index, ids, wanted):
        if part.error:
            _say_too_large(part)
        else:
            yield from part.entries
        patience -= len(part.ids) < AT_ONCE
        if patience <= 0:
            return
        del part  # before the next one is read


def less_of(
    client: Elasticsearch, index: str, part: Part, wanted: Sequence[str]
) -> list[dict[str, Any]]:
    """Return what can be read of a document of which others have made too much, if anything.

    The log says so.
    """
    _say_too_large(part)
    return list(readable(client, index, part.ids, wanted))


def _say_too_large(part: Part) -> None:
    import structlog  # here, for `similar` does without

    for entry in part.entries:
        structlog.get_logger().warning("document.too_large", id=entry["_id"])


@dataclass(frozen=True, slots=True)
class _Ask:
    """How a document is asked for; ``pauses``: seconds, before one that was refused is once more.

    They are all the pauses that there are, for of such documents there may be many.
    """

    client: Elasticsearch
    index: str
    of_each: Mapping[str, Any]
    pauses: Iterator[float]

    def answer(self, ids: Sequence[str]) -> Part:
        try:
            return Part(ids, _those(self.client, self.index, ids, self.of_each))
        except NotNow:
            raise
        except ServiceUnavailable as error:
            # It is away, or what is asked for too much.
            there = _those(self.client, self.index, ids, {"source": False})
            fault = error if isinstance(error, TooLarge) else TooLarge(str(error))
            return Part(ids, there, fault, sure=fault is error)


def _halved(ask: _Ask, ids: Sequence[str]) -> Iterator[Part]:
    part = ask.answer(ids)
    if part.error is None:
        yield part
    elif len(ids) == 1:
        yield _alone(ask, part)
    else:
        half = len(ids) // 2
        for some in (ids[:half], ids[half:]):
            yield from _halved(ask, some)


def _alone(ask: _Ask, part: Part) -> Part:
    """One that was refused: for a moment anything may be, and what is too large stays so."""
    while part.error and not part.sure and (pause := next(ask.pauses, None)):
        time.sleep(pause)
        part = ask.answer(part.ids)
    return part


def _those(
    client: Elasticsearch, index: str, ids: Sequence[str], of_each: Mapping[str, Any]
) -> list[dict[str, Any]]:
    with translate_errors(), limited(texts=_may_be_long(of_each.get("source_includes"))):
        answer = client.mget(index=index, ids=ids, **of_each)
    # One that could not be read must not look like one that does not exist.
    for error in (entry["error"] for entry in answer["docs"] if "error" in entry):
        if error.get("type") == "index_not_found_exception":
            raise no_index(index)
        if error.get("type") == "security_exception":
            raise denied(describe(error), index)
        if wrong := not_ours(describe(error)):
            raise wrong
        said = f"Elasticsearch cannot read now: {describe(error)}"
        momentary = is_momentary(str(error.get("type")))
        raise (NotNow if momentary else ServiceUnavailable)(said)
    return [entry for entry in answer["docs"] if entry["found"]]


def _may_be_long(wanted: Sequence[str] | None) -> bool:
    """Whether texts are among what is asked for, of any version, as a source may have them."""
    return wanted is None or not _LONG.isdisjoint(wanted)


def warnings_of(
    client: Elasticsearch, index: str, ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return what was odd about articles, by id; those without warnings are left out.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    entries = readable(client, index, ids, ["source.warnings"])
    told = {
        entry["_id"]: tuple(source_of(entry).get("source", {}).get("warnings", ()))
        for entry in entries
    }
    return {id_: warnings for id_, warnings in told.items() if warnings}


def _stored(entry: Mapping[str, Any]) -> Stored:
    source, wrong = read(entry)
    state = source.get("enrichment", {})
    return Stored(
        id=entry["_id"],
        seq_no=entry["_seq_no"],
        primary_term=entry["_primary_term"],
        texts={name: source.get(name) or "" for name in TEXT_FIELDS},
        state=state.get("state", "pending"),
        pipeline=state.get("pipeline") or "",
        attempts=state.get("attempts", 0),
        path=source.get("source", {}).get("path", ""),
        error=state.get("error") or "",
        published=source.get("published") or "",
        precision=source.get("published_precision") or "",
        dateline_places=tuple(source.get("dateline_place") or ()),
        language=source.get("language") or "",
        signature=tuple(source.get("signature") or ()),
        minhash=source.get("minhash") or "",
        story=source.get("story") or "",
        received_at=source.get("received_at") or "",
        wrong=tuple(wrong),
        embargo_until=source.get("embargo_until") or "",
        request=state.get("request", 0),
    )
