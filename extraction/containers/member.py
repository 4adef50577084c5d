"""What a container is: how it is recognised, and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from articles.errors import Unreadable
from articles.limits import LARGEST_ARTICLE
from extraction.confined.limits import NORMAL
from extraction.confined.limits import Limits as ReaderLimits

#: How much of a file is looked at to know what it is, in bytes, at its beginning and at its end.
HEAD, TAIL = 65_536, 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container may hold: bytes of a member, how many of them, and how often its own size.

    ``ratio`` counts from a size on that no honest archive of a few files reaches. ``reader``: what
    one may take that a confined process reads.
    """

    member_bytes: int = LARGEST_ARTICLE
    members: int = 5_000_000
    ratio: int = 200
    reader: ReaderLimits = NORMAL


@dataclass(frozen=True, slots=True)
class Member:
    """One of them, or why it cannot be had (``fault``, a half sentence); its neighbours can.

    ``left``: it is no file (a link, a device), and is left alone.

    ``name`` is a path below the container, the same whenever the same container is read.
    """

    name: str
    data: bytes = b""
    fault: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A container that is open: its path below the inbox, its bytes, what it may hold.

    ``columns`` reads which column of a table is what, as a person wrote it: see ``columns.py``.
    """

    path: str
    stream: BinaryIO
    limits: Limits
    columns: Callable[[], bytes | None] = lambda: None

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Sample:
    """What tells of which kind a file is: its path, and its bytes at both ends.

    ``read`` gives so many bytes from its beginning, where these are not enough.
    """

    path: str
    head: bytes
    tail: bytes = b""
    read: Callable[[int], bytes] | None = None

    def whole(self) -> bytes:
        """All of it; of what is larger than an article may be, no more than its beginning."""
        return self.read(LARGEST_ARTICLE) if self.read else self.head

    def ends_in(self, *endings: str) -> bool:
        """Whether its name has one of these endings, in upper or lower case."""
        return self.path.lower().endswith(endings)


@dataclass(frozen=True, slots=True)
class Kind:
    """``name`` with its article, as people call it. ``members`` reads a stream from its beginning.

    It raises ``Unreadable`` where the container is at fault; what came before is whole.
    ``doubted``: where most of very many members are no articles, it is no file of articles at all.
    ``whole``: while it is read, all of it is in memory, or a table of all that is in it.
    """

    name: str
    recognises: Callable[[Sample], bool]
    members: Callable[[Opened], Iterator[Member]]
    doubted: bool = True
    whole: bool = False


def numbered(number: int, ending: str) -> str:
    """The name of a member that has none: its place."""
    return f"{number:07}.{ending}"


def too_long(what: str, limit: int) -> str:
    """Why a member is not had that is larger than an article may be."""
    return f"{what} is larger than the limit of {limit:,} bytes (DEPESCHE_MAX_FILE_BYTES)"


def whole(opened: Opened, what: str, advice: str) -> bytes:
    """Return all bytes of a container that no reader takes in pieces.

    Raises ``Unreadable`` for ``what`` (``archive``) of more than a reader may unpack.
    """
    most = opened.limits.reader.unpacked
    data = opened.stream.read(most + 1)
    if len(data) > most:
        raise Unreadable(
            f"This {what} has more than {most:,} bytes (DEPESCHE_READER_UNPACKED).", advice
        )
    return data
