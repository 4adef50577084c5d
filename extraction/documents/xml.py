"""XML as a stream of elements: no entities of its own, nothing from elsewhere, no tree.

Straight from expat: the tree of a large document takes ten times its memory, and defusedxml's
parser, whose three refusals these are, ten times its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn, Protocol
from xml.parsers import expat

from articles.errors import Unreadable

_ADVICE = "Open it in the program it comes from, save it again and drop it again."
_MARK = "}"


class Elements(Protocol):
    """Who is told of the elements. Names are without their namespace."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Of an element's begin."""

    def end(self, name: str) -> None:
        """Of its end."""

    def data(self, text: str) -> None:
        """Of text, as much of it as came at once."""


class Silent:
    """Listens to nothing; who is told of some events inherits the others."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Of an element's begin."""

    def end(self, name: str) -> None:
        """Of its end."""

    def data(self, text: str) -> None:
        """Of text."""


def read_xml(data: bytes, elements: Elements, depth: int) -> None:
    """Tell ``elements`` of all that the document holds.

    Raises ``Unreadable`` for broken XML, entities of its own, and elements that lie deeper in each
    other than ``depth``.
    """
    parser = expat.ParserCreate(namespace_separator=_MARK)
    parser.buffer_text = True
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    counted = _Counted(elements, depth)
    parser.StartElementHandler, parser.EndElementHandler = counted.start, counted.end
    parser.CharacterDataHandler = elements.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise Unreadable(f"Its XML is broken: {str(fault)[:200]}.", _ADVICE) from fault


def _refuse_entities(*_declared: object) -> NoReturn:
    raise Unreadable("Its XML makes entities of its own, as a bomb does.", _ADVICE)


class _Counted:
    def __init__(self, elements: Elements, depth: int) -> None:
        self._elements, self._most, self._depth = elements, depth, 0
        self._names: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > self._most:
            raise Unreadable(f"Its XML is nested deeper than {self._most} elements.", _ADVICE)
        if attributes:
            attributes = {self._local(name): value for name, value in attributes.items()}
        self._elements.start(self._local(tag), attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._elements.end(self._local(tag))

    def _local(self, name: str) -> str:
        """Without its namespace; remembered, since there are few and each comes often."""
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = name.rpartition(_MARK)[2]
        return known
