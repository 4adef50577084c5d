"""OpenDocument texts (.odt, .ott; ISO 26300): their paragraphs, headings, tables and properties.

Read is the text as it stands, not what was deleted, nor notes and comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from articles.errors import Unreadable
from extraction.confined.limits import Limits
from extraction.documents import paper
from extraction.documents.flow import Flow
from extraction.documents.packed import Packed
from extraction.documents.paper import Paper
from extraction.documents.properties import read_properties
from extraction.documents.styles import StyleTable
from extraction.documents.xml import Silent, read_xml

_META = {
    "title": "title",
    "initial-creator": "author",
    "creator": "author",
    "creation-date": "created",
    "date": "modified",
}
_SKIPPED = frozenset({"tracked-changes", "annotation", "note", "sequence-decls", "desc"})
_SIGNS = {"tab": "\t", "line-break": "\n", "s": " "}
_BLANKS = re.compile(r"[ \t\r\n]+")
_SECRET = "Open it with its password, save it without one and drop it again."  # noqa: S105


def read_odt(data: bytes, limits: Limits) -> Paper:
    """Raises ``Unreadable`` where it is broken, encrypted, or larger than the limits."""
    packed = Packed(data, limits)
    if b"encryption-data" in packed.get("META-INF/manifest.xml"):
        raise Unreadable("It is encrypted.", _SECRET)

    def load(styles: StyleTable) -> None:
        if table := packed.get("styles.xml"):
            read_xml(table, _Styles(styles), limits.depth)

    text = _Text(StyleTable(load))
    read_xml(packed.read("content.xml"), text, limits.depth)
    meta = read_properties(packed.get("meta.xml"), _META, limits.depth)
    return Paper(text.flow.blocks, meta)


class _Styles(Silent):
    def __init__(self, styles: StyleTable) -> None:
        self._styles = styles

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style" and attributes.get("family") == "paragraph":
            style = attributes.get("name", "")
            self._styles.name(style, attributes.get("display-name", style))
            self._styles.base(style, attributes.get("parent-style-name", ""))


class _Text(_Styles):
    def __init__(self, styles: StyleTable) -> None:
        super().__init__(styles)
        self.flow = Flow()
        self._skipped = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
        elif name in {"p", "h"}:
            self.flow.begin(self._kind(name, attributes))
        elif name in _SIGNS:
            self.flow.add(_SIGNS[name])
        elif name == "table-row":
            self.flow.begin_row()
        elif name == "table-cell":
            self.flow.begin_cell()
        else:
            super().start(name, attributes)

    def _kind(self, name: str, attributes: Mapping[str, str]) -> str:
        kind = self._styles.kind(attributes.get("style-name", ""))
        if kind or name == "p":
            return kind
        return paper.HEADING1 if attributes.get("outline-level") == "1" else paper.HEADING

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in {"p", "h"}:
            self.flow.end()
        elif name == "table-row":
            self.flow.end_row()

    def data(self, text: str) -> None:
        if not self._skipped and self.flow.is_open:
            self.flow.add(_BLANKS.sub(" ", text))
