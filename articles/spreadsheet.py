"""Cells of a spreadsheet: a text that looks like a formula is kept from being one, and back."""

from __future__ import annotations

import re

#: A spreadsheet takes a cell that begins so for a formula: some read the wide and small signs and
#: the minus as the plain ones, and pass over white space and what cannot be seen before them.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]|[\t\r]"
)
_GUARD = "'"


def as_cell(text: str) -> str:
    """Return the text as a cell that no spreadsheet reckons with."""
    return f"{_GUARD}{text}" if _FORMULA.match(text) else text


def of_cell(cell: str) -> str:
    """Return the text for which ``as_cell`` returned ``cell``."""
    plain = cell.removeprefix(_GUARD)
    return plain if plain != cell and _FORMULA.match(plain) else cell
