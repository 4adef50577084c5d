"""The running text of elements: NITF, XHTML and what feeds hold -> paragraphs."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

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
        name = name_of(node)
        if event == "end":
            if within:
                pieces += _ended(node, name, within, pieces)
            else:
                pieces += _behind(node, name)
        elif within and within[-1].names is not None:
            if name in within[-1].names:
                sentences = name_of(within[-1].node) == "header"
                within.append(_Within(node, None, len(pieces), sentences))
                pieces += (_PART, node.text or "")
        elif name not in skipped:
            pieces += (_mark(name), node.text or "")
        elif name in _WITH_TEXT:
            within.append(_Within(node, _WITH_TEXT[name]))
        else:
            walk.skip_subtree()
    return _lines("".join(pieces))


def _ended(node: Element, name: str, within: list[_Within], pieces: list[str]) -> tuple[str, ...]:
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
    return _behind(node, name)


def _behind(node: Element, name: str) -> tuple[str, str]:
    mark = "" if name == _FRACTION else _mark(name)
    return (_LINE if name in BREAKS else mark, node.tail or "")


def _mark(name: str) -> str:
    if name in BLOCKS:
        return _PART
    if name == _FRACTION:
        return "/"
    return " " if name in _CELLS else ""


def _lines(text: str) -> list[str]:
    """White space of XML is none of the text; two ends of a line part paragraphs."""
    paragraphs: list[str] = []
    for part in _TWO_BREAKS.sub(_PART, text).split(_PART):
        lines = [line for raw in part.split(_LINE) if (line := one_line(raw))]
        if lines:
            paragraphs.append("\n".join(lines))
    return paragraphs
