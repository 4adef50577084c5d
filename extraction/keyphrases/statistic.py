"""How much a phrase says about an article: how often and where it stands there, how rare it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from extraction.keyphrases.candidates import Candidate
from extraction.keyphrases.lists import words
from german.compounds import parts
from german.compounds.tables import tables
from german.wordlist import word_list

#: Takes a lemma, gives the share of all articles that have it, 0 to 1.
Background = Callable[[str], float]

#: All weights here are set by hand, with ten of the texts that ``benchmarks.keyphrases`` judges.

#: A word that stands once in a million words (Zipf frequency 3) is in one of 2,500 articles.
_ARTICLE = 6.4
#: Zipf frequencies of what the lexicon does not know: of a compound half its parts' mean.
_OF_PARTS, _UNKNOWN_WORD = 0.55, 3.6
_RAREST = 1e-5
#: Words in more than a tenth of all articles say nothing; so much rarity is taken off.
_COMMON = 0.75
_POWER = 0.8
#: How much rarer a term is than its noun.
_OF_TERM = 0.7
#: What is kept of the score by offices and verbs made nouns, by ``Hauptgegner`` and the like,
#: and by what stands once in the body and nowhere else.
_ROLE, _FAINT, _ONCE = 0.45, 0.7, 0.8
_ONCE_SIMPLE = 0.65
_IN_BODY, _IN_LEAD = 1.0, 2.0
_NOUN = 5
_DAYS = word_list("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonnabend Sonntag")
_COLOURLESS = word_list("haupt gesamt einzel sonder mehr neben groß klein Teil neu alt")


@lru_cache(maxsize=8_192)
def news(lemma: str) -> float:
    """Estimate from German word frequencies the share of articles that have a lemma."""
    zipf = tables().zipf.get(lemma.lower())
    if zipf is None:
        zipf = _of_parts(parts(lemma))
    return min(1.0, math.pow(10, zipf - _ARTICLE))


def _of_parts(pieces: tuple[str, ...]) -> float:
    known = tables().zipf
    each = [known.get(part.lower(), _UNKNOWN_WORD) for part in pieces]
    return _OF_PARTS * sum(each) / len(each) if each else _UNKNOWN_WORD


def score(candidate: Candidate, background: Background) -> float:
    """Return the weight of a candidate, 0 for what says nothing."""
    rarity = _rarity(background(candidate.noun))
    rarity += _OF_TERM if candidate.noun != candidate.phrase else 0.0
    value: float = math.log2(1 + candidate.weight) * max(0.0, rarity - _COMMON) ** _POWER
    return value * _colour(candidate.noun) * _repetition(candidate)


def _repetition(candidate: Candidate) -> float:
    """Return how much of its score a phrase may keep that stands there once and not on top."""
    if candidate.count > 1 or candidate.weight > _IN_LEAD:
        return 1.0
    if not parts(candidate.noun):
        return _ONCE_SIMPLE
    return _ONCE if candidate.weight <= _IN_BODY else 1.0


@lru_cache(maxsize=8_192)
def _colour(noun: str) -> float:
    """Return how much of its score a noun may keep by its kind."""
    pieces = parts(noun) or (noun,)
    if pieces[0] in _DAYS:
        return 0.0
    if pieces[-1] in words("roles.txt"):
        return _ROLE
    if pieces[0] in _COLOURLESS and len(pieces) > 1:
        return _FAINT
    unit = tables().heads.get(noun.lower())
    verbal = noun.endswith("en") and (unit is None or unit.seen < _NOUN) and len(pieces) == 1
    return _ROLE if verbal else 1


def _rarity(share: float) -> float:
    return -math.log10(min(1.0, max(share, _RAREST)))
