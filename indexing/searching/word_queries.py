"""The clauses for one word of a query: as written, inflected, in a compound, by its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from german.findable import noun_of, parts_of
from german.gender_forms import both
from german.typed import numbered, words_inside
from indexing.searching.forms import PARAGRAPH
from indexing.searching.patterns import fitting, is_open
from indexing.searching.related import Related
from indexing.searching.related_queries import finding

#: Of an unknown compound one part is enough at last, if it is that long.
_SHORTEST_PART = 4

Clause = dict[str, Any]


def any_form(word: str, apart: bool = False, more: Sequence[Related] = ()) -> Clause:
    """Return the clause for texts that have ``word`` in any form, or all parts of a compound.

    ``Munitionslieferung`` finds ``Lieferung von Munition``; ``Museen`` finds ``Museum``;
    ``Pilot:innen`` finds ``Piloten`` and ``Pilotin``. With ``apart`` the parts may stand anywhere
    in the text. What is in ``more`` finds the word as well.
    """
    if is_open(word):
        return fitting(word)
    if more:
        return _one_of([any_form(word, apart), *(finding(way, apart) for way in more)])
    if genders := both(word):
        return _one_of([any_form(each, apart) for each in genders])
    ways = [_all(word)]
    if (noun := noun_of(word)).lower() != word.lower():
        ways.append(_all(noun))
    if len(pieces := parts_of(word)) > 1:
        ways.append(
            {"bool": {"must": [_all(piece) for piece in pieces]}} if apart else _near(pieces)
        )
    if "-" in word.strip("-"):
        ways.append(_all(_joined(word)))
    ways += _as_typed(word, apart)
    return ways[0] if len(ways) == 1 else _one_of(ways)


def _as_typed(word: str, apart: bool) -> list[Clause]:
    """``MH17`` is ``MH 17`` too; with ``apart``, ``50_prozent`` may be 50 here, *Prozent* there."""
    if with_blank := numbered(word):
        return [{"match_phrase": {"text": with_blank}}]
    words = words_inside(word) if apart else ()
    return [{"bool": {"must": [_all(each) for each in words]}}] if len(words) > 1 else []


def partly_found(word: str, more: Sequence[Related] = ()) -> Clause:
    """Return the clause for texts that have ``word`` in any form, or one part of the compound."""
    pieces = [piece for piece in parts_of(word) if len(piece) >= _SHORTEST_PART]
    # Of a compound's last part the family will do: `Babyentführung` by `entführt`.
    single = [replace(way, beside=()) for way in more]
    return _one_of([any_form(word, apart=True, more=single), *map(_all, pieces)])


def _one_of(ways: list[Clause]) -> Clause:
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def some(words: str, related: Sequence[Related] = ()) -> Clause:
    """Return the clause for texts with one of ``words`` that is no stop word, in any form.

    Or with what is ``related`` to one.
    """
    each = dict.fromkeys(way for word in words.split() for way in (word, *both(word)))
    more = [form for word in each for form in (noun_of(word), *parts_of(word), _joined(word))]
    ways: list[Clause] = [{"match": {"text": {"query": " ".join(dict.fromkeys([*each, *more]))}}}]
    ways += [fitting(word) for word in each if is_open(word)]
    ways += [way for word in each for way in _as_typed(word, True)]
    ways += [finding(replace(way, beside=())) for way in related]
    return _one_of(ways)


def is_compound(word: str) -> bool:
    """Tell whether ``word`` has parts that a text may spell out: ``Mordprozess``."""
    return len(parts_of(word)) > 1 or len(words_inside(word)) > 1


def _joined(word: str) -> str:
    return word.replace("-", "")


def _all(word: str) -> Clause:
    # A stop word is in every text: it asks for nothing.
    return {"match": {"text": {"query": word, "operator": "and", "zero_terms_query": "all"}}}


def _near(pieces: tuple[str, ...]) -> Clause:
    together = [{"match": {"query": piece}} for piece in pieces]
    return {"intervals": {"text": {"all_of": {"intervals": together, "max_gaps": PARAGRAPH}}}}
