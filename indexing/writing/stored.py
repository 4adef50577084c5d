"""Single documents as they stand, read by their ids: no refresh is needed to see a write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from elasticsearch import Elasticsearch

from articles.article import TEXT_FIELDS
from articles.errors import ServiceUnavailable
from indexing.index.faults import denied, describe, no_index, not_ours, translate_errors
from indexing.index.source import read, source_of
from indexing.writing.reenrich import FAR

#: Documents in one answer: another client may have written a dozen megabytes into each, and of
#: many such ones Elasticsearch dies; of what is asked for by ids it does not count what that takes,
#: nor of what is updated in one request (``bulk.py``).
AT_ONCE = 16
_CONTEXT = (
    *("published", "published_precision", "dateline_place", "language"),
    *("signature", "minhash", "story", "received_at", "embargo_until"),
)
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

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    wanted = [*TEXT_FIELDS, *MARKS, *_CONTEXT, "source.path"]
    return [_stored(entry) for entry in by_id(client, index, ids, wanted)]


def fetch_marks(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[Stored]:
    """The same without texts and what else is read of them: what tells whether each is to be.

    What is too large even so is left out.
    """
    wanted = ["enrichment.state", "enrichment.request"]
    return [_stored(entry) for entry in readable(client, index, ids, wanted)]


def by_id(
    client: Elasticsearch, index: str, ids: Sequence[str], wanted: Sequence[str] | None
) -> list[dict[str, Any]]:
    """Return the documents with these ids as last written, with the ``wanted`` fields only.

    None wants all fields; where none is named, all are asked for at once. What is too much for one
    answer is halved. Raises :class:`ServiceUnavailable`, also for a document that is too large by
    itself, and :class:`UsageError`.
    """
    # Of an empty one Elasticsearch says no "not found", but a fault; others may write such keys.
    if not (ids := [id_ for id_ in ids if id_]):
        return []
    if wanted is not None and not wanted:
        return _those(client, index, ids, {"source": False})
    parts = (ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE))
    of_each = {"source_includes": None if wanted is None else list(wanted)}
    return [entry for part in parts for entry in _halved(client, index, part, of_each)]


def readable(
    client: Elasticsearch, index: str, ids: Sequence[str], wanted: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the same as :func:`by_id`, without what is too large by itself."""
    try:
        return by_id(client, index, ids, wanted)
    except ServiceUnavailable:
        there = by_id(client, index, ids, [])  # it is away, or one is too large
    if len(ids) > 1:
        return [entry for id_ in ids for entry in readable(client, index, [id_], wanted)]
    import structlog  # here, for `similar` does without

    for entry in there:
        structlog.get_logger().warning("document.too_large", id=entry["_id"])
    return []


def _halved(
    client: Elasticsearch, index: str, ids: Sequence[str], of_each: Mapping[str, Any]
) -> list[dict[str, Any]]:
    try:
        return _those(client, index, ids, of_each)
    except ServiceUnavailable:
        if len(ids) < 2:  # noqa: PLR2004 -- no halves
            raise
    _those(client, index, ids, {"source": False})  # it is away, or what is asked for too much
    half = len(ids) // 2
    return [e for part in (ids[:half], ids[half:]) for e in _halved(client, index, part, of_each)]


def _those(
    client: Elasticsearch, index: str, ids: Sequence[str], of_each: Mapping[str, Any]
) -> list[dict[str, Any]]:
    with translate_errors():
        answer = client.mget(index=index, ids=ids, **of_each)
    # One that could not be read must not look like one that does not exist.
    for error in (entry["error"] for entry in answer["docs"] if "error" in entry):
        if error.get("type") == "index_not_found_exception":
            raise no_index(index)
        if error.get("type") == "security_exception":
            raise denied(describe(error), index)
        if wrong := not_ours(describe(error)):
            raise wrong
        raise ServiceUnavailable(f"Elasticsearch cannot read now: {describe(error)}")
    return [entry for entry in answer["docs"] if entry["found"]]


def warnings_of(
    client: Elasticsearch, index: str, ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return what was odd about articles, by id; those without warnings are left out.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    entries = by_id(client, index, ids, ["source.warnings"])
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
