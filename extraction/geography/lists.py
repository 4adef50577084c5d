"""Read the lists in ``data``: one entry a line, fields between bars, ``#`` for a remark."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def rows(file: str) -> Iterator[list[str]]:
    """Yield the fields of each entry of ``file``."""
    for line in (files("extraction.geography") / "data" / file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [field.strip() for field in line.split("|")]


def names_in(field: str) -> list[str]:
    """Split the names of a field at its semicolons."""
    return [name.strip() for name in field.split(";") if name.strip()]
