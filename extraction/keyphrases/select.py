"""Choose an article's keyphrases among the candidates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from functools import lru_cache

from extraction.keyphrases.candidates import Candidate, nouns, terms, ties
from extraction.keyphrases.lists import is_generic
from extraction.keyphrases.statistic import Background, news, score
from extraction.keyphrases.tokens import WeightedWord, weighted_words
from german.compounds import nested, parts

#: Keyphrases of an article: one for so many words, and not more or fewer than these.
_WORDS, _FEWEST, _MOST = 8, 3, 12
#: What a keyphrase must reach of the best one's score, and at all.
_SHARE, _LEAST = 0.38, 1.6
_ENOUGH = 5
#: A part stands beside its compound only if it is so much more frequent.
_MORE_FREQUENT = 3
#: How much of a compound's weight counts for its parts.
_OF_COMPOUND = 0.25
#: The weight of a term that stands once, but in the title.
_IN_TEXT = 2.4


def read_keyphrases(
    fields: Mapping[str, str], names: Collection[str], background: Background | None = None
) -> tuple[str, ...]:
    """Return up to 12 phrases that a person would tag the article with, the best first.

    ``fields`` has the text of ``kicker``, ``headline``, ``lead`` and ``body``; ``names`` are the
    people, places and organisations that are known already and are left out. ``background``
    takes a lemma and gives the share of the archive's articles that have it; without it that is
    estimated from German word frequencies. Nouns stand in the nominative singular.
    """
    row = weighted_words(fields)
    forms = _forms(names)
    plain = nouns(row, forms)
    phrases = _merged(plain, terms(row, plain, forms), ties(row, plain))
    scored = {
        phrase: value
        for phrase, candidate in phrases.items()
        if not is_generic(phrase) and (value := score(candidate, background or news)) >= _LEAST
    }
    ranked = sorted(scored, key=lambda phrase: (-scored[phrase], phrase))
    return tuple(_chosen(ranked, scored, phrases, _number(row)))


def _merged(
    plain: dict[str, Candidate], pairs: dict[str, Candidate], tied: dict[str, Candidate]
) -> dict[str, Candidate]:
    """Give parts some of their compounds' weight; a term takes its noun's occurrences over."""
    for candidate in plain.values():
        for part in _pieces(candidate.phrase):
            if part in plain and part != candidate.phrase:
                plain[part].weight += _OF_COMPOUND * candidate.weight
    merged = dict(plain)
    for phrase, candidate in {**pairs, **tied}.items():
        noun = plain.get(candidate.noun)
        if noun is None or not (candidate.count > 1 or candidate.weight > _IN_TEXT):
            continue
        if candidate.count * 2 >= noun.count:
            merged.pop(noun.phrase, None)
            candidate.weight = max(candidate.weight, noun.weight)
        merged[phrase] = candidate
    return merged


def _number(row: list[WeightedWord]) -> int:
    return max(_FEWEST, min(_MOST, len(row) // _WORDS))


def _chosen(
    ranked: list[str], scored: dict[str, float], phrases: dict[str, Candidate], most: int
) -> list[str]:
    chosen: list[str] = []
    for phrase in ranked:
        low = scored[phrase] < _SHARE * scored[ranked[0]]
        if len(chosen) == most or (low and len(chosen) >= _ENOUGH):
            break
        chosen.append(phrase)
    inside = {phrase: _inside(phrase) for phrase in chosen}
    return [
        phrase
        for phrase in chosen
        if not any(_is_part(phrase, q, inside[q], phrases) for q in chosen if q != phrase)
    ]


def _inside(phrase: str) -> set[str]:
    """Return the parts of a phrase's words."""
    return {part for word in phrase.split() for part in _pieces(word)}


@lru_cache(maxsize=8_192)
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*parts(word), *nested(word))))


def _is_part(phrase: str, other: str, inside: Set[str], phrases: Mapping[str, Candidate]) -> bool:
    """Tell whether a phrase is said by another one, whose words have the parts ``inside``.

    The last part (``Pakt`` of ``Verteidigungspakt``) is, unless it is far more frequent; a first
    one (``Fernwärme`` of ``Fernwärmenetz``) only if it is not more frequent.
    """
    whole = other.split() if " " in other or " " in phrase else ()
    if not all(word in inside or word in whole for word in phrase.split()):
        return False
    last = phrases[other].noun.lower().endswith(phrases[phrase].noun.lower())
    more = _MORE_FREQUENT * phrases[other].count if last else phrases[other].count + 1
    return phrases[phrase].count < more


def _forms(names: Collection[str]) -> set[str]:
    """Return the names, their words, the genitives of these, and inhabitants: ``Göttinger``."""
    words = {word.strip(",.()") for name in names for word in (name, *name.split())}
    own = words | {f"{word}s" for word in words} | {w[:-1] for w in words if w.endswith("s")}
    return own | {f"{w.removesuffix('en')}er" for w in words} | {f"{w}er" for w in words}
