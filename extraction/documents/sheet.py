"""A workbook (Excel, OpenDocument): the rows of its first sheet that has any, by calamine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.confined.limits import Limits
from extraction.documents.packed import Packed

_ADVICE = "Open it in the program it comes from, save it as CSV (UTF-8), and drop that."
_SECRET = "Take the password off, save it and drop it again."  # noqa: S105
_ZIP = b"PK"
#: Bytes of the rows that are told at once; for the next the workbook is read anew.
_PART = 20 * MEBIBYTE
_MOST_COLUMNS = 2_000
#: Above it a number is no longer told from its neighbours, and has a comma.
_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a sheet from one on, and which one is to be asked for next: None behind the last.

    They are counted from 0, those above the first that holds anything too. ``others``: the names of
    sheets that are not read.
    """

    rows: list[list[str]]
    following: int | None = None
    others: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Of JSON's types alone."""
        return {"rows": self.rows, "following": self.following, "others": list(self.others)}


def read_sheet(data: bytes, limits: Limits, start: int = 0) -> Rows:
    """Return rows from the one at ``start`` on. Raises ``Unreadable`` where it is broken."""
    if data.startswith(_ZIP):
        Packed(data, limits)  # refuses bombs
    try:
        return _read(data, start)
    except (CalamineError, ValueError, OSError, LookupError) as fault:
        said = str(fault)[:200]
        advice = _SECRET if "assword" in said else _ADVICE
        raise Unreadable(f"This workbook is broken: {said}.", advice) from fault


def _read(data: bytes, start: int) -> Rows:
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    names = [each.name for each in workbook.sheets_metadata if _is_shown(each)]
    sheets = ((name, workbook.get_sheet_by_name(name)) for name in names)
    chosen, sheet = next(
        ((name, sheet) for name, sheet in sheets if sheet.start is not None), ("", None)
    )
    if sheet is None:
        return Rows([])
    if sheet.width > _MOST_COLUMNS:
        raise Unreadable(f"Its table has {sheet.width:,} columns.", _ADVICE)
    rows, following = _part(sheet, start)
    return Rows(rows, following, tuple(name for name in names if name != chosen))


def _is_shown(sheet: Any) -> bool:
    shown = sheet.visible == SheetVisibleEnum.Visible
    return bool(shown and sheet.typ == SheetTypeEnum.WorkSheet)


def _part(sheet: Any, start: int) -> tuple[list[list[str]], int | None]:
    rows: list[list[str]] = []
    size = 0
    for row in islice(sheet.iter_rows(), start, None):
        if size > _PART:
            return rows, start + len(rows)
        cells = [_text(cell) for cell in row]
        size += 3 * len(cells) + len("".join(cells).encode())
        rows.append(cells)
    return rows, None


def _text(cell: object) -> str:
    """As a person would have typed it into a table of text."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    if isinstance(cell, datetime):
        day_alone = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if day_alone else cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
