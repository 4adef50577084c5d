"""Put back what ``verify`` found missing, through the pipeline. Deletes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extraction.formats.identity import os_path_of
from worker.care.compared import Compared
from worker.container import Container
from worker.spool import deposit

PAGE = 1000


def repair(
    container: Container, compared: Compared, progress: Callable[[str, int], None] = lambda *_: None
) -> int:
    """How many files are in the spool again; waits while the spool is full.

    An archived file is linked, and its original stays: whatever is killed, it is still there.
    Its end is then to be the original again. With a changed one goes which document it is to
    replace. A file without a reason is moved.
    """
    kinds = (
        ("no_document", container.folders.archive, deposit.link),
        ("changed", container.folders.archive, deposit.link),
        ("no_reason", container.folders.failed, deposit.claim),
    )
    return sum(
        _send(container, group, take, progress)
        for kind, root, take in kinds
        for group in _groups(container, compared, kind, root)
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """A file, its path in the pipeline, and the id of the document that it is to replace."""

    file: Path
    relative: str
    old: str = ""


def _groups(
    container: Container, compared: Compared, kind: str, root: Path
) -> Iterator[list[Sent]]:
    files = (
        Sent(root / relative, relative, difference.id if kind == "changed" else "")
        for page in compared.pages(kind, PAGE)
        for difference in page
        for relative in [os_path_of(difference.path)]
    )
    limits = container.settings.batch_files, container.settings.batch_bytes
    return deposit.grouped(files, _size, lambda sent: sent.relative, *limits)


def _size(sent: Sent) -> int:
    with suppress(FileNotFoundError):
        return sent.file.lstat().st_size
    return 0


def _send(
    container: Container,
    group: list[Sent],
    take: Callable[..., None],
    progress: Callable[[str, int], None],
) -> int:
    while len(container.spool) >= container.settings.spool_batches:
        time.sleep(0.2)  # the pipeline is full; the files are safe where they are
    with container.spool.filling() as batch:
        if take is deposit.link:
            batch.replace({sent.relative: [sent.old] for sent in group if sent.old})
        for sent in group:
            with suppress(FileNotFoundError):  # somebody took it away meanwhile
                take(batch, sent.file, sent.relative)
    container.publisher.intake(batch.name)
    progress("put back", len(group))
    return len(group)
