"""What stands before a file in a TAR archive, read by rules that hostile ones do not bend.

The library takes a broken head for the end of the archive, a record of POSIX's that is none costs
it time and memory without end (CVE-2024-6232), and so does a file with holes.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import Self

from articles.limits import MEBIBYTE

#: Heads that are nothing but long names and their like, which are read at once.
_LONG = frozenset(
    (
        *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
        *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    )
)
_HOLES, _LONGEST_NUMBER, _SHORTEST = "GNU.sparse.", 20, 5
#: What a record may say of a file that tells how it is read.
_NAMED = ("path", "linkpath")


class Head(tarfile.TarInfo):
    """What stands before a file. ``issparse`` tells one with holes, which is never read."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            info = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if isinstance(error, tarfile.EOFHeaderError):  # type: ignore[attr-defined]
                raise
            raise tarfile.ReadError(f"it is cut off, or broken: {error}") from error
        if info.size < 0 or (info.type in _LONG and info.size > MEBIBYTE):
            raise tarfile.ReadError(f"no file has a name or a size of {info.size:,} bytes")
        return info

    def _proc_pax(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        """Read a head of POSIX's and the one behind it; what it says of all files is passed over.

        In the place of the library's own reader of it, by the name that this has there.
        """
        stream = archive.fileobj
        assert stream is not None  # noqa: S101  (narrows the type: it is being read)
        data = stream.read(self._block(self.size))[: self.size]  # type: ignore[attr-defined]
        told = dict(records(data))
        try:
            info = self.fromtarfile(archive)
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"behind a head there is none: {error}") from error
        if self.type == tarfile.XGLTYPE:
            return info
        if any(name.startswith(_HOLES) for name in told):
            info.sparse = b""
        for name in _NAMED:
            setattr(info, name, told.get(name, getattr(info, name)).rstrip("/"))
        if "size" in told:
            info.size = _number(told["size"])
            behind = info.offset_data + info._block(info.size)  # type: ignore[attr-defined]
            archive.offset = behind if info.isreg() else archive.offset
        info.offset = self.offset
        return info


def records(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what a head of POSIX's says (``27 path=presse/müller.txt``), in linear time.

    Raises ``tarfile.ReadError`` where a record is not as long as it says of itself.
    """
    at = 0
    while at < len(data) and data[at]:
        digits, _, _ = data[at : at + _LONGEST_NUMBER].partition(b" ")
        end = at + _number(digits.decode("latin-1"))
        record = data[at + len(digits) + 1 : end]
        name, equals, value = record.partition(b"=")
        if end - at < _SHORTEST or end > len(data) or not equals or not value.endswith(b"\n"):
            raise tarfile.ReadError("what its heads say of a file is broken")
        yield name.decode("utf-8", "replace"), value[:-1].decode("utf-8", "surrogateescape")
        at = end


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < _LONGEST_NUMBER):
        raise tarfile.ReadError(f"{digits[:_LONGEST_NUMBER]!r} is no size of a file")
    return int(digits)
