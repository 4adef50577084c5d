"""Rules over classes of tokens, written as patterns.

A pattern is a line of classes parted by blanks: ``<AM|VOM day:SMALL DOT month:MONTH year:YEAR?``.
``A|B`` is either class, ``?`` behind it means that it may be missing, ``name:`` gives it a name,
``( … )?`` is a group that may be missing, and ``<A`` must stand before the expression without
being a part of it. Each element stands for one token, and no pattern repeats one without bound,
so matching is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from extraction.temporal.lexicon import Lexeme
from extraction.temporal.mention import Kind
from extraction.temporal.period import Period, third
from extraction.temporal.token import Tokens, symbol

if TYPE_CHECKING:
    from extraction.temporal.scene import Scene

_ELEMENT = re.compile(r"(<?)(?:([a-z_]+):)?([A-Z]+(?:\|[A-Z]+)*)(\??)")
#: Names that stand for several classes.
GROUPS = {
    "COUNT": "SMALL|YEAR|INT|COUNTW|EIN",
    "UNITX": "UNIT|UNITS|CENTURY",
    "MON": "MONTH|MONABB",
    "DAYREL": "REL|THIS",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule makes of an expression.

    ``year`` of a day or month: ``given`` in the text, or ``open`` and taken from the anchor.
    ``ends`` are the ends of an interval, each with its first token and the one behind its last.
    """

    kind: Kind
    period: Period
    year: Literal["", "given", "open"] = ""
    ends: tuple[tuple[int, int, Period], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern matches: the tokens from ``start`` up to and without ``end``."""

    tokens: Tokens
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
        found = self.tokens.code(self.start - distance)
        return bool(found) and any(found == symbol(code) for code in codes)

    def code_after(self, *codes: str, distance: int = 1) -> bool:
        found = self.tokens.code(self.end - 1 + distance)
        return bool(found) and any(found == symbol(code) for code in codes)


Maker = Callable[[Found, "Scene"], Reading | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """``make`` returns ``None`` where the pattern matches but the words mean no time.

    ``starts`` are the classes of the first token, ``seconds`` those that the second one may have,
    none where the first may be the last.
    """

    pattern: re.Pattern[str]
    starts: frozenset[str]
    seconds: frozenset[str]
    make: Maker


def rules(make: Maker, patterns: Iterable[str]) -> list[Rule]:
    """Return one rule for each pattern."""
    return [Rule(re.compile(_regex(p)), _starts(p), _seconds(p), make) for p in patterns]


def code_pattern(*parts: str) -> re.Pattern[str]:
    """Compile a pattern over ``Tokens.codes``: class names, and regular expressions else."""
    names = re.compile(r"[A-Z]+")
    return re.compile(names.sub(lambda found: symbol(found[0]), "".join(parts)).replace(" ", ""))


def lines(patterns: str) -> list[str]:
    """Return the lines of a text that are not empty."""
    return [line.strip() for line in patterns.splitlines() if line.strip()]


def _regex(pattern: str) -> str:
    def element(found: re.Match[str]) -> str:
        behind, name, codes, optional = found.groups()
        chars = f"[{''.join(map(symbol, _expanded(codes)))}]"
        if behind:
            return f"(?<={chars})"
        return f"(?P<{name}>{chars}){optional}" if name else chars + optional

    return _ELEMENT.sub(element, pattern.replace("(", "(?:")).replace(" ", "")


def _starts(pattern: str) -> frozenset[str]:
    first = next(found for found in _ELEMENT.finditer(pattern) if not found[1])
    if first[4]:
        raise ValueError(f"the first element of {pattern!r} may not be optional")
    return frozenset(map(symbol, _expanded(first[3])))


def _seconds(pattern: str) -> frozenset[str]:
    """Return the classes up to the second token that may not be missing, at least."""
    seconds: set[str] = set()
    found = [one for one in _ELEMENT.finditer(pattern) if not one[1]]
    for one in found[1:]:
        seconds.update(map(symbol, _expanded(one[3])))
        before = pattern[: one.start()]
        if not one[4] and before.count("(") == before.count(")"):
            return frozenset(seconds)
    return frozenset()


def _expanded(codes: str) -> list[str]:
    return [code for name in codes.split("|") for code in GROUPS.get(name, name).split("|")]
