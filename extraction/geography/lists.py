"""Read the lists in ``data``: one entry a line, fields between bars, ``#`` for a remark."""

from __future__ import annotations

from collections.abc import Iterator

from german.wordlist import rows


def entries(file: str) -> Iterator[list[str]]:
    """Yield the fields of each entry of ``file``."""
    for row in rows("extraction.geography", f"data/{file}", "|"):
        yield [field.strip() for field in row]


def names_in(field: str) -> list[str]:
    """Split the names of a field at its semicolons."""
    return [name.strip() for name in field.split(";") if name.strip()]
