"""NITF (IPTC, 3.0 to 3.6), a document of its own or the content of NewsML-G2.

https://www.iptc.org/std/NITF/ names the elements; ``norm`` is a date as ISO 8601 has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.formats.clean import one_line
from extraction.formats.draft import Draft
from extraction.formats.release import Told
from extraction.formats.wire.item import KICKERS, Item, draft_of
from extraction.formats.wire.texts import paragraphs_of
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

#: ``Oslo (NTB)``, ``Oslo, 7. September``
_BEHIND_PLACE = re.compile(r"[(,:0-9–-]")
_SUBJECT = ("tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")


def read_nitf(tree: Tree) -> Draft:
    """Read a document. Raises ``Unreadable``."""
    item = Item(language=attribute(tree.root, "lang") or attribute(tree.root, "baselang"))
    add_head(item, tree.root)
    add_body(item, tree.root)
    return draft_of("nitf", item, tree.decoded)


def add_body(item: Item, nitf: Element) -> None:
    """Add what stands in ``<body>``; a headline, lead or date that is known stays."""
    _add_headlines(item, at(nitf, "body", "body.head", "hedline"))
    head = at(nitf, "body", "body.head")
    if head is not None:
        item.bylines += [_byline(line) for line in children(head, "byline")]
        item.credits += [line_of(line) for line in children(head, "distributor")]
        item.places += list(_places(head))
        item.notes += [line_of(note) for note in children(head, "note")]
        leads = [part for each in children(head, "abstract") for part in paragraphs_of(each)]
        item.lead = item.lead or "\n\n".join(leads)
        item.published = item.published or _norm(at(head, "dateline", "story.date"))
    for content in all_at(nitf, "body", "body.content"):
        item.body += paragraphs_of(content)
    item.credits += [line_of(line) for line in all_at(nitf, "body", "body.end", "tagline")]
    item.headline = item.headline or line_of(at(nitf, "head", "title"))


def add_head(item: Item, nitf: Element) -> None:
    """Add what ``<head>`` says."""
    data = at(nitf, "head", "docdata")
    publications = all_at(nitf, "head", "pubdata")
    if data is not None:
        item.id = _id(at(data, "doc-id"))
        item.credits += [attribute(each, "holder") for each in children(data, "doc.copyright")]
        item.credits += [attribute(each, "regsrc") for each in children(data, "doc-id")]
        item.published = _norm(at(data, "date.issue")) or item.published
        item.notes += [attribute(note, "info") for note in children(data, "ed-msg")]
        item.told = _told(data)
        _add_kind(item, nitf, data)
    for each in publications:
        item.published = item.published or attribute(each, "date.publication")
        item.url = item.url or attribute(each, "ex-ref")


def _told(data: Element) -> Told:
    release = at(data, "date.release")
    return Told(
        status=attribute(data, "management-status"),
        embargo=None if release is None else _norm(release),
    )


def _add_kind(item: Item, nitf: Element, data: Element) -> None:
    """What it is about, and which version of what it is."""
    keys = [attribute(key, "key") for key in all_at(data, "key-list", "keyword")]
    subjects = [_subject(each) for each in all_at(nitf, "head", "tobject", "tobject.subject")]
    properties = all_at(nitf, "head", "tobject", "tobject.property")
    changes = [attribute(each, "norm") for each in all_at(nitf, "head", "revision-history")]
    item.subjects = [*subjects, *keys]
    item.genres = [attribute(each, "tobject.property.type") for each in properties]
    item.modified = next(filter(None, reversed(changes)), "")
    if (key := at(data, "du-key")) is not None:
        item.version, item.slugline = attribute(key, "version"), attribute(key, "key")


def _subject(element: Element) -> str:
    """The narrowest that is named; else its number."""
    names = (attribute(element, name) for name in (*_SUBJECT, "tobject.subject.refnum"))
    return next(filter(None, names), "")


def _id(element: Element | None) -> str:
    """Such ids are unique for their source alone, which stands beside them."""
    if element is None or not (own := attribute(element, "id-string")):
        return ""
    source = attribute(element, "regsrc")
    return own if not source or source.lower() in own.lower() else f"{source}:{own}"


def _norm(element: Element | None) -> str:
    return "" if element is None else attribute(element, "norm") or line_of(element)


def _add_headlines(item: Item, hedline: Element | None) -> None:
    if hedline is None:
        return
    rest: list[str] = []
    for line in hedline:
        text, kind = line_of(line), f"{attribute(line, 'class')} {attribute(line, 'id')}".lower()
        if KICKERS & set(kind.split()):
            item.kicker = item.kicker or text
        elif name_of(line) == "hl1" and not item.headline:
            item.headline = text
        elif text not in {item.headline, ""}:
            rest.append(text)
    item.body += rest


def _byline(line: Element) -> str:
    """The people in it where they are marked; what they are (``byttl``) goes."""
    people = [line_of(person) for person in line.iter() if name_of(person) == "person"]
    if people:
        return ", ".join(people)
    return " ".join(paragraphs_of(line, {"byttl", "location"}))


def _places(head: Element) -> Iterator[str]:
    for dateline in children(head, "dateline"):
        if at(dateline, "location") is None:
            yield _BEHIND_PLACE.split(one_line(dateline.text or ""))[0]
        for location in children(dateline, "location"):
            city = at(location, "city")
            yield line_of(location if city is None else city)
