"""Which files a person means by a path outside the inbox: the same names as in the inbox."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from articles.errors import UsageError
from worker.inbox.inbox import DEEPEST
from worker.inbox.names import ignored, is_litter


def found_under(path: Path) -> Iterator[tuple[Path, str]]:
    """The files that a person means by a path, each with the name it gets below ``inbox/``.

    A file keeps its name; a folder keeps its own name and everything below it. Dotfiles, unfinished
    files and symbolic links inside folders are left out; what a system leaves, always.
    """
    if path.is_file():
        if not is_litter(path.name):
            yield path, path.name
    elif path.is_dir():
        top = path.resolve()
        yield from _walk(top, PurePosixPath(top.name))
    else:
        raise UsageError(f"{path}: there is no such file or folder")


def _walk(folder: Path, relative: PurePosixPath) -> Iterator[tuple[Path, str]]:
    if len(relative.parts) > DEEPEST:
        raise UsageError(f"{folder} is nested deeper than {DEEPEST} folders")
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            if ignored(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), relative / entry.name)
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path), str(relative / entry.name)
