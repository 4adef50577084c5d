"""Messages of a wire (IPTC 7901) one behind the other, as a receiver writes them down."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long
from extraction.formats.wire.iptc7901 import is_wire, next_heads

_SOH = b"\x01"
_AGAIN = "Mend the file and drop it again."


def _recognises(sample: Sample) -> bool:
    """By several of the character that begins each, or by several lines of codes."""
    if not is_wire(sample.head):
        return False
    several = max(sample.head.count(_SOH), sample.tail.count(_SOH)) > 1
    return several or bool(next_heads(sample.head))


def _members(opened: Opened) -> Iterator[Member]:
    most = opened.limits.member_bytes
    for number, data in enumerate(_messages(opened), 1):
        name = numbered(number, "iptc")
        fault = too_long(f"message {number:,}", most) if len(data) > most else ""
        yield Member(name, b"" if fault else data, fault)


def _messages(opened: Opened) -> Iterator[bytes]:
    """Each as it stands; what stands before the first ``SOH`` is the noise of the line."""
    buffer = opened.stream.read(MEBIBYTE)
    parted = _at_soh if buffer.count(_SOH) > 1 else _at_heads
    *whole, buffer = parted(buffer)
    yield from whole
    while part := opened.stream.read(MEBIBYTE):
        *whole, buffer = parted(buffer + part)
        yield from whole
        if len(buffer) > opened.limits.member_bytes + MEBIBYTE:
            raise Unreadable(f"{too_long('A message', opened.limits.member_bytes)}.", _AGAIN)
    if buffer.strip(_SOH + b" \r\n"):
        yield buffer


def _at_soh(data: bytes) -> list[bytes]:
    """What is behind the last may go on."""
    *whole, rest = data.removeprefix(_SOH).split(_SOH)
    return [*(_SOH + each for each in whole if each.strip()), _SOH + rest]


def _at_heads(data: bytes) -> list[bytes]:
    """The same where no such character parts them."""
    begins = [0, *next_heads(data), len(data)]
    return [data[first:end] for first, end in pairwise(begins)]


KIND = Kind("a stream of wire messages", _recognises, _members)
