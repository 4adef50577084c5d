"""The word lists beside this module, read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a file; lines that start with ``#`` are comments."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if line[:1] != "#" for word in line.split())


def is_generic(noun: str) -> bool:
    """Tell whether a noun says nothing of an article's subject: ``Jahr``, ``Italienerin``."""
    generic = words("generic.txt")
    return noun in generic or (noun.endswith("in") and noun[:-2] in generic)
