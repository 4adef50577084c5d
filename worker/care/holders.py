"""Files of many articles that hold one of them: a ZIP, a feed, a table.

Each article in it was made a file of its own when it was unpacked, and lies in the folder that has
the container's path; so does the container itself. Without it no other article is lost.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from io import FileIO
from pathlib import Path

from articles.errors import ArticleFault, ServiceUnavailable
from extraction.formats.identity import printable_path
from worker import beneath
from worker.container import Container
from worker.intake.told import possible_path
from worker.intake.unpack import kind_of_open
from worker.spool.kept import way_there
from worker.spool.naming import failed_path, name_beside
from worker.spool.withdrawal import KeptFile


def above(path: str) -> list[str]:
    """The paths of which a file's path says that they may be containers, the innermost first."""
    names = path.split("/")
    return ["/".join(names[:end]) for end in range(len(names) - 1, 0, -1)]


class Holders:
    """Looks for them. What folders and the spool hold is looked at once, and then remembered."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._names: dict[tuple[Path, str], list[str]] = {}

    @cached_property
    def _spooled(self) -> set[str]:
        batches = self._container.spool.batches()
        return {file.relative for batch in batches for file in batch.files()}

    def candidates(self, path: str) -> Iterator[tuple[str, Path, str]]:
        """Containers that a file may have come out of: their former path, root, path below that."""
        folders = self._container.folders
        for outer, failed in zip(above(path), above(failed_path(path)), strict=True):
            last = outer.rpartition("/")[2]
            places = ((folders.archive, outer), (folders.failed, failed.rpartition("/")[0]))
            for root, place in places:
                for relative in self._named_like(root, place, last):
                    if _is_container(root, relative):
                        yield outer, root, relative

    def of(self, files: Sequence[KeptFile], named: Collection[str] = ()) -> list[tuple[Path, str]]:
        """Containers in the archive and in ``failed/`` that hold one of the files.

        By its bytes; by its path, too, where that is one of ``named``: it may hold another text.
        Then one in the archive counts that cannot be read any more: all that could be had of it
        was. Raises ``ServiceUnavailable`` while one is being unpacked.
        """
        digests = {file.sha256 for file in files}
        found: dict[tuple[Path, str], None] = {}
        for file in files:
            path = possible_path(file.path)
            self._refuse_unpacking(path)
            for outer, root, relative in self.candidates(path):
                within = path.removeprefix(f"{outer}/") if file.path in named else ""
                digest = self._holds(outer, root, relative, within, digests)
                if digest is not None:
                    found[root, relative] = None
                    digests.add(digest)  # it may lie in another one itself
        return list(found)

    def _named_like(self, root: Path, folder: str, name: str) -> list[str]:
        """Files in a folder with that name, or one that was made of it beside another."""
        paths = self._names.get((root, folder)) or _listed(root, folder)
        if paths:  # of folders that are not there a document may tell very many
            self._names[root, folder] = paths
        stem = Path(name).stem
        listed = [(path, path.rpartition("/")[2]) for path in paths]
        return [path for path, last in listed if last == name or last.startswith(f"{stem}~")]

    def _refuse_unpacking(self, path: str) -> None:
        if not self._spooled.isdisjoint(above(path)):
            raise ServiceUnavailable(
                f"A file that {printable_path(path)} lies in is being unpacked: it goes after that."
            )

    def _holds(
        self, outer: str, root: Path, relative: str, within: str, digests: set[str]
    ) -> str | None:
        """The digest of a container if it holds such a file, by its bytes or by its name.

        ``within`` is that name; "" where it tells nothing.
        """
        unpacker = self._container.intake.unpacker
        with FileIO(beneath.open_below(root, relative)) as handle:
            kind = kind_of_open(handle.fileno(), printable_path(outer))
            if kind is None:
                return None
            try:
                for member in unpacker.members(outer, kind, handle):
                    named = bool(within) and member.name == within
                    if named or sha256(member.data).hexdigest() in digests:
                        return _digest(handle)
            except ArticleFault:
                in_archive = root == self._container.folders.archive
                return _digest(handle) if within and in_archive else None
        return None


def _listed(root: Path, folder: str) -> list[str]:
    names = [part for part in folder.split("/") if part not in {"", "."}]
    if ".." in names:
        return []
    try:
        with way_there(root, names, name_beside) as (handle, taken):
            return ["/".join([*taken, name]) for name in sorted(os.listdir(handle))]
    except (OSError, ValueError):  # a path that no file can have
        return []


def _is_container(root: Path, relative: str) -> bool:
    try:
        handle = beneath.open_below(root, relative)
    except (OSError, ValueError):
        return False
    with FileIO(handle) as file:
        return kind_of_open(file.fileno(), printable_path(relative)) is not None


def _digest(handle: FileIO) -> str:
    handle.seek(0)
    digest = sha256()
    while part := handle.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()
