"""Where the items of a feed or of a message begin and end in its bytes: counted, by expat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn
from xml.parsers import expat

from articles.errors import Unreadable
from extraction.formats.believable import is_web_address
from extraction.formats.wire.feed_keys import NO_POSTS
from extraction.formats.wire.newsml import PICTURES

#: By the name of the root: what items are called, and how many elements deep they are.
FEEDS: Mapping[str, tuple[str, int]] = {
    "rss": ("item", 3),
    "feed": ("entry", 2),
    "RDF": ("item", 2),
}
MESSAGE = "newsMessage"
#: Items of a message, whatever they are called, lie in its item set.
_IN_MESSAGE = ("Item", 3)
#: Items of a message that never hold an article.
_NO_ARTICLES = frozenset(
    {"packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"}
)
_AROUND = frozenset({"xml:lang", "xml:base", "xmlns"})
_DEEPEST = 200
#: So much deeper than the item its own class is; links to other items name theirs.
_ITEM_CLASS = 2
#: So deep is the address of a feed, against which those of its items are read.
_LINK = 3
_MOST_PARTS, _LONGEST_PART, _LONGEST_LANGUAGE = 20, 2_000, 100
_LONGEST_AROUND = 16_384
AGAIN = "Ask whoever sends it for valid XML, and drop it again."


@dataclass(frozen=True, slots=True)
class Cut:
    """An item: its name as it is written, the byte of its ``<`` and that of its end's ``<``.

    ``around``: attributes that it has from what is around it. ``left``: it holds no article.
    """

    name: str
    begins: int
    ends: int
    around: Mapping[str, str]
    left: bool


class Cutter:
    """Takes the bytes as they come; knows where items are in all that it was given."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate("utf-8")
        self._parser.UseForeignDTD(True)  # else the entities of HTML would be faults
        self._parser.ExternalEntityRefHandler = lambda *_named: 1  # which is empty
        self._parser.EntityDeclHandler = _refuse_entities
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._parser.CharacterDataHandler = self._data
        self._item, self._depth = ("", 0), 0
        self._around: dict[str, str] = {}
        self._text: list[str] | None = None
        self._attribute = ""
        self._open: Cut | None = None
        self._left = False
        self._cuts: list[Cut] = []
        self.ended = False

    def feed(self, part: bytes) -> str:
        """Take more bytes; what is wrong with them, "" where nothing is."""
        try:
            self._parser.Parse(part, False)
        except expat.ExpatError as fault:
            return str(fault)[:200]
        return ""

    def taken(self) -> Iterator[Cut]:
        """The items that are whole now."""
        yield from self._cuts
        self._cuts = []

    @property
    def needed(self) -> int:
        """The first byte that is still needed: of an open item, or of what is not whole yet."""
        return self._open.begins if self._open else max(self._parser.CurrentByteIndex, 0)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable(f"Its XML is nested deeper than {_DEEPEST} elements.", AGAIN)
        name = tag.rpartition(":")[2]
        if self._open:
            if name == "itemClass" and self._depth == self._item[1] + _ITEM_CLASS:
                code = attributes.get("qcode") or attributes.get("uri", "")
                self._left = self._left or re.split("[:/]", code)[-1] in PICTURES
            elif name == "post_type" and self._depth == self._item[1] + 1:
                self._text, self._attribute = [], name
        elif self._depth == 1:
            self._item = _IN_MESSAGE if name == MESSAGE else FEEDS.get(name, ("", 0))
            self._around.update(_kept(attributes))
        elif self._depth == self._item[1] and name.endswith(self._item[0]):
            self._begin(tag, name, attributes)
        elif self._depth + 1 == self._item[1]:
            self._around.update(_kept(attributes))
        elif name == "language" or (tag == "link" and self._depth == _LINK):
            self._text, self._attribute = [], "xml:lang" if name == "language" else "xml:base"

    def _begin(self, tag: str, name: str, attributes: Mapping[str, str]) -> None:
        around = {key: value for key, value in self._around.items() if key not in attributes}
        if sum(map(len, (*around, *around.values()))) > _LONGEST_AROUND:
            said = f"Around its items are more than {_LONGEST_AROUND:,} characters of attributes."
            raise Unreadable(said, AGAIN)  # each item would have them
        self._open = Cut(tag, self._parser.CurrentByteIndex, -1, around, left=False)
        self._left = name in _NO_ARTICLES

    def _end(self, _tag: str) -> None:
        if self._open and self._depth == self._item[1]:
            cut, ends = self._open, self._parser.CurrentByteIndex
            self._cuts.append(Cut(cut.name, cut.begins, ends, cut.around, self._left))
            self._open = None
        elif self._text is not None:
            said = "".join(self._text).strip()
            if self._attribute == "post_type":
                self._left = self._left or NO_POSTS.fullmatch(said) is not None
            elif self._attribute == "xml:lang" and said:
                self._around.setdefault("xml:lang", said[:_LONGEST_LANGUAGE])
            elif is_web_address(said):
                self._around.setdefault("xml:base", said)
            self._text = None
        self._depth -= 1
        self.ended = self._depth == 0

    def _data(self, text: str) -> None:
        if self._text is not None and len(self._text) < _MOST_PARTS:
            self._text.append(text[:_LONGEST_PART])


def _kept(attributes: Mapping[str, str]) -> dict[str, str]:
    told = attributes.items()
    return {key: value for key, value in told if key in _AROUND or key.startswith("xmlns:")}


def _refuse_entities(*_declared: object) -> NoReturn:
    raise Unreadable("Its XML makes entities of its own, as a bomb does.", AGAIN)
