"""Files from anywhere on this machine into the spool, by copy."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from articles.errors import ArticleFault
from depesche.ingested import Copied
from extraction.formats.parse import too_large
from worker.beneath import NotAFile, TooLarge
from worker.container import Container
from worker.inbox.dropped import Dropped
from worker.intake.unpack import most_bytes
from worker.mirror.apart import keep_apart, path_now
from worker.spool import deposit

Progress = Callable[[int], object]
#: What is no disk's fault, and no other file's: whoever owns the tree may do it at any time.
_OF_THE_FILE = (
    *(NotAFile, FileNotFoundError, NotADirectoryError, PermissionError),
    BlockingIOError,  # somebody holds it by a lease
    deposit.Changed,
)


def listed(paths: Sequence[Path]) -> tuple[list[tuple[Path, str]], Dropped]:
    """Return the files that are meant by ``paths``, each with its path below the inbox.

    And what is passed over below them, each path with the reason. Raises :class:`UsageError` for a
    path that does not exist.
    """
    dropped = Dropped()
    files = [pair for path in paths for pair in dropped.under(path)]
    return files, dropped


def copy(
    container: Container,
    files: Sequence[tuple[Path, str]],
    progress: Progress | None = None,
    passed_over: Dropped | None = None,
) -> Copied:
    """Copy the files into batches of the spool, and notify the workers.

    While the spool is full it waits: the files are safe where they are. ``progress`` is told
    the number of files that are done. An article above ``DEPESCHE_MAX_FILE_BYTES`` is refused, and
    not read; and so is what cannot be read, has gone or is no file any more: it keeps no other
    waiting.
    """
    settings, copied = container.settings, 0
    passed_over = passed_over or Dropped()
    refused, unreadable = dict[str, str](), len(passed_over.unreadable)
    refused |= passed_over.unreadable
    batches: dict[str, list[str]] = {}
    for group in deposit.grouped(
        files, _size, lambda file: file[1], settings.batch_files, settings.batch_bytes
    ):
        while len(container.spool) >= settings.spool_batches:
            time.sleep(0.2)
        with container.spool.filling() as batch:
            names: list[str] = []
            for file, relative in group:
                try:
                    deposit.copy(
                        batch, file, relative, most_bytes(relative, settings.max_file_bytes)
                    )
                    names.append(relative)
                except TooLarge as error:
                    refused[str(file)] = too_large(error.size, settings.max_file_bytes).reason
                except ArticleFault as fault:
                    refused[str(file)] = fault.reason
                except _OF_THE_FILE as error:
                    refused[str(file)] = f"it cannot be copied: {error.strerror}"
                copied += 1
                if progress:
                    progress(copied)
            if not names:
                batch.close()
                continue
            renamed = keep_apart(batch, container.mirrors)
        container.publisher.intake(batch.name)
        batches[batch.name] = [path_now(name, renamed) for name in names]
    taken = len(files) - (len(refused) - unreadable)
    return Copied(taken, passed_over.skipped, batches, container, refused)


def _size(file: tuple[Path, str]) -> int:
    """Of no matter where it is gone: that is told when it is copied."""
    try:
        return file[0].lstat().st_size
    except OSError:
        return 0
