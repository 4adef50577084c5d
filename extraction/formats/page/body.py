"""The running text of a page, by trafilatura (Barbaresi, 2021), which knows the web's layouts.

It gets a tree without furniture and head, and only reads it: nothing is ever fetched, and what it
guesses of titles, authors and dates is not asked for. What it does not find, a plain walk does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from extraction.formats.page.tree import Element, lines_of, named, text_of

_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "tr", "dt", "dd"}
)
_BODY = re.compile(
    r"-(?:article-?body|article-(?:content|text|main)|story-?body|entry-content|post-content|post-body"
    r"|artikel-?(?:text|inhalt|body)|content-text|body-text|rich-?text|fliesstext|textbody|copytext)-"
)
_FAULTS = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)
#: A walk counts where it has so much more than trafilatura has, or as much in more paragraphs.
_MORE, _AS_MUCH = 1.25, 0.8


def paragraphs_of(root: Element) -> list[str]:
    """Return the paragraphs of the article, headings between them too, each as one text."""
    guessed = list(_guessed(root))
    walked = list(_walked(root))
    more = _size(walked) / max(1, _size(guessed))
    return walked if more > _MORE or (more > _AS_MUCH and len(walked) > len(guessed)) else guessed


def _guessed(root: Element) -> Iterator[str]:
    try:
        document = _trafilatura().bare_extraction(
            root, include_comments=False, with_metadata=False, fast=True
        )
    except _FAULTS:  # its own, in pages that no browser shows: the walk is still there
        return
    if document is not None and document.body is not None:
        for block in document.body:
            yield from _block(block)


def _block(block: Element) -> Iterator[str]:
    """Yield the paragraphs of one of its blocks: an item of a list and a row are one each."""
    parts = {"list": "item", "table": "row"}.get(block.tag)
    if parts is None:
        yield lines_of(block)
        return
    for part in block.iter(parts):
        cells = [text_of(cell) for cell in part.iter("cell")]
        yield " ".join(cells) if cells else lines_of(part)


def _walked(root: Element) -> Iterator[str]:
    """Yield the text of the element that is said to hold the article, block by block."""
    holder = _holder(root)
    if holder is None:
        return
    inside: set[Element] = set()
    for element in holder.iter():
        if element.getparent() in inside:
            inside.add(element)
        elif element.tag in _BLOCKS:
            inside.add(element)
            yield text_of(element)


def _holder(root: Element) -> Element | None:
    """Return the innermost element that says that it is the article's text."""
    said = [each for each in root.iter() if _is_said(each)]
    return max(
        said, key=lambda each: (each.get("itemprop") == "articleBody", _letters(each)), default=None
    )


def _is_said(element: Element) -> bool:
    if element.get("itemprop") == "articleBody" or element.tag == "article":
        return True
    return bool(_BODY.search(named(element)))


def _letters(element: Element) -> int:
    return sum(len("".join(p.itertext())) for p in element.iter("p"))


def _size(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))


@cache
def _trafilatura() -> Any:
    import trafilatura  # takes a quarter of a second, and most files are no pages

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it discards, we say
    return trafilatura
