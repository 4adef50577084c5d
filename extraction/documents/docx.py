"""Word documents (.docx, .docm, .dotx; ECMA-376): their paragraphs, tables and properties.

Read are texts as they stand: insertions, hyperlinks, text boxes, content controls; not what was
deleted or is hidden, nor codes of fields, headers, footers, notes, comments. Macros are never
looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from posixpath import normpath

from extraction.confined.limits import Limits
from extraction.documents import paper
from extraction.documents.packed import Packed
from extraction.documents.paper import Block, Paper
from extraction.documents.properties import read_properties
from extraction.documents.styles import kind_of
from extraction.documents.xml import read_xml

_MAIN = "word/document.xml"
_CORE = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}
#: What is not of the text that stands: moved away, deleted, a second way to say the same.
_SKIPPED = frozenset({"moveFrom", "del", "Fallback", "rPrChange", "pPrChange", "instrText"})
_BROKEN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\xad"}
_OFF = frozenset({"0", "false", "off"})
_FOLLOWED = 20
#: Ids of styles that each program has for its running text, in English and German.
_PLAIN = frozenset({"", "Normal", "Standard", "BodyText", "Textkrper", "ListParagraph"})


def read_docx(data: bytes, limits: Limits) -> Paper:
    """Raises ``Unreadable`` where it is broken, or larger than the limits."""
    packed = Packed(data, limits)
    main = _main_part(packed, limits)
    folder = main.rpartition("/")[0]
    text = _Text(cache(_Styles(packed, f"{folder}/styles.xml", limits.depth).kind))
    read_xml(packed.read(main), text, limits.depth)
    core = read_properties(packed.get("docProps/core.xml"), _CORE, limits.depth)
    return Paper(text.blocks, core)


def _main_part(packed: Packed, limits: Limits) -> str:
    """Its name, which some programs choose themselves (part 2, 9.3)."""
    relations = _Relations()
    if table := packed.get("_rels/.rels"):
        read_xml(table, relations, limits.depth)
    return relations.main if relations.main in packed else _MAIN


class _Relations:
    main = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = normpath(attributes.get("Target", "").lstrip("/"))

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...


class _Styles:
    """The names of paragraph styles by their ids, and which each is based on.

    Their table is larger than most documents: it is read where an id does not tell by itself.
    """

    def __init__(self, packed: Packed, table: str, depth: int) -> None:
        self._packed, self._table, self._depth = packed, table, depth
        self._names: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._id = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style":
            self._id = attributes.get("styleId", "")
        elif name == "name":
            self._names[self._id] = attributes.get("val", "")
        elif name == "basedOn":
            self._based[self._id] = attributes.get("val", "")

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...

    def kind(self, style: str) -> str:
        """Return what a style is, by its own name or by that of one that it is based on."""
        if style in _PLAIN or (kind := kind_of(style)):
            return "" if style in _PLAIN else kind
        if not self._names and (data := self._packed.get(self._table)):
            read_xml(data, self, self._depth)
        for _ in range(_FOLLOWED):
            if kind := kind_of(self._names.get(style, "")) or kind_of(style):
                return kind
            style = self._based.get(style, "")
        return ""


@dataclass(slots=True)
class _Paragraph:
    kind: str = ""
    pieces: list[str] = field(default_factory=list)


class _Text:
    """Paragraphs as they end; those of a row of a table with one a cell are one block."""

    def __init__(self, kind_of_style: Callable[[str], str]) -> None:
        self.blocks: list[Block] = []
        self._kind_of_style = kind_of_style
        self._open: list[_Paragraph] = []
        self._skipped = 0
        self._reads = self._hidden = self._in_run = False
        #: Of each table that is open: where its row began, and how many paragraphs its cells have.
        self._rows: list[tuple[int, list[int]]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
        elif name == "p":
            self._open.append(_Paragraph())
        elif name == "t":
            self._reads = not self._hidden
        elif name == "r":
            self._hidden, self._in_run = False, True
        elif name == "vanish":
            self._hidden = self._in_run and attributes.get("val") not in _OFF
        elif name in _BROKEN:
            # Of a run; the tabs of a paragraph's properties are where they stop.
            if self._open and self._in_run and not self._hidden:
                self._open[-1].pieces.append(_BROKEN[name])
        else:
            self._structure(name, attributes)

    def _structure(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "pStyle" and self._open:
            self._open[-1].kind = self._kind_of_style(attributes.get("val", ""))
        elif name == "outlineLvl" and self._open and not self._open[-1].kind:
            first = attributes.get("val") == "0"
            self._open[-1].kind = paper.HEADING1 if first else paper.HEADING
        elif name == "tr":
            self._rows.append((len(self.blocks), []))
        elif name == "tc" and self._rows:
            self._rows[-1][1].append(len(self.blocks))

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name == "t":
            self._reads = False
        elif name == "r":
            self._in_run = self._hidden = False
        elif name == "p" and self._open:
            done = self._open.pop()
            if (text := "".join(done.pieces)).strip():
                self.blocks.append(Block(done.kind or paper.TEXT, text.strip()))
        elif name == "tr" and self._rows:
            self._end_row(*self._rows.pop())

    def _end_row(self, began: int, cells: list[int]) -> None:
        counts = [
            end - start for start, end in zip(cells, [*cells[1:], len(self.blocks)], strict=True)
        ]
        if len(counts) > 1 and max(counts) <= 1 and len(self.blocks) > began + 1:
            row = " ".join(" ".join(block.text.split()) for block in self.blocks[began:])
            self.blocks[began:] = [Block(paper.TEXT, row)]

    def data(self, text: str) -> None:
        if self._reads and not self._skipped and self._open:
            self._open[-1].pieces.append(text)
