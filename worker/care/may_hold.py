"""Files that a path says another one may have come out of: what was dropped under a part of it."""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import FileIO
from pathlib import Path

from articles.errors import ServiceUnavailable
from extraction.formats.identity import printable_path
from worker import beneath
from worker.container import Container
from worker.intake.unpack import kind_of_open
from worker.spool import unpacked
from worker.spool.kept import way_there
from worker.spool.naming import failed_path, name_beside

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
#: A container: the path that it was dropped under, root, path below that.
Candidate = tuple[str, Path, str]


def above(path: str) -> list[str]:
    """The paths of which a file's path says that they may be containers, the innermost first."""
    names = path.split("/")
    return ["/".join(names[:end]) for end in range(len(names) - 1, 0, -1)]


class MayHold:
    """Looks for them. What folders and the spool hold is looked at once, and then remembered."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self._names: dict[tuple[Path, str], tuple[str, list[str]]] = {}
        self._below: dict[str, list[Candidate]] = {}

    @cached_property
    def _spooled(self) -> dict[str, datetime]:
        """When each file was claimed; what has been begun to be unpacked, before all times."""
        told: dict[str, datetime] = {}
        for batch in self._container.spool.batches():
            begun = unpacked.all_progress(batch.unpacked)
            for name in (file.relative for file in batch.files()):
                since = _BEFORE_ALL if name in begun else batch.received
                told[name] = min(since, told.get(name, since))
        return told

    def candidates(self, path: str) -> Iterator[Candidate]:
        """Containers that a file may have come out of."""
        for outer, failed in zip(above(path), above(failed_path(path)), strict=True):
            found = self._below.get(outer) or list(self._dropped_as(outer, failed))
            if found:  # many files may have come out of one
                self._below[outer] = found
            yield from found

    def _dropped_as(self, outer: str, failed: str) -> Iterator[Candidate]:
        """Those that were dropped under a path, which in ``failed/`` is another."""
        folders, last = self._container.folders, outer.rpartition("/")[2]
        places = ((folders.archive, outer), (folders.failed, failed.rpartition("/")[0]))
        for root, place in places:
            for relative in self._named_like(root, place, last):
                if _is_container(root, relative):
                    yield outer, root, relative

    def _named_like(self, root: Path, folder: str, name: str) -> list[str]:
        """Files in a folder with that name, or one that was made of it beside another."""
        place, names = self._names.get((root, folder)) or _listed(root, folder)
        if names:  # of folders that are not there a document may tell very many
            self._names[root, folder] = place, names
        return [f"{place}{each}" for each in _alike(names, name)]

    def refuse_unpacking(self, path: str, withdrawn: str) -> None:
        """Raise ``ServiceUnavailable`` while one that a file lies in is being unpacked.

        Or may be, and was there when it was ``withdrawn``, as ISO 8601 has it. What came since has
        it looked for once more when a member of it is refused, and may be kept from being begun.
        """
        ends = second_behind(withdrawn)
        if any(self._spooled.get(outer, ends) < ends for outer in above(path)):
            raise ServiceUnavailable(
                f"A file that {printable_path(path)} lies in is being unpacked: it goes after that."
            )


def second_behind(moment: str) -> datetime:
    """It is told in whole seconds; one that is none is never over."""
    try:
        return datetime.fromisoformat(moment).astimezone(UTC) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return datetime.max.replace(tzinfo=UTC)


def _alike(names: Sequence[str], name: str) -> list[str]:
    """Of names in order, that name and those that begin with its stem and ``~``, and end as it."""
    stem, ending = Path(name).stem, Path(name).suffix[:32]
    own = slice(bisect_left(names, name), bisect_right(names, name))
    beside = slice(bisect_left(names, f"{stem}~"), bisect_left(names, f"{stem}{chr(ord('~') + 1)}"))
    return [*names[own], *(each for each in names[beside] if Path(each).suffix == ending)]


def _listed(root: Path, folder: str) -> tuple[str, list[str]]:
    """The names in a folder, in order, and what stands before each in its path."""
    names = [part for part in folder.split("/") if part not in {"", "."}]
    if ".." in names:
        return "", []
    try:
        with way_there(root, names, name_beside) as (handle, taken):
            return "".join(f"{name}/" for name in taken), sorted(os.listdir(handle))
    except (OSError, ValueError):  # a path that no file can have
        return "", []


def _is_container(root: Path, relative: str) -> bool:
    """Whether it is one, or may be: it cannot be looked at now."""
    try:
        with FileIO(beneath.open_below(root, relative)) as file:
            return kind_of_open(file.fileno(), printable_path(relative)) is not None
    except (FileNotFoundError, beneath.NotAFile, ValueError):
        return False
    except OSError:
        return True
