"""Where a report was written and which agencies wrote it: ``MOSKAU/BERLIN dpa | …``.

Certain forms only; ordinary text with bars or brackets is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.byline import read_byline
from extraction.places import places_in

_PIPE = re.compile(r"([^|\n]{1,120}?)[ \t\u00a0]*\|(?=\s|\Z)\s*")
_BRACKET = re.compile(
    r"([^()|\n]{2,80}?(?:\s\([A-ZÄÖÜ][a-zäöü]+\))?)"
    r"(?:,\s*[0-9]{1,2}\.\s?(?:[A-Zäa-zÄ]{3,9}\.?|[0-9]{1,2}\.)(?:\s?[0-9]{4})?)?"
    r"\s*\(([^()\n]{2,40})\)\s?(?:[-–—]|[.:])\s+"
)
_DATED = re.compile(
    r"([^()|\n,]{2,80}?)(?:\s\([^()\n]{2,40}\))?"
    r",\s*[0-9]{1,2}\.\s?(?:[A-Zäa-zÄ]{3,9}\.?|[0-9]{1,2}\.)(?:\s?[0-9]{4})?\s?[-–—]\s+"
)
_AGENCIES = frozenset(
    "adn afp ag ansa ap apa apn bb belga bloomberg cna dapd ddp dj dpa dpa-afx dts efe epd"
    " idea interfax itar-tass ips jta kap kipa kna kyodo lby lbn lhe lno lnw lrs lsw lni lmv lth lsc"
    " mdr ots oe1 pa presse-agentur reuters ria rtr rtrd sda sid taz tass tmn upi vwd wam"
    " xinhua yna".split()
)
_NO_AGENCY = frozenset(
    "ab als am an auf aus bei das dem den der des die ein für hat im in ist ja mit nach nein"
    " nie ob oder sie so über um und uns von vor war was wer wie wir wo zu zum zur".split()
)
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Dateline:
    """Places in ordinary case, agencies in lower case, both in the order they stand in.

    ``end`` is the offset in the body where the running text begins.
    """

    places: tuple[str, ...]
    agencies: tuple[str, ...]
    end: int


def read_dateline(body: str) -> Dateline | None:
    """Read the dateline that opens ``body``, after a byline if there is one; else ``None``."""
    byline = read_byline(body)
    start = byline.end if byline else 0
    return _with_bar(body, start) or _with_brackets(body, start) or _with_date(body, start)


def _with_bar(body: str, start: int) -> Dateline | None:
    found = _PIPE.match(body, start)
    if not found:
        return None
    words = re.sub(r"\s*/\s*", "/", found[1]).split()
    where = len(words)
    while where and _is_agencies(words[where - 1]):
        where -= 1
    agencies = _split_agencies(" ".join(words[where:]))
    known = any(agency in _AGENCIES for agency in agencies)
    places = places_in(" ".join(words[:where]), in_capitals=not known)
    if places is None or not (places or known):
        return None
    if agencies and not known and any(len(agency) > _SHORT for agency in agencies):
        return None
    return Dateline(places, agencies, found.end())


def _with_brackets(body: str, start: int) -> Dateline | None:
    found = _BRACKET.match(body, start)
    if not found:
        return None
    agencies = _split_agencies(found[2])
    places = places_in(found[1], in_capitals=False)
    if not places or not any(agency in _AGENCIES for agency in agencies):
        return None
    return Dateline(places, agencies, found.end())


def _with_date(body: str, start: int) -> Dateline | None:
    found = _DATED.match(body, start)
    places = places_in(found[1], in_capitals=False) if found else None
    return Dateline(places, (), found.end()) if found and places else None


def _is_agencies(word: str) -> bool:
    parts = _split_agencies(word)
    if not parts or any(part in _NO_AGENCY for part in parts):
        return False
    return word == word.lower() or all(part in _AGENCIES for part in parts)


def _split_agencies(written: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[/,\s]+", written.lower()) if part)
