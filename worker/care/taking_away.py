"""The steps behind a tombstone: documents, files, what Redis and Elasticsearch have kept.

Each is noted when it is taken; what was cut short is taken again. ``finish`` is called by whoever
withdraws, and again and again by the watch process (``keep_withdrawn.py``). The files of what is
purged are gone when the containers that hold it are, too: to find those may take hours, for which
nobody else waits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import structlog

from articles.errors import ServiceUnavailable
from extraction.formats.identity import OF_CONTENT, printable_path
from indexing.writing.withdraw import expunge, found_anywhere, remove_everywhere
from worker import failpoint
from worker.care.believed import believed
from worker.care.files_of import copies_of
from worker.care.holders import Holders
from worker.care.looked import Looked
from worker.container import Container
from worker.copies.copier import leaves
from worker.intake.reading import Look
from worker.intake.told import possible_path
from worker.lock import locked
from worker.spool.digests import Digests
from worker.spool.naming import failed_path
from worker.spool.settle import discard, lies_as, look_ahead, set_apart, settling
from worker.spool.withdrawal import EXPUNGE, FILES, INDEX, REDIS, STEPS, KeptFile, Withdrawal

log = structlog.get_logger()

LOCK_SECONDS = 60.0
#: What is quick, and what takes half a minute or more: none waits for the other.
QUICK, SLOW = (INDEX, FILES), (REDIS, EXPUNGE)
#: Of what is quick: documents and their own files, and containers that hold what is purged.
OWN, HELD = (INDEX,), (FILES,)
#: Each may be recognised by 10,000 keys.
AT_ONCE = 100

Say = Callable[[str], None]


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
    if any(_of(one, QUICK) for one in container.tombstones.unfinished()) and INDEX in steps:
        with alone(container):
            finish_quick(container)
    left = ""
    try:
        if FILES in steps:
            _purge_containers(container, say, looked or Looked(), ids)
    except ServiceUnavailable as error:  # what is slow does not wait for it
        left = str(error)
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
    for part in _parts(left):
        _step(
            container, part, INDEX, lambda todo: unindex(container, documents_of(container, todo))
        )
    # What is purged once: for as long as containers are read, nothing of its own comes again.
    todo = [o for o in left if FILES in o.todo and (INDEX in o.todo or not o.purged)]
    if todo:
        _put_away(container, todo)


@contextmanager
def alone(container: Container) -> Iterator[None]:
    """Nobody else takes away or restores meanwhile."""
    try:
        with locked(container.folders.data / "withdrawals.lock", LOCK_SECONDS):
            yield
    except TimeoutError as error:
        raise ServiceUnavailable(f"Somebody else is at it: {error}.") from error


def _parts(all_: Sequence[Withdrawal]) -> Iterator[Sequence[Withdrawal]]:
    return (all_[at : at + AT_ONCE] for at in range(0, len(all_), AT_ONCE))


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


def documents_of(container: Container, withdrawals: Sequence[Withdrawal]) -> list[str]:
    """The ids of the documents of these: their own, and those of texts that are the same."""
    ids = [one.id for one in withdrawals]
    return list(dict.fromkeys([*ids, *container.tombstones.keys_beginning(ids, OF_CONTENT)]))


def back_in(container: Container, ids: Sequence[str]) -> list[str]:
    """Which of these have a document, in any version of the index."""
    return found_anywhere(container.client, container.settings.index, ids)


def unindex(container: Container, ids: Sequence[str]) -> int:
    return remove_everywhere(container.client, container.settings.index, ids)


def _put_away(container: Container, todo: Sequence[Withdrawal]) -> None:
    """Move or delete the files of each.

    Who was at its end when the tombstone came has the lock that is waited for first; who comes
    after that, asks for the tombstone under it. What cannot be taken away now keeps no other.
    """
    with settling(container.folders):
        pass
    troubles = list[str]()
    for part in _parts(todo):
        troubles += _put_part_away(container, part)
    if troubles:
        raise ServiceUnavailable(troubles[0])


def _put_part_away(container: Container, part: Sequence[Withdrawal]) -> list[str]:
    """What could not be taken away, and why."""
    of_none, troubles = list[Withdrawal](), list[str]()
    for one, files in _kept_of(container, part):
        with _keeping_no_other(one, troubles):
            if files:
                _put_one_away(container, one, files)
            else:
                of_none.append(one)
    _nothing_to_put_away(container, of_none)
    container.ledger.withdrawn(documents_of(container, part))
    return troubles


@contextmanager
def _keeping_no_other(one: Withdrawal, troubles: list[str]) -> Iterator[None]:
    """What cannot be done for one article is noted, whatever it is."""
    try:
        yield
    except (ServiceUnavailable, OSError) as error:
        troubles.append(str(error))
    except Exception as error:
        log.exception("withdraw.bug", id=one.id)
        troubles.append(f"{one.id} cannot be taken away: {error}")


def _kept_of(
    container: Container, part: Sequence[Withdrawal]
) -> Iterator[tuple[Withdrawal, list[KeptFile]]]:
    copies = copies_of(container.ledger, [one.id for one in part])
    for one in part:
        files = {*container.tombstones.files(one.id), *copies.get(one.id, ())}
        yield one, sorted(files, key=lambda file: (file.path, file.sha256))


def _nothing_to_put_away(container: Container, part: Sequence[Withdrawal]) -> None:
    """All at once: other sites may name millions of which no file is here."""
    container.by_hand.forget([one.id for one in part if one.purged])
    container.tombstones.done([one.id for one in part], [FILES], [one.turn for one in part])


def _put_one_away(container: Container, one: Withdrawal, files: Sequence[KeptFile]) -> None:
    """What is purged is not done with it: ``_purge_containers`` does the rest."""
    if one.purged:
        _purge(container, one, files)
        return
    for file in files:
        _set_apart(container, file)
    _done_with_files(container, one)


def _done_with_files(container: Container, one: Withdrawal) -> None:
    failpoint.reach("withdraw.files")
    container.tombstones.done([one.id], [FILES], [one.turn])


def _purge_containers(
    container: Container, say: Say, looked: Looked, ids: Collection[str] | None
) -> None:
    """Of what is purged delete the containers that hold it, too. Nobody waits while they are read.

    Raises ``ServiceUnavailable`` where not all could be; it keeps no other.
    """
    left = [one for one in _out_of_the_index(container) if ids is None or one.id in ids]
    with settling(container.folders):  # as in ``_put_away``
        pass
    holders, troubles = Holders(container, looked, say), list[str]()
    for part in _parts(left):
        troubles += _purge_part(container, holders, part)
    if troubles:
        raise ServiceUnavailable(troubles[0])
    looked.clear()


def _out_of_the_index(container: Container) -> list[Withdrawal]:
    """What is purged, and has files left. What is still in the index is put away first, with all
    that goes with it, as the ledger.
    """
    unfinished = container.tombstones.unfinished()
    return [o for o in unfinished if o.purged and FILES in o.todo and INDEX not in o.todo]


def _purge_part(container: Container, holders: Holders, part: Sequence[Withdrawal]) -> list[str]:
    of_none, troubles = list[Withdrawal](), list[str]()
    kept = list(_kept_of(container, part))
    named = _named(container, kept)
    for one, files in kept:
        with _keeping_no_other(one, troubles):
            if files:
                troubles += _purge_whole(container, holders, one, files, named[one.id])
            else:
                of_none.append(one)
    with alone(container):
        _nothing_to_put_away(container, of_none)
    return troubles


def _named(
    container: Container, kept: Sequence[tuple[Withdrawal, Sequence[KeptFile]]]
) -> dict[str, set[str]]:
    """By which paths a container is known to hold an article: others may name any in documents."""
    told = {one.id: {file.path for file in files} for one, files in kept}
    return believed(container.ledger, told, copies_of(container.ledger, list(told)))


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
            changed += _purge(container, one, files)
    held = holders.of(files, named)
    failpoint.reach("withdraw.looked")
    with alone(container):
        if not _is_as_it_was(container, one):
            return []  # it came again, which is seen by the next look
        changed += _purge(container, one, (), held.containers)
        if not (left := held.left + changed):
            container.ledger.withdrawn(documents_of(container, [one]))  # cut short, it knows not
            _done_with_files(container, one)
    return left


def _is_as_it_was(container: Container, one: Withdrawal) -> bool:
    """Whether nobody has restored it, or has asked for more."""
    now = container.tombstones.by_id([one.id]).get(one.id)
    return now is not None and FILES in now.todo and replace(now, todo=one.todo) == one


def _set_apart(container: Container, file: KeptFile) -> None:
    folders, relative = container.folders, possible_path(file.path)
    for (root, below), look in places(container, file, (folders.archive, folders.failed)):
        digests = Digests()
        look_ahead(folders, Path(root, below), relative, digests, failed=False, withdrawn=True)
        with settling(folders):
            if Look.below(root, below) == look:
                leaves(folders, container.copies, root, below)
                set_apart(folders, Path(root, below), relative, digests)
                discard(folders, root, below)  # and its reason, if it has failed
        failpoint.reach("withdraw.moved")


def _purge(
    container: Container,
    one: Withdrawal,
    files: Sequence[KeptFile],
    held: Sequence[tuple[tuple[Path, str], Look]] = (),
) -> list[str]:
    """Which have changed since they were looked at: they stay, until they are looked at again."""
    container.by_hand.forget([one.id])
    folders = container.folders
    roots = (folders.archive, folders.failed, folders.withdrawn)
    own = [pair for file in files for pair in places(container, file, roots)]
    changed = list[str]()
    for (root, below), look in (*held, *own):
        with settling(folders):
            now = Look.below(root, below)
            if now is not None and now == look:
                leaves(folders, container.copies, root, below)
                discard(folders, root, below)
                log.info("file.purged", path=below, folder=root.name)
            elif now is not None:
                where = printable_path(f"{root.name}/{below}")
                changed.append(f"{where} has changed while it was looked at.")
        failpoint.reach("withdraw.deleted")
    return changed


def places(
    container: Container, file: KeptFile, roots: Sequence[Path]
) -> Iterator[tuple[tuple[Path, str], Look | None]]:
    """Where a file lies below the roots, with what it looks like."""
    relative = possible_path(file.path)
    for root in roots if relative else ():
        wanted = failed_path(relative) if root == container.folders.failed else relative
        if place := lies_as(root, wanted, file.sha256, file.bytes):
            below = str(place.relative_to(root))
            yield (root, below), Look.below(root, below)
