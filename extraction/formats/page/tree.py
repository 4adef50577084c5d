"""Markup -> a tree, once, in bounded time and memory. Nothing that it points to is ever fetched.

libxml2 reads HTML of any kind, broken too, and knows no entities but those of HTML: what a document
type declares is left out, so nothing can grow. What is nested deeper than it reads is refused: the
text below would be lost without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from articles.errors import Unreadable

#: An element of lxml, which ships no types.
Element = Any

ADVICE = "Save its text as plain text with the headline as its first line and the ending .txt."
#: Markup without embedded files, in characters. The largest pages of news have a tenth of it.
LONGEST = 4_000_000
#: Elements of a page, and what may be left of them when the furniture is gone. Pages of news have
#: 500 to 8,000.
MOST_ELEMENTS, MOST_LEFT = 100_000, 30_000
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{0,100};base64,[A-Za-z0-9+/=%\s]*")
#: Attributes of a tag: libxml2 compares each with all before it, minutes for a tag of a megabyte.
MOST_ATTRIBUTES = 2_000
_LONG_TAG = 2 * MOST_ATTRIBUTES
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+'|["'])*+""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_XML = re.compile(r"<\?xml[^>]*>")
_FATAL = "ERR_RESOURCE_LIMIT"


def parsed(markup: str) -> Element:
    """Return the root of the page. Raises ``Unreadable`` where it is too large or holds nothing."""
    from lxml import etree, html  # takes long, and most files are no pages

    markup = _EMBEDDED.sub("data:,", markup).lstrip()
    if declaration := _XML.match(markup):  # lxml takes no text that names its encoding
        markup = markup[declaration.end() :]
    if len(markup) > LONGEST:
        raise _too_large(f"{len(markup):,} characters of markup, more than {LONGEST:,}")
    refuse_long_tags(markup)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        root = None
    if any(entry.type_name == _FATAL for entry in parser.error_log):
        raise _too_large("tags nested so deep, or a text so long, that no program reads them")
    if root is None:
        raise Unreadable("This page is empty.", ADVICE)
    refuse_many(root, MOST_ELEMENTS)
    return root


def refuse_long_tags(markup: str) -> None:
    """Raise ``Unreadable`` where a tag has more attributes than any program writes."""
    if len(markup) <= _LONG_TAG:
        return
    for tag in _TAG.finditer(markup):
        if tag.end() - tag.start() > _LONG_TAG:
            names = _VALUE.sub("= ", tag.group()).split()
            if len(names) > MOST_ATTRIBUTES:
                raise _too_large(f"a tag with more than {MOST_ATTRIBUTES:,} attributes")


def refuse_many(root: Element, most: int = MOST_LEFT) -> None:
    """Raise ``Unreadable`` where the page has more elements than any that people read."""
    if sum(1 for _ in root.iter()) > most:
        raise _too_large(f"more than {most:,} elements")


def text_of(element: Element) -> str:
    """Return all text below an element as one line; line breaks and cells part words."""
    if not len(element):
        return " ".join((element.text or "").split())
    inner = element.iter(*_PARTING)
    if next((each for each in inner if each is not element), None) is None:
        return " ".join("".join(element.itertext()).split())
    return " ".join("".join(_pieces(element, _BLANKS)).split())


def lines_of(element: Element) -> str:
    """Return all text below an element of trafilatura's; a line break stays one."""
    lines = "".join(_pieces(element, {"lb": "\n", "p": "\n"})).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _pieces(element: Element, parting: dict[str, str]) -> Iterator[str]:
    """Yield the pieces of text in their order, with what parts them at elements of these names."""
    from lxml.etree import iterwalk

    for event, each in iterwalk(element, events=("start", "end")):
        yield parting.get(each.tag, "")
        if event == "start":
            yield each.text or ""
        elif each is not element:
            yield each.tail or ""


_PARTING = frozenset(
    {"br", "p", "div", "li", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section"}
)


_BLANKS = dict.fromkeys(_PARTING, " ")


def named(element: Element) -> str:
    """Return classes and id as ``-words-in-lower-case-``: ``ArticleHead__kicker`` has -kicker-."""
    name = f"{element.get('class', '')} {element.get('id', '')} {element.get('data-testid', '')}"
    return _words_of(name[:_LONGEST_NAME]) if name != "  " else ""


@lru_cache(maxsize=2_000)
def _words_of(name: str) -> str:
    """As a page says one a hundred times."""
    spaced = _CAMEL.sub("-", name)
    return " ".join(f"-{_SIGNS.sub('-', word).strip('-')}-" for word in spaced.lower().split())


_LONGEST_NAME = 500
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SIGNS = re.compile(r"[^a-z0-9äöüß]+")


def removed(element: Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _too_large(what: str) -> Unreadable:
    return Unreadable(f"This page has {what}.", ADVICE)
