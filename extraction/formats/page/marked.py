"""What elements of the page say of its article outside of its text: microdata, and dates in lines.

To be read before the furniture goes: content systems put it into footers, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extraction.formats.page.dates import is_told
from extraction.formats.page.tree import Element, text_of

_PUBLISHED = frozenset({"datepublished", "datecreated"})
_AUTHOR = frozenset({"author"})
_BESIDE = ("aside", "nav")
_LINES = frozenset({"p", "div", "span", "li", "dd", "td", "small", "em"})
_LONGEST, _MOST, _MOST_PARTS = 200, 3, 6


@dataclass(frozen=True, slots=True)
class Marked:
    """``published`` by microdata, the ``author`` likewise, and ``lines`` that tell of a date."""

    published: tuple[str, ...]
    author: tuple[str, ...]
    lines: tuple[str, ...]


def marked(root: Element) -> Marked:
    """Return what is marked; of the author the first, for those behind are of comments."""
    said = [each for each in root.iter() if each.get("itemprop")]
    published = [_value(each) for each in said if _is(each, _PUBLISHED)][:_MOST]
    authors = [_value(each) for each in said if _is(each, _AUTHOR)][:1]
    return Marked(tuple(published), tuple(authors), tuple(_lines(root))[:_MOST])


def _is(element: Element, names: frozenset[str]) -> bool:
    return element.get("itemprop").lower() in names


def _value(element: Element) -> str:
    said = element.get("content") or element.get("datetime") or element.get("title")
    return said or text_of(element)[:_LONGEST]


def _lines(root: Element) -> Iterator[str]:
    for element in root.iter(*_LINES):
        if len(element) > _MOST_PARTS or len("".join(element.itertext())) > _LONGEST:
            continue
        line = text_of(element)
        if is_told(line) and next(element.iterancestors(*_BESIDE), None) is None:
            yield line
