"""EPUB books (2 and 3): the text of their chapters in their order, and what the package says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from articles.errors import Unreadable
from extraction.confined.limits import Limits
from extraction.documents import paper
from extraction.documents.flow import Flow
from extraction.documents.packed import Packed
from extraction.documents.paper import Block, Paper
from extraction.documents.properties import read_properties
from extraction.documents.xml import Silent, read_xml

_ADVICE = "Open it in a program for books, save it as a text and drop that."
_META = {"title": "title", "creator": "author", "date": "created", "language": "language"}
_HEADINGS = {"h1": paper.HEADING1, **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), paper.HEADING)}
_BLOCKS = frozenset({"p", "li", "dt", "dd", "pre", "figcaption", "td", "th", "caption", *_HEADINGS})
_SKIPPED = frozenset({"head", "script", "style", "nav", "svg", "rt", "rp"})
_BLANKS = re.compile(r"[ \t\r\n]+")
_ENTITY = re.compile(rb"&([A-Za-z]{2,10});")
_OWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def read_epub(data: bytes, limits: Limits) -> Paper:
    """Raises ``Unreadable`` where it is broken, or larger than the limits."""
    packed, container = Packed(data, limits), _Container()
    read_xml(packed.read("META-INF/container.xml"), container, limits.depth)
    package, content = _Package(), packed.read(container.package)
    read_xml(content, package, limits.depth)
    flow = Flow()
    folder = dirname(container.package)
    for chapter in package.chapters():
        name = normpath(join(folder, unquote(chapter)))
        if name in packed:
            read_xml(_ENTITY.sub(_character, packed.read(name)), _Chapter(flow), limits.depth)
    known = read_properties(content, _META, limits.depth)
    title = [Block(paper.TITLE, known["title"])] if known.get("title") else []
    if not flow.blocks:
        raise Unreadable("This EPUB book holds no text that can be read.", _ADVICE)
    return Paper(title + flow.blocks, known)


def _character(entity: re.Match[bytes]) -> bytes:
    """XML knows five names, HTML two thousand, which books use without saying so."""
    name = entity[1]
    character = "" if name in _OWN else html5.get(f"{name.decode()};", "")
    return character.encode("ascii", "xmlcharrefreplace") or entity[0]


class _Container(Silent):
    package = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "rootfile" and not self.package:
            self.package = attributes.get("full-path", "")


class _Package(Silent):
    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._order: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "item":
            self._files[attributes.get("id", "")] = attributes.get("href", "")
        elif name == "itemref" and attributes.get("linear") != "no":
            self._order.append(attributes.get("idref", ""))

    def chapters(self) -> list[str]:
        """Return the names of the files of the text, each once."""
        return list(dict.fromkeys(self._files[item] for item in self._order if item in self._files))


class _Chapter:
    """Text that is in no paragraph is one of its own."""

    def __init__(self, flow: Flow) -> None:
        self._flow, self._skipped = flow, 0

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
        elif name in _BLOCKS or name in {"div", "body", "section", "article", "blockquote"}:
            self._flow.begin(_HEADINGS.get(name, ""))
        elif name == "br":
            self._flow.add("\n")
        elif name == "tr":
            self._flow.begin_row()
        if not self._skipped and name in {"td", "th"}:
            self._flow.begin_cell()

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in _BLOCKS or name in {"div", "body", "section", "article", "blockquote"}:
            self._flow.end()
        elif name == "tr":
            self._flow.end_row()

    def data(self, text: str) -> None:
        if not self._skipped:
            self._flow.add(_BLANKS.sub(" ", text))
