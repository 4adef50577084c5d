"""Where a pattern of the dates reader matches, and what stands in it and around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.temporal.lexicon import Lexeme
from extraction.temporal.period import Period, third
from extraction.temporal.token import CodedTokens, symbol


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """Where a pattern matches: the tokens from ``start`` up to and without ``end``."""

    tokens: CodedTokens
    match: re.Match[str]

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    def at(self, name: str) -> int:
        """Return the place of the named token, -1 if it is missing."""
        return self.match.start(name) if name in self.match.re.groupindex else -1

    def lexeme(self, name: str) -> Lexeme:
        """Return the lexeme of a named token, an empty one if it is missing."""
        return self.tokens.lexemes.get(self.at(name), Lexeme(""))

    def number(self, name: str) -> int:
        """Return the whole number of a named token, 0 if it is missing."""
        return int(self.lexeme(name).number)

    def narrowed(self, period: Period) -> Period:
        """Return the third of the period that ``Anfang``, ``Mitte`` or ``Ende`` names."""
        return third(period, self.lexeme("mode").text)

    def before(self, distance: int = 1) -> str:
        return self.tokens.word(self.start - distance)

    def after(self, distance: int = 1) -> str:
        return self.tokens.word(self.end - 1 + distance)

    def code_before(self, *codes: str, distance: int = 1) -> bool:
        """Tell whether the token before has one of the classes."""
        beside = self.tokens.code(self.start - distance)
        return bool(beside) and any(beside == symbol(code) for code in codes)

    def code_after(self, *codes: str, distance: int = 1) -> bool:
        beside = self.tokens.code(self.end - 1 + distance)
        return bool(beside) and any(beside == symbol(code) for code in codes)
