"""Which reader reads which container in parts: a workbook, a 7z archive, a mail of Outlook's.

A server of its own reads them: who reads documents does not wait for their libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from extraction.confined.limits import NORMAL, Limits
from extraction.documents import outlook
from extraction.documents.readers import load_encodings
from extraction.documents.samples import workbook
from extraction.documents.seven_zip import read_seven_zip, sample
from extraction.documents.sheet import read_sheet

READERS: Mapping[str, Callable[[bytes, Limits, int], dict[str, Any]]] = {
    "sheet": lambda data, limits, start: read_sheet(data, limits, start).as_json(),
    "7z": read_seven_zip,
    "msg": outlook.read_outlook,
}


def read(
    kind: str,
    data: bytes,
    limits: Mapping[str, int],
    start: int,
    known: Any = None,  # noqa: ARG001  (as all)
) -> dict[str, Any]:
    """Return what is in it from ``start`` on. Raises ``Unreadable``."""
    return READERS[kind](data, Limits(**limits), start)


def warm() -> None:
    """Load what is loaded when it is first needed: see ``readers.warm``."""
    load_encodings()
    read_sheet(workbook(), NORMAL)
    read_seven_zip(sample(), NORMAL)
    outlook.warm()
