"""States that a text names by an adjective or a prefix: ``die russische Hauptstadt``, ``US-Heer``.

By itself an adjective counts only before a word for the state, its organs or its land: what says
``deutsche Sprache`` or ``türkische Küche`` names no place. Where a tagger says that a word is made
of a place's name (``russischer Schriftsteller``, ``Londoner``), two of a state count everywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from extraction.geography.lists import entries, names_in
from extraction.geography.senses import senses
from german.inflection import adjective, towns

_HEAD = (
    r"(?:[A-ZÄÖÜ][\wäöüß]*-)?(?:Staats|Regierungs|Außen|Innen|Verteidigungs|Finanz|Minister|Vize"
    r"|Bundes|National|Hafen|Groß|Klein|Millionen|Grenz|Zentral|Noten|Ost|West|Nord|Süd|Justiz"
    r"|Wirtschafts|Kriegs|Halb|Ex|Mittelmeer|Provinz|Premier|Oberst|Atom|See|Luft|Land|Partner){0,2}-?"
    r"(?:[Hh]auptstadt|[Rr]egierung|[Pp]räsident|[Cc]hef|[Pp]remier|[Mm]inister|[Kk]anzler"
    r"|[Pp]arlament|Senat|Kongress|Armee|[Ss]treitkräfte|Militär|Truppen|Soldat|Marine|[Ww]affe"
    r"|[Bb]ehörde|Polizei|Justiz|Botschaft|Konsulat|[Ss]taat(?!sb|sa)|[Gg]renze|Küste|Territorium|[Gg]ebiet"
    r"|Provinz|Region|[Ss]tadt|Ort\b|Dorf|[Ii]nsel|Norden|Süden|Osten|Westen|Verfassung|Zentralbank|Notenbank|Nationalbank"
    r"|Geheimdienst|Delegation|Unterhändler|König|Führung|Opposition|Gericht|Bundesstaat"
    r"|Festland|Hoheitsgewässer|Luftraum|Heer\b|Raketen|Atomprogramm)"
)
_ADJECTIVE = re.compile(
    r"\b([A-Za-zÄÖÜäöüß][a-zäöüß-]{2,40}sch)e[nrsm]?\s{1,3}(?:[a-zäöüß]{3,20}e[nrsm]?\s{1,3})?"
    + _HEAD
)
_PREFIX = re.compile(rf"\b(US|Schweizer)(?:-|\s)(?:[a-zäöüß]{{3,20}}e[nrsm]?\s)?{_HEAD}")
_PREFIXES = {"US": "US", "Schweizer": "CH"}
#: The score of a place from which on its inhabitants are known for it: a large city, a state.
_KNOWN = 5.0


def states_named(texts: Iterable[str]) -> Counter[str]:
    """Count the ISO codes of the states that adjectives and prefixes in ``texts`` name."""
    counts: Counter[str] = Counter()
    for text in texts:
        for match in _ADJECTIVE.finditer(text):
            counts.update(_codes(match[1].lower()))
        if any(prefix in text for prefix in _PREFIXES):
            counts.update(_PREFIXES[match[1]] for match in _PREFIX.finditer(text))
    return counts


def states_derived(words: Iterable[str]) -> Counter[str]:
    """Count the ISO codes of the states of words that are made of places' names.

    A single such word of a state may say where a stone comes from, so it counts for nothing.
    """
    counts: Counter[str] = Counter()
    for word in words:
        counts.update(_codes(adjective(word)[0].lower()) or _of_inhabitant(word))
    return Counter({code: times for code, times in counts.items() if times > 1})


@lru_cache(maxsize=4096)
def _of_inhabitant(word: str) -> list[str]:
    """``Iraker``, ``Londoner``: the state of the place that is surely meant."""
    for place in towns(word):
        meaning = senses(place)
        if meaning and not meaning[0].weak and meaning[0].score > _KNOWN:
            return [meaning[0].place.country] if meaning[0].place.country else []
    return []


def _codes(stem: str) -> list[str]:
    """``deutsch-französisch`` names two states, ``saudi-arabisch`` one."""
    known = _adjectives()
    if stem in known:
        return [known[stem]]
    return [known[part] for part in stem.split("-") if part in known]


@lru_cache(maxsize=1)
def _adjectives() -> dict[str, str]:
    by_adjective: dict[str, str] = {}
    for code, *_, adjectives in entries("countries.txt"):
        for stem in names_in(adjectives):
            by_adjective.setdefault(stem, code)
    return by_adjective
