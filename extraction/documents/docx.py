"""Word documents (.docx, .docm, .dotx; ECMA-376): their paragraphs, tables and properties.

Read is the text as it stands: insertions, hyperlinks, text boxes, content controls; not what was
deleted or is hidden, nor codes of fields, headers, footers, notes, comments. Macros are never
looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from posixpath import normpath

from extraction.confined.limits import Limits
from extraction.documents import paper
from extraction.documents.flow import Flow
from extraction.documents.packed import Packed
from extraction.documents.paper import Paper
from extraction.documents.properties import read_properties
from extraction.documents.styles import StyleTable
from extraction.documents.xml import Silent, read_xml

_MAIN = "word/document.xml"
_CORE = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}
#: What is not of the text that stands: moved away, deleted, a second way to say the same.
_SKIPPED = frozenset({"moveFrom", "del", "Fallback", "rPrChange", "pPrChange", "instrText"})
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": "\xad"}
_OFF = frozenset({"0", "false", "off"})


def read_docx(data: bytes, limits: Limits) -> Paper:
    """Raises ``Unreadable`` where it is broken, or larger than the limits."""
    packed = Packed(data, limits)
    main = _main_part(packed, limits)
    table = packed.get(main.rpartition("/")[0] + "/styles.xml")

    def load(styles: StyleTable) -> None:
        if table:
            read_xml(table, _Styles(styles), limits.depth)

    text = _Text(StyleTable(load))
    read_xml(packed.read(main), text, limits.depth)
    core = read_properties(packed.get("docProps/core.xml"), _CORE, limits.depth)
    return Paper(text.flow.blocks, core)


def _main_part(packed: Packed, limits: Limits) -> str:
    """Its name, which some programs choose themselves (part 2, 9.3)."""
    relations = _Relations()
    if table := packed.get("_rels/.rels"):
        read_xml(table, relations, limits.depth)
    return relations.main if relations.main in packed else _MAIN


class _Relations(Silent):
    main = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = normpath(attributes.get("Target", "").lstrip("/"))


class _Styles(Silent):
    def __init__(self, styles: StyleTable) -> None:
        self._styles, self._id = styles, ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style":
            self._id = attributes.get("styleId", "")
        elif name == "name":
            self._styles.name(self._id, attributes.get("val", ""))
        elif name == "basedOn":
            self._styles.base(self._id, attributes.get("val", ""))


class _Text:
    def __init__(self, styles: StyleTable) -> None:
        self.flow = Flow()
        self._styles = styles
        self._skipped = 0
        self._reads = self._hidden = self._in_run = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
        elif name == "p":
            self.flow.begin()
        elif name == "t":
            self._reads = not self._hidden
        elif name == "r":
            self._hidden, self._in_run = False, True
        elif name == "vanish":
            self._hidden = self._in_run and attributes.get("val") not in _OFF
        elif name in _SIGNS:
            # Of a run; the tabs of a paragraph's properties are where they stop.
            if self._in_run and not self._hidden:
                self.flow.add(_SIGNS[name])
        else:
            self._structure(name, attributes)

    def _structure(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "pStyle":
            self.flow.kind(self._styles.kind(attributes.get("val", "")))
        elif name == "outlineLvl":
            first = attributes.get("val") == "0"
            self.flow.kind(paper.HEADING1 if first else paper.HEADING, anew=False)
        elif name == "tr":
            self.flow.begin_row()
        elif name == "tc":
            self.flow.begin_cell()

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name == "t":
            self._reads = False
        elif name == "r":
            self._in_run = self._hidden = False
        elif name == "p":
            self.flow.end()
        elif name == "tr":
            self.flow.end_row()

    def data(self, text: str) -> None:
        if self._reads and not self._skipped:
            self.flow.add(text)
