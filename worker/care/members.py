"""Members of archived containers that are nowhere: neither in the archive nor in ``failed/``.

A container in the archive says by its bytes what is in it, whatever became of anything else. It is
read again, as it was unpacked, and each member is looked for where it must lie.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from io import FileIO
from pathlib import PurePath
from typing import TYPE_CHECKING

from extraction.containers.member import Kind, Member
from extraction.formats.identity import os_path_of, printable_path
from worker import beneath
from worker.access_lists import as_listed
from worker.care.compared import Compared, Difference
from worker.intake.members import Reading
from worker.intake.unpack import is_articles, kind_of_open
from worker.spool import deposit, kept
from worker.spool.naming import failed_path, name_beside, reason_name
from worker.spool.settle import archived_as

if TYPE_CHECKING:
    from worker.container import Container
    from worker.folders import Folders

KIND = "no_member"
#: So many are asked for at once in the ledger, which is looked through for them.
PAGE = 500
#: What a member may have become whose file a person has taken away since, as was advised.
_TAKEN_AWAY = frozenset({"failed"})


def look_for_members(container: Container, compared: Compared, relative: str) -> bool:
    """Whether an archived file is a container; note those of its members that are nowhere.

    ``relative`` is its path below the archive. Raises ``OSError``, and ``ArticleFault`` where it
    cannot be read any more.
    """
    with _opened(container.folders.archive, relative) as (kind, handle):
        if kind is None:
            return False
        below, path = folder_of(relative), printable_path(relative)
        if not below:
            return True
        reading = _reading(container, below, kind, handle)
        for member in _wanted(reading):
            place = f"{below}/{member.name}"
            if not (_lies(container.folders, place, member) or _withdrawn(container, member)):
                compared.add(Difference(KIND, printable_path(place), "", path))
        reading.refuse()
    return True


def _withdrawn(container: Container, member: Member) -> bool:
    """Whether it is nowhere because it was taken down; the container may hold it still."""
    key = f"sha256:{sha256(member.data).hexdigest()}"
    return bool(container.tombstones.of([key]))


def folder_of(relative: str) -> str:
    """The folder below the archive that members of a container lie in, which lies there itself.

    "" where it lies elsewhere: an older version did not unpack it.
    """
    folder, _, name = relative.rpartition("/")
    last, own = PurePath(folder.rpartition("/")[2]), PurePath(name)
    beside = own.suffix == last.suffix and own.stem.startswith(f"{last.stem}~")
    return folder if name in {last.name, last.name.removesuffix("~")} or beside else ""


def take_back_members(container: Container, compared: Compared) -> None:
    """Those that have come meanwhile, that are on their way, or that somebody has taken away."""
    for page in compared.pages(KIND, PAGE):
        paths = [difference.path for difference in page]
        fates = _fates(container, paths)
        coming = _in_spool(container)
        for path in paths:
            known = path in coming or fates.get(path) in _TAKEN_AWAY
            if known or _lies(container.folders, os_path_of(path)):
                compared.take_back_path(KIND, path)


def unpack_again(
    container: Container, compared: Compared, send: Callable[[list[tuple[str, bytes]], str], None]
) -> int:
    """Have members that are nowhere sent, by their paths and bytes, with their container's path."""
    containers = {each.detail for page in compared.pages(KIND, PAGE) for each in page}
    limits = container.settings.batch_files, container.settings.batch_bytes
    sent = 0
    for path in sorted(containers):
        relative = os_path_of(path)
        with suppress(FileNotFoundError), _opened(container.folders.archive, relative) as opened:
            kind, handle = opened
            below = folder_of(relative)
            reading = _reading(container, below, kind, handle) if kind else ()
            named = ((f"{below}/{member.name}", member.data) for member in _wanted(reading))
            wanted = (each for each in named if compared.has(KIND, printable_path(each[0])))
            groups = deposit.grouped(wanted, lambda m: len(m[1]), lambda m: m[0], *limits)
            for group in groups:
                send(group, relative)
                sent += len(group)
    return sent


def like(container: Container, relative: str) -> tuple[os.stat_result, kept.Models]:
    """What members look like: their container, and the folders that it lies in."""
    place = container.folders.archive / relative
    return as_listed(place.lstat(), place), kept.models_of(place, relative)


@contextmanager
def _opened(archive: os.PathLike[str], relative: str) -> Iterator[tuple[Kind | None, FileIO]]:
    with FileIO(beneath.open_below(archive, relative)) as handle:
        yield kind_of_open(handle.fileno(), printable_path(relative)), handle


def _reading(container: Container, below: str, kind: Kind, handle: FileIO) -> Reading:
    return Reading(container.intake.unpacker.members(below, kind, handle))


def _wanted(members: Iterable[Member]) -> Iterator[Member]:
    """Those that are articles' files; what cannot be had out of a container is in ``failed/``."""
    return (member for member in members if is_articles(member) and not member.fault)


def _in_spool(container: Container) -> set[str]:
    paths: set[str] = set()
    for batch in container.spool.batches():
        with suppress(OSError):
            paths.update(printable_path(file.relative) for file in batch.files())
    return paths


def _lies(folders: Folders, place: str, member: Member | None = None) -> bool:
    """Whether it is in the archive, as a container too, or in ``failed/``, or its reason is."""
    *above, name = place.split("/")
    failed = failed_path(place)
    reason = "/".join([*failed.split("/")[:-1], reason_name(failed.rpartition("/")[2])])
    inner = "/".join([*above, name_beside(name), name])
    there = any(beneath.is_file(folders.archive, p) for p in (place, f"{place}/{name}", inner))
    if there or any(beneath.is_file(folders.failed, p) for p in (failed, reason)):
        return True
    if member is None:
        return False
    digest = sha256(member.data).hexdigest()
    return archived_as(folders, place, digest, len(member.data)) is not None


def _fates(container: Container, paths: list[str]) -> dict[str, str]:
    with suppress(sqlite3.Error, OSError):
        return container.ledger.fates_of(paths)
    return {}
