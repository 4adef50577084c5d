"""Headline, kicker, lead, byline and date as they stand at the head of an article's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from extraction.formats.byline import read_byline
from extraction.formats.page.dates import is_date_line
from extraction.formats.page.tree import Element, named, removed, text_of

_KICKER = re.compile(
    r"-(?:kicker|dachzeile|topline|overline|spitzmarke|roofline|roof|eyebrow|super-?title|surtitle"
    r"|oberzeile|over-?title|pre-?title|pre-?headline|vorzeile|headline-(?:label|intro)|tagline)-"
)
_LEAD = re.compile(
    r"-(?:lead|lede|leadtext|lead-text|intro|introtext|introduction|vorspann|standfirst|summary"
    r"|excerpt|sub-?(?:line|headline|title|head)|unterzeile|untertitel|deck|dek|abstract|einleitung"
    r"|anreisser|anriss|anlauf|teaser-?text|teaser-?intro|teaser|preface|shorttext|short-text|subheader"
    r"|description)-"
)
_BYLINE = re.compile(
    r"-(?:byline|authors?|autor|autoren|autorin|verfasser\w*|written-by|creators?|post-author|vcard)-"
)
_DATE = re.compile(
    r"-(?:date|datum|dateline|time|timestamp|published|publish-date|pubdate|datetime|entry-date"
    r"|post-date|veroeffentlicht\w*|erschienen|stand|lastupdated|meta|metadata|metatext|article-info)-"
)
_WITHIN = frozenset({"article", "main"})
_NO_LINE = frozenset({"time", "article", "main", "body", "html"})
_NO_LEAD = frozenset({"a", "span", "time", "article", "main", "body", "html"})
_SHORTEST_LEAD, _LONGEST_LEAD, _LONGEST_KICKER, _LONGEST_LINE = 25, 1_500, 120, 300
#: Of running text; what stands behind so many paragraphs is no head any more.
_PARAGRAPH, _MOST_BEFORE = 80, 1
_WORD = re.compile(r"\w+")
#: A heading of a lower rank must say more of a title to be the headline.
_BY_RANK = {"h1": 0.1, "h2": 0.0, "h3": -0.1}
_LIKE_A_TITLE, _MOST_HEADINGS = 0.45, 50
_MOST_WITHIN, _MOST_AT_HEAD = 80, 2_000
#: The class that an element gets when it has been read.
_READ = "depesche-read"


@dataclass(slots=True)
class Heading:
    """What stands there, as it is written; ``times`` are those of ``<time>``, ``lines`` others."""

    headline: str = ""
    kicker: str = ""
    lead: str = ""
    bylines: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def headline_of(root: Element, titles: list[str]) -> Element | None:
    """Return the heading that says most of what the page's ``titles`` say; else the first.

    A logo may be an ``<h1>``, too, and a headline an ``<h2>``. ``None``: the titles say more.
    """
    wanted = [set(_WORD.findall(title.lower())) for title in titles if title]
    headings = [h for h in root.iter("h1", "h2", "h3") if text_of(h)][:_MOST_HEADINGS]
    scored = [(_alike(text_of(h), wanted) + _BY_RANK[h.tag], h) for h in headings]
    best_first = sorted(scored, key=lambda pair: (-pair[0], -len(text_of(pair[1]))))
    score, best = next(iter(best_first), (0.0, None))
    if score > _LIKE_A_TITLE:
        return best
    first = [h for h in headings if h.tag == "h1"]
    within = (h for h in first if next(h.iterancestors(*_WITHIN), None) is not None)
    return next(within, None if any(wanted) else next(iter(first), None))


def _alike(text: str, wanted: list[set[str]]) -> float:
    """Return the greatest share of a title's words that are in ``text``, and the other way."""
    words = set(_WORD.findall(text.lower()))
    return max((len(words & title) / max(len(words), len(title)) for title in wanted), default=0.0)


def heading_of(root: Element, headline: Element | None) -> Heading:
    """Read the head of the article, and take it out of the tree."""
    read = Heading()
    around = _around(headline, root)
    if headline is not None:
        read.kicker = _kicker_within(headline)
        read.headline = text_of(headline)
    for element in _at_the_head(around, headline):
        _note(read, element, named(element))
    read.times = [time.get("datetime") or text_of(time) for time in around.iter("time")]
    for element in [each for each in around.iter() if each.get("class") == _READ]:
        removed(element)
    if headline is not None:
        removed(headline)
    return read


def _around(headline: Element | None, root: Element) -> Element:
    """Return the article that the headline belongs to, as wide as it can be."""
    within = [] if headline is None else list(headline.iterancestors(*_WITHIN))
    return within[-1] if within else root


def _at_the_head(around: Element, headline: Element | None) -> Iterator[Element]:
    """Yield the elements of the article before its running text, and those without any."""
    holding = set() if headline is None else {headline, *headline.iterancestors()}
    behind, seen = headline is None, 0
    for element in list(islice(around.iter(), _MOST_AT_HEAD)):
        behind = behind or element is headline
        if element.tag == "p" and behind and not _LEAD.search(named(element)):
            seen += len(text_of(element)) > _PARAGRAPH
        if seen > _MOST_BEFORE:
            return
        if element not in holding:
            yield element


def _note(read: Heading, element: Element, name: str) -> None:
    """Note what the element says, where its name tells what it is."""
    if element.tag == "time" or _is_large(element) or not (line := text_of(element)):
        return
    if not read.kicker and _KICKER.search(name) and len(line) <= _LONGEST_KICKER:
        read.kicker = line.strip(" :|")
    elif not read.lead and _LEAD.search(name) and (lead := _lead(element)):
        read.lead = lead
    elif len(line) <= _LONGEST_LINE and _is_byline(element, name, line):
        read.bylines.append(line)
    elif len(line) <= _LONGEST_LINE and element.tag not in _NO_LINE and _is_dated(name, line):
        read.lines.append(line)
    else:
        return
    element.set("class", _READ)


def _is_large(element: Element) -> bool:
    """Whether it holds more elements than any line at the head, and much time to look at."""
    return sum(1 for _ in islice(element.iter(), _MOST_WITHIN)) == _MOST_WITHIN


def _lead(element: Element) -> str:
    """Return the text of what is named a lead, where it is one and nothing else stands in it."""
    if element.tag in _NO_LEAD or any(
        _LEAD.search(named(each)) for each in element.iterdescendants()
    ):
        return ""
    within = [text_of(p) for p in element.iter("p")]
    line = "\n\n".join(filter(None, within)) or text_of(element)
    return line if _SHORTEST_LEAD <= len(line) <= _LONGEST_LEAD else ""


def _is_byline(element: Element, name: str, line: str) -> bool:
    said = element.get("rel") == "author" or element.get("itemprop") == "author"
    if said or _BYLINE.search(name):
        return True
    byline = read_byline(line)
    return byline is not None and byline.end == len(line)


def _is_dated(name: str, line: str) -> bool:
    return bool(_DATE.search(name)) or is_date_line(line)


def _kicker_within(headline: Element) -> str:
    """Take a kicker out of the headline that it is a part of."""
    for part in headline.iterdescendants():
        line = text_of(part).strip(" :|")
        if _KICKER.search(named(part)) and 0 < len(line) <= _LONGEST_KICKER:
            removed(part)
            return line
    return ""
