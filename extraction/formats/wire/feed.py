"""An item of a feed: RSS 0.9 to 2.0 with ``content:encoded``, Atom (RFC 4287), WordPress's export.

A member of a feed (``extraction.containers.xml_items``), whose language and address it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from articles.errors import Unreadable
from extraction.formats.believable import is_web_address
from extraction.formats.clean import one_line
from extraction.formats.draft import Draft
from extraction.formats.release import Told
from extraction.formats.text_format import paragraphs
from extraction.formats.wire.feed_keys import (
    NO_POSTS,
    is_of_one,
    names_a_part,
    scoped,
    without_tracking,
)
from extraction.formats.wire.html import html_paragraphs
from extraction.formats.wire.item import Item, draft_of
from extraction.formats.wire.texts import paragraphs_of
from extraction.formats.wire.tree import (
    Element,
    Tree,
    attribute,
    line_of,
    name_of,
)
from german.dates import read_date

_CONTENT = "purl.org/rss/1.0/modules/content"
_DUBLIN_CORE = "purl.org/dc/"
_FEEDBURNER = "rssnamespace.org/feedburner"
_WORDPRESS = "wordpress.org/export"
_ATOM = "www.w3.org/2005/Atom"
_DRAFTS = "www.w3.org/2007/app"
#: Shorter than this, what a feed says without ``content`` is a teaser.
_WHOLE = 1_000
_TEASER = (
    "The feed holds the beginning of the article alone; drop its page (.html) to have the whole."
)
#: What blogs put behind each item, and no author wrote.
_FOOTER = re.compile(
    r"(?:The post|Der Beitrag) .{1,300} (?:appeared first on|erschien zuerst auf) .+"
)
#: Text that is HTML all the same, as many feeds have it.
_MARKED = re.compile(r"(?i)</?(?:p|br|div|h[1-6]|ul|li|a|b|i|em|strong|img)\b|&#?\w{2,8};")
_MAIL = re.compile(r"[^\s@]{1,100}@\S{1,100}\s*(?:\(([^()]*)\))?")
_LONGEST_NAME = 300
#: Where a clock says nothing: the day on which those of computers begin.
_NO_DAYS = frozenset({"1969-12-31", "1970-01-01"})
_NO_DAY = "Its date is the one on which computers' clocks begin: it was left out."
_SHORTCODES = re.compile(
    r"\[caption\b[^\]\[]{0,500}\][^\[]{0,2000}\[/caption\]"
    r"|\[/?(?:caption|gallery|embed|audio|video|playlist)\b[^\]\[]{0,500}\]"
)


def read_rss_item(tree: Tree) -> Draft:
    """Read an ``<item>``. Raises ``Unreadable``."""
    root = tree.root
    item = Item(headline=_text(root, "title"), language=_language(root))
    content = "\n".join(map(_all, _foreign(root, "encoded", _CONTENT)))
    description = next(_own(root, "description"), None)
    if content:
        item.body = html_paragraphs(_without_shortcodes(content, root))
    _add_summary(item, html_paragraphs(_all(description)) if description is not None else [])
    _add_date(item, [_text(root, "pubDate"), _first(root, "date", _DUBLIN_CORE)])
    item.bylines = [line_of(name) for name in _foreign(root, "creator", _DUBLIN_CORE)]
    authors = (line_of(name)[:_LONGEST_NAME] for name in _own(root, "author"))
    item.bylines += [_MAIL.sub(r"\1", name) for name in authors]
    _add_key(item, root)
    item.told = Told(status=_status(root))
    item.subjects = list(map(line_of, _own(root, "category")))
    item.modified = _changed(root)
    _give_headline(item)
    return draft_of("rss", item, tree.decoded)


def read_entry(tree: Tree) -> Draft:
    """Read an ``<entry>``. Raises ``Unreadable``."""
    root = tree.root
    item = Item(headline=" ".join(_construct(root, "title")), language=_language(root))
    item.body = _construct(root, "content")
    _add_summary(item, _construct(root, "summary"))
    _add_date(item, [_text(root, "published"), _text(root, "updated")])
    item.bylines = [
        line_of(name) for author in _own(root, "author") for name in _own(author, "name")
    ]
    links = [link for link in _own(root, "link") if attribute(link, "rel") in {"", "alternate"}]
    hrefs = [_absolute(link, attribute(link, "href")) for link in links]
    original = _first(root, "origLink", _FEEDBURNER)
    _add_address(item, root, [original, *hrefs], _text(root, "id"))
    item.told = Told(status=_draft_status(root))
    item.subjects = [
        attribute(each, "label") or attribute(each, "term") for each in _own(root, "category")
    ]
    item.modified = _a_day(_text(root, "updated"))
    _give_headline(item)
    return draft_of("atom", item, tree.decoded)


def _status(root: Element) -> str:
    """That of WordPress, where there is one. Raises ``Unreadable`` for what is no article of it."""
    kind = _first(root, "post_type", _WORDPRESS)
    if NO_POSTS.fullmatch(kind):
        raise Unreadable(f"This is no article of WordPress, but {kind[:40]!r}.", "Leave it out.")
    if _first(root, "post_password", _WORDPRESS):
        return "protected"
    return _first(root, "status", _WORDPRESS)


def _without_shortcodes(text: str, root: Element) -> str:
    exported = next(_foreign(root, "status", _WORDPRESS), None) is not None
    return _SHORTCODES.sub("", text) if exported else text


def _add_date(item: Item, written: list[str]) -> None:
    """The first that is a date at all."""
    read = [(date, read_date(date).published) for date in written if date]
    if any(known and known.value[:10] in _NO_DAYS for _, known in read):
        item.warnings.append(_NO_DAY)
        read = [(date, known) for date, known in read if known and known.value[:10] not in _NO_DAYS]
    item.published = next((date for date, known in read if known), read[0][0] if read else "")


def _changed(root: Element) -> str:
    """When an item was last changed, by one of the vocabularies that can say so."""
    said = (
        *(_first(root, "modified", _DUBLIN_CORE), _first(root, "updated", _ATOM)),
        *(_first(root, "post_modified", _WORDPRESS),),
    )
    return next(filter(None, map(_a_day, said)), "")


def _a_day(written: str) -> str:
    known = read_date(written).published if written else None
    return written if known and known.value[:10] not in _NO_DAYS else ""


def _give_headline(item: Item) -> None:
    """Short news has none; its first paragraph is one."""
    if not one_line(item.headline) and item.body:
        item.headline, item.body = one_line(item.body[0]), item.body[1:]


def _add_summary(item: Item, summary: list[str]) -> None:
    """A lead where there is a text; else all that there is, which may be a teaser."""
    item.body = [part for part in item.body if not _FOOTER.fullmatch(part)]
    summary = [part for part in summary if not _FOOTER.fullmatch(part)]
    if item.body:
        text = one_line(" ".join(item.body))
        said = one_line(" ".join(summary)).rstrip(" .…[]")
        item.lead = "" if not said or text.startswith(said) else "\n\n".join(summary)
        return
    item.body = summary
    if sum(map(len, summary)) < _WHOLE:
        item.partial = True
        item.warnings.append(_TEASER)


def _add_key(item: Item, root: Element) -> None:
    """The address, which other formats know too; else the feed's own id."""
    guid = next(_own(root, "guid"), None)
    named = [_first(root, "origLink", _FEEDBURNER), _text(root, "link"), attribute(root, "about")]
    own = "" if guid is None else line_of(guid)
    permanent = guid is not None and attribute(guid, "isPermaLink").lower() != "false"
    if permanent and is_web_address(own):
        named.append(own)
    _add_address(item, root, [_absolute(root, address) for address in named if address], own)


def _add_address(item: Item, root: Element, addresses: Iterable[str], own: str) -> None:
    base = attribute(root, "base")
    named = filter(is_web_address, addresses)
    item.url = next((without_tracking(url) for url in named if is_of_one(url, base)), "")
    if not item.url:
        item.id = scoped(own, base)
    elif names_a_part(item.url):
        item.id = item.url


def _absolute(element: Element, address: str) -> str:
    base = element.getroottree().getroot()
    try:
        return urljoin(attribute(base, "base"), address)
    except ValueError:
        return address


def _language(root: Element) -> str:
    return _first(root, "language", _DUBLIN_CORE) or attribute(root, "lang")


def _draft_status(root: Element) -> str:
    control = next(_foreign(root, "control", _DRAFTS), None)
    drafts = () if control is None else control
    return "draft" if any(line_of(each).lower() == "yes" for each in drafts) else ""


def _construct(root: Element, name: str) -> list[str]:
    """The paragraphs of a text as Atom has it: plain, escaped HTML, or XHTML."""
    element = next(_own(root, name), None)
    if element is None:
        return []
    kind = attribute(element, "type").lower()
    if "/" in kind and not kind.startswith("text/") and not kind.endswith("xml"):
        return []  # a picture, a film
    if kind.startswith(("xhtml", "application/xhtml")):
        return paragraphs_of(element)
    text = _all(element)
    if kind in {"", "text"} and not _MARKED.search(text):  # ``<script>`` is a word there
        return paragraphs(text)
    return html_paragraphs(text)


def _all(element: Element) -> str:
    return "".join(element.itertext())


def _own(element: Element, name: str) -> Iterator[Element]:
    """The children of that name that are of the same vocabulary: not ``media:title``."""
    space = element.tag[: len(element.tag) - len(name_of(element))]
    return (child for child in element if child.tag == space + name)


def _foreign(element: Element, name: str, space: str) -> Iterator[Element]:
    return (child for child in element if name_of(child) == name and space in child.tag)


def _text(element: Element, name: str) -> str:
    return line_of(next(_own(element, name), None))


def _first(element: Element, name: str, space: str) -> str:
    return line_of(next(_foreign(element, name, space), None))
