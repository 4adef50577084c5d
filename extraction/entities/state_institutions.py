"""Governments, armies, ministries and courts of a state: ``die iranische Marine``.

The adjective of a state and such a noun behind it are an organisation as a whole, whatever a tagger
makes of them, unless a longer name holds them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from articles.article import Mention
from extraction.analysed_text import AnalysedText
from extraction.entities.gazetteer import Gazetteer
from german.inflection import adjective

_NOUN = (
    r"(?:(?:Militär|Übergangs|Landes|Staats|Zentral)?[Rr]egierung|Armee|Streitkräften?|Luftwaffe|Marine"
    r"|Militärs?|Heer(?:e?s)?|Küstenwache|(?:National|Revolutions|Präsidial)garden?"
    r"|(?:Auslands|Inlands|Militär)?[Gg]eheimdienst(?:e?s)?|(?:Regional)?[Pp]arlament(?:e?s)?"
    r"|Landtag(?:e?s)?|Nationalversammlung|Abgeordnetenhaus(?:es)?|Unterhaus(?:es)?|Oberhaus(?:es)?"
    r"|[A-ZÄÖÜ][a-zäöüß]+ministerium(?:s)?|(?:[A-ZÄÖÜ][a-zäöüß]+)?[Gg]erichtshof(?:e?s)?"
    r"|Verfassungsgericht(?:e?s)?|(?:Zentral|National|Noten)bank)"
)
_NAMED = re.compile(
    r"(?<![\w-])(?:US-)?(?P<adjective>[A-Za-zÄÖÜäöü][a-zäöüß-]{2,30}sche[nmrs]?) "
    rf"{_NOUN}(?![\w-])"
)


def with_state_institutions(
    mentions: Sequence[Mention], texts: AnalysedText, gazetteer: Gazetteer
) -> list[Mention]:
    """Return the mentions and the institutions, without what stands within those."""
    gone: set[int] = set()
    whole: list[Mention] = []
    for field in texts:
        there = sorted((m for m in mentions if m.field == field), key=lambda m: m.start)
        starts = [m.start for m in there]
        for start, end in _institutions(texts[field], gazetteer):
            first = max(bisect_left(starts, start) - 1, 0)
            touched = [m for m in there[first : bisect_left(starts, end)] if m.end > start]
            if all(start <= m.start and m.end <= end for m in touched):
                gone |= {id(m) for m in touched}
                surface = texts[field][start:end]
                whole.append(Mention("ORG", surface, surface, field, start, end))
    return [*(m for m in mentions if id(m) not in gone), *whole]


def _institutions(text: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    for match in _NAMED.finditer(text):
        if adjective(match["adjective"])[0].lower() in gazetteer.adjectives:
            yield match.span()
