"""Where a report was written and which agencies wrote it: ``MOSKAU/BERLIN dpa | …``.

Certain forms only; ordinary text with bars or brackets is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.formats.byline import read_byline
from extraction.formats.places import places_in
from german.wordlist import word_list

_PIPE = re.compile(r"([^|\n]{1,120}?)[ \t\u00a0]{0,3}\|(?=\s|\Z)\s*")
_DAY = (
    r"[0-9]{1,2}\.\s?(?:[0-9]{1,2}\.|(?:Jan|Jän|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
    r"[a-zä]{0,6}\.?)(?:\s?[0-9]{4})?"
)
_WEEKDAY = (
    r"(?:Mo(?:ntag|nday)|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag"
    r"|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
)
_PLACE = r"([^()|\n]{2,80}?(?:\s\((?:Oder|Main|Saale|ODER|MAIN|SAALE)\))?)"
_BRACKET = re.compile(
    rf"{_PLACE}(?:,\s?(?:{_DAY}|{_WEEKDAY}))?\s{{0,3}}"
    r"\(([^()\n]{2,40})\)\s?(?:-{1,2}|[–—.:])\s+"
)
_DATED = re.compile(
    rf"([^()|\n,]{{2,80}}?)\s\([A-ZÄÖÜ][^\W\d_]+\),\s?(?=[^–—-]*[0-9]{{4}}){_DAY}\s?[-–—]\s+"
)
_DAY_AND_POINT = re.compile(
    rf"([^()|\n,]{{3,60}}),\s?({_DAY})(?:\.|(?<=\.))(?:\s\(([^()\n]{{2,40}})\)\s?[-–—]?)?\s+(?=\S)"
)
# Names that prove a dateline. Desks (dpa/lno) are known by what stands around them.
_AGENCIES = word_list(
    """
    adn afp ansa ap apa belga bloomberg cna dapd ddp dpa dpa-afx dts efe epd interfax ips
    itar-tass jta kipa kna kyodo ots reuters rtr rtrd sda sid taz tass upi vwd xinhua
    """
)
_NO_AGENCY = word_list(
    """
    ab als am an auf aus bei das dem den der des die ein für hat im in ist ja mit nach nein
    nie ob oder sie so über um und uns von vor war was wer wie wir wo zu zum zur
    """
)
_LONGEST_DESK = 4
_DESK = re.compile(r"[a-zäöü]{2,4}")
_WITH_DESKS = frozenset({"dpa", "afp", "epd", "apa"})
#: How agencies are called where there is room.
_IN_FULL = {
    "deutsche presse-agentur": "dpa",
    "dpa-infocom": "dpa",
    "agence france-presse": "afp",
    "evangelischer pressedienst": "epd",
    "katholische nachrichten-agentur": "kna",
    "sport-informations-dienst": "sid",
    "austria presse agentur": "apa",
    "keystone-sda": "sda",
    "associated press": "ap",
    "news aktuell": "ots",
}
#: No form is longer up to its bar or bracket, and most texts have none so early.
_REACH = 200


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
    barred = "|" in body[start : start + _REACH]
    bracketed = "(" in body[start : start + _REACH]
    return (
        (_with_bar(body, start) if barred else None)
        or ((_with_brackets(body, start) or _with_date(body, start)) if bracketed else None)
        or _with_day(body, start)
    )


def agencies_in(credit: str) -> tuple[str, ...]:
    """Return the agencies that a credit names, in lower case: ``dpa/lno``, ``AFP und dpa``.

    Empty unless it names one that is known, and nothing else but desks and short names: those of
    papers (``SZ/dpa``) go.
    """
    written = " ".join(
        credit.lower().replace(" und ", "/").replace("&", "/").replace("+", "/").split()
    )
    for name, short in _IN_FULL.items():
        written = written.replace(name, short)
    parts = _split_agencies(written)
    if not all(part in _AGENCIES or _DESK.fullmatch(part) for part in parts):
        return ()
    behind = dict(zip(parts, ("", *parts), strict=False))
    return tuple(part for part in behind if part in _AGENCIES or behind[part] in _WITH_DESKS)


def _with_bar(body: str, start: int) -> Dateline | None:
    match = _PIPE.match(body, start)
    if not match:
        return None
    words = re.sub(r"\s*/\s*", "/", match[1]).split()
    where = len(words)
    while where and _is_agencies(words[where - 1]):
        where -= 1
    agencies = _split_agencies(" ".join(words[where:]))
    known = all(map(_has_known, words[where:])) and bool(agencies)
    places = places_in(" ".join(words[:where]), in_capitals=not known)
    if places is None or not (places or (known and match[1].islower())):
        return None
    return Dateline(places, agencies, match.end())


def _with_brackets(body: str, start: int) -> Dateline | None:
    match = _BRACKET.match(body, start)
    if not match:
        return None
    agencies = _split_agencies(match[2])
    places = places_in(match[1], in_capitals=False)
    if not places or not _has_known(match[2]):
        return None
    return Dateline(places, agencies, match.end())


def _with_date(body: str, start: int) -> Dateline | None:
    match = _DATED.match(body, start)
    places = places_in(match[1], in_capitals=False) if match else None
    return Dateline(places, (), match.end()) if match and places else None


def _with_day(body: str, start: int) -> Dateline | None:
    """Read ``BERN, 7. Februar.``, behind which an agency may stand in brackets."""
    match = _DAY_AND_POINT.match(body, start)
    places = places_in(match[1], in_capitals=True) if match else None
    if not match or not places:
        return None
    agencies = _split_agencies(match[3] or "")
    if match[3] and not _has_known(match[3]):
        return Dateline(places, (), match.start(3) - 1)
    return Dateline(places, agencies, match.end())


def _is_agencies(word: str) -> bool:
    if _has_known(word):
        return True
    return word.islower() and len(word) <= _LONGEST_DESK and word not in _NO_AGENCY


def _has_known(word: str) -> bool:
    return any(part in _AGENCIES for part in _split_agencies(word))


def _split_agencies(written: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[/,\s]+", written.lower()) if part)
