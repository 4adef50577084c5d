"""The blocks of a text as its elements come: paragraphs in each other, and rows of tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from extraction.documents import paper
from extraction.documents.paper import Block


@dataclass(slots=True)
class _Paragraph:
    kind: str = ""
    pieces: list[str] = field(default_factory=list)


class Flow:
    """Paragraphs as they end; those of a row of a table with at most one a cell are one block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._open: list[_Paragraph] = []
        #: Of each row that is open: where it began, and where its cells begin.
        self._rows: list[tuple[int, list[int]]] = []

    @property
    def is_open(self) -> bool:
        """Whether a paragraph is."""
        return bool(self._open)

    def begin(self, kind: str = "") -> None:
        """Begin a paragraph, which may be within another (a text box)."""
        self._open.append(_Paragraph(kind))

    def kind(self, kind: str, *, anew: bool = True) -> None:
        """Say what the open paragraph is; unless ``anew``, only where that is not said yet."""
        if self._open and (anew or not self._open[-1].kind):
            self._open[-1].kind = kind

    def add(self, text: str) -> None:
        """Add to the open paragraph; what is in none is no text."""
        if self._open:
            self._open[-1].pieces.append(text)

    def end(self) -> None:
        """End the open paragraph."""
        if self._open:
            done = self._open.pop()
            if text := "".join(done.pieces).strip():
                self.blocks.append(Block(done.kind or paper.TEXT, text))

    def begin_row(self) -> None:
        """Begin a row of a table."""
        self._rows.append((len(self.blocks), []))

    def begin_cell(self) -> None:
        """Begin a cell of the open row."""
        if self._rows:
            self._rows[-1][1].append(len(self.blocks))

    def end_row(self) -> None:
        """End the open row."""
        if not self._rows:
            return
        began, cells = self._rows.pop()
        ends = [*cells[1:], len(self.blocks)]
        counts = [end - start for start, end in zip(cells, ends, strict=bool(cells))]
        if len(counts) > 1 and max(counts) <= 1 and len(self.blocks) > began + 1:
            row = " ".join(" ".join(block.text.split()) for block in self.blocks[began:])
            self.blocks[began:] = [Block(paper.TEXT, row)]
