"""NewsML-G2 (IPTC): the ``newsItem``; its content is NITF, XHTML or plain text within it.

https://iptc.org/std/NewsML-G2/ names the elements; codes are ``scheme:code``, of which the last
part is what counts here. What an item refers to is never fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from articles.errors import Unreadable
from extraction.formats.draft import Draft
from extraction.formats.release import Told
from extraction.formats.text_format import paragraphs
from extraction.formats.wire.html import html_paragraphs
from extraction.formats.wire.item import KICKERS, LEADS, Item, draft_of
from extraction.formats.wire.nitf import add_body
from extraction.formats.wire.texts import BLOCKS, paragraphs_of
from extraction.formats.wire.tree import (
    Element,
    Tree,
    all_at,
    at,
    attribute,
    children,
    line_of,
    name_of,
)

#: Kinds of items whose content is none of text (IPTC, nature of the news item).
PICTURES = frozenset({"animated", "audio", "graphic", "icon", "picture", "sound", "video"})
_NO_TEXT = "Its text stands elsewhere, or it has none; what it refers to is not fetched."
_LEAVE = "Drop the item that holds the text; leave this one out."
#: A rendition of less than so much of the longest is a short form of it.
_SHORTER = 0.8


def read_newsml(tree: Tree) -> Draft:
    """Read a ``newsItem``. Raises ``Unreadable`` where it holds no text."""
    item = Item(language=attribute(tree.root, "lang"), id=attribute(tree.root, "guid"))
    _add_metadata(item, tree.root)
    _add_content(item, tree.root)
    item.bylines += map(_name, all_at(tree.root, "contentMeta", "creator"))
    item.headline = item.headline or line_of(at(tree.root, "itemMeta", "title"))
    item.told = _told(tree.root)
    _add_kind(item, tree.root)
    if not item.body and (kind := kind_of(tree.root)) in PICTURES:
        raise Unreadable(f"This item is {kind}, and no text.", _LEAVE)
    if not item.body:
        raise Unreadable(_NO_TEXT, _LEAVE)
    return draft_of("newsml-g2", item, tree.decoded)


def kind_of(news_item: Element) -> str:
    """Return what an item holds: ``text``, ``picture``, "" where it does not say."""
    return _code(at(news_item, "itemMeta", "itemClass"))


def _add_metadata(item: Item, root: Element) -> None:
    management, content = at(root, "itemMeta"), at(root, "contentMeta")
    dates = [at(root, "itemMeta", "firstCreated"), at(root, "contentMeta", "contentCreated")]
    dates.append(at(root, "itemMeta", "versionCreated"))
    item.published = next(filter(None, map(line_of, dates)), "")
    item.notes = [line_of(terms) for terms in all_at(root, "rightsInfo", "usageTerms")]
    if management is not None:
        item.notes += [line_of(note) for note in children(management, "edNote")]
        links = [link for link in children(management, "link") if "canonical" in _role(link, "rel")]
        item.url = next((attribute(link, "href") for link in links), "")
    if content is None:
        return
    item.language = _language(content) or item.language
    _add_headlines(item, content)
    item.bylines = [line_of(by) for by in children(content, "by")]
    item.places = [_name(place) for place in children(content, "located")]
    item.dateline = next(map(line_of, children(content, "dateline")), "")
    item.credits = [line_of(line) for line in children(content, "creditline")]
    providers = [*children(content, "infoSource"), *all_at(root, "itemMeta", "provider")]
    item.credits += [name for each in providers for name in (_name(each), _code(each)) if name]


def _add_headlines(item: Item, content: Element) -> None:
    said = item.language[:2]
    lines = sorted(children(content, "headline"), key=_rank)
    for line in sorted(lines, key=lambda line: _is_foreign(line, said)):
        text, role = line_of(line), _role(line)
        if role & KICKERS:
            item.kicker = item.kicker or text
        elif role & LEADS:
            item.lead = item.lead or text
        else:
            item.headline = item.headline or text
    lines = sorted(children(content, "description"), key=_rank)
    for line in sorted(lines, key=lambda line: _is_foreign(line, said)):
        if not item.lead and (not _role(line) or _role(line) & LEADS):
            item.lead = line_of(line)


def _is_foreign(element: Element, said: str) -> bool:
    """Whether it is in another language than its item says of itself."""
    language = attribute(element, "lang")[:2]
    return bool(language and said and language != said)


def _rank(element: Element) -> int:
    rank = attribute(element, "rank")
    return int(rank) if rank.isascii() and rank.isdigit() and len(rank) < 9 else 0  # noqa: PLR2004


def _role(element: Element, name: str = "role") -> set[str]:
    """The last part of each code: ``drol:summary`` is ``summary``."""
    return {code.rpartition(":")[2].lower() for code in attribute(element, name).split()}


def _code(element: Element | None) -> str:
    if element is None:
        return ""
    code = attribute(element, "qcode") or attribute(element, "uri")
    return code.rpartition("/" if "/" in code else ":")[2].lower()


def _name(element: Element) -> str:
    """Its German name, else the first; else its literal."""
    names = list(children(element, "name"))
    german = (name for name in names if attribute(name, "lang").startswith("de"))
    name = next(german, names[0] if names else None)
    return line_of(name) or attribute(element, "literal")


def _language(content: Element) -> str:
    language = at(content, "language")
    return "" if language is None else attribute(language, "tag")


def _told(root: Element) -> Told:
    embargo = at(root, "itemMeta", "embargoed")
    return Told(
        status=_code(at(root, "itemMeta", "pubStatus")),
        embargo=None if embargo is None else line_of(embargo),
    )


def _add_kind(item: Item, root: Element) -> None:
    """What it is about, and which version of what it is."""
    content = "contentMeta"
    item.subjects = [
        _name(each) or attribute(each, "qcode") for each in all_at(root, content, "subject")
    ]
    item.subjects += map(line_of, all_at(root, content, "keyword"))
    item.genres = [_name(each) or _code(each) for each in all_at(root, content, "genre")]
    item.slugline = line_of(at(root, content, "slugline"))
    item.version = attribute(root, "version")
    item.modified = line_of(at(root, "itemMeta", "versionCreated"))


def _add_content(item: Item, root: Element) -> None:
    """Of several renditions of the same text the first that is not much shorter than another."""
    bodies = list(_renditions(item, root))
    longest = max((_length(body) for body in bodies), default=0)
    for body in bodies:
        if _length(body) >= _SHORTER * longest:
            _take(item, body)
            return


def _length(body: Item) -> int:
    return sum(map(len, body.body))


def _renditions(item: Item, root: Element) -> Iterator[Item]:
    contents = all_at(root, "contentSet", "inlineXML") + all_at(root, "contentSet", "inlineData")
    own = [each for each in contents if not _is_foreign(each, item.language[:2])]
    for content in own or contents:
        body = Item(headline=item.headline, lead=item.lead)
        if name_of(content) == "inlineXML":
            _add_xml(body, content)
        elif name_of(content) == "inlineData":
            body.body = _plain(content)
        if body.body:
            yield body


def _take(item: Item, body: Item) -> None:
    item.headline, item.kicker = body.headline, item.kicker or body.kicker
    item.lead, item.body, item.notes = body.lead, body.body, item.notes + body.notes
    item.bylines += body.bylines
    item.places, item.credits = item.places or body.places, item.credits + body.credits


def _add_xml(item: Item, content: Element) -> None:
    for root in list(content):
        if name_of(root) == "nitf":
            add_body(item, root)
        elif name_of(root) in BLOCKS | {"html", "body"}:
            item.headline = item.headline or _heading(root)
            body = at(root, "body")
            around = etree.Element("div")  # a paragraph is one of what is around it
            around.append(root if body is None else body)
            item.body += paragraphs_of(around)


def _heading(root: Element) -> str:
    """The first heading, of a page that says its headline nowhere else."""
    return next((line_of(node) for node in root.iter() if name_of(node) in {"h1", "title"}), "")


def _plain(content: Element) -> list[str]:
    kind = attribute(content, "contenttype") or "text/plain"
    marked = "html" in kind
    if attribute(content, "encoding") or not (marked or kind.startswith("text/")):
        return []  # base64 and the like: pictures
    text = "".join(content.itertext())
    return html_paragraphs(text) if marked else paragraphs(text)
