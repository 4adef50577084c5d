"""Parquet: what is where in a file, and the rows of one of its groups, by arro3 (Arrow's in Rust).

Two questions, so that nobody holds a whole file: the footer says where each group of rows lies;
then the bytes of a group, with what the footer says of it alone, are a file by themselves.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from arro3.core import DataType
from arro3.io import read_parquet as read_table

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.confined.limits import Limits
from extraction.documents.parquet_file import ADVICE, END, MAGIC
from extraction.documents.thrift import LIST, STRUCT, Items, Struct, read_struct, written

#: Of the footer: its groups; of a group: columns, rows; of a column: what it is, and of that: how
#: many bytes it has, and where its pages, and those of its dictionary, begin.
_GROUPS, _COLUMNS, _ROWS, _ELSEWHERE, _COLUMN = 4, 1, 3, 1, 3
_BYTES, _PAGES, _DICTIONARY, _ALL_ROWS = 7, 9, 11, 3
#: Bytes of the rows that are told at once, and rows that are unpacked at once.
_PART, _BATCH = 20 * MEBIBYTE, 128
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (of times that have no zone)
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_EXACT = 2**53
Table = Any


def read_parquet(data: bytes, limits: Limits, start: int, known: Any) -> dict[str, Any]:  # noqa: ARG001
    """Of a footer alone: its ``groups``, each where it begins and ends and what it is (``told``).

    Of the bytes of one, with what is ``known`` of it: its ``columns``, its ``rows`` from the one at
    ``start`` on, and which is ``following``. Raises ``Unreadable``.
    """
    try:
        return _groups(data) if known is None else _rows(_alone(data, known), start)
    except Unreadable:
        raise
    except Exception as fault:  # arro3 raises what it likes
        said = f"{type(fault).__name__}: {fault}"[:200]
        raise Unreadable(f"This Parquet file is broken: {said}.", ADVICE) from fault


def _groups(footer: bytes) -> dict[str, Any]:
    whole = read_struct(footer)
    groups = whole.pop(_GROUPS, (LIST, Items(STRUCT, [])))[1].items
    told = [_group(group) for group in groups]
    return {"file": _text(whole), "groups": [[*bounds, _text(group)] for *bounds, group in told]}


def _group(group: Struct) -> tuple[int, int, Struct]:
    """Where its pages begin and end; and itself, as if the file began with it."""
    columns = [column[_COLUMN][1] for column in group[_COLUMNS][1].items]
    if any(_ELSEWHERE in column for column in group[_COLUMNS][1].items):
        raise Unreadable("Its columns lie in other files.", ADVICE)
    begins = [_begin(column) for column in columns]
    ends = [at + column[_BYTES][1] for at, column in zip(begins, columns, strict=True)]
    _refuse_shared(begins, ends)
    begin = min(begins)
    for column in columns:
        for place in {_PAGES, _DICTIONARY} & column.keys():
            kind, at = column[place]
            column[place] = (kind, at - begin + len(MAGIC) if at > 0 else at)
    return begin, max(ends), group


def _refuse_shared(begins: Sequence[int], ends: Sequence[int]) -> None:
    """Each column has bytes of its own; what shares them is read as often as it is named."""
    spans = sorted(zip(begins, ends, strict=True))
    filled = [(begin, end) for begin, end in spans if end != begin]
    if any(end > following for (_, end), (following, _) in pairwise(filled)):
        raise Unreadable("This Parquet file is broken: its columns lie in each other.", ADVICE)


def _begin(column: Struct) -> int:
    dictionary = column.get(_DICTIONARY, (0, 0))[1]
    return int(dictionary if dictionary > 0 else column[_PAGES][1])


def _alone(pages: bytes, known: Any) -> Table:
    """A file of this group alone."""
    whole, group = read_struct(b64decode(known["file"])), read_struct(b64decode(known["group"]))
    whole[_GROUPS] = (LIST, Items(STRUCT, [group]))
    whole[_ALL_ROWS] = group[_ROWS]
    footer = written(whole)
    file = b"".join((MAGIC, pages, footer, len(footer).to_bytes(END - len(MAGIC), "little"), MAGIC))
    return read_table(file, batch_size=_BATCH)


def _rows(table: Table, start: int) -> dict[str, Any]:
    columns = [str(name) for name in table.schema.names]
    rows, size, passed = list[list[str]](), 0, 0
    for batch in table:
        skipped = min(max(start - passed, 0), batch.num_rows)
        passed += batch.num_rows
        if skipped == batch.num_rows:
            continue
        cells = [_cells(column.slice(skipped)) for column in batch.columns]
        rows += map(list, zip(*cells, strict=True))
        size += sum(len(cell) + 3 for column in cells for cell in column)
        if size > _PART:
            return {"columns": columns, "rows": rows, "following": start + len(rows)}
    return {"columns": columns, "rows": rows, "following": None}


def _cells(column: Table) -> list[str]:
    """As a person would have typed them into a table of text; what is no text, as nothing."""
    kind = column.type
    if DataType.is_timestamp(kind):
        numbers = column.cast(DataType.int64()).to_pylist()
        return ["" if each is None else _moment(each, kind) for each in numbers]
    inner = kind.value_type if DataType.is_list(kind) or DataType.is_large_list(kind) else kind
    if DataType.is_nested(inner) or (inner is not kind and not _is_text(inner)):
        return [""] * len(column)
    return list(map(_cell, _values(column)))


def _is_text(kind: DataType) -> bool:
    dictionary = DataType.is_dictionary(kind)
    return dictionary or any(
        is_so(kind)
        for is_so in (DataType.is_string, DataType.is_large_string, DataType.is_string_view)
    )


def _values(column: Table) -> Iterator[object]:
    """A day that no calendar has is none."""
    for scalar in column:
        try:
            yield scalar.as_py()
        except (ValueError, OverflowError):
            yield None


def _moment(number: int, kind: DataType) -> str:
    """Without a zone as it was written; with one as an instant: a confined process knows none."""
    micro = number // 1_000 if kind.time_unit == "ns" else number * _UNITS[str(kind.time_unit)]
    try:
        moment = _EPOCH + timedelta(microseconds=micro)
    except OverflowError:
        return ""
    if kind.tz:
        return moment.replace(tzinfo=UTC).isoformat(timespec="seconds")
    day_alone = moment.time() == time()
    return moment.date().isoformat() if day_alone else moment.isoformat(timespec="seconds")


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(str(each) for each in value if each is not None)
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _text(struct: Struct) -> str:
    return b64encode(written(struct)).decode()
