"""Cut a text into words, numbers and marks, and say which of them speak of time.

The text becomes a string with one character a token, its class, so that rules are short regular
expressions over classes and need no look at the words that say nothing of time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from extraction.temporal.lexicon import Lexeme, duration, lexicon

_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]\w*(?:-\w+)*)"
    r"|(?P<mixed>[0-9]+(?:-?[^\W\d_]\w*(?:-\w+)*))"
    r"|(?P<number>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|[12][0-9]{3}(?:/[0-9]{4}|[/-][0-9]{2})(?![0-9])"
    r"|[0-9]+(?:[.,:/][0-9]+)*)"
    r"|(?P<paragraph>\n[ \t\r\u00a0]*\n\s*|(?<=[.!?:“\"»])\n\s*)"
    r"|(?P<mark>[^\w\s])|\w"
)
#: Marks by the class they have; all others are MARK.
_MARKS = {
    ".": "DOT",
    ",": "COMMA",
    "/": "SLASH",
    "(": "LPAR",
    ")": "RPAR",
    **dict.fromkeys("-–—‐‑−", "DASH"),
    **dict.fromkeys("'’‘", "APO"),
}
_PUNCTUATION = {mark: Lexeme(code) for mark, code in _MARKS.items()}
_MARK, _WORD, _PARAGRAPH = Lexeme("MARK"), Lexeme("X"), Lexeme("PARA")
#: Characters that, right before or behind a number, make it a part of something else.
_STICKY_BEFORE = frozenset("§$€£#_@=&+\\%*.:")
_STICKY_BEHIND = frozenset("%$€£°_@=&\\²³‰")
_DECADE = re.compile(r"(1[0-9]|20)?([0-9]0)(?:er|iger)n?(?:-?(?:Jahre|jahre)n?)?")
_LENGTH = re.compile(r"([0-9]{1,3})-?(täg|wöch|monat|stünd|minüt)ig(?:e|en|er|es|em)?")
_UNITS = {"täg": "D", "wöch": "W", "monat": "M", "stünd": "TH", "minüt": "TM"}
_CLASSES: dict[str, str] = {}


@cache
def symbol(code: str) -> str:
    """Return the character that stands for a class of tokens in ``Tokens.codes``."""
    return _CLASSES.setdefault(code, chr(0xE000 + len(_CLASSES)))


@dataclass(slots=True)
class Tokens:
    """Parallel lists: where each token starts and ends; ``lexemes`` only of those of time."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    codes: str = ""
    lexemes: dict[int, Lexeme] = field(default_factory=dict)

    def word(self, at: int) -> str:
        """Return the token at a place, an empty string before the first and behind the last."""
        return self.text[self.starts[at] : self.ends[at]] if 0 <= at < len(self.starts) else ""

    def code(self, at: int) -> str:
        """Return the class symbol at a place, an empty string outside."""
        return self.codes[at] if 0 <= at < len(self.codes) else ""


def tokenise(text: str) -> Tokens:
    """Cut the text; linear in its length."""
    tokens = Tokens(text)
    words, codes = lexicon(), []
    plain = symbol("X")
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        lexeme = words.get(found[0]) if kind == "word" else _other(kind, found, text)
        if lexeme is None:
            codes.append(plain)
        else:
            tokens.lexemes[len(codes)] = lexeme
            codes.append(symbol(lexeme.code))
        start, end = found.span()
        tokens.starts.append(start)
        tokens.ends.append(end)
    tokens.codes = "".join(codes)
    return tokens


def _other(kind: str | None, found: re.Match[str], text: str) -> Lexeme | None:
    if kind == "number":
        return _number(found[0], _stuck(found, text))
    if kind == "mixed":
        return _mixed(found[0])
    if kind == "paragraph":
        return _PARAGRAPH
    return _PUNCTUATION.get(found[0], _MARK) if kind == "mark" else None


def _stuck(found: re.Match[str], text: str) -> bool:
    """Tell whether the number is glued to a sign that makes it no date: ``§ 2019``, ``50%``."""
    before, behind = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    if before == behind == "/":  # an address
        return True
    return (before in _STICKY_BEFORE and before != "") or (
        behind in _STICKY_BEHIND and behind != ""
    )


def _mixed(word: str) -> Lexeme | None:
    if found := _DECADE.fullmatch(word):
        return Lexeme("DECADE", found[1] or "", int(found[2]) // 10)
    if found := _LENGTH.fullmatch(word):
        return Lexeme("LENGTH", duration(str(int(found[1])), _UNITS[found[2]]))
    return None


_SHAPES: Mapping[str, re.Pattern[str]] = {
    "SMALL": re.compile(r"[0-9]{1,2}"),
    "YEAR": re.compile(r"[12][0-9]{3}"),
    "DM": re.compile(r"[0-9]{1,2}\.[0-9]{1,2}"),
    "DMY": re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.(?:[12][0-9]{3}|[0-9]{2})"),
    "CLOCK": re.compile(r"[0-9]{1,2}:[0-9]{2}"),
    "ISO": re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"),
    "YEARS": re.compile(r"[12][0-9]{3}(?:/[12][0-9]{3}|[/-][0-9]{2})"),
    "INT": re.compile(r"[0-9]{3,7}|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,6},[0-9]{1,2}"),
}


def _number(written: str, stuck: bool) -> Lexeme | None:
    for code, shape in _SHAPES.items():
        if shape.fullmatch(written):
            if stuck:
                return None
            number = int(written) if code in ("SMALL", "YEAR") else 0
            return Lexeme(code, written, number)
    return None
