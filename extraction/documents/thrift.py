"""Thrift's compact protocol, by which Parquet tells what is where: read, and written again.

A structure is a mapping from the number of a field to its type and its value. What it means is
known to who asks (``parquet.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Struct = dict[int, tuple[int, Any]]
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT, UUID = range(1, 14)
_FIXED = {BYTE: 1, DOUBLE: 8, UUID: 16}
#: Bytes of a number at most; and how deep structures may be in each other.
_LONGEST, _DEEPEST = 10, 16
_MANY = 15


@dataclass(frozen=True, slots=True)
class Items:
    """A list: the type of its items, and these."""

    of: int
    items: Sequence[Any]


def read_struct(data: bytes) -> Struct:
    """Return a structure that begins with the bytes. Raises ``ValueError`` where it is broken."""
    try:
        return _Reader(data).struct(0)
    except IndexError as fault:
        raise ValueError("it is cut off") from fault


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self, depth: int) -> Struct:
        if depth > _DEEPEST:
            raise ValueError("it is nested too deep")
        fields: Struct = {}
        number = 0
        while head := self._byte():
            kind, step = head & 0xF, head >> 4
            number = number + step if step else self._number()
            fields[number] = (kind, self._value(kind, depth))
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in {TRUE, FALSE}:
            return kind == TRUE
        if kind in {I16, I32, I64}:
            return self._number()
        if kind == BINARY:
            return self._bytes(self._unsigned())
        if kind in {LIST, SET}:
            return self._items(depth)
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind in _FIXED:
            return self._bytes(_FIXED[kind])
        raise ValueError(f"it has values of an unknown type ({kind})")

    def _items(self, depth: int) -> Items:
        head = self._byte()
        count, kind = head >> 4, head & 0xF
        count = self._unsigned() if count == _MANY else count
        if count > len(self._data):
            raise ValueError("it has more items than bytes")
        if kind in {TRUE, FALSE}:
            return Items(kind, [self._byte() for _ in range(count)])
        return Items(kind, [self._value(kind, depth) for _ in range(count)])

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise ValueError("it is cut off")
        self._at += count
        return self._data[self._at - count : self._at]

    def _unsigned(self) -> int:
        value = 0
        for place in range(_LONGEST):
            byte = self._byte()
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:  # noqa: PLR2004  (the bit that says that more come)
                return value
        raise ValueError("it has a number without an end")

    def _number(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)


def written(struct: Struct) -> bytes:
    """Return the bytes of a structure."""
    out, last = bytearray(), 0
    for number, (kind, value) in sorted(struct.items()):
        told = (TRUE if value else FALSE) if kind in {TRUE, FALSE} else kind
        step = number - last
        near = 0 < step <= _MANY
        out += bytes([step << 4 | told]) if near else bytes([told]) + _number(number)
        out += b"" if kind in {TRUE, FALSE} else _value(kind, value)
        last = number
    return bytes(out) + b"\0"


def _value(kind: int, value: Any) -> bytes:
    if kind in {I16, I32, I64}:
        return _number(value)
    if kind == BINARY:
        return _unsigned(len(value)) + bytes(value)
    if kind in {LIST, SET}:
        return _items(value)
    return written(value) if kind == STRUCT else bytes(value)


def _items(value: Items) -> bytes:
    count = len(value.items)
    head = bytes([min(count, _MANY) << 4 | value.of])
    head += _unsigned(count) if count >= _MANY else b""
    if value.of in {TRUE, FALSE}:
        return head + bytes(value.items)
    return head + b"".join(_value(value.of, item) for item in value.items)


def _unsigned(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(value: int) -> bytes:
    return _unsigned((value << 1) ^ (value >> 63))
