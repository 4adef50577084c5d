"""The mirrors that there are: ``mirrors/<name>.sqlite`` in the data folder, each with its root."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError
from tasks.real_path import real_path
from worker import rooted
from worker.folders import Folders
from worker.mirror import state
from worker.mirror.state import State

ENDING = ".sqlite"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Mirror:
    """One mirror. Its documents' paths begin with ``name/``."""

    name: str
    file: Path

    def opened(self) -> AbstractContextManager[State]:
        """Its state. Raises ``FileNotFoundError`` where it was removed, and what SQLite does."""
        return state.opened(self.file)

    @property
    def below(self) -> str:
        """How its paths begin."""
        return f"{self.name}/"


@dataclass(frozen=True, slots=True)
class Mirrors:
    """All of them."""

    folders: Folders

    @property
    def folder(self) -> Path:
        """Where their states lie."""
        return self.folders.data / "mirrors"

    def all(self) -> list[Mirror]:
        """In the order of their names; no disk is asked for more than these."""
        with suppress(FileNotFoundError):
            names = sorted(n for n in os.listdir(self.folder) if n.endswith(ENDING))
            return [self._mirror(name.removesuffix(ENDING)) for name in names]
        return []

    def of(self, name: str) -> Mirror | None:
        """The mirror of that name, if there is one; a name that none can have leads nowhere."""
        mirror = self._mirror(name)
        return mirror if _NAME.fullmatch(name) and mirror.file.is_file() else None

    def of_path(self, path: str) -> tuple[Mirror, str] | None:
        """The mirror that a document's path lies in, and the path below its root."""
        name, _, rest = path.partition("/")
        mirror = self.of(name) if rest else None
        return (mirror, rest) if mirror else None

    def named(self, name: str) -> Mirror:
        """The same; ``UsageError`` where there is none."""
        if mirror := self.of(name):
            return mirror
        known = ", ".join(each.name for each in self.all()) or "none"
        raise UsageError(f"There is no mirror {name!r}; there are: {known}.")

    def add(self, root: Path, name: str = "") -> Mirror:
        """Follow a folder from now on. Raises ``UsageError`` where that cannot be."""
        root = root.absolute()
        name = name or root.name
        self._check(root, name)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        mirror = self._mirror(name)
        with state.opened(mirror.file, make=True) as made:
            made.say(root=root, device=root.stat().st_dev)
        return mirror

    def _mirror(self, name: str) -> Mirror:
        return Mirror(name, self.folder / f"{name}{ENDING}")

    def _check(self, root: Path, name: str) -> None:
        if not root.is_dir():
            raise UsageError(f"{root} is no folder.")
        try:
            with rooted.opened(root):
                pass
        except OSError as error:
            raise UsageError(f"{root} cannot be followed: {error.strerror}.") from error
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} cannot be a mirror's name: letters, digits, `.`, `_`, `-`. Say --name."
            )
        if self.of(name):
            raise UsageError(f"There is a mirror {name!r} already. Say --name.")
        ours = [place / name for place in (self.folders.inbox, self.folders.archive)]
        if taken := next((place for place in ours if place.exists()), None):
            raise UsageError(f"{taken} has that name: its articles have those paths. Say --name.")
        real, data = real_path(root), self.folders.data.resolve()
        if real.is_relative_to(data) or data.is_relative_to(real):
            raise UsageError(f"{root} and the data folder {data} lie in one another.")
        for other, at in self.roots():
            if real.is_relative_to(at) or at.is_relative_to(real):
                raise UsageError(f"{root} and the mirror {other.name} ({at}) lie in one another.")

    def roots(self) -> Iterator[tuple[Mirror, Path]]:
        """Each mirror, and where its tree is; left out: what cannot be read, or found."""
        for mirror in self.all():
            with suppress(OSError, sqlite3.Error), mirror.opened() as known:
                yield mirror, real_path(known.about()["root"])
