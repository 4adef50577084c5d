"""A box of mails (RFC 4155): each a mail of its own. Its place is its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long

#: ``From anna@example.org Mon Jun 17 09:12:00 2024``, and a field of the head below it.
_BEGINS = re.compile(rb"From [^\n]{0,300}\d{4}[^\n]{0,20}\r?\n[!-9;-~]{1,77}:")
ENDINGS = (".mbox", ".mbx")
_QUOTED = re.compile(rb">+From ")
_LINE = 1 << 20


def _recognises(sample: Sample) -> bool:
    if sample.ends_in(*ENDINGS):
        return True
    return not sample.ends_in(".eml") and _BEGINS.match(sample.head) is not None


def _members(opened: Opened) -> Iterator[Member]:
    most = opened.limits.member_bytes
    for number, (mail, size) in enumerate(_mails(opened), 1):
        name = numbered(number, "eml")
        if size > most:
            yield Member(name, fault=too_long(f"mail {number:,}", most))
        elif not mail.isspace():
            yield Member(name, bytes(mail))


def _mails(opened: Opened) -> Iterator[tuple[bytearray, int]]:
    """Each mail and how many bytes it has; of one above the limit none are kept."""
    mail, size, begun = bytearray(), 0, False
    for line, separates in _lines(opened.stream):
        if separates:
            if begun:
                yield mail, size
            mail, size, begun = bytearray(), 0, True
            continue
        begun = True
        size += len(line)
        if size > opened.limits.member_bytes:
            mail.clear()
        else:
            mail += line[1:] if _QUOTED.match(line) else line
    if begun:
        yield mail, size


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether a mail begins below it: a sentence may begin with ``From`` too."""
    blank, whole, line = True, True, stream.readline(_LINE)
    while line:
        following = stream.readline(_LINE)
        yield line, whole and blank and bool(_BEGINS.match(line + following))
        blank, whole = whole and not line.strip(), line.endswith(b"\n")
        line = following


KIND = Kind("a box of mails", _recognises, _members)
