"""One way to write a text: ``\\n`` line ends, no control characters, NFC.

Everything that becomes part of an article goes through ``clean``, so that offsets, keys and
searches all see the same characters.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

_MARKS_IN_A_ROW = 30


def clean(text: str) -> str:
    """Return ``text`` with ``\\n`` line ends, without control or invisible characters, in NFC.

    Windows typography that was stored as C1 control characters is put right (U+0084 is ``„``);
    lone surrogates become U+FFFD. Idempotent; linear in the length of ``text``.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    table = _replacements()
    if _odd().search(text):
        text = text.translate(table)
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _mark_runs().sub(r"\1", text))


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space, line ends too, as one blank; no ends."""
    return " ".join(text.split())


@cache
def _replacements() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys((*range(9), *range(0x0E, 0x20), 0x7F))
    table |= {0x0B: "\n", 0x0C: "\n", 0x2028: "\n", 0x2029: "\n\n"}
    table |= {code: _from_cp1252(code) for code in range(0x80, 0xA0)}
    # Soft hyphens, zero-width blanks, byte order marks and direction marks would split or hide
    # words from a search and cannot be seen; joiners (U+200C, U+200D) carry meaning and stay.
    invisible = (0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF)
    table |= dict.fromkeys((*invisible, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    return table


def _from_cp1252(code: int) -> str | None:
    return bytes((code,)).decode("cp1252", "ignore") or None


@cache
def _odd() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(map(chr, sorted(_replacements()))))}]")


@cache
def _mark_runs() -> re.Pattern[str]:
    # Normalising sorts each run of combining marks in quadratic time; no language needs 30.
    marks = "".join(c for c in map(chr, range(0x300, sys.maxunicode)) if unicodedata.combining(c))
    return re.compile(f"([{marks}]{{{_MARKS_IN_A_ROW}}})[{marks}]+")
