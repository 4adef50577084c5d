"""The running text of elements: NITF, XHTML and what feeds hold -> paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from extraction.formats.clean import one_line
from extraction.formats.wire.tree import BREAKS, Element, name_of
from german.wordlist import word_list

#: Elements that part paragraphs, of NITF and of HTML.
BLOCKS = word_list(
    "address article aside blockquote block body body.content bq caption dd div dl dt fn footer"
    " h1 h2 h3 h4 h5 h6 header hl1 hl2 hr li lead main nitf-table ol p pre section table tbody"
    " tfoot thead tr ul"
)
_CELLS = frozenset({"td", "th"})
#: What is no running text of the article: pictures with their captions, notes to editors, programs.
NO_TEXT = frozenset(
    word_list(
        "audio aside figure footer form head header iframe img media media-caption nav noscript"
        " note object script style svg table.meta title video"
    )
)
#: Elements that may hold text of the article all the same, and what of them that is.
_WITH_TEXT = {
    "figure": word_list("blockquote dl ol pre table ul"),
    "header": frozenset({"p"}),
}
_PART, _LINE = "\x1e", "\x1f"
_TWO_BREAKS = re.compile(rf"{_LINE}\s*{_LINE}")
_FRACTION = "frac-den"
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'»“”)\]]*\Z")


@dataclass(frozen=True, slots=True)
class _Within:
    """An element that holds no text but that of ``names``; or one of these, from a piece on."""

    node: Element
    names: Collection[str] | None = None
    begins: int = 0
    sentences: bool = False


def paragraphs_of(element: Element, skipped: Collection[str] = NO_TEXT) -> list[str]:
    """Return the paragraphs in an element, each with the line ends that ``<br>`` makes.

    Elements whose names are ``skipped`` are left out, with all that is in them, but for tables
    within pictures, and a lead within a head.
    """
    pieces = [element.text or ""]
    within: list[_Within] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node is element:
            continue
        name, mark, behind = _marks(node.tag)
        if event == "end":
            pieces += _ended(node, within, pieces) if within else (behind, node.tail or "")
        elif within and within[-1].names is not None:
            if name in within[-1].names:
                sentences = name_of(within[-1].node) == "header"
                within.append(_Within(node, None, len(pieces), sentences))
                pieces += (_PART, node.text or "")
        elif name not in skipped:
            pieces += (mark, node.text or "")
        elif name in _WITH_TEXT:
            within.append(_Within(node, _WITH_TEXT[name]))
        else:
            walk.skip_subtree()
    return _lines("".join(pieces))


def _ended(node: Element, within: list[_Within], pieces: list[str]) -> tuple[str, ...]:
    """What the end of an element adds; where it was none of the text after all, that goes."""
    if within and within[-1].node is node:
        last = within.pop()
        if last.names is None:
            said = "".join(pieces[last.begins :]).strip()
            if last.sentences and not _ENDS_SENTENCE.search(said):
                del pieces[last.begins :]
            return (_PART,)
    if within and within[-1].names is not None:
        return ()
    return (_marks(node.tag)[2], node.tail or "")


@lru_cache(maxsize=1_000)
def _marks(tag: str) -> tuple[str, str, str]:
    """Return the name of an element, and what stands for its beginning and for its end."""
    name = tag.rpartition("}")[2]
    if name in BLOCKS:
        return name, _PART, _PART
    if name == _FRACTION:
        return name, "/", ""
    blank = " " if name in _CELLS else ""
    return name, blank, _LINE if name in BREAKS else blank


def _lines(text: str) -> list[str]:
    """White space of XML is none of the text; two ends of a line part paragraphs."""
    paragraphs: list[str] = []
    for part in _TWO_BREAKS.sub(_PART, text).split(_PART):
        lines = [line for raw in part.split(_LINE) if (line := one_line(raw))]
        if lines:
            paragraphs.append("\n".join(lines))
    return paragraphs
