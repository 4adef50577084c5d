"""Records of a web archive, by warcio, which sets no end to heads, chunks and what they unpack to.

So heads are read line by line up to a limit, and a body only where it is whole below one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader

from articles.limits import MEBIBYTE

#: Bytes of a head, or of the empty lines between two records.
_HEAD = MEBIBYTE
_GZIP, _RAW = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS


class _Reader(BufferedReader):  # type: ignore[misc]
    """Reads lines up to a limit, which begins anew where content is read."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._lines = 0

    def read(self, length: int | None = None) -> bytes:
        self._lines = 0
        return bytes(super().read(length))

    def readline(self, length: int | None = None) -> bytes:
        most = min(_HEAD + 1, length or _HEAD + 1)
        line = self.buff.readline(most) if self.buff else b""
        if len(line) < most and line[-1:] != b"\n":  # it goes on in what is read next
            line += super().readline(most - len(line))
        self._lines += len(line)
        if self._lines > _HEAD:
            raise ValueError(f"its head has more than {_HEAD:,} bytes")
        return line


class _Records(ArchiveIterator):  # type: ignore[misc]
    INC_RECORD = ""  # it would write lines of the file to our standard error

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self.reader = _Reader(self.fh)  # packed it is unpacked already, in proportion


def records_of(stream: BinaryIO) -> Any:
    """Return warcio's iterator of those of a stream that is not packed, each read before the next.

    It raises ``ValueError`` where a head has no end, and what warcio raises.
    """
    return _Records(stream)


def body_of(record: Any, most: int) -> bytes | None:
    """Return what was answered, unpacked; None where either way it has more than ``most`` bytes."""
    body = bytes(record.raw_stream.read(most + 1))
    if len(body) > most:
        return None
    fields = record.http_headers
    if str(fields.get_header("Transfer-Encoding")).strip().lower() == "chunked":
        body = bytes(ChunkedDataReader(BytesIO(body)).read())
    body = _unpacked(body, str(fields.get_header("Content-Encoding")).strip().lower(), most + 1)
    return None if len(body) > most else body


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    """At most so many bytes; as it is where it was not packed after all."""
    for unpack in _UNPACK.get(encoding, ()):
        with suppress(zlib.error, ValueError):
            return unpack(body, most)
    return body


def _inflate(bits: int) -> Callable[[bytes, int], bytes]:
    return lambda body, most: zlib.decompressobj(bits).decompress(body, most)


def _brotli(body: bytes, most: int) -> bytes:
    import brotli  # here, for few archives need it

    try:
        return bytes(brotli.Decompressor().process(body, output_buffer_limit=most))
    except brotli.error as fault:
        raise ValueError(str(fault)) from fault


_UNPACK: dict[str, tuple[Callable[[bytes, int], bytes], ...]] = {
    "gzip": (_inflate(_GZIP),),
    "deflate": (_inflate(zlib.MAX_WBITS), _inflate(_RAW)),
    "br": (_brotli,),
}
