"""Where German sentences and paragraphs end: the one rule for readers, highlights and headlines.

A sentence ends at ``.``, ``!``, ``?`` or ``…``, with the marks that close behind it, before a blank
and what may begin one: no small letter. A point may belong to the word before it instead: to an
abbreviation, an initial, an ordinal number. Empty lines end whatever stands before them, and
the items of a list are sentences of their own. A colon ends none: ``Er sagte: Das ist gut.``
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from german.wordlist import word_list, words_of

_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n(?!\s*\n)[^\n]*)*")
#: What may end a sentence, with the marks that close behind it; or the bullet of a new line. It
#: begins with a set of characters, so that the search skips all others.
_STOP = re.compile(
    r"[.!?…\n](?:(?<!\n)(?P<more>[.!?…]*)(?P<closers>[\"“”«»‘’'›‹>)\]]*)"
    r"|(?<=\n)[ \t]*(?P<bullet>[•·*–—-]|\d{1,2}[.)])(?=[ \t]))"
)
_ITEM = re.compile(r"(?:[•·*–—-]|\d{1,2}[.)])\s")
#: What an author signs with at the end: `(red, 13.2.2016)`.
_SIGN = re.compile(r"\s+[(\[][^()\[\]\n]{1,50}[)\]]\Z")
_NEXT = re.compile(r"(?P<between>[\W_]*)(?P<word>\w*)")
_LETTERS_AND_POINTS = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,3}")
_DAY_AND_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")
#: What makes a number before it a day, a month or an hour: ``3. 5.``, ``19. 30 Uhr``.
_MONTH_OR_MINUTES = re.compile(r"\s*\d{1,2}(?:\.|\s+Uhr)")
_YEAR = re.compile(r"\s*\d{4}\b")
_ROMAN = re.compile(r"[IVX]+")
_NO_VOWEL = re.compile(r"[^\W\d_aeiouyäöüAEIOUYÄÖÜ][bcdfghjklmnpqrstvwxzß]{1,4}")
#: How far back and on a point is judged by, in characters: so that the time is linear.
_BACK, _ON = 40, 60
_OPENING = "\"'„“”»«‚‘’›‹([{"
_QUOTES = frozenset('"„“”»«‚‘›‹')
#: Digits of an ordinal number; one with the most is only known by an article.
_ORDINAL = 3
_MONTHS = word_list(
    """
    Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember
    """
)
_BEFORE_ORDINALS = word_list(
    """
    der die das den dem des am im zum zur vom beim ans ins aufs ein eine einem einen einer eines
    sein seine seinem seinen seiner seines ihr ihre ihrem ihren ihrer ihres unser unsere unserem
    unseren unserer mein meine meinem meinen meiner jeder jede jedes jedem jeden dieser diese
    dieses diesem diesen
    """
)


#: A number, a ``3.10``; what always or maybe is an abbreviation, or looks like one; any other word.
_Kind = Literal["number", "day", "always", "maybe", "short", "end"]


class Span(NamedTuple):
    """Characters from ``start`` up to and without ``end``."""

    start: int
    end: int


class _Point(NamedTuple):
    """A point and what stands around it: the ``word`` before it, the one ``before`` that, and the
    ``following`` one; ``opened`` tells that a quotation begins there."""

    word: str
    before: str
    following: str
    opened: bool
    rest: str

    @property
    def opens(self) -> bool:
        """Tell whether what follows begins a sentence for certain."""
        return self.opened or self.following in words_of("german", "openers.txt")


def paragraphs(text: str) -> list[Span]:
    """Return what empty lines part, in order, without white space at the edges."""
    return [_trimmed(text, *match.span()) for match in _PARAGRAPH.finditer(text)]


def sentences(text: str) -> list[Span]:
    """Return the sentences in order, without white space at their edges; all else is in one.

    Total on any string and linear in its length.
    """
    return sentences_of(text, paragraphs(text))


def sentences_of(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the sentences of some of the ``paragraphs`` of a text."""
    return [span for start, end in spans for span in _cut(text, start, end)]


def is_abbreviation(word: str) -> bool:
    """Tell whether a point behind a word belongs to it: of ``Dr``, ``v.a``, ``Mio``, ``J``."""
    initial = len(word) == 1 and word.isupper()
    return initial or _is_listed(word, "") or _is_listed(word, "?")


def _trimmed(text: str, start: int, end: int) -> Span:
    while text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a paragraph, which begins and ends with something else than white space."""
    for stop in _STOP.finditer(text, start, end):
        item = stop["bullet"] is not None
        at = stop.start() if item else stop.end()
        if at <= start or at >= end or not text[at].isspace():
            continue
        if _is_item(text, start, stop) if item else _ends(text, start, stop, end):
            yield _trimmed(text, start, at)
            start = at
            while text[start].isspace():
                start += 1
    yield Span(start, end)


def _is_item(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether a line that looks so is an item of a list, and not a wrapped ``am 3. Mai``."""
    if stop["bullet"] in "•·":
        return True
    at = stop.start()
    before = text[max(start, at - _BACK) : at].rstrip()
    return before.endswith((":", ";", ".", "!", "?")) or bool(_ITEM.match(text, start))


def _ends(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    mark, closers, first = text[stop.start() : stop.end("more")], stop["closers"], stop.start()
    behind = _NEXT.match(text, stop.end(), min(stop.end() + _ON, end))
    following = behind["word"] if behind else ""
    signed = _SIGN.match(text, stop.end(), end)
    if first == start or not (behind and (signed or _may_begin(following))):
        return False
    if text[first - 1] == "(" and closers:  # ein (!) Zeichen
        return False
    if mark != ".":
        return True
    chunks = text[max(start, first - _BACK) : first].split()
    word, before = _before(chunks) if chunks and not text[first - 1].isspace() else ("", "")
    opened = not _QUOTES.isdisjoint(behind["between"])
    rest = text[behind.start("word") : min(behind.start("word") + _ON, end)]
    return not _goes_on(_Point(word, before, following, opened, rest), bool(closers))


def _may_begin(word: str) -> bool:
    """Tell whether a sentence may begin with a word: ``eBay`` and ``3`` may, ``ging`` not."""
    return not word[:1].islower() or any(map(str.isupper, word))


def _before(chunks: list[str]) -> tuple[str, str]:
    """Return the word before a point, ``d. h`` as ``d.h``, and the one before it."""
    word, place = chunks[-1].lstrip(_OPENING), len(chunks) - 2
    while place >= 0 and len(word) < _ORDINAL * 2 and _is_letter(chunks[place].lstrip(_OPENING)):
        word = chunks[place].lstrip(_OPENING) + word
        place -= 1
    return word, chunks[place] if place >= 0 else ""


def _is_letter(chunk: str) -> bool:
    return len(chunk) == len("d.") and chunk[0].isalpha() and chunk[1] == "."


def _goes_on(point: _Point, closed: bool) -> bool:
    """Tell whether the point belongs to the word before it; ``closed`` if marks close behind."""
    kind = _kind(point.word)
    if kind == "number":
        return not closed and _is_ordinal(point)
    if kind == "day":
        return not (closed or point.opens or point.following[:1].isdigit())
    if kind == "short":
        return not (closed or point.opens)
    return kind == "always" or (kind == "maybe" and not point.opens)


@lru_cache(maxsize=4_096)
def _kind(word: str) -> _Kind:
    """Return what a word before a point may be, of 40 characters at most: words come again."""
    if word.isdigit():
        return "number"
    if _DAY_AND_MONTH.fullmatch(word):
        return "day"
    if _is_listed(word, ""):
        return "always"
    if _is_listed(word, "?"):
        return "maybe"
    return "short" if _looks_short(word) else "end"


def _is_ordinal(point: _Point) -> bool:
    if len(point.word) > _ORDINAL:
        return False
    if not point.before:  # the number of an item, `1. FC Köln`
        return True
    if point.following[:1].isdigit():
        dated = point.before[:-1].isdigit() and _YEAR.match(point.rest)
        return bool(dated or _MONTH_OR_MINUTES.match(point.rest))
    if point.opens:
        return False
    known = point.following in _MONTHS or point.before.lower() in _BEFORE_ORDINALS
    return known or len(point.word) < _ORDINAL


def _is_listed(word: str, sign: str) -> bool:
    """Tell whether the abbreviation, or its last part (``Dipl.-Ing``), is in the list."""
    last = word.rpartition("-")[2]
    known = words_of("german", "abbreviations.txt")
    return any(f"{form}{sign}" in known for form in (word, word.lower(), last, last.lower()))


def _looks_short(word: str) -> bool:
    """Tell an initial, a Roman number, ``h.c``, ``Sgt``, ``Bahnhofstr``."""
    initial = len(word) == 1 and word.isalpha()
    shape = (
        _ROMAN.fullmatch(word) or _NO_VOWEL.fullmatch(word) or _LETTERS_AND_POINTS.fullmatch(word)
    )
    return initial or bool(shape) or word.endswith("str")
