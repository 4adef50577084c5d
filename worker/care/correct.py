"""Correct what an article's source says of it, by hand: kept until it is undone.

It is written down first (``spool/settings_by_hand.py``); then its document gets it. Whatever is
killed in between, the rest is done by the watch process. Intake puts it over each text of the
article that comes, so it outlives corrections, ``verify --repair`` and the index itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from articles.errors import ServiceUnavailable, UsageError
from indexing.writing.by_hand import Setting, is_to_be_read, pending, with_by_hand
from indexing.writing.recognise import known_as
from indexing.writing.rewrite import Whole, rewrite, whole
from indexing.writing.states import existing
from worker import failpoint
from worker.care.set_by_hand import settings_of
from worker.container import Container
from worker.moment import moment

log = structlog.get_logger()

#: As an option of ``undo``: all that was set.
ALL = "all"
TRIES = 4
_AT_ONCE = 100

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of a document: what it was, and what it is."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ByHandOf:
    """An article, what is set of it now, and what was changed just now."""

    id: str
    path: str
    settings: list[Setting]
    changed: list[Changed]


def correct(
    container: Container,
    id_: str,
    values: Values,
    who: str,
    *,
    undo: Sequence[str] = (),
    dry_run: bool = False,
) -> ByHandOf:
    """Set these fields of the article with this id, and undo others; ``finish`` behind it.

    ``values`` are by the names of fields in documents, an empty one says that there is none; of
    ``undo`` ``all`` is all. With ``dry_run`` nothing is written. Raises :class:`UsageError` for
    what cannot be set and ``ServiceUnavailable``: then nothing was noted.
    """
    now = moment()
    new = settings_of(id_, values, container.settings.time_zone, now, who)
    known = container.by_hand.of([id_]).get(id_, [])
    undone = _undone(known, undo)
    _refuse_taken_keys(container, id_, new)
    document = _document(container, id_)
    kept = [s for s in known if s.field not in {*undone, *values}]
    settings = sorted([*kept, *new], key=lambda one: one.field)
    told = _told(document, settings)
    if not dry_run and (new or undone):
        container.by_hand.change(id_, new, undone)
        failpoint.reach("correct.noted")
        log.info("article.corrected_by_hand", id=id_, path=told.path, fields=[*values], who=who)
    return told


def _undone(known: Sequence[Setting], undo: Sequence[str]) -> list[str]:
    fields = [one.field for one in known]
    if ALL in undo:
        return fields
    if wrong := [name for name in undo if name not in fields]:
        there = ", ".join(fields) or "nothing"
        raise UsageError(f"{', '.join(wrong)} was not set by hand of it; {there} was.")
    return list(undo)


def _refuse_taken_keys(container: Container, id_: str, new: Iterable[Setting]) -> None:
    """An id or an address that is another article's cannot be this one's, too."""
    if any(one.field == "id" and not one.key for one in new):
        raise UsageError(f"{id_} has that id already.")
    keys = [one.key for one in new if one.key]
    if not keys:
        return
    index = container.settings.index
    taken = {key: key for key in existing(container.client, index, keys)}
    taken |= known_as(container.client, index, keys) | container.by_hand.known(keys)
    for key, other in taken.items():
        if other != id_:
            raise UsageError(
                f"{key} is another article's already ({other}): `depesche show {other}`. Withdraw "
                "that one first, if both are the same."
            )


def _document(container: Container, id_: str) -> Whole:
    for one in whole(container.client, container.settings.index, [id_]):
        return one
    raise UsageError(f"There is no article {id_}.")


def _told(one: Whole, settings: list[Setting]) -> ByHandOf:
    new = with_by_hand(one.document, settings)
    told = ("by_hand", "corrected_by_hand", "parts", "foreign", "published_range", "published_day")
    names = [n for n in dict.fromkeys([*one.document, *new]) if n not in told]
    both = [(name, one.document.get(name), new.get(name)) for name in names]
    changed = [Changed(name, old, now) for name, old, now in both if old != now]
    path = str(one.document.get("source", {}).get("path", ""))
    return ByHandOf(one.id, path, settings, changed)


def finish(container: Container) -> None:
    """Have the documents say what is set of them; of all that may lack it. Repeatable.

    Raises ``ServiceUnavailable`` where they cannot be written now, and ``UsageError``.
    """
    turns = container.by_hand.unfinished()
    ids = sorted(turns)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        _write(container, part)
        failpoint.reach("correct.written")
        container.by_hand.finished({id_: turns[id_] for id_ in part})


def _write(container: Container, ids: Sequence[str]) -> None:
    """What has no document gets it when it comes."""
    left = list(ids)
    for _ in range(TRIES):
        changes = _lacking(container, left)
        fates = rewrite(container.client, container.settings.index, changes, refresh=True)
        for fate in fates:
            if fate.result == "rejected":
                log.error("correct.refused", id=fate.id, why=fate.reason)
        if read := [new.id for new, fate in _read_again(changes, fates) if fate == "updated"]:
            container.publisher.enrich(read)
        if not (left := [f.id for f in fates if f.result in {"conflict", "away"}]):
            return
    raise ServiceUnavailable(f"{', '.join(left)} cannot be written now: others write it, too.")


def _read_again(
    changes: Sequence[tuple[Whole, Mapping[str, Any]]], fates: Sequence[Any]
) -> list[tuple[Whole, str]]:
    pairs = zip(changes, fates, strict=True)
    return [(old, fate.result) for (old, new), fate in pairs if is_to_be_read(old.document, new)]


def _lacking(container: Container, ids: Sequence[str]) -> list[tuple[Whole, dict[str, Any]]]:
    """The documents that do not say what is set of them, each with the one that does."""
    settings = container.by_hand.of(ids)
    olds = whole(container.client, container.settings.index, ids)
    pairs = [(old, with_by_hand(old.document, settings.get(old.id, []))) for old in olds]
    return [
        (old, pending(new) if is_to_be_read(old.document, new) else new)
        for old, new in pairs
        if new != old.document
    ]


def lacking(container: Container, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Ids and paths of those documents that do not say what is set of them."""
    told = _lacking(container, ids)
    return [(old.id, str(old.document.get("source", {}).get("path", ""))) for old, _ in told]


class Finishing:
    """A chore of the watch process: what was cut short; it looks only where anything changed."""

    def __init__(self) -> None:
        self._seen = b""

    def __call__(self, container: Container) -> float:
        """It rests for no time of its own."""
        now = container.by_hand.changes()
        if now != self._seen:
            finish(container)
            self._seen = now
        return 0.0
