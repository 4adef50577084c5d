"""A page -> the named parts of its article, and what was odd."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from extraction.formats.believable import is_language
from extraction.formats.dateline import read_dateline
from extraction.formats.page import meta, refusals, stub
from extraction.formats.page.authors import authors
from extraction.formats.page.body import paragraphs_of
from extraction.formats.page.dates import changed, published
from extraction.formats.page.furniture import without_furniture
from extraction.formats.page.heading import Heading, heading_of, headline_of
from extraction.formats.page.marked import Marked, marked
from extraction.formats.page.running import cleaned, lead_of, longer, without_credit
from extraction.formats.page.structured import Structured, structured
from extraction.formats.page.tree import Element, parsed, refuse_many, text_of
from extraction.formats.text_format import LONGEST_HEADLINE, fit_headline

_SITE = re.compile(r"\s+[|–—-]\s+[^|–—-]{2,50}\Z|\s+\|\s+.{2,60}\Z")
_SITE_FIRST = re.compile(r"\A[^|–—:-]{2,40}\s+[|–—-]\s+")
_SAVED_FROM = re.compile(
    r"<!-- saved from url=\(\d{4}\)(\S+) -->|Page saved with SingleFile\s+url:\s+(\S+)"
)
_NO_HEADLINE = "The page names no headline; the first line of its text was taken."
_HEAD = 3_000
_LONGEST_KICKER, _LONGEST_VALUE = 120, 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """``values`` as ``formats.values`` takes them; ``partial`` tells that there is more text."""

    values: dict[str, Any]
    partial: bool
    warnings: tuple[str, ...]


def read_article(markup: str, address: str = "") -> Page:
    """Read clean markup; ``address`` is where it is from, where that is known otherwise.

    Raises ``Unreadable`` where it holds no article.
    """
    root = parsed(markup)
    head = meta.Head(root)
    said = structured(root, _first_heading(root))
    barrier = stub.has_barrier(root)
    told = marked(root)
    without_furniture(root)
    refuse_many(root)
    titles = _titles(said.headline, head.first(meta.TITLES), head.title)
    heading = heading_of(root, headline_of(root, titles))
    values = _head_values(said, head, heading, told, titles)
    body = cleaned(paragraphs_of(root), heading, values.get("byline", ()))
    whole = longer(body, said)
    names = f"{head.title} {heading.headline}"
    only_a_line = not values["headline"] and len("".join(whole)) <= LONGEST_HEADLINE
    refusals.refuse_no_article(names, [] if only_a_line else whole, root, sure=said.is_article)
    values["url"] = _own_url(said, head, markup, address)
    values["published"] = _published(said, head, heading, told, values["url"] or "")
    described = [said.description, *head.all(meta.DESCRIPTIONS)]
    values["modified"] = changed([said.modified, *head.all(meta.MODIFIED)])[:_LONGEST_VALUE] or None
    said_more = (_NO_HEADLINE,) if not values["headline"] else ()
    if said_more:
        values["headline"], *whole = whole
    lead = _with_body(values, heading, whole, described)
    words = sum(len(text.split()) for text in (lead, *whole))
    partial = stub.is_partial(said, barrier, words)
    return Page(values, partial, (*said_more, *((stub.WARNING,) if partial else ())))


def _head_values(
    said: Structured, head: meta.Head, heading: Heading, told: Marked, titles: list[str]
) -> dict[str, Any]:
    """Return headline, kicker, byline, agencies and language."""
    headline, kicker = _headline(heading, titles)
    lines = [*told.author, *heading.bylines, *head.all(meta.AUTHORS)]
    people, agencies = authors(said.authors, lines)
    codes = (code for code in (said.language, head.language) if is_language(code))
    values: dict[str, Any] = {"headline": headline, "kicker": kicker, "agencies": list(agencies)}
    values["language"] = next(codes, None)
    return {**values, "byline": list(people)} if people else values


def _with_body(
    values: dict[str, Any], heading: Heading, whole: list[str], described: list[str]
) -> str:
    """Put lead, body and the agencies that they name among the values; return the lead."""
    body, credited = without_credit(whole)
    lead, body = lead_of(heading, body, described)
    values |= {"lead": lead, "body": "\n\n".join(body)}
    agencies = dict.fromkeys((*values.pop("agencies"), *credited))
    if agencies:
        dateline = read_dateline(values["body"])
        named = dict.fromkeys((*(dateline.agencies if dateline else ()), *agencies))
        values["agencies"] = list(named)
    return lead


def _own_url(said: Structured, head: meta.Head, markup: str, address: str) -> str | None:
    """Return the page's address, by what it says and by what the program says that saved it."""
    url = meta.own_address([*head.addresses, said.url, _saved_from(markup), address])
    return url[:_LONGEST_VALUE] or None


def _published(
    said: Structured, head: meta.Head, heading: Heading, told: Marked, url: str
) -> str | None:
    dated = published(
        [said.published, *head.all(meta.PUBLISHED), *told.published],
        heading.times,
        [*heading.lines, *told.lines],
        [said.modified, *head.all(meta.MODIFIED)],
        url,
    )
    return dated[:_LONGEST_VALUE] or None


def _headline(heading: Heading, titles: list[str]) -> tuple[str, str]:
    """Return headline and kicker: what people see, else what the page says of itself."""
    seen = heading.headline.strip(" :|")
    if not seen:
        return fit_headline(next(iter(titles), "")), heading.kicker
    for title in titles:
        before = seen.removesuffix(title) if title else ""
        kicker = before.strip(" :|–-+") if before != seen else ""
        if kicker and not heading.kicker and len(before) <= _LONGEST_KICKER:
            return title, kicker
    return seen, heading.kicker


def _first_heading(root: Element) -> str:
    return next((text_of(h) for h in root.iter("h1")), "")


def _titles(*said: str) -> list[str]:
    """Return what a page is called: by JSON-LD, by its ``<meta>``, and by its window.

    The window's title comes without the site's name, which may be before it where all else is
    silent.
    """
    *sure, window = said
    first = [] if any(sure) else [_SITE_FIRST.sub("", window)]
    return [title for title in (*sure, _SITE.sub("", window), *first) if title]


def _saved_from(markup: str) -> str:
    match = _SAVED_FROM.search(markup[:_HEAD])
    return (match[1] or match[2]) if match else ""
