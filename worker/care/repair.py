"""Put back what ``verify`` found missing, through the pipeline. Deletes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
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

    An archived file is copied, and its original stays: whatever is killed, it is still there.
    Its end is then to replace the original by the same bytes. A file without a reason is moved.
    """
    kinds = (
        ("no_document", container.folders.archive, deposit.copy),
        ("no_reason", container.folders.failed, deposit.claim),
    )
    return sum(
        _send(container, group, take, progress)
        for kind, root, take in kinds
        for group in _groups(container, compared, kind, root)
    )


Pair = tuple[Path, str]


def _groups(
    container: Container, compared: Compared, kind: str, root: Path
) -> Iterator[list[Pair]]:
    pairs = (
        (root / relative, relative)
        for page in compared.pages(kind, PAGE)
        for relative in (os_path_of(difference.path) for difference in page)
    )
    limits = container.settings.batch_files, container.settings.batch_bytes
    return deposit.grouped(pairs, _size, lambda pair: pair[1], *limits)


def _size(pair: Pair) -> int:
    with suppress(FileNotFoundError):
        return pair[0].lstat().st_size
    return 0


def _send(
    container: Container,
    group: list[Pair],
    take: Callable[..., None],
    progress: Callable[[str, int], None],
) -> int:
    while len(container.spool) >= container.settings.spool_batches:
        time.sleep(0.2)  # the pipeline is full; the files are safe where they are
    with container.spool.filling() as batch:
        for file, relative in group:
            with suppress(FileNotFoundError):  # somebody took it away meanwhile
                take(batch, file, relative)
    container.publisher.intake(batch.name)
    progress("put back", len(group))
    return len(group)
