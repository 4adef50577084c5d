"""Take articles down, and let them in again.

The tombstone comes first: from then on nothing lets the article in. Then its documents go, then its
files, and of what is purged what is left in the files of Redis and of Elasticsearch. Whatever is
killed in between, the tombstone says what is to be done, and ``finish`` does it: whoever withdraws,
and again and again the watch process (``keep_withdrawn``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import structlog

from articles.article import TEXT_FIELDS
from articles.errors import DepescheError, UsageError
from extraction.formats.identity import os_path_of, printable_path
from indexing.index.source import source_of
from indexing.writing.stored import by_id
from indexing.writing.withdraw import expunge, remove_everywhere
from worker import beneath, failpoint
from worker.care import kept_files
from worker.care.holders import candidates, holders
from worker.container import Container
from worker.intake.reading import Look
from worker.intake.refusing import keys_of_document
from worker.spool import deposit
from worker.spool.digests import Digests
from worker.spool.naming import failed_path
from worker.spool.settle import discard, lies_as, look_ahead, set_apart, settling
from worker.spool.tombstones import (
    EXPUNGE,
    FILES,
    INDEX,
    REDIS,
    STEPS,
    KeptFile,
    Tombstone,
    Withdrawal,
)

log = structlog.get_logger()

EVERY_SECONDS = 1.0
#: The index is looked through for what came back (a snapshot) so often, and for at most a
#: hundredth of the time.
SWEEP_SECONDS = 60.0
_RESTS = 100
#: What is quick, and what takes half a minute or more: none waits for the other.
QUICK, SLOW = (INDEX, FILES), (REDIS, EXPUNGE)
_CHUNK = 1000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants taken down: why, who says so, and whether for good."""

    reason: str
    who: str
    purge: bool = False

    @property
    def steps(self) -> tuple[str, ...]:
        """What there is to do."""
        return STEPS if self.purge else (INDEX, FILES)


def withdraw(container: Container, ids: Sequence[str], order: Order) -> list[Withdrawal]:
    """Refuse these articles from now on; what is left to do stands in what is returned.

    ``ids`` are those of documents, or of earlier withdrawals. Nobody finds them any more when
    ``finish`` has been called behind it. Raises ``ServiceUnavailable`` and ``UsageError``: then
    some may be withdrawn.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    for start in range(0, len(ids), _CHUNK):
        _note(container, ids[start : start + _CHUNK], order, now)
    failpoint.reach("withdraw.noted")
    return [one for one in container.tombstones.of(ids).values() if one.todo]


def _note(container: Container, ids: Sequence[str], order: Order, now: str) -> None:
    wanted = ["url", *TEXT_FIELDS, *kept_files.WANTED]
    entries = by_id(container.client, container.settings.index, ids, wanted)
    documents = {entry["_id"]: source_of(entry) for entry in entries}
    known = container.tombstones.of(ids)
    copies = kept_files.copies(container.ledger, ids)
    new: list[Tombstone] = []
    for id_ in ids:
        document = documents.get(id_, {})
        files = [*kept_files.kept_files(document), *copies.get(id_, ())]
        path = document.get("source", {}).get("path", "")
        path = path or (known[id_].path if id_ in known else "") or (files[0].path if files else "")
        keys = [*keys_of_document(id_, document), *(f"sha256:{file.sha256}" for file in files)]
        one = Withdrawal(id_, path, order.reason, now, order.who, order.purge, order.steps)
        new.append((one, keys, files))
    container.tombstones.add(new)
    for one, _, _ in new:
        log.info("article.withdrawn", id=one.id, path=one.path, purged=order.purge, who=order.who)


def withdraw_failed(container: Container, path: str, order: Order) -> Withdrawal:
    """Refuse a file in ``failed/``, by its bytes; ``path`` is that below.

    Raises ``UsageError`` where there is none.
    """
    folders, below = container.folders, os_path_of(path)
    try:
        data = beneath.read_below(folders.failed, below, container.settings.max_file_bytes)
    except OSError as error:
        raise UsageError(f"{path} is not in failed/: {error}") from error
    digest = sha256(data).hexdigest()
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    one = Withdrawal(
        f"f-{digest[:40]}", path, order.reason, now, order.who, order.purge, order.steps
    )
    files = [KeptFile(path, digest, len(data))]
    container.tombstones.add([(one, [f"sha256:{digest}"], files)])
    return one


def failed_as(container: Container, text: str) -> str:
    """The path of a file in ``failed/`` that a person means, or ""."""
    folders, full = container.folders, Path(text).absolute()
    failed = folders.failed.absolute()
    below = str(full.relative_to(failed)) if full.is_relative_to(failed) else os_path_of(text)
    return printable_path(below) if beneath.is_file(folders.failed, below) else ""


def still_in(container: Container, one: Withdrawal) -> list[str]:
    """Files of many articles that one which was not purged came out of, and may lie in still."""
    if one.purged:
        return []
    files = container.tombstones.files(one.id)
    found = [c for file in files for c in candidates(container, os_path_of(file.path))]
    return sorted({printable_path(f"{root.name}/{below}") for _, root, below in found})


def finish(container: Container, say: Say = lambda _: None, steps: Sequence[str] = STEPS) -> None:
    """Take the steps that are left, of all. Repeatable; two at once do no harm.

    Raises ``ServiceUnavailable`` where a step cannot be taken now; those behind it are left.
    """
    left = [replace(one, todo=_of(one, steps)) for one in container.tombstones.unfinished()]
    _step(container, left, INDEX, lambda todo: _unindex(container, [one.id for one in todo]))
    _step(container, left, FILES, lambda todo: _put_away(container, todo))
    if any(EXPUNGE in one.todo or REDIS in one.todo for one in left):
        say("Writing the files of Redis and Elasticsearch anew: this takes half a minute, or more.")
    _step(container, left, REDIS, lambda _: container.persistence.write_anew())
    index = container.settings.index
    _step(container, left, EXPUNGE, lambda _: expunge(container.client, index))


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


def _unindex(container: Container, ids: Sequence[str]) -> int:
    return remove_everywhere(container.client, container.settings.index, ids)


def _put_away(container: Container, todo: Sequence[Withdrawal]) -> None:
    """Move or delete the files of each, and of what is purged the containers that hold it.

    Who was at its end when the tombstone came has the lock that is waited for first; who comes
    after that, asks for the tombstone under it.
    """
    with settling(container.folders):
        pass
    ids = [one.id for one in todo]
    copies = kept_files.copies(container.ledger, ids)
    for one in todo:
        files = {*container.tombstones.files(one.id), *copies.get(one.id, ())}
        if one.purged:
            _purge(container, sorted(files, key=lambda file: (file.path, file.sha256)))
        else:
            for file in files:
                _set_apart(container, file)
    container.ledger.withdrawn(ids)


def _set_apart(container: Container, file: KeptFile) -> None:
    folders, relative = container.folders, os_path_of(file.path)
    for (root, below), look in _places(container, file, (folders.archive, folders.failed)):
        digests = Digests()
        look_ahead(folders, Path(root, below), relative, digests, failed=False, withdrawn=True)
        with settling(folders):
            if Look.below(root, below) == look:
                set_apart(folders, Path(root, below), relative, digests)
                if root == folders.failed:
                    discard(root, below)  # its reason
        failpoint.reach("withdraw.moved")


def _purge(container: Container, files: Sequence[KeptFile]) -> None:
    folders = container.folders
    held = [(place, Look.below(*place)) for place in holders(container, files)]
    roots = (folders.archive, folders.failed, folders.withdrawn)
    own = [pair for file in files for pair in _places(container, file, roots)]
    for (root, below), look in (*held, *own):
        with settling(folders):
            if look is not None and Look.below(root, below) == look:
                discard(root, below)
                log.info("file.purged", path=below, folder=root.name)
        failpoint.reach("withdraw.deleted")


def _places(
    container: Container, file: KeptFile, roots: Sequence[Path]
) -> Iterator[tuple[tuple[Path, str], Look | None]]:
    """Where a file lies below the roots, with what it looks like."""
    relative = os_path_of(file.path)
    for root in roots:
        wanted = failed_path(relative) if root == container.folders.failed else relative
        if place := lies_as(root, wanted, file.sha256, file.bytes):
            below = str(place.relative_to(root))
            yield (root, below), Look.below(root, below)


def restore(container: Container, withdrawals: Sequence[Withdrawal]) -> int:
    """Let articles in again, and send their files through intake; how many files those are.

    The files are in the spool before the tombstones go, and nobody works them until then: whatever
    is killed, they come in, or end in ``withdrawn/`` again. Of what was purged there are none.
    """
    root, files = container.folders.withdrawn, _kept(container, withdrawals)
    limits = container.settings.batch_files, container.settings.batch_bytes
    groups = deposit.grouped(files, lambda _: 0, lambda pair: pair[1], *limits)
    ids, batches, count = [one.id for one in withdrawals], list[str](), 0
    with ExitStack() as stack:
        for group in groups:
            batch = stack.enter_context(container.spool.filling())
            batches.append(batch.name)
            for below, relative in group:
                with suppress(FileNotFoundError):
                    deposit.claim(batch, Path(root, below), relative)
                    count += 1
        failpoint.reach("withdraw.claimed")
        container.ledger.restored(ids)
        container.tombstones.remove(ids)
    for name in batches:
        container.publisher.intake(name)
    return count


def _kept(container: Container, withdrawals: Sequence[Withdrawal]) -> list[tuple[str, str]]:
    """The files in ``withdrawn/``: their path there, and that below the inbox."""
    found: dict[str, str] = {}
    for one in withdrawals:
        for file in container.tombstones.files(one.id):
            for (_, below), _ in _places(container, file, [container.folders.withdrawn]):
                found[below] = os_path_of(file.path)
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


def keep_withdrawn(container: Container, stop: threading.Event, steps: Sequence[str]) -> None:
    """Take what is left of these steps, and remove what came back, until stopped."""
    due, said = 0.0, ""
    while not stop.wait(EVERY_SECONDS):
        try:
            finish(container, steps=steps)
            if INDEX in steps and time.monotonic() >= due:
                due = _sweep(container)
            said = ""
        except DepescheError as error:
            if str(error) != said:
                log.warning("withdraw.waits", why=str(error))
            said = str(error)
        except Exception:
            log.exception("withdraw.bug")


def _sweep(container: Container) -> float:
    """Remove from the index what somebody brought back, and say when to look again."""
    begins = time.monotonic()
    ids = [one.id for one in container.tombstones.all()]
    if removed := _unindex(container, ids):
        log.warning("withdraw.came_back", documents=removed)
    took = time.monotonic() - begins
    return time.monotonic() + max(SWEEP_SECONDS, _RESTS * took)
