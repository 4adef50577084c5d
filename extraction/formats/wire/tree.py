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
from xml.sax.saxutils import escape

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
#: Of one tag: libxml2 compares each with all before it.
_MOST_OF_A_TAG = 1_000
_TAG = re.compile(r"""<[A-Za-z_](?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
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
#: An ``&`` that begins no entity, outside of CDATA and comments, where it may stand.
_BARE = re.compile(
    r"<!\[CDATA\[(?:[^\]]|\](?!\]>))*+|<!--(?:[^-]|-(?!->))*+"
    r"|&(?!(?:[A-Za-z]\w{0,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)"
)
_OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
BREAKS = frozenset({"br", "nl"})
#: What feeds use and forget to declare.
_PREFIXES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}
_UNDECLARED = "NS_ERR_UNDEFINED_NAMESPACE"


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
    head = data[:HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe")
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
    _refuse_long_tags(text)
    return Tree(_parsed(_NAMED.sub(_character, text)), decoded)


def _refuse_long_tags(text: str) -> None:
    if text.count("=") <= _MOST_OF_A_TAG:  # nearly all
        return
    for tag in _TAG.finditer(text):
        if tag[0].count("=") > _MOST_OF_A_TAG and len(_VALUE.findall(tag[0])) > _MOST_OF_A_TAG:
            said = f"This XML has a tag with more than {_MOST_OF_A_TAG:,} attributes."
            raise Unreadable(said, ADVICE)


def refuse_entities(prolog: str) -> None:
    """Raise ``Unreadable`` where what stands before the root makes entities."""
    if "<!ENTITY" in prolog.upper():
        raise Unreadable("This XML makes entities of its own, as a bomb does.", ADVICE)


def _prefix(match: re.Match[str]) -> str:
    """Return what stands between the end of the prolog and the local name: ``<``, ``<n:``."""
    return match[0][match[0].rfind("<") : match.start(1) - match.start(0)]


def _character(match: re.Match[str]) -> str:
    """HTML's entities, which documents use whose type declares them elsewhere."""
    if match[1] in _OF_XML or match[1] not in html5:
        return match[0]
    return escape(html5[match[1]])


def _parsed(text: str) -> Element:
    try:
        return etree.fromstring(text, _parser())
    except (etree.XMLSyntaxError, ValueError) as fault:
        mended = _BARE.sub(_kept_or_escaped, text)
        root = _tolerant(mended) if mended != text else None
        root = _tolerant(_with_prefixes(mended)) if root is None else root
        if root is not None:
            return root
        said = one_line(str(fault))[:200]
        raise Unreadable(f"This XML is broken: {said}.", ADVICE) from fault


def _kept_or_escaped(match: re.Match[str]) -> str:
    return "&amp;" if match[0] == "&" else match[0]


def _tolerant(text: str) -> Element | None:
    """The root, where nothing is wrong but prefixes that were not declared."""
    parser = _parser(recover=True)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if {entry.type_name for entry in parser.error_log} <= {_UNDECLARED} else None


def _parser(*, recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _with_prefixes(text: str) -> str:
    """Declare in the root what is used there and not declared; "" where nothing is."""
    used = [name for name in _PREFIXES if f"<{name}:" in text and f"xmlns:{name}" not in text]
    if not (match := _BEGINS.match(text)):
        return ""
    said = "".join(f' xmlns:{name}="{_PREFIXES[name]}"' for name in used)
    return text[: match.end()] + said + text[match.end() :]


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
    found: Iterator[Element] = element.iterchildren("{*}" + name)
    return found


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
    """Return all text in an element as one line, breaks of lines as blanks; "" for None."""
    if element is None:
        return ""
    if len(element) and any(name_of(node) in BREAKS for node in element.iter()):
        return one_line("".join(_pieces(element)))
    return one_line("".join(element.itertext()))


def _pieces(element: Element) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            yield node.text or ""
        else:
            yield " " if name_of(node) in BREAKS else ""
            yield (node.tail or "") if node is not element else ""
