"""XML of the news, known by its root, as a tree: no entities of its own, nothing from elsewhere.

What stands before the root (a document type and what it declares) is never given to the parser, so
that there is nothing to be resolved, fetched or multiplied. What is larger than any article's XML
is told by counting, before there is a tree of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any

from lxml import etree

from articles.errors import Unreadable
from extraction.formats.clean import one_line
from extraction.formats.decode import Decoded, decode

#: An element of lxml, which has no types.
Element = Any

ADVICE = (
    "Ask whoever sends it for valid XML, or save its text as plain text (UTF-8, ending .txt) with "
    "the headline as its first line."
)
#: So much of a file is looked at for its root.
HEAD = 16_384
#: A tag or an attribute takes some 200 bytes of a tree; no article has a hundredth of these.
_MOST_TAGS, _MOST_ATTRIBUTES = 400_000, 400_000
_MARK = "}"
_BEFORE_ROOT = (
    r"(?:\s++|<\?(?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!->))*+-->"
    r"|<!(?i:doctype)(?:[^\[<>\"']|\"[^\"]*+\"|'[^']*+'|\[[^\]]*+\])*+>)*+"
)
_ROOT = r"<(?:[A-Za-z_][\w.-]*+:)?([A-Za-z_][\w.-]*+)(?=[\s/>])"
_BEGINS = re.compile(_BEFORE_ROOT + _ROOT)
_BEGINS_BYTES = re.compile((_BEFORE_ROOT + _ROOT).encode())
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{2,40})")
_NAMED = re.compile(r"&(\w{2,31};)")
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


@dataclass(frozen=True, slots=True)
class Tree:
    """The root of a document, and what its bytes were decoded with."""

    root: Element
    decoded: Decoded


def root_of(data: bytes) -> str:
    """Return the name of the root, without its namespace; "" where the bytes begin no XML."""
    match = _BEGINS_BYTES.match(plain_head(data))
    return match[1].decode("ascii", "ignore") if match else ""


def plain_head(data: bytes) -> bytes:
    """Return the beginning without byte order marks and the NUL bytes of UTF-16."""
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")
    return head.replace(b"\x00", b"") if b"\x00" in head else head


def declared_in(data: bytes) -> str:
    """Return the encoding that the XML declares, "" where it declares none."""
    match = _DECLARED.match(plain_head(data))
    return match[1].decode("ascii") if match else ""


def read_tree(data: bytes) -> Tree:
    """Raises ``Unreadable`` for what is no XML, and for what no article's XML is."""
    decoded = decode(data, declared_in(data))
    match = _BEGINS.match(decoded.text)
    if match is None:
        raise Unreadable("This is no XML.", ADVICE)
    begins = match.start(1) - len(_prefix(match))
    refuse_entities(decoded.text[:begins])
    text = decoded.text[begins:]
    if text.count("<") > _MOST_TAGS or text.count("=") > _MOST_ATTRIBUTES:
        most = f"{_MOST_TAGS:,} tags or {_MOST_ATTRIBUTES:,} attributes"
        raise Unreadable(f"This XML has more than {most}: it is no article.", ADVICE)
    return Tree(_parsed(_NAMED.sub(_character, text)), decoded)


def refuse_entities(prolog: str) -> None:
    """Raise ``Unreadable`` where what stands before the root makes entities."""
    if "<!ENTITY" in prolog.upper():
        raise Unreadable("This XML makes entities of its own, as a bomb does.", ADVICE)


def _prefix(match: re.Match[str]) -> str:
    """Return what stands between the end of the prolog and the local name: ``<``, ``<n:``."""
    return match[0][match[0].rfind("<") : match.start(1) - match.start(0)]


def _character(match: re.Match[str]) -> str:
    """HTML's entities, which documents use whose type declares them elsewhere."""
    return match[0] if match[1] in _OF_XML else html5.get(match[1], match[0])


def _parsed(text: str) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        said = one_line(str(fault))[:200]
        raise Unreadable(f"This XML is broken: {said}.", ADVICE) from fault


def name_of(element: Element) -> str:
    """Return its name without the namespace."""
    tag: str = element.tag
    return tag.rpartition(_MARK)[2]


def attribute(element: Element, name: str) -> str:
    """Return an attribute by its name without a namespace; "" where there is none."""
    value = element.get(name)
    if value is None:
        ending = _MARK + name
        value = next((v for key, v in element.items() if key.endswith(ending)), "")
    return one_line(value)


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of that name."""
    return (child for child in element if name_of(child) == name)


def at(element: Element, *names: str) -> Element | None:
    """Return the first descendant by the names of the way to it; None where there is none."""
    for name in names:
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def all_at(element: Element, *names: str) -> list[Element]:
    """Return the last steps of a way whose other steps are the first of their names."""
    *way, last = names
    above = at(element, *way)
    return [] if above is None else list(children(above, last))


def line_of(element: Element | None) -> str:
    """Return all text in an element as one line; "" for None."""
    return "" if element is None else one_line("".join(element.itertext()))
