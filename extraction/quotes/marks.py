"""Find quotation marks of every German style and pair them within a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from german.tokens import Token

_ANGLE_OPENER = re.compile(r"(?:(?<=[\s(\[–—„“\"‚-])|\A)(?:[»«]|<<|>>)(?=[^\s.,;:!?)])")
_ANGLE_MARK = re.compile(r"[»«]|<<|>>")
_ASCII = {"<<": "«", ">>": "»"}
_BEFORE_OPENER = frozenset('([{<–—-/…„“”‟"»«‚‘›‹')
_FINAL = (".", "!", "?", "…")
_DOUBLE, _SINGLE, _ANGLE, _SMALL_ANGLE = "double", "single", "angle", "small angle"


class Pair(NamedTuple):
    """A quotation with its marks: ``start`` to ``end``; its words are ``first`` to ``last``.

    ``final`` tells whether the words end a sentence, ``depth`` in how many other pairs it stands.
    ``continued`` tells that the quotation goes on in the next paragraph.
    """

    start: int
    end: int
    first: int
    last: int
    final: bool
    depth: int = 0
    continued: bool = False


class Mark(NamedTuple):
    """One quotation mark."""

    family: str
    start: int
    end: int


@dataclass(slots=True)
class Marks:
    """What a paragraph holds: pairs, a mark that nothing closes, marks that nothing opens."""

    pairs: list[Pair] = field(default_factory=list)
    unclosed: Mark | None = None
    unopened: list[Mark] = field(default_factory=list)


def pair(text: str, start: int, end: int, first: int, last: int) -> Pair:
    """Return the pair of these bounds; blanks at the edges of its words are no part of them."""
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    tail = text[max(first, last - 3) : last].rstrip("“”\"«»‘’'‹› ")
    return Pair(start, end, first, last, tail.endswith(_FINAL))


def read_marks(text: str, start: int, end: int, marks: Iterable[Token]) -> Marks:
    """Pair the quotation ``marks`` of the paragraph ``text[start:end]``, innermost first."""
    reader = _Reader(text, start, end)
    for mark in marks:
        reader.take(*mark)
    left = [mark for mark in reader.stack if mark.family in (_DOUBLE, _ANGLE)]
    return Marks(reader.pairs, left[0] if left else None, reader.unopened)


def _angle_opener(text: str, start: int, end: int) -> str:
    """Tell which of » and « opens here: the one that stands first before a word."""
    match = _ANGLE_OPENER.search(text[start:end]) or _ANGLE_MARK.search(text, start, end)
    return _ASCII.get(match[0], match[0]) if match else "»"


@dataclass(slots=True)
class _Reader:
    text: str
    start: int
    end: int
    angle: str = ""
    stack: list[Mark] = field(default_factory=list)
    open: Counter[str] = field(default_factory=Counter)
    pairs: list[Pair] = field(default_factory=list)
    unopened: list[Mark] = field(default_factory=list)

    def take(self, mark: str, start: int, end: int) -> None:
        before = self.text[start - 1] if start > self.start else " "
        after = self.text[end] if end < self.end else " "
        opens = (before.isspace() or before in _BEFORE_OPENER) and not (
            after.isspace() or after in ".,;:!?)"
        )
        mark = _ASCII.get(mark, mark)
        if mark in "„,,``":
            self._opens(_DOUBLE, start, end)
        elif mark in "»«":
            self.angle = self.angle or _angle_opener(self.text, self.start, self.end)
            self._directed(_ANGLE, mark == self.angle, start, end)
        elif mark in "›‹":
            self._directed(_SMALL_ANGLE, not self.open[_SMALL_ANGLE], start, end)
        elif mark in "“”‟\"''" and mark != "'":
            self._double(mark, opens, before, start, end)
        elif not (before.isalnum() and after.isalnum()):
            self._single(mark, opens, after, start, end)

    def _directed(self, family: str, opens: bool, start: int, end: int) -> None:
        if opens:
            self._opens(family, start, end)
        else:
            self._closes(family, start, end)

    def _double(self, mark: str, opens: bool, before: str, start: int, end: int) -> None:
        within = self.open[_DOUBLE] > 0
        if opens and not (within and (not before.isspace() or mark == "”")):
            self._opens(_DOUBLE, start, end)
        elif within or not (mark in "\"''" and before.isdigit()):  # 19" is a measure
            self._closes(_DOUBLE, start, end)

    def _single(self, mark: str, opens: bool, after: str, start: int, end: int) -> None:
        top = self.stack[-1].family if self.stack else ""
        closes = mark != "‚" and top == _SINGLE and not after.isalnum()
        if closes and not (opens and mark == "'"):
            self._closes(_SINGLE, start, end)
        elif mark == "‚" or (opens and mark != "’"):
            self._opens(_SINGLE, start, end)

    def _opens(self, family: str, start: int, end: int) -> None:
        self.stack.append(Mark(family, start, end))
        self.open[family] += 1

    def _closes(self, family: str, start: int, end: int) -> None:
        """Close the innermost open mark of the family; what is open within it is dropped."""
        if not self.open[family]:
            if family in (_DOUBLE, _ANGLE):
                self.unopened.append(Mark(family, start, end))
            return
        mark = self._drop()
        while mark.family != family:
            mark = self._drop()
        if any(map(str.isalnum, self.text[mark.end : min(start, mark.end + 80)])):
            self.pairs.append(pair(self.text, mark.start, end, mark.end, start))

    def _drop(self) -> Mark:
        mark = self.stack.pop()
        self.open[mark.family] -= 1
        return mark
