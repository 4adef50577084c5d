"""A box of mails (RFC 4155): each a mail of its own. Its place is its name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long

#: ``From anna@example.org Mon Jun 17 09:12:00 2024``, and a field of the head below it.
_BEGINS = re.compile(rb"From [^\n]{0,300}\d{4}[^\n]{0,20}\r?\n[!-9;-~]{1,77}:")
_SEPARATOR = re.compile(rb"From [^\n]*\d{4}")
_QUOTED = re.compile(rb">+From ")


def _recognises(sample: Sample) -> bool:
    if sample.ends_in(".mbox", ".mbx"):
        return True
    return not sample.ends_in(".eml") and _BEGINS.match(sample.head) is not None


def _members(opened: Opened) -> Iterator[Member]:
    most = opened.limits.member_bytes
    for number, (lines, size) in enumerate(_mails(opened), 1):
        name = numbered(number, "eml")
        if size > most:
            yield Member(name, fault=too_long(f"mail {number:,}", most))
        elif any(line.strip() for line in lines):
            yield Member(name, b"".join(lines))


def _mails(opened: Opened) -> Iterator[tuple[list[bytes], int]]:
    """The lines of each mail and its bytes; of one above the limit no lines are kept."""
    most = opened.limits.member_bytes
    lines: list[bytes] = []
    size, begun, blank, whole = 0, False, True, True
    while line := opened.stream.readline(1 << 20):
        if whole and blank and _SEPARATOR.match(line):
            if begun:
                yield lines, size
            lines, size, begun = [], 0, True
        else:
            begun = True
            size += len(line)
            if size > most:
                lines.clear()
            else:
                lines.append(_unquoted(line))
        blank, whole = whole and not line.strip(), line.endswith(b"\n")
    if begun:
        yield lines, size


def _unquoted(line: bytes) -> bytes:
    return line[1:] if _QUOTED.match(line) else line


KIND = Kind("a box of mails", _recognises, _members)
