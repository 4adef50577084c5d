"""The label that the head of a name tells: ``Landgericht Köln`` is no place, ``DFB-Pokal`` no club.

The last part of a compound decides what it is; such nouns head organisations, places or events and
works, hardly ever another kind. Bare nouns (``Gericht``) and people's names stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from articles.article import Label, Mention
from german.wordlist import word_list

_HEADS: dict[Label, frozenset[str]] = {
    "ORG": word_list(
        """
        agentur ausschuss bataillon behörde feuerwehr fraktion genossenschaft gericht gerichtshof
        gesellschaft gewerkschaft gmbh gymnasium hochschule institut kammer klinik klinikum
        kommission krankenhaus landesamt bundesamt ministerium museum orchester partei spital
        staatsanwaltschaft stadtwerke stiftung universität verband verein versicherung zeitung
        zentrale armee division rundfunk polizei verlag krankenkasse sparkasse komitee bruderschaft
        luftwaffe streitkräfte akademie bistum bauernbund wetterdienst nachrichtendienst
        landtagsfraktion
        """
    ),
    "LOC": word_list(
        """
        arena bahnhof brücke flughafen platz stadion straße strasse gasse allee moschee bucht tunnel
        insel inseln gebirge delta
        """
    ),
    "MISC": word_list(
        """
        abkommen affäre award bundesliga cup derby gesetz gesetzbuch gipfel konvention krieg
        masters meisterschaft meisterschaften messe olympiade open pokal preis protokoll
        regionalliga spiele spielen verfassung vertrag wahl wahlen weltkrieg wm fest index medaille
        gesetze
        """
    ),
}
_YEAR = re.compile(r" (?:19|20)\d\d\Z")
_YEAR_BEHIND = re.compile(r" (?:19|20)\d\d\b(?![.-])")
#: How the names of events end that come again.
_OF_YEARS = (
    *("wahl", "wahlen", "meisterschaft", "meisterschaften", "wm", "em", "spiele", "spielen"),
    *("preis", "preises", "pokal", "cup", "award", "awards", "contest", "messe", "gipfel"),
)
_GENITIVE = re.compile(r"(?<=[^\W\d_]{4})(?:e?s)\Z")
#: Theatres are companies of players, not games.
_NO_EVENTS = ("kammerspiele", "kammerspielen", "lichtspiele")
#: A compound is longer than its last part by so many letters.
_LONGER = 2


def with_years(mentions: Sequence[Mention], texts: Mapping[str, str]) -> list[Mention]:
    """Return the mentions, in the same order, events with the year behind them: ``WM 2006``."""
    return [_with_year(m, texts.get(m.field, "")) if m.label == "MISC" else m for m in mentions]


def _with_year(mention: Mention, text: str) -> Mention:
    year = _YEAR_BEHIND.match(text, mention.end)
    if not year or not mention.surface.casefold().endswith(_OF_YEARS):
        return mention
    surface = mention.surface + year[0]
    return replace(mention, name=surface, surface=surface, end=year.end())


def with_head_labels(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, in the same order, with the labels that their heads tell."""
    labelled = []
    for mention in mentions:
        told = _label(mention.surface) if mention.label != "PER" else None
        labelled.append(replace(mention, label=told) if told else mention)
    return labelled


@lru_cache(maxsize=8192)
def _label(name: str) -> Label | None:
    """Return what the last word tells if all (but ``und``) have capitals, else the first one."""
    words = _YEAR.sub("", name).split()
    capitals = all(word == "und" or not word[:1].islower() for word in words)
    first = next((_of_head(head, len(words) > 1) for head in words[:1]), None)
    if not words or not capitals:
        return first
    # `Messe Kassel` and `Cup Kassel` are who holds it, or anything else.
    return _of_head(words[-1], len(words) > 1) or (first if first != "MISC" else None)


def _of_head(word: str, among_others: bool) -> Label | None:
    low = word.lower()
    if low.endswith(_NO_EVENTS):
        return None
    for form in (low, _GENITIVE.sub("", low)):
        for label, heads in _HEADS.items():
            shortest = 0 if among_others else _LONGER
            ends = (form[at:] for at in range(len(form)))
            if any(end in heads and len(form) - len(end) >= shortest for end in ends):
                return label
    return None
