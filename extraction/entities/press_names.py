"""Tell a newspaper from the noun that it is called by: ``der „Stern“``, ``laut Bild``."""

from __future__ import annotations

import re
from collections.abc import Set

from extraction.entities.context import determiner_before, word_before
from german.wordlist import word_list

_QUOTES_BEFORE, _QUOTES_BEHIND = tuple('„"»‚“«'), tuple('“"«‘”»')
_REACH = 40
_SAYS = re.compile(
    r"[“\"«]? (?:zitiert|berichtet|schreibt|schrieb|meldet|titelt|kommentiert|veröffentlicht"
    r"|enthüllt|hatte (?:zuerst )?berichtet|hatte zuvor|vorlieg|zufolge)"
)
_SAID_BY = re.compile(
    r"(?:Angaben?|Bericht(?:en?|s)?|Informationen|Recherchen|Interviews?|Ausgabe|Gespräch|Titel"
    r"|Titelbild|Redaktion|Chefredakteur\w*|Kolumne|laut) "
    r"(?:mit |in |für )?(?:des|der|dem|den|das)?\s?[„\"»]?\Z"
)
_LISTED_BEFORE = re.compile(r"(?P<word>[A-ZÄÖÜ][\w.]+)[“\"«]?(?:,| und| oder|/) ?[„\"»]?\Z")
_LISTED_BEHIND = re.compile(r"[“\"«]?(?:,| und| oder|/) ?[„\"»]?(?P<word>[A-ZÄÖÜ][\w.]+)")
_BEFORE_QUOTED = word_list("laut berichtet berichtete schreibt schrieb meldet meldete zufolge")


def is_quoted(text: str, start: int, end: int) -> bool:
    """Tell whether a name stands alone in quotation marks."""
    return text.endswith(_QUOTES_BEFORE, 0, start) and text.startswith(_QUOTES_BEHIND, end)


def is_title(text: str, start: int, end: int) -> bool:
    """Tell whether it is quoted behind an article or ``laut``: ``der „Stern“``."""
    if not is_quoted(text, start, end):
        return False
    before = word_before(text, start - 1)
    return bool(determiner_before(text, start - 1)) or before in _BEFORE_QUOTED


def is_source(text: str, start: int, end: int) -> bool:
    """Tell whether something is said to be read there: ``laut Stern``, ``Bild berichtet``."""
    before, behind = text[max(start - _REACH, 0) : start], text[end : end + _REACH]
    return bool(_SAID_BY.search(before) or _SAYS.match(behind))


def is_beside(text: str, start: int, end: int, names: Set[str]) -> bool:
    """Tell whether the name next to it in a list is one of these: ``Stern, Geo und Capital``."""
    before, behind = text[max(start - _REACH, 0) : start], text[end : end + _REACH]
    matches = (_LISTED_BEFORE.search(before), _LISTED_BEHIND.match(behind))
    return any(match and match["word"] in names for match in matches)
