"""A 7z archive: its files from one on, by py7zr. Nothing is written anywhere."""

from __future__ import annotations

import lzma
import zlib
from base64 import b64encode
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

import py7zr.py7zr as library
from py7zr import Py7zIO, SevenZipFile, WriterFactory
from py7zr.exceptions import ArchiveError, PasswordRequired

from articles.errors import Unreadable
from articles.limits import LARGEST_ARTICLE, MEBIBYTE
from extraction.confined.limits import Limits

_ADVICE = "Pack it again as ZIP, or drop the files inside it."
_SECRET = "Unpack it with its password and drop the files inside it."  # noqa: S105
#: Bytes of the files that are told at once; for the next the archive is unpacked anew up to them.
_PART = 16 * MEBIBYTE
_MOST_NAMED = 10_000
_FAULTS = (
    *(ArchiveError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError, LookupError),
    *(TypeError, AttributeError, AssertionError, ArithmeticError, NotImplementedError),
)


class _Enough(BaseException):
    """The part is full; no error, which the library would make its own."""


@dataclass(slots=True)
class _Part(WriterFactory):  # type: ignore[misc]
    """Takes the files as they come, from one on, until it is full."""

    start: int
    members: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    size: int = 0

    def create(self, filename: str) -> Any:
        return _Writer(self, filename)

    def full(self) -> bool:
        return self.size > _PART or len(self.members) >= _MOST_NAMED

    def take(self, name: str, content: bytearray | None) -> None:
        """One that is whole; None where it is longer than may be."""
        self.count += 1
        if self.count <= self.start:
            return
        told = None if content is None else b64encode(content).decode()
        self.members.append({"name": name, "data": told})
        self.size += len(content or b"")
        if self.full():
            raise _Enough


class _Writer(Py7zIO):  # type: ignore[misc]
    """What the library writes one file to, and closes when it is whole."""

    def __init__(self, part: _Part, name: str) -> None:
        self._part, self._name, self._size = part, name, 0
        self._content = bytearray()

    def write(self, s: bytes | bytearray) -> int:
        self._size += len(s)
        if self._size <= LARGEST_ARTICLE and self._part.count >= self._part.start:
            self._content += s
        return len(s)

    def close(self) -> None:
        self._part.take(self._name, None if self._size > LARGEST_ARTICLE else self._content)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002  (as all)
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002
        return 0

    def flush(self) -> None:
        """Nothing waits."""

    def size(self) -> int:
        return self._size


def read_seven_zip(data: bytes, limits: Limits, start: int = 0) -> dict[str, Any]:
    """Return ``members`` from the one at ``start`` on, and which is ``following``: None at the end.

    Each has a ``name`` and its ``data`` in base64, None where it is larger than an article may be.
    ``left``: how many are links and their like. Raises ``Unreadable``.
    """
    _ask_nothing()
    try:
        with SevenZipFile(BytesIO(data)) as archive:
            return _read(archive, len(data), limits, start)
    except PasswordRequired as fault:
        raise Unreadable("This 7-Zip archive is encrypted.", _SECRET) from fault
    except _FAULTS as fault:
        said = f"{type(fault).__name__}: {fault}"[:200]
        raise Unreadable(f"It is no whole 7-Zip archive: {said}.", _ADVICE) from fault


def _read(archive: Any, size: int, limits: Limits, start: int) -> dict[str, Any]:
    files = archive.list()
    _refuse(archive.needs_password(), sum(info.uncompressed for info in files), size, limits)
    targets = [info.filename for info in files if info.is_file]
    left = sum(not (info.is_file or info.is_directory) for info in files)
    part = _Part(start)
    try:
        archive.extract(targets=targets, factory=part)
    except _Enough:
        return {"members": part.members, "following": part.count, "left": left}
    return {"members": part.members, "following": None, "left": left}


def _refuse(encrypted: bool, unpacked: int, size: int, limits: Limits) -> None:
    """Raise ``Unreadable`` for a bomb, and for one that is encrypted."""
    if encrypted:
        raise Unreadable("This 7-Zip archive is encrypted.", _SECRET)
    if unpacked > limits.unpacked:
        said = f"It unpacks to {unpacked:,} bytes, more than {limits.unpacked:,}"
        raise Unreadable(f"{said} (DEPESCHE_READER_UNPACKED).", _ADVICE)
    if unpacked > max(MEBIBYTE, limits.ratio * size):
        said = f"It unpacks to more than {limits.ratio} times its size"
        raise Unreadable(f"{said} (DEPESCHE_READER_RATIO), as a bomb does.", _ADVICE)


def _ask_nothing() -> None:
    """Of each name the library asks the disk where it leads, and the system for free memory.

    Nothing here is written, names are made safe where they are used (``containers/names.py``), and
    a confined process may ask nothing.
    """
    library.get_sanitized_output_path = lambda name, _path: PurePosixPath(name)
    library.get_memory_limit = lambda: MEBIBYTE


def sample() -> bytes:
    """Return a small archive."""
    target = BytesIO()
    with SevenZipFile(target, "w") as archive:
        archive.writestr("Text", "a.txt")
    return target.getvalue()
