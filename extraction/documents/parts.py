"""Which reader reads which container in parts: workbooks, 7z, mails of Outlook's, Parquet.

A server of its own reads them: who reads documents does not wait for their libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from extraction.confined.limits import NORMAL, Limits
from extraction.documents import outlook
from extraction.documents.parquet import read_parquet
from extraction.documents.readers import load_encodings
from extraction.documents.samples import workbook
from extraction.documents.seven_zip import read_seven_zip, sample
from extraction.documents.sheet import read_sheet

READERS: Mapping[str, Callable[[bytes, Limits, int], dict[str, Any]]] = {
    "sheet": lambda data, limits, start: read_sheet(data, limits, start).as_json(),
    "7z": read_seven_zip,
    "msg": outlook.read_outlook,
    "parquet": lambda data, limits, start: read_parquet(data, limits, start, None),
}


def read(
    kind: str,
    data: bytes,
    limits: Mapping[str, int],
    start: int,
    known: Any = None,
) -> dict[str, Any]:
    """Return what is in it from ``start`` on. Raises ``Unreadable``.

    Of ``parquet`` a part of a file comes alone, with what is ``known`` of it.
    """
    if kind == "parquet":
        return read_parquet(data, Limits(**limits), start, known)
    return READERS[kind](data, Limits(**limits), start)


def warm() -> None:
    """Load what is loaded when it is first needed: see ``readers.warm``."""
    load_encodings()
    read_sheet(workbook(), NORMAL)
    read_seven_zip(sample(), NORMAL)
    outlook.warm()
