"""One way to write a text: ``\\n`` line ends, no control characters, NFC.

Everything that becomes part of an article goes through ``clean``, so that offsets, keys and
searches all see the same characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_MARKS_IN_A_ROW = 30
#: What nearly all of a text is made of.
_PLAIN = bytes((*b"\t\n\r", *range(0x20, 0x7F)))
_SHORT = 100_000
_BEYOND_LATIN = re.compile(f"[^\x00-\u02ff]{{{_MARKS_IN_A_ROW},65536}}")
#: A soft hyphen at the end of a line: one word, without doubt.
_SOFT = "\xad"
_SOFT_END = re.compile(r"\xad[ \t]*\n[ \t]*(?=[^\W\d_])")
_SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def clean(text: str) -> str:
    """Return ``text`` with ``\\n`` line ends, without control or invisible characters, in NFC.

    Windows typography that was stored as C1 control characters is put right (U+0084 is ``„``);
    lone surrogates become U+FFFD, hyphens of every kind ``-``, and a word with a soft hyphen at the
    end of a line is one word. Idempotent; linear in the length of ``text``.
    """
    if text.isascii() and text.isprintable():  # names, addresses, dates
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SOFT in text:
        text = _SOFT_END.sub("", text)
    unusual = unusual_in(text)
    if not unusual:
        return text
    if _odd().search(unusual):
        text = text.translate(_replacements())
    beyond_latin = len(text) - len(text.encode("latin-1", "ignore"))
    if not beyond_latin:  # in NFC
        return text
    if beyond_latin >= _MARKS_IN_A_ROW:
        text = _BEYOND_LATIN.sub(_few_marks, text)
    return unicodedata.normalize("NFC", text)


def unusual_in(text: str) -> str:
    """Return, in their order, the characters that are no printable ASCII, line ends or tabs.

    They are a few of a hundred: to look for what is odd in them alone takes a third of the time. Of
    a long text all are returned: it may have 50 MB, and is not copied for that.
    """
    if len(text) > _SHORT:
        return text
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    return rest.decode("utf-8", "surrogatepass")


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space, line ends too, as one blank; no ends."""
    if len(text) <= _SHORT:
        return " ".join(text.split())
    # No split(): it would hold every word of a 50 MB text as an object of its own.
    for space in _SPACES:
        text = text.replace(space, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


@cache
def _replacements() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys((*range(9), *range(0x0E, 0x20), 0x7F))
    table |= {0x2010: "-", 0x2011: "-"}  # every rule and index knows the one hyphen
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


def _few_marks(match: re.Match[str]) -> str:
    # Normalising sorts a run of combining marks in quadratic time; no language needs 30.
    kept: list[str] = []
    marks = 0
    for char in match[0]:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)
