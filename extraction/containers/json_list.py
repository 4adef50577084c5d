"""A list of JSON objects: an article an item, however long the list is. Its place is its name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.errors import Unreadable
from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long

_PART = 1 << 20
_BEGINS = re.compile(rb"\s*\[\s*\{")
_QUOTED = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING = re.compile(_QUOTED, re.DOTALL)
#: An item as nearly all are: nothing in it is nested but lists of strings and numbers.
_FLAT = re.compile(
    rb"\{(?:[^\"{}\[\]]++|%b|\[(?:[^\"{}\[\]]++|%b)*+\])*+\}" % (_QUOTED, _QUOTED), re.DOTALL
)
#: Between items a comma counts, inside of one it does not.
_MARKS = {True: re.compile(rb'["{}\[\],]'), False: re.compile(rb'["{}\[\]]')}
_AGAIN = "Mend the file (a JSON list of objects) and drop it again."


def _recognises(sample: Sample) -> bool:
    head = sample.head.removeprefix(codecs.BOM_UTF8)
    if not _BEGINS.match(head):
        return False
    return sample.ends_in(".json") or sample.tail.rstrip().endswith(b"]")


@dataclass(slots=True)
class _Scanner:
    """Cuts the items of the outermost list out of parts of the bytes."""

    buffer: bytes = b""
    at: int = 0
    depth: int = 0
    item: int = 0
    ended: bool = False
    items: list[bytes] = field(default_factory=list)

    def feed(self, part: bytes) -> list[bytes]:
        """Take more bytes; the items that are whole now."""
        self.buffer += part
        while not self.ended and self._step():
            pass
        keep = self.item if self.depth else self.at
        self.buffer, self.at, self.item = self.buffer[keep:], self.at - keep, 0
        whole, self.items = self.items, []
        return whole

    def _step(self) -> bool:
        """Go to the next mark; whether there was one that is whole."""
        match = _MARKS[self.depth == 1].search(self.buffer, self.at)
        if match is None:
            self.at = len(self.buffer)
            return False
        mark = match.group()
        if mark == b'"':
            string = _STRING.match(self.buffer, match.start())
            self.at = string.end() if string else match.start()
            return string is not None
        if mark == b"{" and self.depth == 1 and (item := _FLAT.match(self.buffer, match.start())):
            self.at = item.end()
        else:
            self._count(mark, match.start(), match.end())
        return True

    def _count(self, mark: bytes, start: int, end: int) -> None:
        self.at = end
        if mark in b"[{":
            self.depth += 1
            if self.depth == 1:
                self.item = end
        elif mark == b",":
            self._cut(start, end)
        else:
            self.depth -= 1
            if not self.depth:
                self._cut(start, end)
                self.ended = True

    def _cut(self, start: int, end: int) -> None:
        if item := self.buffer[self.item : start].strip():
            self.items.append(item)
        self.item = end


def _members(opened: Opened) -> Iterator[Member]:
    scanner, number, most = _Scanner(), 0, opened.limits.member_bytes
    first = True
    while not scanner.ended and (part := opened.stream.read(_PART)):
        for item in scanner.feed(part.removeprefix(codecs.BOM_UTF8) if first else part):
            number += 1
            name = numbered(number, "json")
            long = len(item) > most
            fault = too_long(f"item {number:,}", most) if long else ""
            yield Member(name, b"" if long else item, fault)
        first = False
        if len(scanner.buffer) > most + _PART:
            raise Unreadable(f"{too_long(f'Item {number + 1:,}', most)}.", _AGAIN)
    if not scanner.ended:
        raise Unreadable(f"The list ends in the middle, after item {number:,}.", _AGAIN)
    if (scanner.buffer[scanner.at :] + opened.stream.read(_PART)).strip():
        raise Unreadable(f"Behind the list of {number:,} items there is more.", _AGAIN)


KIND = Kind("a list of JSON objects", _recognises, _members)
