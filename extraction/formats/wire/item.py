"""The parts that readers of news formats have gathered -> a draft, released or refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extraction.formats.clean import one_line
from extraction.formats.dateline import agencies_in, read_dateline
from extraction.formats.decode import Decoded
from extraction.formats.draft import Draft
from extraction.formats.page.authors import authors
from extraction.formats.release import Told, embargo_in, later, released
from extraction.formats.text_format import lead_and_body
from extraction.formats.values import from_values
from extraction.formats.wire.tree import ADVICE
from german.wordlist import word_list

#: The last word of the role of a headline or a description, by which it is one of these.
KICKERS = word_list("dachzeile kicker overline overtitle spitzmarke supertitle toptitle")
LEADS = word_list(
    "abstract dek intro lead leadin standfirst subhead subheadline subtitle summary teaser"
    " unterzeile untertitel vorspann"
)
_LONGEST = 2_000
#: What content systems write who know the instant alone (WordPress, Superdesk): no place in Africa.
_NO_PLACE = re.compile(r"(?<=\d)\s?[+-]00:?00\s*\Z")
#: So many paragraphs may set an embargo.
_HEAD = 4


@dataclass(slots=True)
class Item:
    """What a reader knows of one article; "" and empty lists for what is not said."""

    headline: str = ""
    kicker: str = ""
    lead: str = ""
    body: list[str] = field(default_factory=list)
    published: str = ""
    id: str = ""
    url: str = ""
    language: str = ""
    bylines: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    dateline: str = ""
    subjects: list[str] = field(default_factory=list)
    slugline: str = ""
    genres: list[str] = field(default_factory=list)
    version: str = ""
    modified: str = ""
    told: Told = field(default_factory=Told)
    partial: bool = False
    warnings: list[str] = field(default_factory=list)


def draft_of(format_: str, item: Item, decoded: Decoded | None = None) -> Draft:
    """Return the draft of an item. Raises ``Unreadable`` where it is none, or is held back.

    A headline that opens the text once more goes from there, and so does a lead.
    """
    body = _without(item.body, item.headline)
    lead = item.lead
    if lead:
        body = _without(body, lead)
    else:
        lead, body = lead_and_body(body)
    values: dict[str, Any] = {
        "headline": item.headline,
        "kicker": item.kicker if one_line(item.kicker) != one_line(item.headline) else "",
        "lead": lead,
        "body": "\n\n".join(body),
        "published": _date(item.published),
        "modified": _date(item.modified),
        "id": _short(item.id),
        "url": _short(item.url),
        "language": _short(item.language),
        "subjects": _lines(item.subjects),
        "slugline": _short(item.slugline),
        "genre": _lines(item.genres),
        "version": _short(item.version),
        **_people(item, body),
    }
    said = decoded.warnings if decoded else ()
    draft = from_values(format_, values, ADVICE, (*said, *item.warnings))
    encoding = decoded.encoding if decoded else ""
    return released(replace(draft, encoding=encoding, partial=item.partial), _told(item))


def _told(item: Item) -> Told:
    """With the embargo that a note, or the head of the text, sets in words."""
    head = "\n".join([item.headline, item.lead, *item.body[:_HEAD]])
    written = embargo_in("\n".join(item.notes), head)
    return replace(item.told, embargo=later(item.told.embargo, written))


def _without(body: Sequence[str], text: str) -> list[str]:
    same = bool(body) and one_line(body[0]) == one_line(text)
    return list(body[1:] if same else body)


def _short(value: str) -> str | None:
    return one_line(value)[:_LONGEST] or None


def _date(written: str) -> str | None:
    return _short(_NO_PLACE.sub("Z", written))


def _lines(values: Iterable[str]) -> list[str]:
    return [line for line in map(_short, values) if line]


def _people(item: Item, body: Sequence[str]) -> dict[str, Any]:
    """Who wrote it, and where: None leaves it to what the text says of itself."""
    dateline = read_dateline("\n\n".join(body[:2])) or read_dateline(f"{item.dateline} – …")
    names, in_bylines = authors((), item.bylines)
    agencies = [agency for credit in item.credits for agency in agencies_in(credit)]
    places = [one_line(place) for place in item.places if one_line(place)]
    return {
        "byline": [name[:_LONGEST] for name in names] or None,
        "agencies": _first(dateline.agencies if dateline else (), agencies, in_bylines),
        "dateline_places": _first(dateline.places if dateline else (), places),
    }


def _first(*lists: Iterable[str]) -> list[str] | None:
    """The first that names any; None where the text itself, or nobody, does."""
    known = next((list(dict.fromkeys(each)) for each in lists if each), None)
    return [each[:_LONGEST] for each in known] if known else None
