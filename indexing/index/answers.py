"""How much of an answer is read: what others have written into a document has no end of its own.

Elasticsearch brings two million values in ten megabytes, and Python makes a hundred and seventy of
them. So no answer is read to its end that is too much, whoever has asked for it: who asks for
several documents asks for fewer then, and one that is too much by itself counts as not readable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from elastic_transport import TransportError

from articles.limits import MEBIBYTE

#: Bytes of an answer, of which an article has 40 million at most; and of memory, as reckoned here.
MOST_BYTES, MOST = 64 * MEBIBYTE, 256 * MEBIBYTE
#: Bytes of memory: a byte as it came, as text, and in what is made of it; and another value.
_OF_A_BYTE, _OF_A_VALUE = 3, 64
_AT_ONCE = MEBIBYTE
_SEPARATORS = (b",", b"[", b"{")
_STRING = re.compile(rb'"[^"]*(?:"|\Z)')


class TooMuch(TransportError):
    """An answer is larger than any that is read."""


class Answer(NamedTuple):
    """What the transport reads of one."""

    status: int
    headers: Any
    data: bytes


def bounded(urlopen: Callable[..., Any]) -> Callable[..., Answer]:
    """The same request, whose answer is read as far as it may go; raises ``TooMuch``."""

    def send(*args: Any, **options: Any) -> Answer:
        answer = urlopen(*args, preload_content=False, **options)
        try:
            return Answer(answer.status, answer.headers, _read(answer))
        except BaseException:
            answer.close()  # what is left of it nobody wants
            raise
        finally:
            answer.release_conn()

    return send


def _read(answer: Any) -> bytes:
    data = bytearray()
    while part := answer.read(_AT_ONCE):
        data += part
        if len(data) > MOST_BYTES:
            raise TooMuch(f"it is larger than {MOST_BYTES:,} bytes")
    if weighs_more(data, MOST):
        raise TooMuch(f"to read it takes more than {MOST:,} bytes of memory")
    return bytes(data)


def weighs_more(data: bytes | bytearray, most: int) -> bool:
    """Whether what JSON makes of these bytes may take more than ``most`` bytes of memory. Pure.

    Of a text each comma looks like one between values, so those are looked at where it tells.
    """
    left = (most - _OF_A_BYTE * len(data)) // _OF_A_VALUE
    return left < 0 or (_separators(data) > left and _values(data) > left)


def _separators(data: bytes | bytearray) -> int:
    return sum(map(data.count, _SEPARATORS))


def _values(data: bytes | bytearray) -> int:
    """How many stand outside of texts, part by part: there may be very many of these."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    found, inside = 0, b""
    for at in range(0, len(plain), _AT_ONCE):
        part = inside + plain[at : at + _AT_ONCE]
        inside = b'"' if part.count(b'"') % 2 else b""
        found += _separators(_STRING.sub(b"", part))
    return found
