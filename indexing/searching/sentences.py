"""Whole sentences around matches.

Elasticsearch's highlighter takes its sentences from Java's ``BreakIterator``, which ends one after
every point before a capital: ``am 28.`` | ``Januar``, ``Dr.`` | ``Merkel``, and ends none at a
heading without a point. Its fragments are looked up in the text and mended there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_END = re.compile(r"(?:^|[\s(„“\"»«–/])([^\W\d_]+|\d{1,3})\.\s*\Z")
_NEXT = re.compile(r"\s*([„“\"»«(]*)(\w+)")
_ROMAN = re.compile(r"[IVX]+")
#: ``z. B.``, ``u.a.``
_PAIR = re.compile(r"(?:^|[\s(])[a-zäöü]\.\s?[A-Za-zÄÖÜäöü]\.\s*\Z")
_PARAGRAPH = re.compile(r"\n\s*\n")
#: How far back and on a sentence is looked for, in characters.
_REACH = 600


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of a text, and the matches in it, as offsets in characters."""

    start: int
    end: int
    marks: tuple[tuple[int, int], ...]


def whole(text: str, fragments: Sequence[str], tags: tuple[str, str]) -> list[str]:
    """Return the ``fragments`` of ``text`` as whole sentences.

    ``tags`` stand around each match, before and after. Fragments that turn out to be one sentence
    become one, with the matches of all; a fragment that the text does not hold stays as it is.
    """
    located: list[Marked] = []
    strays: list[str] = []
    for fragment in fragments:
        marked = _located(text, fragment, tags)
        if marked is None:
            strays.append(fragment)
        else:
            _add(located, _grown(text, marked))
    return [*(_rendered(text, one, tags) for one in located), *strays]


def continues(before: str, after: str) -> bool:
    """Tell whether a point at the end of ``before`` ends no sentence, ``after`` following it."""
    found, following = _END.search(before[-40:]), _NEXT.match(after[:60])
    if not (found and following):
        return False
    if _PARAGRAPH.search(before[-40:][found.end(1) :] + after[: following.start(2)]):
        return False
    word, opens = found[1], following[2] in _words("openers") or bool(following[1])
    known = _words("abbreviations")
    if word.lower() in known or _PAIR.search(before[-40:]):
        return True
    may_go_on = (
        word.isdigit() or len(word) == 1 or _ROMAN.fullmatch(word) or f"{word.lower()}?" in known
    )
    return bool(may_go_on) and not opens


@cache
def _words(name: str) -> frozenset[str]:
    lines = (files("indexing.searching") / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if line[:1] != "#" for word in line.split())


def _located(text: str, fragment: str, tags: tuple[str, str]) -> Marked | None:
    pieces = re.split("|".join(map(re.escape, tags)), fragment)
    start = text.find("".join(pieces))
    if start < 0:
        return None
    marks, at = [], start
    for number, piece in enumerate(pieces):
        if number % 2:
            marks.append((at, at + len(piece)))
        at += len(piece)
    return Marked(start, at, tuple(marks))


def _grown(text: str, found: Marked) -> Marked:
    """Within its paragraphs, back and on over every point that ends no sentence."""
    first, last = found.marks[0] if found.marks else (found.start, found.start), found.end
    if found.marks:
        last = found.marks[-1][1]
    start = max([found.start, *(m.end() for m in _PARAGRAPH.finditer(text, found.start, first[0]))])
    gap = _PARAGRAPH.search(text, last, found.end)
    end = gap.start() if gap else found.end
    return Marked(_back(text, start), _on(text, end), found.marks)


def _back(text: str, start: int) -> int:
    while continues(text[max(start - 40, 0) : start], text[start : start + 60]):
        ends = list(_breaks(text, max(start - _REACH, 0), start - 2))
        start = ends[-1] if ends else max(start - _REACH, 0)
    return start


def _on(text: str, end: int) -> int:
    while continues(text[max(end - 40, 0) : end], text[end : end + 60]):
        end = next(_breaks(text, end, min(end + _REACH, len(text))), min(end + _REACH, len(text)))
    return end


_BREAK = re.compile(r"[.!?…][“”\"«»‘)]*\s+|\n\s*\n")


def _breaks(text: str, start: int, end: int) -> Iterator[int]:
    return (match.end() for match in _BREAK.finditer(text, start, end))


def _add(located: list[Marked], new: Marked) -> None:
    """Join with those that it overlaps; the place of the first is kept."""
    for place, old in enumerate(located):
        if new.start < old.end and old.start < new.end:
            marks = tuple(sorted({*old.marks, *new.marks}))
            located[place] = Marked(min(old.start, new.start), max(old.end, new.end), marks)
            return
    located.append(new)


def _rendered(text: str, found: Marked, tags: tuple[str, str]) -> str:
    parts, at = [], found.start
    for start, end in found.marks:
        parts += [text[at:start], tags[0], text[start:end], tags[1]]
        at = end
    return "".join([*parts, text[at : found.end]]).strip()
