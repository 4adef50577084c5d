"""The bytes of XML, in whatever encoding it declares, as parts in UTF-8 that a parser takes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from articles.limits import MEBIBYTE
from extraction.formats.decode import decode, one_byte_named
from extraction.formats.wire.tree import HEAD, declared_in

_BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
#: What no XML may hold, and files do.
_CONTROLS = bytes((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20)))
_NO_CHARACTERS = "\ufffe".encode(), "\uffff".encode()
#: What programs write before the XML, and no parser takes: empty lines, a second mark.
_BEFORE = b" \t\r\n" + codecs.BOM_UTF8
_SPECIAL = re.compile(
    rb"<!\[CDATA\[|<!--|&(?!(?:[A-Za-z]\w{0,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)"
)
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
#: As long as the longest of these is.
_AHEAD = 40
_NO_UTF_8 = re.compile("[\udc80-\udcff]+")


def utf_8(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the stream in parts, without a byte order mark and what no XML may hold.

    What is no UTF-8 in a file of UTF-8 was another program's Windows-1252: these bytes alone; or
    what the file declares, whose beginning was ASCII.
    """
    part = stream.read(HEAD)
    encoding, other = _encoding(part), one_byte_named(declared_in(part))
    narrow = encoding.startswith("utf-8")
    codec = "utf-8-sig" if narrow else encoding
    decoder = codecs.getincrementaldecoder(codec)("surrogateescape" if narrow else "replace")
    begun = False
    ampersands = Ampersands()
    while part:
        text = decoder.decode(part)
        part = stream.read(MEBIBYTE)
        data = _clean(text if part else text + decoder.decode(b"", final=True), other)
        data = data if begun else data.lstrip(_BEFORE)
        begun = begun or bool(data)
        yield ampersands.mended(data, last=not part)


class Ampersands:
    """Makes ``&amp;`` of an ``&`` that begins no entity, as feeds write it: ``Q&A``, ``?a=1&b=2``.

    In CDATA and in comments, where it may stand, it stays.
    """

    def __init__(self) -> None:
        self._rest, self._until = b"", b""

    def mended(self, part: bytes, *, last: bool) -> bytes:
        """Return what is sure of the bytes so far; what may go on in the next part is kept."""
        data, at, pieces = self._rest + part, 0, list[bytes]()
        while True:
            if self._until:
                sure = len(data) if last else max(at, len(data) - len(self._until) + 1)
                end = data.find(self._until, at)
                at, begins = (sure, at) if end < 0 else (end + len(self._until), at)
                pieces.append(data[begins:at])
                if end < 0:
                    break
                self._until = b""
            else:
                sure = len(data) if last else max(at, len(data) - _AHEAD)
                match = _SPECIAL.search(data, at)
                if match is None or match.start() >= sure:
                    pieces.append(data[at:sure])
                    at = sure
                    break
                pieces += data[at : match.start()], match[0].replace(b"&", b"&amp;")
                self._until, at = _ENDS.get(match[0], b""), match.end()
        self._rest = data[at:]
        return b"".join(pieces)


def _encoding(head: bytes) -> str:
    """Of its beginning, less the last line, which may be cut within a character."""
    known = decode(head[: head.rfind(b"\n") + 1] or head, declared_in(head)).encoding
    return next((name for bom, name in _BOMS.items() if head.startswith(bom)), known)


def _clean(text: str, other: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = _NO_UTF_8.sub(partial(_in, other), text).encode("utf-8", "replace")
    data = data.removeprefix(codecs.BOM_UTF8).translate(None, _CONTROLS)
    for each in _NO_CHARACTERS:
        data = data.replace(each, b"")
    return data


def _in(encoding: str, match: re.Match[str]) -> str:
    return match.group().encode("utf-8", "surrogateescape").decode(encoding, "replace")
