"""Files of many articles that hold one of them: a ZIP, a feed, a table.

Each article in it was made a file of its own when it was unpacked, and lies in the folder that has
the container's path; so does the container itself. Without it no other article is lost.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from io import FileIO
from pathlib import Path

import structlog

from articles.errors import ArticleFault, ServiceUnavailable
from extraction.formats.identity import printable_path
from worker import beneath
from worker.care.looked import Looked, Question, TooLong, TurnOver
from worker.container import Container
from worker.intake.reading import Look
from worker.intake.told import possible_path
from worker.intake.unpack import kind_of_open
from worker.spool.kept import way_there
from worker.spool.naming import failed_path, name_beside
from worker.spool.outsized import refuse_holes
from worker.spool.withdrawal import KeptFile

log = structlog.get_logger()

#: A container: the path that it was dropped under, root, path below that.
Candidate = tuple[str, Path, str]


@dataclass(frozen=True, slots=True)
class Held:
    """Containers that hold an article, by root and path below, as they looked before they were
    read, the outermost first; and why others were not looked through.
    """

    containers: list[tuple[tuple[Path, str], Look]]
    left: list[str]


def above(path: str) -> list[str]:
    """The paths of which a file's path says that they may be containers, the innermost first."""
    names = path.split("/")
    return ["/".join(names[:end]) for end in range(len(names) - 1, 0, -1)]


class Holders:
    """Looks for them. What folders and the spool hold is looked at once, and then remembered.

    ``looked`` is what was looked through before; ``say`` is told what is left.
    """

    def __init__(
        self,
        container: Container,
        looked: Looked | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._container, self._looked, self._say = container, looked or Looked(), say
        self._names: dict[tuple[Path, str], list[str]] = {}

    @cached_property
    def _spooled(self) -> set[str]:
        batches = self._container.spool.batches()
        return {file.relative for batch in batches for file in batch.files()}

    def candidates(self, path: str) -> Iterator[Candidate]:
        """Containers that a file may have come out of."""
        folders = self._container.folders
        for outer, failed in zip(above(path), above(failed_path(path)), strict=True):
            last = outer.rpartition("/")[2]
            places = ((folders.archive, outer), (folders.failed, failed.rpartition("/")[0]))
            for root, place in places:
                for relative in self._named_like(root, place, last):
                    if _is_container(root, relative):
                        yield outer, root, relative

    def of(self, files: Sequence[KeptFile], named: Collection[str] = ()) -> Held:
        """Containers in the archive and in ``failed/`` that hold one of the files.

        By its bytes; by its path, too, where that is one of ``named``: it may hold another text.
        Then one in the archive counts that cannot be read any more: all that could be had of it
        was. Without those that may lie in one that is left, which is told by their digests alone.
        Raises ``ServiceUnavailable`` while one is being unpacked, and where others have their turn
        before all are looked through.
        """
        asked = self._asked(files, named)
        digests = frozenset(file.sha256 for file in files)  # one for all: they may be very many
        found, left = dict[Candidate, Look](), dict[Candidate, str]()
        self._looked.begin()
        # The innermost first: it may lie in another one itself.
        for number, candidate in enumerate(sorted(asked, key=_depth, reverse=True)):
            try:
                if it := self._look_through(candidate, asked[candidate], digests):
                    found[candidate], digest = it
                    digests |= {digest}
            except TooLong as error:
                left[candidate] = str(error)
            except OSError as error:  # somebody keeps it from being opened, or the disk does
                left[candidate] = f"{_told(*candidate[1:])} cannot be looked through: {error}."
            except TurnOver as error:
                raise ServiceUnavailable(
                    f"Of {len(asked):,} files that {files[0].path} may lie in {number:,} are "
                    "looked through, the others behind other purges."
                ) from error
        sure = [one for one in reversed(found) if not any(_above(other, one) for other in left)]
        return Held([(one[1:], found[one]) for one in sure], list(left.values()))

    def _asked(
        self, files: Sequence[KeptFile], named: Collection[str]
    ) -> dict[Candidate, set[str]]:
        """Each container that may hold one of the files, and the names that tell of it."""
        asked: dict[Candidate, set[str]] = {}
        for told in dict.fromkeys(file.path for file in files):
            path = possible_path(told)
            self._refuse_unpacking(path)
            for candidate in self.candidates(path):
                name = [path.removeprefix(f"{candidate[0]}/")] if told in named else []
                asked.setdefault(candidate, set()).update(name)
        return asked

    def _look_through(
        self, candidate: Candidate, names: Collection[str], digests: frozenset[str]
    ) -> tuple[Look, str] | None:
        """How it looked, and its own digest, if it holds one of them."""
        outer, root, relative = candidate
        look = Look.below(root, relative)
        if look is None:  # it has gone
            return None
        asked = Question(root, relative, look, frozenset(names), digests)
        read = partial(self._holds, outer, root, relative, names, digests)
        digest = self._looked.through(asked, read)
        return None if digest is None else (look, digest)

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
        self,
        outer: str,
        root: Path,
        relative: str,
        names: Collection[str],
        digests: Collection[str],
    ) -> str | None:
        """The digest of a container if it holds such a file, by its bytes or one of ``names``."""
        unpacker = self._container.intake.unpacker
        most = unpacker.portions.limits.member_bytes
        with FileIO(beneath.open_below(root, relative)) as handle:
            kind = kind_of_open(handle.fileno(), printable_path(outer))
            if kind is None:
                return None
            try:
                refuse_holes(handle.fileno())
                members = unpacker.members(outer, kind, handle)
                for member in self._looked.in_time(members, _told(root, relative)):
                    if member.name in names or sha256(member.data).hexdigest() in digests:
                        return _digest(handle, most)
            except ArticleFault as fault:
                if names and root == self._container.folders.archive:
                    return _digest(handle, most)
                self._leave(_told(root, relative), fault)
        return None

    def _leave(self, path: str, fault: ArticleFault) -> None:
        """Nothing more can be had of it, and a person may know."""
        log.warning("purge.left", path=path, why=fault.reason)
        self._say(f"{path} stays, and what is in it is not known: {fault.reason}")


def _told(root: Path, relative: str) -> str:
    return printable_path(f"{root.name}/{relative}")


def _depth(candidate: Candidate) -> int:
    return candidate[0].count("/")


def _above(outer: Candidate, inner: Candidate) -> bool:
    return inner[0].startswith(f"{outer[0]}/")


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
    """Whether it is one, or may be: it cannot be looked at now."""
    try:
        with FileIO(beneath.open_below(root, relative)) as file:
            return kind_of_open(file.fileno(), printable_path(relative)) is not None
    except (FileNotFoundError, beneath.NotAFile, ValueError):
        return False
    except OSError:
        return True


def _digest(handle: FileIO, most: int) -> str:
    """SHA-256; "" where it is larger than what lies in another one may be."""
    if os.fstat(handle.fileno()).st_size > most:
        return ""
    handle.seek(0)
    digest = sha256()
    while part := handle.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()
