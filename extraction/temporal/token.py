"""Say which words, numbers and marks of a text speak of time.

The text becomes a string with one character a token, its class, so that rules are short regular
expressions over classes and need no look at the words that say nothing of time. The tokens are the
article's, cut finer: ``Mai/Juni`` is three here, ``3.10.`` a number and a point.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from extraction.analysed_text import AnalysedField, analysed_field
from extraction.temporal.lexicon import Lexeme, duration, lexicon
from german.tokens import Pieces

#: Within a token: what the rules know as one word or number.
_PIECES = Pieces(
    re.compile(
        r"(?P<word>[^\W\d_]\w*(?:-\w+)*)"
        r"|(?P<mixed>[0-9]+(?:-?[^\W\d_]\w*(?:-\w+)*))"
        r"|(?P<number>[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])|[12][0-9]{3}(?:/[0-9]{4}|[/-][0-9]{2})(?![0-9])"
        r"|[0-9]+(?:[.,:/][0-9]+)*)"
        r"|(?P<mark>[^\w\s])|\w"
    )
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


_PLAIN = symbol("X")


@dataclass(slots=True)
class CodedTokens:
    """Parallel lists: where each token starts and ends; ``lexemes`` only of those of time.

    ``stops`` are the places in the text behind which a new sentence begins; ``codes`` are the
    ``classes`` in one string.
    """

    text: str
    stops: frozenset[int] = frozenset()
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    codes: str = ""
    lexemes: dict[int, Lexeme] = field(default_factory=dict)

    def add(self, start: int, end: int, lexeme: Lexeme | None) -> None:
        """Add a token behind the others."""
        if lexeme is not None:
            self.lexemes[len(self.classes)] = lexeme
        self.classes.append(_PLAIN if lexeme is None else symbol(lexeme.code))
        self.starts.append(start)
        self.ends.append(end)

    def word(self, at: int) -> str:
        """Return the token at a place, an empty string before the first and behind the last."""
        return self.text[self.starts[at] : self.ends[at]] if 0 <= at < len(self.starts) else ""

    def code(self, at: int) -> str:
        """Return the class symbol at a place, an empty string outside."""
        return self.codes[at] if 0 <= at < len(self.codes) else ""


def tokenise(text: str | AnalysedField) -> CodedTokens:
    """Give the tokens of a text their classes; linear in its length."""
    cut = analysed_field(text)
    tokens = CodedTokens(cut.text, cut.stops)
    words, behind = lexicon(), 0
    for word, start in zip(cut.tokens.words, cut.tokens.starts, strict=True):
        if start > behind and _is_line_end(tokens, behind, start):
            tokens.add(behind, start, _PARAGRAPH)
        behind = start + len(word)
        if word.isalpha():
            tokens.add(start, behind, words.get(word))
            continue
        for first, last, kind in _PIECES[word]:
            written, at = word[first:last], start + first
            lexeme = words.get(written) if kind == "word" else _other(kind, written, at, cut.text)
            tokens.add(at, start + last, lexeme)
    tokens.codes = "".join(tokens.classes)
    return tokens


def _is_line_end(tokens: CodedTokens, behind: int, start: int) -> bool:
    """Tell whether a line ends in this white space, and a sentence or a heading with it."""
    if tokens.text[behind:start] == " " or "\n" not in tokens.text[behind:start]:
        return False
    return behind in tokens.stops or tokens.text[behind - 1 : behind] == ":"


def _other(kind: str, written: str, start: int, text: str) -> Lexeme | None:
    if kind == "number":
        return _number(written, _stuck(text, start, start + len(written)))
    if kind == "mixed":
        return _mixed(written)
    return _PUNCTUATION.get(written, _MARK) if kind == "mark" else None


def _stuck(text: str, start: int, end: int) -> bool:
    """Tell whether the number is glued to a sign that makes it no date: ``§ 2019``, ``50%``."""
    before, behind = text[start - 1 : start] if start else "", text[end : end + 1]
    if before == behind == "/":  # an address
        return True
    return (before in _STICKY_BEFORE and before != "") or (
        behind in _STICKY_BEHIND and behind != ""
    )


def _mixed(word: str) -> Lexeme | None:
    if match := _DECADE.fullmatch(word):
        return Lexeme("DECADE", match[1] or "", int(match[2]) // 10)
    if match := _LENGTH.fullmatch(word):
        return Lexeme("LENGTH", duration(str(int(match[1])), _UNITS[match[2]]))
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
