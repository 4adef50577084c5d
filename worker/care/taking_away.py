"""The steps behind a tombstone: documents, files, what Redis and Elasticsearch have kept.

Each is noted when it is taken; what was cut short is taken again. ``finish`` is called by whoever
withdraws, and again and again by the watch process (``keep_withdrawn.py``). The files of what is
purged are gone when the containers that hold it are, too: to find those may take hours, for which
nobody else waits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from articles.errors import ServiceUnavailable
from indexing.writing.withdraw import expunge
from worker import failpoint
from worker.care.looked import Looked
from worker.care.purging import Say, purge_containers
from worker.care.putting_away import parts, put_away
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
) -> None:
    """Take the steps that are left, of all. Repeatable.

    ``looked``: the containers that were looked through before. ``ids``: only for these are
    containers looked through; who has withdrawn something else does not wait for that. Raises
    ``ServiceUnavailable`` where a step cannot be taken now; those behind it are left, but none for
    containers.
    """
    if INDEX in steps and any(map(_waits, container.tombstones.unfinished())):
        with alone(container):
            finish_quick(container)
    left = ""
    try:
        if FILES in steps:
            purge_containers(container, say, looked or Looked(), ids)
    except ServiceUnavailable as error:  # what is slow does not wait for it
        left = str(error)
    if not set(SLOW).isdisjoint(steps):
        _write_anew(container, say, steps)
    if left:
        raise ServiceUnavailable(left)


def _write_anew(container: Container, say: Say, steps: Sequence[str]) -> None:
    """Not for what is still in the index: it would be written into the files once more."""
    unindexed = (one for one in container.tombstones.unfinished() if INDEX not in one.todo)
    left = [replace(one, todo=_of(one, steps)) for one in unindexed]
    if any(_of(one, SLOW) for one in left):
        say("Writing the files of Redis and Elasticsearch anew: this takes half a minute, or more.")
    _step(container, left, REDIS, lambda _: container.persistence.write_anew())
    index = container.settings.index
    _step(container, left, EXPUNGE, lambda _: expunge(container.client, index))


def finish_quick(container: Container) -> None:
    """Inside ``alone``: what somebody restores meanwhile must not be taken away behind him."""
    left = container.tombstones.unfinished()
    for part in parts(left):
        _step(
            container, part, INDEX, lambda todo: unindex(container, documents_of(container, todo))
        )
    if todo := [one for one in left if _waits(one) and FILES in one.todo]:
        put_away(container, todo)


def _waits(one: Withdrawal) -> bool:
    """Whether its document is to go, or files of its own.

    Those of what is purged go with the document: for as long as containers are read, none comes
    again.
    """
    return INDEX in one.todo or (FILES in one.todo and not one.purged)


def _of(one: Withdrawal, steps: Sequence[str]) -> tuple[str, ...]:
    return tuple(step for step in one.todo if step in steps)


def _step(
    container: Container,
    left: Sequence[Withdrawal],
    step: str,
    take: Callable[[Sequence[Withdrawal]], object],
) -> None:
    todo = [one for one in left if step in one.todo]
    if todo:
        take(todo)
        failpoint.reach(f"withdraw.{step}")
        container.tombstones.done([one.id for one in todo], [step], [one.turn for one in todo])
