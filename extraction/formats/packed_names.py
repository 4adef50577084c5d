"""What is in a ZIP archive, told by its beginning and its end alone.

The names are those of its own table of contents (APPNOTE.TXT 4.3.12), never of archives that lie
in it, nor bytes of its files that happen to look like a name.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_LOCAL, _ENTRY, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_BYTES, _ENTRY_BYTES, _END_BYTES = 30, 46, 22
_DEFLATED, _LONGEST_FORMAT = 8, 100


@dataclass(frozen=True, slots=True)
class Packed:
    """The names of its files as far as they are known, and what its ``mimetype`` says, if first."""

    names: frozenset[str]
    mimetype: bytes = b""

    def has_below(self, folder: str) -> bool:
        """Whether anything is in a folder, whose name ends with a slash."""
        return any(name.startswith(folder) for name in self.names)


def packed(head: bytes, tail: bytes) -> Packed:
    """Look into an archive by its first and its last bytes; where it is cut off, less is known."""
    name, mimetype = _first(head)
    first = {name} if name else set()
    return Packed(frozenset(first | set(_entries(_table(tail)))), mimetype)


def _first(head: bytes) -> tuple[str, bytes]:
    """The first file's name and, where it tells the format, its content."""
    if not head.startswith(_LOCAL) or len(head) < _LOCAL_BYTES:
        return "", b""
    method, size, length, extra = (
        *struct.unpack_from("<H", head, 8),
        *struct.unpack_from("<I", head, 18),
        *struct.unpack_from("<HH", head, 26),
    )
    name = head[_LOCAL_BYTES : _LOCAL_BYTES + length].decode("utf-8", "replace")
    start = _LOCAL_BYTES + length + extra
    if name != "mimetype":
        return name, b""
    if method != _DEFLATED:
        return name, head[start : start + min(size or _LONGEST_FORMAT, _LONGEST_FORMAT)]
    return name, _inflated(head[start:])


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, _LONGEST_FORMAT)
    except zlib.error:
        return b""


def _table(tail: bytes) -> bytes:
    """The table of contents, or the end of it where it is longer than what is there."""
    end = tail.rfind(_END)
    if end < 0 or end + _END_BYTES > len(tail):
        return b""
    (size,) = struct.unpack_from("<I", tail, end + 12)
    table = tail[max(end - size, 0) : end]
    return table[max(table.find(_ENTRY), 0) :]


def _entries(table: bytes) -> Iterator[str]:
    at = 0
    while table[at : at + 4] == _ENTRY and at + _ENTRY_BYTES <= len(table):
        name, extra, comment = struct.unpack_from("<HHH", table, at + 28)
        at += _ENTRY_BYTES
        yield table[at : at + name].decode("utf-8", "replace")
        at += name + extra + comment
