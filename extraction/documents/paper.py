"""What a reader finds in a document: its blocks in the order in which they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: What a block is by its style or size: ``heading1`` is the first level, ``heading`` any below.
TITLE, SUBTITLE, KICKER, LEAD, BYLINE, DATE, HEADING1, HEADING, TEXT = KINDS = (
    *("title", "subtitle", "kicker", "lead", "byline", "date"),
    *("heading1", "heading", "text"),
)
_PROPERTIES = ("title", "author", "created", "modified", "language")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading. Line ends in it are those that its writer, or its page, has set."""

    kind: str
    text: str


@dataclass(slots=True)
class Paper:
    """A document. ``properties``: ``title``, ``author``, ``created``, ``modified``, ``language``.

    ``wrapped``: line ends are those of its page, and words may be broken at them. ``scanned``: the
    numbers, from 1, of pages that are images and have no text, or a stamp's.
    """

    blocks: list[Block]
    properties: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    wrapped: bool = False
    scanned: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Of JSON's types alone."""
        blocks = [[block.kind, block.text] for block in self.blocks]
        whole = {"blocks": blocks, "properties": self.properties, "warnings": self.warnings}
        return {**whole, "wrapped": self.wrapped, "scanned": self.scanned}


def paper_of(said: Mapping[str, Any]) -> Paper:
    """Return what ``as_json`` has made; raises ``ValueError`` for anything else.

    Who says it has read what others wrote, and may say anything.
    """
    blocks, properties, warnings = said.get("blocks"), said.get("properties"), said.get("warnings")
    if not (
        isinstance(blocks, list) and isinstance(properties, dict) and isinstance(warnings, list)
    ):
        raise ValueError("no blocks, properties and warnings")  # noqa: TRY004  (of data)
    return Paper(
        [_block(block) for block in blocks],
        {name: text for name, text in properties.items() if name in _PROPERTIES and _is(text)},
        [text for text in warnings[:20] if _is(text)],
        said.get("wrapped") is True,
        [page for page in said.get("scanned", []) if isinstance(page, int) and page > 0],
    )


def _block(said: Any) -> Block:
    if not (isinstance(said, list) and len(said) == 2 and said[0] in KINDS and _is(said[1])):  # noqa: PLR2004
        raise ValueError("no block")
    return Block(said[0], said[1])


def _is(text: Any) -> bool:
    return isinstance(text, str)
