"""Mails as Outlook saves them (.msg), written for tests: MS-CFB and MS-OXMSG at their least."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_SECTOR, _MINI, _CUT = 512, 64, 4_096
_FREE, _END, _FAT = 0xFFFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFD
_TEXT, _BYTES, _LONG, _TIME = 0x001F, 0x0102, 0x0003, 0x0040
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
Tree = Mapping[str, "bytes | Tree"]


def msg(
    subject: str,
    body: str,
    attached: Mapping[str, bytes] | None = None,
    html: str = "",
    kind: str = "IPM.Note",
    within: Tree | None = None,
) -> bytes:
    """A mail of Anna Muster's, sent at noon (UTC) on 19 June 2024; ``within``: of another one."""
    return compound(message(subject, body, attached, html, kind, within))


def message(
    subject: str,
    body: str,
    attached: Mapping[str, bytes] | None = None,
    html: str = "",
    kind: str = "IPM.Note",
    within: Tree | None = None,
    head: int = 32,
) -> Tree:
    """The streams of one; those of a mail within have a ``head`` of 24 bytes."""
    sent = datetime(2024, 6, 19, 12, tzinfo=UTC)
    files = attached or {}
    texts = {0x001A: kind, 0x0037: subject, 0x1000: body, 0x0C1A: "Anna Muster"}
    values: dict[int, object] = {**texts, 0x0C1F: "anna@example.org", 0x0039: sent}
    if html:
        values |= {0x1013: html.encode(), 0x3FDE: 65001}
    number = len(files) + (within is not None)
    counts = struct.pack("<8xIIII", 0, number, 0, number).ljust(head, b"\0")
    tree: dict[str, bytes | Tree] = _properties(values, counts)
    for number, (name, data) in enumerate(files.items()):
        told: dict[int, object] = {0x3701: data, 0x3707: name, 0x3705: 1}
        tree[f"__attach_version1.0_#{number:08X}"] = _properties(told, bytes(8))
    if within is not None:
        inner = {**_properties({0x3705: 5}, bytes(8)), "__substg1.0_3701000D": within}
        tree[f"__attach_version1.0_#{len(files):08X}"] = inner
    return tree


def _properties(values: Mapping[int, object], head: bytes) -> dict[str, bytes | Tree]:
    streams: dict[str, bytes | Tree] = {}
    for id_, value in values.items():
        if isinstance(value, datetime):
            ticks = int((value - _EPOCH).total_seconds()) * 10_000_000
            head += struct.pack("<HHIQ", _TIME, id_, 6, ticks)
        elif isinstance(value, int):
            head += struct.pack("<HHIIxxxx", _LONG, id_, 6, value)
        else:
            type_ = _BYTES if isinstance(value, bytes) else _TEXT
            data = value if isinstance(value, bytes) else str(value).encode("utf-16-le")
            head += struct.pack("<HHIIxxxx", type_, id_, 6, len(data) + 2 * (type_ == _TEXT))
            streams[f"__substg1.0_{id_:04X}{type_:04X}"] = data
    return {"__properties_version1.0": head, **streams}


class _Sectors:
    """Streams cut into sectors, and the table of which follows which."""

    def __init__(self, size: int) -> None:
        self.size, self.data, self.table = size, b"", list[int]()

    def store(self, content: bytes) -> int:
        first, count = len(self.table), -(-len(content) // self.size)
        self.data += content.ljust(count * self.size, b"\0")
        self.table += [*range(first + 1, first + count), _END] if count else []
        return first if count else _END

    def packed(self) -> bytes:
        return struct.pack(f"<{len(self.table)}I", *self.table)


def compound(tree: Tree) -> bytes:
    """A compound file: what is small lies in the stream of its root, in sectors of its own."""
    large, small = _Sectors(_SECTOR), _Sectors(_MINI)
    entries: list[_Entry] = []
    _add(entries, "Root Entry", tree, 5, large, small)
    entries[0].first, entries[0].size = large.store(small.data), len(small.data)
    minis = small.packed()
    mini = large.store(minis.ljust(-(-len(minis) // _SECTOR) * _SECTOR, b"\xff"))
    directory = large.store(b"".join(entry.packed() for entry in entries))
    needed = 1
    while needed * _SECTOR // 4 < len(large.table) + needed:
        needed += 1
    tables = [len(large.table) + number for number in range(needed)]
    large.table += [_FAT] * needed
    large.table += [_FREE] * (needed * _SECTOR // 4 - len(large.table))
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, needed, directory, 0, _CUT, mini, -(-len(minis) // _SECTOR), _END, 0),
    )
    head += struct.pack("<109I", *tables, *[_FREE] * (109 - needed))
    return head + large.data + large.packed()


@dataclass
class _Entry:
    name: str
    type_: int
    first: int = _END
    size: int = 0
    following: int = _FREE
    child: int = _FREE

    def packed(self) -> bytes:
        written = self.name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII16xI8x8xIQ",
            *(written, len(written), self.type_, 1, _FREE, self.following, self.child, 0),
            *(self.first, self.size),
        )


def _add(
    entries: list[_Entry],
    name: str,
    content: bytes | Tree,
    type_: int,
    large: _Sectors,
    small: _Sectors,
) -> int:
    number, entry = len(entries), _Entry(name, type_)
    entries.append(entry)
    if isinstance(content, bytes):
        sectors = small if len(content) < _CUT else large
        entry.first, entry.size = sectors.store(content), len(content)
        return number
    for child, inner in content.items():
        kind = 2 if isinstance(inner, bytes) else 1
        at = _add(entries, child, inner, kind, large, small)
        entries[at].following, entry.child = entry.child, at
    return number
