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
from typing import Literal

from extraction.temporal.match import PatternMatch
from extraction.temporal.mention import Kind
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene
from extraction.temporal.token import symbol

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


Maker = Callable[[PatternMatch, Scene], Reading | None]


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
    """Compile a pattern over ``CodedTokens.codes``: class names, and regular expressions else."""
    names = re.compile(r"[A-Z]+")
    return re.compile(names.sub(lambda name: symbol(name[0]), "".join(parts)).replace(" ", ""))


def lines(patterns: str) -> list[str]:
    """Return the lines of a text that are not empty."""
    return [line.strip() for line in patterns.splitlines() if line.strip()]


def _regex(pattern: str) -> str:
    def element(match: re.Match[str]) -> str:
        behind, name, codes, optional = match.groups()
        chars = f"[{''.join(map(symbol, _expanded(codes)))}]"
        if behind:
            return f"(?<={chars})"
        return f"(?P<{name}>{chars}){optional}" if name else chars + optional

    return _ELEMENT.sub(element, pattern.replace("(", "(?:")).replace(" ", "")


def _starts(pattern: str) -> frozenset[str]:
    first = next(element for element in _ELEMENT.finditer(pattern) if not element[1])
    if first[4]:
        raise ValueError(f"the first element of {pattern!r} may not be optional")
    return frozenset(map(symbol, _expanded(first[3])))


def _seconds(pattern: str) -> frozenset[str]:
    """Return the classes up to the second token that may not be missing, at least."""
    seconds: set[str] = set()
    elements = [element for element in _ELEMENT.finditer(pattern) if not element[1]]
    for element in elements[1:]:
        seconds.update(map(symbol, _expanded(element[3])))
        before = pattern[: element.start()]
        if not element[4] and before.count("(") == before.count(")"):
            return frozenset(seconds)
    return frozenset()


def _expanded(codes: str) -> list[str]:
    return [code for name in codes.split("|") for code in GROUPS.get(name, name).split("|")]
