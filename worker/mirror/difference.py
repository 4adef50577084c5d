"""What a look at a tree says against what is known of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

#: So many files may go at once without a doubt that their disk is there.
FEW = 100


class Look(NamedTuple):
    """What tells that a file was written, replaced or arranged; the times in nanoseconds."""

    size: int
    mtime: int
    inode: int
    ctime: int


class Entry(NamedTuple):
    """A file of the tree, by its path below the root; ``look`` None: nobody may look there.

    Then it is the beginning of the paths of all that is not seen: a folder's ends in ``/``.
    """

    path: bytes
    look: Look | None


class Known(NamedTuple):
    """A file that is known; ``gone``: it was missed at a look before."""

    path: bytes
    look: Look
    gone: bool = False


class Change(NamedTuple):
    """A file that is not as it is known. ``back``: it was missed, and is there as it was."""

    kind: Literal["added", "changed", "gone", "back"]
    path: bytes
    look: Look | None = None


def difference(known: Iterable[Known], tree: Iterable[Entry]) -> Iterator[Change]:
    """Every change, in the order of the paths; both sides have to be in it. Takes no memory.

    Of what could not be looked at nothing is said.
    """
    files, unseen = iter(known), None
    file = next(files, None)
    for path, look in tree:
        while file and file.path < path:
            yield from _missed(file, unseen)
            file = next(files, None)
        if look is None:
            unseen = path
        elif file and file.path == path:
            yield from _met(file, look)
            file = next(files, None)
        else:
            yield Change("added", path, look)
    while file:
        yield from _missed(file, unseen)
        file = next(files, None)


def _missed(file: Known, unseen: bytes | None) -> Iterator[Change]:
    if not file.gone and not (unseen is not None and _lies_in(file.path, unseen)):
        yield Change("gone", file.path)


def _lies_in(path: bytes, unseen: bytes) -> bool:
    """Whether it is that file, or lies in that folder; anybody may mount something on a file."""
    is_folder = not unseen or unseen.endswith(b"/")
    return path.startswith(unseen) if is_folder else path == unseen


def _met(file: Known, look: Look) -> Iterator[Change]:
    if file.look != look:
        yield Change("changed", file.path, look)
    elif file.gone:
        yield Change("back", file.path, look)


def why_away(known: int, gone: int, *, accepted: bool = False) -> str:
    """Why what is gone is believed to be away, and not deleted; "" where it is believed.

    ``known``: files with articles that there were, ``gone`` of them are not there now.
    ``accepted``: a person has said that they are deleted.
    """
    if accepted or not gone:
        return ""
    if gone >= known:
        return "all its files are gone"
    if gone > FEW and 2 * gone > known:
        return f"{gone:,} of its {known:,} files are gone at once"
    return ""


def why_mount_away(known: Iterable[str], found: Collection[str]) -> str:
    """Why a disk below the root is believed to be away; "" where all are there.

    Both are the folders that lie on another disk than the one above them; on which plays no part,
    for it may have another number after the next start.
    """
    missed = sorted(path for path in known if path not in found)
    return f"{missed[0]} was a disk of its own, which is not mounted" if missed else ""


def ending(path: bytes) -> bytes:
    """What a path ends in, in small letters: by it a file is read, so that it tells its kind."""
    name = path.rpartition(b"/")[2]
    return name.rpartition(b".")[2].lower() if b"." in name else b""


class Deed(NamedTuple):
    """What is to be done about a document. ``path``: the one of its files that it is to name."""

    what: Literal["nothing", "delete", "move", "read again"]
    path: str = ""


def deed(named: str | None, paths: Sequence[str], below: str) -> Deed:
    """What is to be done about a document of which files have gone or moved.

    ``named``: the path that it names, None where there is no document; ``paths``: those of the
    mirror's files that hold it; ``below`` is how the mirror's paths begin.
    """
    if named is None:
        return Deed("read again") if paths else Deed("nothing")
    if not named.startswith(below) or named in paths:
        return Deed("nothing")
    return Deed("move", min(paths)) if paths else Deed("delete")
