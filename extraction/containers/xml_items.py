"""XML of many articles, an article an item: feeds (RSS, Atom) and messages of NewsML-G2.

Read as a stream, without a tree: memory stays flat however long it is. A member is the item as it
stands, with the namespaces, the language and the base address of what is around it. Its place is
its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long
from extraction.containers.xml_cuts import AGAIN, FEEDS, MESSAGE, Cut, Cutter
from extraction.containers.xml_text import utf_8
from extraction.formats.wire.tree import root_of

ENDINGS = (".xml", ".rss", ".atom", ".rdf")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
#: What may stand behind the name in a closing tag.
_BEHIND_NAME = (b">", b" ", b"\t", b"\r", b"\n")


def _is_feed(sample: Sample) -> bool:
    return _root(sample) in FEEDS


def _is_message(sample: Sample) -> bool:
    return _root(sample) == MESSAGE


def _root(sample: Sample) -> str:
    return "" if sample.ends_in(".json", ".eml") else root_of(sample.head)


def _members(opened: Opened) -> Iterator[Member]:
    most, number = opened.limits.member_bytes, 0
    for number, (cut, data) in enumerate(_cuts(opened), 1):
        name = numbered(number, "xml")
        if cut.left:
            yield Member(name, left=True)
        elif len(data) > most:
            yield Member(name, fault=too_long(f"item {number:,}", most))
        else:
            yield Member(name, _whole(cut, data))


def _whole(cut: Cut, data: bytes) -> bytes:
    """The item as a document of its own."""
    name = cut.name.encode()
    around = "".join(f" {key}={quoteattr(value)}" for key, value in cut.around.items())
    return _DECLARATION + b"<" + name + around.encode() + data[1 + len(name) :]


def _closes(cut: Cut, buffer: bytes, at: int) -> bool:
    """Whether the item's own tag closes it there, and not one that is around it."""
    tag = b"</" + cut.name.encode()
    return buffer.startswith(tag, at) and buffer[at + len(tag) : at + len(tag) + 1] in _BEHIND_NAME


def _cuts(opened: Opened) -> Iterator[tuple[Cut, bytes]]:
    """Each item with its bytes. Raises ``Unreadable`` where the XML is broken."""
    cutter, buffer, begins, number = Cutter(), b"", 0, 0
    for part in utf_8(opened.stream):
        buffer += part
        fault = cutter.feed(part)
        for cut in cutter.taken():
            number += 1
            end = cut.ends - begins
            if _closes(cut, buffer, end):  # else it is empty, and ends where it is said to
                end = buffer.index(b">", end) + 1
            yield cut, buffer[cut.begins - begins : end]
        if fault:
            raise Unreadable(f"Behind item {number:,} the XML is broken: {fault}.", AGAIN)
        buffer, begins = buffer[cutter.needed - begins :], cutter.needed
        if len(buffer) > opened.limits.member_bytes + MEBIBYTE:
            said = too_long(f"Item {number + 1:,}", opened.limits.member_bytes)
            raise Unreadable(f"{said}.", AGAIN)
    if not cutter.ended:
        raise Unreadable(f"The XML ends in the middle, after item {number:,}.", AGAIN)


FEED = Kind("a feed", _is_feed, _members)
NEWS_MESSAGE = Kind("a message of NewsML-G2", _is_message, _members)
