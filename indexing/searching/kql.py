"""KQL, the query language of Kibana's search bars, read into a tree.

The grammar is Kibana's own, rule by rule: ``and`` binds closer than ``or``, words without quotes
reach as far as the next keyword or sign, ``*`` stands for any letters outside of quotes.
``kql_query`` makes a query of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from articles.errors import UsageError

#: Of brackets in one another; more is no query, and would end the program's stack.
DEEPEST = 50
#: What Kibana takes for a blank.
_BLANK = r"[ \t\r\n\u00a0]"
_BLANKS = re.compile(f"{_BLANK}*")
_OR = re.compile(f"{_BLANK}+or{_BLANK}+", re.IGNORECASE)
_AND = re.compile(f"{_BLANK}+and{_BLANK}+", re.IGNORECASE)
_NOT = re.compile(f"not{_BLANK}+", re.IGNORECASE)
_OPERATOR = re.compile(r"<=|>=|<|>")
#: In this order: ``\n`` of ``\not`` is a new line, as Kibana has it.
_ESCAPE = r"""\\(?: ([trn]) | u([0-9a-fA-F]{4}) | ((?i:or|and|not)) | ([\\():<>"*{}]) )"""
_PLAIN = rf"(?! [\\():<>\"*{{}}] | {_BLANK}(?i:or|and){_BLANK} | (?i:not){_BLANK} ) ."
_WORD = re.compile(rf"(?: {_ESCAPE} | \* | {_PLAIN} )+", re.VERBOSE | re.DOTALL)
#: What a word is made of: escaped signs, wildcards, all else.
_PIECE = re.compile(rf"{_ESCAPE} | (\*) | ([^\\*]+)", re.VERBOSE)
#: In quotes only these; any other ``\`` stands for itself.
_ESCAPE_IN_QUOTES = r"""\\(?: ([trn]) | u([0-9a-fA-F]{4}) | (\b\B) | ([\\"]) )"""
_QUOTED = re.compile(r'"((?: [^"\\] | \\[\\"] | \\(?![\\"]) )*)"', re.VERBOSE)
_ESCAPED_IN_QUOTES = re.compile(_ESCAPE_IN_QUOTES, re.VERBOSE)
_WHITE = {"t": "\t", "r": "\r", "n": "\n"}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

Operator = Literal["lt", "lte", "gt", "gte"]
_OPERATORS: dict[str, Operator] = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


@dataclass(frozen=True, slots=True)
class Value:
    """A value, or a field's name. ``parts`` are what stands between its ``*``; one has none."""

    parts: tuple[str, ...]
    quoted: bool = False

    @property
    def text(self) -> str:
        """It as it was written, a wildcard as ``*``."""
        return "*".join(self.parts)

    @property
    def wild(self) -> bool:
        """Whether it has a wildcard."""
        return len(self.parts) > 1

    @property
    def constant(self) -> str | bool | None:
        """What it is in JSON: unquoted ``true``, ``false`` and ``null`` are no words."""
        return self.text if self.quoted else _CONSTANTS.get(self.text, self.text)


@dataclass(frozen=True, slots=True)
class Is:
    """A field has a value; any of the default fields where it is None."""

    field: Value | None
    value: Value


@dataclass(frozen=True, slots=True)
class Range:
    """A field lies before or behind a value."""

    field: Value
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Nested:
    """One object below ``path`` answers the whole query."""

    path: Value
    query: Node


@dataclass(frozen=True, slots=True)
class Not:
    """What a query does not find."""

    query: Node


@dataclass(frozen=True, slots=True)
class Joined:
    """All of several queries, or one at least."""

    operator: Literal["and", "or"]
    queries: tuple[Node, ...]


Node = Is | Range | Nested | Not | Joined


def parse(kql: str) -> Node | None:
    """Return the tree of ``kql``; None of an empty query, which finds all.

    Raises :class:`UsageError` that tells where it cannot be read.
    """
    reader = _Reader(kql)
    reader.skip()
    if reader.ended():
        return None
    node = reader.alternatives(reader.negation)
    reader.skip()
    if not reader.ended():
        raise reader.fault("there is something left over")
    return node


class _Reader:
    """The text, and how far it was read; each rule reads on, or fails."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def ended(self) -> bool:
        return self.at == len(self.text)

    def fault(self, what: str) -> UsageError:
        return UsageError(f"KQL: {what} at character {self.at + 1} of {self.text!r}")

    def skip(self) -> None:
        self.take(_BLANKS)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read on over ``pattern``, where it stands here."""
        if match := pattern.match(self.text, self.at):
            self.at = match.end()
        return match

    def sign(self, sign: str) -> bool:
        """Read on over ``sign`` and the blanks around it, where it stands here."""
        match = self.take(re.compile(f"{_BLANK}*{re.escape(sign)}{_BLANK}*"))
        return match is not None

    def alternatives(self, one: Callable[[], Node]) -> Node:
        """Queries or values, joined by ``and`` and ``or``."""
        every = partial(self.joined, "and", _AND, one)
        return self.joined("or", _OR, every)

    def joined(
        self, operator: Literal["and", "or"], between: re.Pattern[str], one: Callable[[], Node]
    ) -> Node:
        nodes = [one()]
        while self.take(between):
            nodes.append(one())
        return nodes[0] if len(nodes) == 1 else Joined(operator, tuple(nodes))

    def inside(self, end: str, one: Callable[[], Node]) -> Node:
        """What stands in brackets, as far as ``end``."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fault(f"more than {DEEPEST} brackets in one another")
        node = self.alternatives(one)
        self.skip()
        if not self.text.startswith(end, self.at):
            raise self.fault(f"{end!r} is missing")
        self.at += 1
        self.depth -= 1
        return node

    def negation(self) -> Node:
        return Not(self.query()) if self.take(_NOT) else self.query()

    def query(self) -> Node:
        """Something in brackets, about a field, or a value alone."""
        if self.text.startswith("(", self.at):
            self.sign("(")
            return self.inside(")", self.negation)
        literal = self.value()
        self.skip_before_sign()
        if operator := self.take(_OPERATOR):
            self.skip()
            return Range(literal, _OPERATORS[operator[0]], self.value())
        if not self.sign(":"):
            return Is(None, literal)
        if self.sign("{"):
            return Nested(literal, self.inside("}", self.negation))
        return self.values(literal)

    def skip_before_sign(self) -> None:
        """Blanks that belong to a sign behind them; those before ``and`` are left to it."""
        if re.compile(f"{_BLANK}*[:<>]").match(self.text, self.at):
            self.skip()

    def values(self, field: Value) -> Node:
        """What stands behind a field: a value, or several in brackets."""
        if not self.sign("("):
            return Is(field, self.value())
        return self.inside(")", partial(self.negated_values, field))

    def negated_values(self, field: Value) -> Node:
        return Not(self.values(field)) if self.take(_NOT) else self.values(field)

    def value(self) -> Value:
        """A value or a name, with quotes or without."""
        if quoted := self.take(_QUOTED):
            return Value((_ESCAPED_IN_QUOTES.sub(_meant, quoted[1]),), quoted=True)
        if word := self.take(_WORD):
            return _word(word[0])
        raise self.fault("a word is missing")


def _word(written: str) -> Value:
    """Words without quotes; blanks at their ends are none of theirs."""
    parts = [""]
    for piece in _PIECE.finditer(written):
        wildcard, plain = piece.groups()[-2:]
        if wildcard:
            parts.append("")
        else:
            parts[-1] += plain or _meant(piece)
    parts[0], parts[-1] = parts[0].lstrip(), parts[-1].rstrip()
    return Value(tuple(parts))


def _meant(escape: re.Match[str]) -> str:
    white, code, keyword, sign = escape.groups()[:4]
    if white:
        return _WHITE[white]
    return chr(int(code, 16)) if code else keyword or sign
