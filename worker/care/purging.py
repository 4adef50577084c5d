"""The containers that hold what is purged: they go, too, and nobody waits while they are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from articles.errors import ServiceUnavailable
from worker import failpoint
from worker.care.believed import believed
from worker.care.holders import Held, Holders
from worker.care.looked import Looked
from worker.care.may_hold import above
from worker.care.putting_away import (
    copies_of_part,
    delete,
    done_with_files,
    keeping_no_other,
    kept_of,
    nothing_to_put_away,
    purge,
    unfinished,
)
from worker.care.withdrawals_lock import alone
from worker.care.withdrawn_documents import documents_of
from worker.container import Container
from worker.spool.settle import settling
from worker.spool.withdrawal import FILES, INDEX, KeptFile, Withdrawal

Say = Callable[[str], None]


def purge_containers(
    container: Container, say: Say, looked: Looked, ids: Collection[str] | None
) -> None:
    """Of what is purged delete the containers that hold it, too. Nobody waits while they are read.

    Raises ``ServiceUnavailable`` where not all could be; it keeps no other.
    """
    with settling(container.folders):  # as in ``put_away``
        pass
    holders, troubles = Holders(container, looked, say), list[str]()
    for part in unfinished(container, ids):
        troubles += _purge_part(container, holders, list(filter(_is_out_of_the_index, part)))
    if troubles:
        raise ServiceUnavailable(troubles[0])
    looked.clear()


def _is_out_of_the_index(one: Withdrawal) -> bool:
    """Whether it is purged, and has files left. What is still in the index is put away first, with
    all that goes with it, as the ledger.
    """
    return one.purged and FILES in one.todo and INDEX not in one.todo


def _purge_part(container: Container, holders: Holders, part: Sequence[Withdrawal]) -> list[str]:
    of_none, troubles = list[Withdrawal](), list[str]()
    copies = copies_of_part(container, part)
    kept = list(kept_of(container, part, copies))
    # By which paths a container is known to hold each: others may name any in documents.
    told = {one.id: {file.path for file in files} for one, files in kept}
    named = believed(container.ledger, told, copies)
    for one, files in kept:
        with keeping_no_other(one, troubles):
            if files:
                troubles += _purge_whole(container, holders, one, files, named[one.id])
            else:
                of_none.append(one)
    with alone(container):
        nothing_to_put_away(container, of_none)
    return troubles


def _purge_whole(
    container: Container,
    holders: Holders,
    one: Withdrawal,
    files: Sequence[KeptFile],
    named: Collection[str],
) -> list[str]:
    """Which files were not looked through, or have changed since; so it is not done."""
    changed = list[str]()
    with alone(container):
        if _is_as_it_was(container, one):
            changed += purge(container, one, files)
    held = holders.of(files, named, one.at)
    failpoint.reach("withdraw.looked")
    with alone(container):
        if not _is_purged_still(container, one):
            return []
        left = held.left + changed + _delete_held(container, held)
        if not left and _is_as_it_was(container, one):  # else the next look sees what came
            container.by_hand.forget([one.id])  # while containers were read, it may have been set
            container.ledger.withdrawn(documents_of(container, [one]))  # cut short, it knows not
            done_with_files(container, one)
    return left


def _delete_held(container: Container, held: Held) -> list[str]:
    """Which have changed since. What lies in one of these stays, too: that is known by it alone."""
    changed: dict[str, str] = {}
    for (outer, root, below), look in held.containers:
        stays = not changed.keys().isdisjoint(above(outer))
        if not stays and (trouble := delete(container, root, below, look)):
            changed[outer] = trouble
    return list(changed.values())


def _is_purged_still(container: Container, one: Withdrawal) -> bool:
    """Whether nobody has restored it; more may be asked for."""
    now = container.tombstones.by_id([one.id]).get(one.id)
    return now is not None and now.purged and FILES in now.todo


def _is_as_it_was(container: Container, one: Withdrawal) -> bool:
    """Whether nobody has restored it, or has asked for more."""
    now = container.tombstones.by_id([one.id]).get(one.id)
    return now is not None and FILES in now.todo and replace(now, todo=one.todo) == one
