"""Give what failed another try: files go into the spool, documents back to pending."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extraction.formats.identity import printable_path
from indexing.writing import states, write
from worker.care.failures import failed_paths, has_reason
from worker.care.mirrors import retry_in_mirrors
from worker.container import Container
from worker.spool import deposit
from worker.spool.settle import reason_of

MANY = 10_000
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Retried:
    """How many files and documents get another try."""

    files: int
    documents: int


def retry(container: Container, paths: Sequence[str], reason: str = "") -> Retried:
    """Retry what matches: paths below ``failed/`` (files or folders) or document ids; all if none.

    With ``reason`` only what failed for a reason with these words. Documents come first: where
    Elasticsearch is away, ``ServiceUnavailable`` is raised before anything is moved. The reason
    files stay until the file succeeds, so that a second failure keeps the first reason.
    """
    documents = _documents(container, paths, reason)
    files = _files(container, paths, reason) + retry_in_mirrors(container, paths, reason)
    return Retried(files, documents)


def matches(path: str, wanted: Sequence[str]) -> bool:
    """Whether a path is one of the wanted ones or lies in a wanted folder; all are if none is."""
    names = [name.strip("/") for name in wanted]
    return not names or any(n in {".", path} or path.startswith(f"{n}/") for n in names)


def _files(container: Container, paths: Sequence[str], reason: str) -> int:
    """Move the files into new batches: that way none meets a newer file of its name."""
    failed = container.folders.failed
    wanted = [_below(failed, path) for path in paths]
    pairs = [
        (file, relative)
        for file in failed_paths(container.folders)
        for relative in [str(file.relative_to(failed))]
        if matches(relative, wanted) or matches(printable_path(relative), wanted)
        if not reason or has_reason(str(reason_of(file).get("error", "")), reason)
    ]
    limits = container.settings.batch_files, container.settings.batch_bytes
    return sum(_back(container, group) for group in deposit.grouped(pairs, _size, _name, *limits))


def _back(container: Container, group: list[tuple[Path, str]]) -> int:
    """Fill one batch; a file that somebody else took meanwhile is left out.

    Nobody works the batch before we let go of it: the ledger forgets the old failures first.
    """
    taken: list[str] = []
    came = {relative: moment for file, relative in group if (moment := _came(file))}
    with container.spool.filling() as batch:
        batch.came(came)
        for file, relative in group:
            dropped_as = str(reason_of(file).get("path") or relative)
            with suppress(FileNotFoundError):
                deposit.claim(batch, file, relative)
                taken.append(printable_path(dropped_as))
        container.ledger.retried(taken)
    container.publisher.intake(batch.name)
    return len(taken)


def _came(file: Path) -> datetime | None:
    """When a file first failed, as its reason tells."""
    reason = reason_of(file)
    first = next(iter(reason.get("earlier", ())), reason)
    try:
        return datetime.fromisoformat(str(first.get("time"))).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _size(pair: tuple[Path, str]) -> int:
    with suppress(OSError):  # gone, or its path is longer than the system takes
        return pair[0].lstat().st_size
    return 0


def _name(pair: tuple[Path, str]) -> str:
    return pair[1]


def _below(failed: Path, path: str) -> str:
    """A path as a person gives it, relative to ``failed/``."""
    full = Path(path).absolute()
    return str(full.relative_to(failed)) if full.is_relative_to(failed) else path


def _documents(container: Container, paths: Sequence[str], reason: str) -> int:
    client, index = container.client, container.settings.index
    if not paths and not reason:
        return write.set_pending(client, index)
    ids = [
        failure.id
        for failure in states.all_failed(client, index)
        if failure.id in paths or matches(failure.path, paths)
        if not reason or has_reason(failure.error, reason)
    ]
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return sum(write.set_pending(client, index, chunk) for chunk in chunks)
