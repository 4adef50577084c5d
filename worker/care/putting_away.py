"""The files of what was withdrawn: moved to ``withdrawn/``, or deleted where it is purged.

Those that hold it alone; containers that hold it, too, are deleted by ``purging.py``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

from articles.errors import ServiceUnavailable
from extraction.formats.identity import printable_path
from worker import failpoint
from worker.care.changeable import Noted, changeable
from worker.care.files_of import copies_of
from worker.care.withdrawn_documents import documents_of
from worker.container import Container
from worker.copies.copier import leaves
from worker.intake.reading import Look
from worker.intake.told import possible_path
from worker.spool.digests import Digests
from worker.spool.naming import failed_path
from worker.spool.settle import discard, left_as, lies_as, look_ahead, set_apart, settling
from worker.spool.withdrawal import FILES, KeptFile, Withdrawal

log = structlog.get_logger()

#: Each may be recognised by 10,000 keys.
AT_ONCE = 100
#: What the ledger knows, by id.
Copies = Mapping[str, Sequence[KeptFile]]


def unfinished(
    container: Container, ids: Collection[str] | None = None
) -> Iterator[list[Withdrawal]]:
    """Those with steps to be taken, in parts of ``AT_ONCE``: of all, or of these ids alone."""
    tombstones, last = container.tombstones, ""
    if ids is not None:
        asked = sorted(ids)
        some = (asked[at : at + AT_ONCE] for at in range(0, len(asked), AT_ONCE))
        yield from ([o for o in tombstones.by_id(part).values() if o.todo] for part in some)
        return
    while part := tombstones.unfinished(AT_ONCE, last):
        yield part
        last = part[-1].id


def put_away(container: Container, part: Sequence[Withdrawal]) -> list[str]:
    """Move or delete the files of each; what could not be, and why: it keeps no other.

    Who was at its end when the tombstone came has the lock that is waited for first; who comes
    after that, asks for the tombstone under it.
    """
    with settling(container.folders):
        pass
    of_none, troubles = list[Withdrawal](), list[str]()
    for one, files in kept_of(container, part, copies_of_part(container, part)):
        with keeping_no_other(one, troubles):
            if files:
                _put_one_away(container, one, files)
            else:
                of_none.append(one)
    nothing_to_put_away(container, of_none)
    container.ledger.withdrawn(documents_of(container, part))
    return troubles


@contextmanager
def keeping_no_other(one: Withdrawal, troubles: list[str]) -> Iterator[None]:
    """What cannot be done for one article is noted, whatever it is."""
    try:
        yield
    except (ServiceUnavailable, OSError) as error:
        troubles.append(str(error))
    except Exception as error:
        log.exception("withdraw.bug", id=one.id)
        troubles.append(f"{one.id} cannot be taken away: {error}")


def copies_of_part(container: Container, part: Sequence[Withdrawal]) -> Copies:
    """The files that the ledger knows as those of these, by id."""
    return copies_of(container.ledger, [one.id for one in part])


def kept_of(
    container: Container, part: Sequence[Withdrawal], copies: Copies
) -> Iterator[tuple[Withdrawal, list[KeptFile]]]:
    """Each with the files that hold it: those of its tombstone, and ``copies``."""
    for one in part:
        files = {*container.tombstones.files(one.id), *copies.get(one.id, ())}
        yield one, sorted(files, key=lambda file: (file.path, file.sha256))


def nothing_to_put_away(container: Container, part: Sequence[Withdrawal]) -> None:
    """All at once: other sites may name millions of which no file is here."""
    container.by_hand.forget([one.id for one in part if one.purged])
    container.tombstones.done([one.id for one in part], [FILES], [one.turn for one in part])


def _put_one_away(container: Container, one: Withdrawal, files: Sequence[KeptFile]) -> None:
    """What is purged is not done with it: ``purge_containers`` does the rest."""
    if one.purged:
        purge(container, one, files)
        return
    for file in files:
        _set_apart(container, file)
    done_with_files(container, one)


def done_with_files(container: Container, one: Withdrawal) -> None:
    """Note it, unless more was asked for since."""
    failpoint.reach("withdraw.files")
    container.tombstones.done([one.id], [FILES], [one.turn])


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


def purge(container: Container, one: Withdrawal, files: Sequence[KeptFile]) -> list[str]:
    """Which stay, until they are looked at again: they have changed since, or cannot be read."""
    container.by_hand.forget([one.id])
    folders = container.folders
    roots = (folders.archive, folders.failed, folders.withdrawn)
    own = [pair for file in files for pair in places(container, file, roots)]
    troubles = [delete(container, root, below, look) for (root, below), look in own]
    noted = Noted(folders)
    troubles += (told for file in files for told in _changed(container, noted, file))
    troubles += (told for file in files for told in left(container, file, roots))
    return list(filter(None, troubles))


def _changed(container: Container, noted: Noted, file: KeptFile) -> Iterator[str]:
    """Delete the file where its sender has put something else into it; what may be it, and why."""
    folders = container.folders
    for root, wanted in _wanted(container, file, (folders.archive, folders.withdrawn)):
        for below, is_it in changeable(container, noted, file, root, wanted):
            if is_it:
                yield delete(container, root, below, Look.below(root, below))
                continue
            name = printable_path(f"{root.name}/{below}")
            yield (
                f"{name} may be of {file.path}, and others may change it: remove it or, if it is "
                "another article's, let nobody else write it (chown, chmod go-w)."
            )


def left(container: Container, file: KeptFile, roots: Sequence[Path]) -> Iterator[str]:
    """What may be the file, and why: who dropped it can keep it from being read for a while."""
    for root, wanted in _wanted(container, file, roots):
        for place, why in left_as(root, wanted, file.sha256, file.bytes):
            name = printable_path(f"{root.name}/{place.relative_to(root)}")
            yield f"{name}, which may be of {file.path}, {why}."


def delete(container: Container, root: Path, below: str, look: Look | None) -> str:
    """Delete a file if it looks like that still; else say that it has changed."""
    folders, changed = container.folders, False
    with settling(folders):
        now = Look.below(root, below)
        if now is not None and now == look:
            leaves(folders, container.copies, root, below)
            discard(folders, root, below)
            log.info("file.purged", path=below, folder=root.name)
        else:
            changed = now is not None
    failpoint.reach("withdraw.deleted")
    where = printable_path(f"{root.name}/{below}")
    return f"{where} has changed while it was looked at." if changed else ""


def places(
    container: Container, file: KeptFile, roots: Sequence[Path]
) -> Iterator[tuple[tuple[Path, str], Look | None]]:
    """Where a file lies below the roots, with what it looks like."""
    for root, wanted in _wanted(container, file, roots):
        if place := lies_as(root, wanted, file.sha256, file.bytes):
            below = str(place.relative_to(root))
            yield (root, below), Look.below(root, below)


def _wanted(
    container: Container, file: KeptFile, roots: Sequence[Path]
) -> Iterator[tuple[Path, str]]:
    """The path that it would have below each root."""
    relative = possible_path(file.path)
    for root in roots if relative else ():
        yield root, failed_path(relative) if root == container.folders.failed else relative
