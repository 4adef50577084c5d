"""The running text of elements: NITF, XHTML and what feeds hold -> paragraphs."""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree

from extraction.formats.clean import one_line
from extraction.formats.wire.tree import Element, name_of
from german.wordlist import word_list

#: Elements that part paragraphs, of NITF and of HTML.
_BLOCKS = word_list(
    "address article aside blockquote block body body.content bq caption dd div dl dt fn footer"
    " h1 h2 h3 h4 h5 h6 header hl1 hl2 hr li lead main nitf-table ol p pre section table tbody"
    " tfoot thead tr ul"
)
_BREAKS = frozenset({"br", "nl"})
_CELLS = frozenset({"td", "th"})
#: What is no running text of the article: pictures with their captions, notes to editors, programs.
NO_TEXT = frozenset(
    word_list(
        "audio aside figure footer form head header iframe img media media-caption nav noscript"
        " note object script style svg table.meta title video"
    )
)
_PART, _LINE = "\x1e", "\x1f"


def paragraphs_of(element: Element, skipped: Collection[str] = NO_TEXT) -> list[str]:
    """Return the paragraphs in an element, each with the line ends that ``<br>`` makes.

    Elements whose names are ``skipped`` are left out, with all that is in them.
    """
    pieces = [element.text or ""]
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node is element:
            continue
        name = name_of(node)
        if event == "start":
            if name in skipped:
                walk.skip_subtree()
            else:
                pieces += (_mark(name), node.text or "")
        else:
            pieces += (_LINE if name in _BREAKS else _mark(name), node.tail or "")
    return _lines("".join(pieces))


def _mark(name: str) -> str:
    if name in _BLOCKS:
        return _PART
    return " " if name in _CELLS else ""


def _lines(text: str) -> list[str]:
    """White space of XML is none of the text; two ends of a line part paragraphs."""
    paragraphs: list[str] = []
    for part in text.replace(_LINE * 2, _PART).split(_PART):
        lines = [line for raw in part.split(_LINE) if (line := one_line(raw))]
        if lines:
            paragraphs.append("\n".join(lines))
    return paragraphs
