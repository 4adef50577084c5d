"""Let in again what was withdrawn: its files through intake, its tombstone away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path

from articles.errors import ServiceUnavailable, UsageError
from extraction.formats.identity import OF_CONTENT, os_path_of
from worker import failpoint
from worker.care.mirrors import read_withdrawn_again
from worker.care.putting_away import left, places
from worker.care.taking_away import finish_quick
from worker.care.withdrawals_lock import alone
from worker.care.withdrawn_documents import documents_of
from worker.container import Container
from worker.file_numbers import moment_of
from worker.spool import deposit
from worker.spool.agreed import Own
from worker.spool.settle import settling
from worker.spool.spool import Batch
from worker.spool.withdrawal import Withdrawal

#: What another site has let in: what is held here, and the revision of that, by id.
Agreed = Mapping[str, tuple[Own, int]]


def restore(
    container: Container,
    withdrawals: Sequence[Withdrawal],
    agreed: Agreed | None = None,
    tell: Callable[[], object] = lambda: None,
    who: str = "",
) -> int:
    """Let articles in again, and send their files through intake; how many files those are.

    The files are in the spool before the tombstones go, and nobody works them until then: whatever
    is killed, they come in, or end in ``withdrawn/`` again. Of what was purged there are none.
    ``agreed``: another site has let them in; what was withdrawn here since then stays withdrawn.
    ``tell`` is called before anybody works them: a site that knew it not would take them down.
    ``who`` says so, for the list.
    Raises ``ServiceUnavailable`` where they are not wholly withdrawn yet, or a file cannot be read.
    """
    with ExitStack() as stack:
        with alone(container):
            _finish(container, withdrawals)
            batches, count = _let_in(container, withdrawals, agreed or {}, who, stack)
        tell()
    failpoint.reach("restore.let_in")
    for name in batches:
        container.publisher.intake(name)
    return count


def _finish(container: Container, withdrawals: Sequence[Withdrawal]) -> None:
    if troubles := finish_quick(container, [one.id for one in withdrawals]):
        raise ServiceUnavailable(troubles[0])


def _let_in(
    container: Container,
    withdrawals: Sequence[Withdrawal],
    agreed: Agreed,
    who: str,
    stack: ExitStack,
) -> tuple[list[str], int]:
    """Claim files until none is left, then let go of the tombstones.

    Who refuses one more meanwhile puts it away inside ``settling``, and tells of it there. The
    ``stack`` holds what is claimed.
    """
    ids, batches, count = [one.id for one in withdrawals], list[str](), 0
    known = -1
    while True:
        with settling(container.folders):
            if known == (known := _told(container, ids)):
                by_path = {w.path: w.id for w in withdrawals if w.id.startswith(OF_CONTENT)}
                read_withdrawn_again(container, ids, by_path)
                failpoint.reach("restore.told")
                container.ledger.restored(documents_of(container, withdrawals))
                container.tombstones.remove(ids, agreed, who)
                return batches, count
        count += _claim(container, withdrawals, stack, batches)
        failpoint.reach("withdraw.claimed")


def _told(container: Container, ids: Sequence[str]) -> int:
    return sum(len(container.tombstones.files(id_)) for id_ in ids)


def _claim(
    container: Container, withdrawals: Sequence[Withdrawal], stack: ExitStack, batches: list[str]
) -> int:
    """Into batches that nobody works before the ``stack`` ends; how many files."""
    root, files = container.folders.withdrawn, _kept(container, withdrawals)
    limits = container.settings.batch_files, container.settings.batch_bytes
    count = 0
    for group in deposit.grouped(files, lambda _: 0, lambda pair: pair[1], *limits):
        batch = stack.enter_context(container.spool.filling())
        batches.append(batch.name)
        batch.came({relative: _came(root / below, batch) for below, relative in group})
        for below, relative in group:
            with suppress(FileNotFoundError):
                deposit.claim(batch, Path(root, below), relative)
                count += 1
    return count


def _came(file: Path, batch: Batch) -> datetime:
    """When it counts as having come: as for files that are read again out of the archive."""
    with suppress(OSError):
        return min(batch.received, moment_of(file.lstat().st_mtime))
    return batch.received


def _kept(container: Container, withdrawals: Sequence[Withdrawal]) -> list[tuple[str, str]]:
    """The files in ``withdrawn/``: their path there, and that below the inbox.

    Raises ``ServiceUnavailable`` where one cannot be read: it would be left there for good.
    """
    found, roots = dict[str, str](), [container.folders.withdrawn]
    for file in (file for one in withdrawals for file in container.tombstones.files(one.id)):
        there = [below for (_, below), _ in places(container, file, roots)]
        found |= dict.fromkeys(there, os_path_of(file.path))
        if not there and (told := next(left(container, file, roots), "")):
            raise ServiceUnavailable(told)
    return sorted(found.items())


def meant(container: Container, text: str) -> Withdrawal:
    """The withdrawal that a person means by an id, its beginning or a path. ``UsageError``."""
    found = container.tombstones.meant(text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"Nothing that was withdrawn is called {text}: `depesche withdrawn`.")
    named = ", ".join(f"{one.id} ({one.path})" for one in found[:5])
    raise UsageError(f"{text} may be any of {len(found):,}: {named}. Name one by its id.")
