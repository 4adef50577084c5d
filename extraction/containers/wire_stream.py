"""Messages of a wire (IPTC 7901) one behind the other, as a receiver writes them down."""

from __future__ import annotations

from collections.abc import Iterator

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long
from extraction.formats.wire.iptc7901 import is_wire

_SOH = b"\x01"
_AGAIN = "Mend the file and drop it again."


def _recognises(sample: Sample) -> bool:
    several = max(sample.head.count(_SOH), sample.tail.count(_SOH)) > 1
    return several and is_wire(sample.head)


def _members(opened: Opened) -> Iterator[Member]:
    most = opened.limits.member_bytes
    for number, data in enumerate(_messages(opened), 1):
        name = numbered(number, "iptc")
        fault = too_long(f"message {number:,}", most) if len(data) > most else ""
        yield Member(name, b"" if fault else data, fault)


def _messages(opened: Opened) -> Iterator[bytes]:
    """Each with its ``SOH``; what stands before the first is the noise of the line."""
    buffer = b""
    while part := opened.stream.read(MEBIBYTE):
        *whole, buffer = (buffer + part).split(_SOH)
        yield from (_SOH + data for data in whole if data.strip())
        if len(buffer) > opened.limits.member_bytes + MEBIBYTE:
            raise Unreadable(f"{too_long('A message', opened.limits.member_bytes)}.", _AGAIN)
    if buffer.strip():
        yield _SOH + buffer


KIND = Kind("a stream of wire messages", _recognises, _members)
