"""The clauses for one word of a query: as written, inflected, in a compound, by its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from german.findable import noun_of, parts_of
from german.gender_forms import both
from german.tokens import runs
from indexing.searching.related import Related
from indexing.searching.related_queries import finding

#: Other words between the parts of a compound that the text spells out: about a paragraph of news.
#: One sentence would miss `Das Flugzeug … Nach dem Absturz`.
_GAPS = 60
_PREFIX = re.compile(r"\w[\w-]*\w\*")
_SHORTEST_MARK, _LONGEST_MARK = 4, 40
#: Of an unknown compound one part is enough at last, if it is that long.
_SHORTEST_PART = 4
#: Words of a query whose compounds are marked; words of a text that are longer are none.
_MOST_MARKS, _LONGEST_COMPOUND = 20, 100
#: Of a page of hits so many compounds are marked, and so many characters of a text looked at.
_MOST_COMPOUNDS, _LONGEST_TEXT = 200, 300_000

Clause = dict[str, Any]


def any_form(word: str, apart: bool = False, more: Sequence[Related] = ()) -> Clause:
    """Return the clause for texts that have ``word`` in any form, or all parts of a compound.

    ``Munitionslieferung`` finds ``Lieferung von Munition``; ``Museen`` finds ``Museum``;
    ``Pilot:innen`` finds ``Piloten`` and ``Pilotin``. With ``apart`` the parts may stand anywhere
    in the text. What is in ``more`` finds the word as well.
    """
    if more:
        return _one_of([any_form(word, apart), *(finding(way, apart) for way in more)])
    if is_prefix(word):
        return _begins(word)
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
    return ways[0] if len(ways) == 1 else _one_of(ways)


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
    ways += [_begins(word) for word in each if is_prefix(word)]
    ways += [finding(replace(way, beside=())) for way in related]
    return _one_of(ways)


def is_prefix(word: str) -> bool:
    """Tell whether ``word`` asks for all words that begin like it: ``Verteidig*``."""
    return bool(_PREFIX.fullmatch(word))


def is_compound(word: str) -> bool:
    """Tell whether ``word`` has parts that a text may spell out: ``Mordprozess``."""
    return len(parts_of(word)) > 1


def _begins(word: str) -> Clause:
    return {"match_phrase_prefix": {"text.folded": {"query": word, "max_expansions": 1000}}}


def _joined(word: str) -> str:
    return word.replace("-", "")


def _all(word: str) -> Clause:
    # A stop word is in every text: it asks for nothing.
    return {"match": {"text": {"query": word, "operator": "and", "zero_terms_query": "all"}}}


def _near(pieces: tuple[str, ...]) -> Clause:
    together = [{"match": {"query": piece}} for piece in pieces]
    return {"intervals": {"text": {"all_of": {"intervals": together, "max_gaps": _GAPS}}}}


def marks(field: str, word: str) -> list[Clause]:
    """Return what marks in ``field`` the forms of ``word`` and its parts."""
    if is_prefix(word):
        return [{"match_phrase_prefix": {f"{field}.exact": word}}]
    marking: list[Clause] = [{"match": {field: word}}]
    others = {noun_of(word), *parts_of(word), *both(word)} - {word}
    marking += [{"match": {field: other}} for other in others]
    return marking


def compounds_in(texts: Iterable[str], words: Iterable[str]) -> list[str]:
    """Return the compounds in ``texts`` that have one of ``words`` in them, each once.

    Looked for here and not by a pattern in Elasticsearch, which would try it at every word of
    every hit. Compounds of nouns have a capital letter: `eingesetzt` has nothing to do with
    `Gesetz`.
    """
    stems = dict.fromkeys(noun_of(word).lower() for word in words)
    fit = [
        noun for noun in stems if _SHORTEST_MARK <= len(noun) <= _LONGEST_MARK and noun.isalpha()
    ]
    fit = fit[:_MOST_MARKS]
    # Whole words first: a pattern with the stems inside would take a long run of letters apart
    # at each of them.
    distinct = dict.fromkeys(word for text in texts for word in runs(text[:_LONGEST_TEXT]))
    nouns = (word for word in distinct if word[0].isupper() and len(word) <= _LONGEST_COMPOUND)
    return [word for word in nouns if any(stem in word.lower() for stem in fit)][:_MOST_COMPOUNDS]


def compounds_marked(field: str, compounds: Iterable[str]) -> list[Clause]:
    """Return what marks ``compounds`` in ``field``; one clause or none."""
    words = " ".join(compounds)
    return [{"match": {f"{field}.exact": words}}] if words else []
