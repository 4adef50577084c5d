"""A workbook (.xlsx, .ods, .xls): a table as any, whose rows a confined process reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from extraction.confined.reading import read_confined
from extraction.containers.columns import FILE
from extraction.containers.member import Kind, Member, Opened, Sample, whole
from extraction.containers.names import safe_name
from extraction.containers.table import Rows, members_of
from extraction.formats.binary import is_workbook
from extraction.formats.office import OLE

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xltx", ".ods", ".xls")
_ADVICE = f"Save its sheet as CSV (UTF-8) and drop that, with a {FILE} where it needs one."


def _recognises(sample: Sample) -> bool:
    """By what the archive holds, or its name; those from before 2007 by their name."""
    if sample.head.startswith(OLE):
        return sample.ends_in(".xls")
    cut_off = sample.head.startswith(b"PK\x03\x04") and sample.ends_in(*ENDINGS)
    return cut_off or is_workbook(sample.head, sample.tail)


def _members(opened: Opened) -> Iterator[Member]:
    data = whole(opened, "workbook", _ADVICE)
    said = read_confined("sheet", data, opened.limits.reader)
    yield from members_of(_rows(opened, data, said), opened)
    for name in _texts(said.get("others")):
        yield Member(safe_name(name.replace("/", "_")) or "sheet", left=True)


def _rows(opened: Opened, data: bytes, said: Mapping[str, Any]) -> Rows:
    """Each row with its number, from 1; those above the headings that are empty are none."""
    start, begun = 0, False
    while True:
        rows, following = said.get("rows"), said.get("following")
        for number, row in enumerate(rows if isinstance(rows, list) else [], start + 1):
            cells = _texts(row)
            begun = begun or any(map(str.strip, cells))
            if begun:
                yield number, cells
        if not isinstance(following, int) or following <= start:
            return
        start = following
        said = read_confined("sheet", data, opened.limits.reader, start)


def _texts(said: object) -> list[str]:
    """What a reader says that has read what others wrote: it may be anything."""
    return [text for text in said if isinstance(text, str)] if isinstance(said, list) else []


KIND = Kind("a workbook", _recognises, _members, whole=True)
