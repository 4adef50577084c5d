"""How much of an answer is read: what others have written into a document has no end of its own.

Elasticsearch brings two million values in ten megabytes, and Python makes a hundred and seventy of
them. So no answer with many documents is read to its end that is too much: fewer are asked for then
(``point_in_time.every_hit``, ``stored.in_parts``), and one that is so by itself is not readable.
What a person looks for comes as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from elastic_transport import TransportError

from articles.limits import MEBIBYTE

#: Bytes of memory for one, as reckoned here: an article has 40 million bytes at most, each of which
#: counts for three. And where no texts are asked for, which others are as good as never so long.
MOST, MOST_WITHOUT_TEXTS = 160 * MEBIBYTE, 16 * MEBIBYTE
#: Values: Elasticsearch takes 80 to 180 bytes for each in a document that it changes, whatever is
#: changed, and counts none of them. An article with 20,000 mentions, which is the most, has fewer.
MOST_VALUES = 2**19
#: Bytes of memory: a byte as it came, as text, and in what is made of it; and another value.
_OF_A_BYTE, _OF_A_VALUE = 3, 64
_AT_ONCE = MEBIBYTE
_SEPARATORS = (b",", b"[", b"{")
_STRING = re.compile(rb'"[^"]*(?:"|\Z)')
_limit = ContextVar[int | None]("limit", default=None)


class TooMuch(TransportError):
    """An answer is larger than any that is read."""


class Answer(NamedTuple):
    """What the transport reads of one."""

    status: int
    headers: Any
    data: bytes


@contextmanager
def limited(*, texts: bool = True) -> Iterator[None]:
    """Requests in here raise ``TooMuch``, which is ``TooLarge`` behind ``translate_errors``.

    ``texts``: whether any are asked for.
    """
    before = _limit.set(MOST if texts else MOST_WITHOUT_TEXTS)
    try:
        yield
    finally:
        _limit.reset(before)


def bounded(urlopen: Callable[..., Any]) -> Callable[..., Any]:
    """The same request, whose answer is read as far as it may go, where it is :func:`limited`."""

    def send(*args: Any, **options: Any) -> Any:
        if (most := _limit.get()) is None:
            return urlopen(*args, **options)
        answer = urlopen(*args, preload_content=False, **options)
        try:
            return Answer(answer.status, answer.headers, _read(answer, most))
        except BaseException:
            answer.close()  # what is left of it nobody wants
            raise
        finally:
            answer.release_conn()

    return send


def _read(answer: Any, most: int) -> bytes:
    data, is_more = bytearray(), False
    while not is_more and (part := answer.read(_AT_ONCE)):
        data += part
        is_more = _OF_A_BYTE * len(data) > most
    if is_more or weighs_more(data, most):
        raise TooMuch(
            f"to read it takes more than {most:,} bytes of memory, or it has more than "
            f"{MOST_VALUES:,} values"
        )
    return bytes(data)


def weighs_more(data: bytes | bytearray, most: int) -> bool:
    """Whether what JSON makes of these bytes may take more than ``most`` bytes of memory, or is
    more than so many values. Pure.

    Of a text each comma looks like one between values, so those are looked at where it tells.
    """
    left = min((most - _OF_A_BYTE * len(data)) // _OF_A_VALUE, MOST_VALUES)
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
