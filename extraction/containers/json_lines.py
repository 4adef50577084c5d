"""JSON lines: an article a line, as ``depesche export`` writes it. A line's number is its name."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from articles.errors import Unreadable
from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long

ENDINGS = (".jsonl", ".ndjson", ".jl")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _recognises(sample: Sample) -> bool:
    return sample.ends_in(*ENDINGS) or _are_objects(sample.head)


def _are_objects(head: bytes) -> bool:
    """Tell at least two lines, each an object; the last may be cut."""
    lines = [line.strip() for line in head.removeprefix(codecs.BOM_UTF8).split(b"\n", 8)]
    first = [line for line in lines if line][:3]
    return (
        len(first) > 1 and all(line.startswith(b'{"') for line in first) and first[0][-1:] == b"}"
    )


def _members(opened: Opened) -> Iterator[Member]:
    most, number = opened.limits.member_bytes, 0
    while line := opened.stream.readline(most + 1):
        number += 1
        name = numbered(number, "json")
        if number == 1:
            line = _begun(line)
        if len(line) > most and not line.endswith(b"\n"):
            _skip_line(opened)
            yield Member(name, fault=too_long(f"line {number:,}", most))
        elif line.strip():
            yield Member(name, line.strip(b"\r\n"))


def _begun(line: bytes) -> bytes:
    if line.startswith(_WIDE):
        raise Unreadable("These JSON lines are UTF-16.", "Save the file as UTF-8.")
    return line.removeprefix(codecs.BOM_UTF8)


def _skip_line(opened: Opened) -> None:
    while (part := opened.stream.readline(1 << 20)) and not part.endswith(b"\n"):
        pass


KIND = Kind("a file of JSON lines", _recognises, _members)
