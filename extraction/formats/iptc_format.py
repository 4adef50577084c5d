"""Messages of agencies' wires (IPTC 7901), known by their line of codes."""

from __future__ import annotations

from articles.errors import Unreadable
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile
from extraction.formats.wire.iptc7901 import holds_several, is_wire, read_wire

_SOH = b"\x01"


def read_message(file: RawFile) -> tuple[Draft, ...]:
    """Read one. Raises ``Unreadable``."""
    if file.data.count(_SOH) > 1 or holds_several(file.data):
        raise Unreadable(
            "This file holds several messages (IPTC 7901).",
            "Give each a file of its own.",
        )
    return (read_wire(file.data),)


def _recognises(file: RawFile) -> bool:
    return is_wire(file.data)


FORMAT = Format(_recognises, read_message)
