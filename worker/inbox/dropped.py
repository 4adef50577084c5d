"""Which files a person means by a path outside the inbox: the same names as in the inbox."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from articles.errors import UsageError
from tasks.real_path import real_path
from worker import beneath, rooted
from worker.inbox.inbox import DEEPEST, TOO_LONG, is_too_long
from worker.inbox.names import SYSTEM, is_litter, why_ignored

LINK = "a symbolic link (not followed: name what it points to)"
NO_FILE = "not a regular file"


@dataclass(slots=True)
class Dropped:
    """A look below paths; ``skipped`` says what is passed over, and why.

    ``unreadable``: folders below them that could not be looked into.
    """

    skipped: dict[str, str] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)

    def under(self, path: Path) -> Iterator[tuple[Path, str]]:
        """The files that a person means by a path, each with the name it gets below ``inbox/``.

        A file keeps its name; a folder keeps its own name and everything below it. Dotfiles and
        unfinished files inside folders are skipped, and symbolic links to files everywhere.
        Raises ``UsageError`` for a path that is neither file nor folder, and for a folder to which
        another user's link leads: it could lead into what he may not read himself.
        """
        if path.is_dir():
            top = _real_folder(path)
            yield from self._walk(top, PurePosixPath(top.name))
        elif path.is_symlink():
            self.skipped[str(path)] = LINK
        elif path.is_file() and is_litter(path.name):
            self.skipped[str(path)] = SYSTEM
        elif path.is_file():
            yield path, path.name
        elif path.exists():
            self.skipped[str(path)] = NO_FILE
        else:
            raise UsageError(f"{path}: there is no such file or folder")

    def _walk(self, folder: Path, relative: PurePosixPath) -> Iterator[tuple[Path, str]]:
        if len(relative.parts) > DEEPEST:
            raise UsageError(f"{folder} is nested deeper than {DEEPEST} folders")
        for entry in self._entries(folder):
            if why := _why_skipped(entry, str(relative / entry.name)):
                self.skipped[entry.path] = why
            elif entry.is_dir(follow_symlinks=False):
                yield from self._walk(Path(entry.path), relative / entry.name)
            else:
                yield Path(entry.path), str(relative / entry.name)

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda e: e.name)
        except OSError as error:
            self.unreadable[str(folder)] = f"it cannot be looked into: {error.strerror}"
            return []


def _real_folder(path: Path) -> Path:
    try:
        with rooted.opened(path, beneath.PASS) as folder:
            real = real_path(path)
            if os.path.samestat(os.fstat(folder), real.stat()):
                return real
    except beneath.NotAFile as error:
        raise UsageError(f"{path} is not looked into: {error.strerror}.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be looked into: {error.strerror}.") from error
    raise UsageError(f"{path} is another folder now.")


def _why_skipped(entry: os.DirEntry[str], relative: str) -> str:
    if why := why_ignored(entry.name, PurePosixPath(relative).parent.name):
        return why
    if is_too_long(relative):
        return TOO_LONG
    if entry.is_symlink():
        return LINK
    plain = entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
    return "" if plain else NO_FILE
