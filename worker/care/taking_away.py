"""The steps behind a tombstone: documents, files, what Redis and Elasticsearch have kept.

Each is noted when it is taken; what was cut short is taken again. ``finish`` is called by whoever
withdraws, and again and again by the watch process (``keep_withdrawn.py``). The files of what is
purged are gone when the containers that hold it are, too: to find those may take hours, for which
nobody else waits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from articles.errors import ServiceUnavailable
from indexing.writing.withdraw import expunge
from worker import failpoint
from worker.care.looked import Looked
from worker.care.purging import Say, purge_containers
from worker.care.putting_away import put_away, unfinished
from worker.care.withdrawals_lock import alone
from worker.care.withdrawn_documents import documents_of, unindex
from worker.container import Container
from worker.spool.withdrawal import EXPUNGE, FILES, INDEX, REDIS, STEPS, Withdrawal

#: What is quick, and what takes half a minute or more: none waits for the other.
QUICK, SLOW = (INDEX, FILES), (REDIS, EXPUNGE)
#: Of what is quick: documents and their own files, and containers that hold what is purged.
OWN, HELD = (INDEX,), (FILES,)


def finish(
    container: Container,
    say: Say = lambda _: None,
    steps: Sequence[str] = STEPS,
    looked: Looked | None = None,
    ids: Collection[str] | None = None,
    ask: Callable[[Container, Sequence[str]], object] = lambda *_: None,
) -> None:
    """Take the steps that are left, of all, or of these ``ids`` alone. Repeatable.

    ``looked``: the containers that were looked through before. Who gives ids does not wait for what
    others have withdrawn. ``ask`` is called with ids before their documents go. Raises
    ``ServiceUnavailable`` where a step cannot be taken now; those behind it are left, but none for
    containers.
    """
    if INDEX in steps:
        _take_away(container, ids, ask)
    left = ""
    try:
        if FILES in steps:
            purge_containers(container, say, looked or Looked(), ids)
    except ServiceUnavailable as error:  # what is slow does not wait for it
        left = str(error)
    _write_anew(container, say, [step for step in SLOW if step in steps], ids)
    if left:
        raise ServiceUnavailable(left)


def _take_away(
    container: Container,
    ids: Collection[str] | None,
    ask: Callable[[Container, Sequence[str]], object],
) -> None:
    """Part by part, with others' turns in between."""
    troubles = list[str]()
    for part in unfinished(container, ids):
        if waiting := [one.id for one in part if _waits(one)]:
            ask(container, waiting)
            with alone(container):
                troubles += finish_quick(container, waiting)
    if troubles:
        raise ServiceUnavailable(troubles[0])


def finish_quick(container: Container, ids: Collection[str]) -> list[str]:
    """Documents, and files of their own; which of these could not be put away, and why.

    Inside ``alone``: what somebody restores meanwhile must not be taken away behind him.
    """
    troubles = list[str]()
    for part in unfinished(container, ids):
        if todo := [one for one in part if INDEX in one.todo]:
            unindex(container, documents_of(container, todo))
            _done(container, INDEX, {one.id: one.turn for one in todo})
        if todo := [one for one in part if _waits(one) and FILES in one.todo]:
            troubles += put_away(container, todo)
    return troubles


def _write_anew(
    container: Container, say: Say, steps: Sequence[str], ids: Collection[str] | None
) -> None:
    """Not for what is still in the index: it would be written into the files once more."""
    todo = {step: turns for step in steps if (turns := _turns(container, step, ids))}
    if todo:
        say("Writing the files of Redis and Elasticsearch anew: this takes half a minute, or more.")
    for step, turns in todo.items():
        if step == REDIS:
            container.persistence.write_anew()
        else:
            expunge(container.client, container.settings.index)
        _done(container, step, turns)


def _turns(container: Container, step: str, ids: Collection[str] | None) -> dict[str, int]:
    """By id, of what has left the index: without words, for those may be gigabytes."""
    parts = unfinished(container, ids)
    each = (one for part in parts for one in part if INDEX not in one.todo)
    return {one.id: one.turn for one in each if step in one.todo}


def _done(container: Container, step: str, turns: Mapping[str, int]) -> None:
    failpoint.reach(f"withdraw.{step}")
    container.tombstones.done(turns.keys(), [step], turns.values())


def _waits(one: Withdrawal) -> bool:
    """Whether its document is to go, or files of its own.

    Those of what is purged go with the document: for as long as containers are read, none comes
    again.
    """
    return INDEX in one.todo or (FILES in one.todo and not one.purged)
