"""Words of a query that no article has, and the nearest words that articles have.

An exact word finds first: only a word that is found in no form, no compound and by none of its
parts is taken for misspelt. Elasticsearch's term suggester gives the nearest words (at most two
letters inserted, left out, replaced or changed about: Damerau 1964); it sees the words as they
stand in the texts, in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from elasticsearch import Elasticsearch
from rapidfuzz.distance import OSA

from german.compounds.tables import tables
from german.findable import noun_of
from indexing.index.faults import translate_errors
from indexing.searching.other_languages import or_in_one_language
from indexing.searching.related import related
from indexing.searching.syntax import parse
from indexing.searching.word_queries import any_form

#: Shorter words have too many neighbours.
_SHORTEST = 4
_MOST = 30
#: Of so many misspelt words together more than the nearest word is tried, and so many for each.
_MOST_TOGETHER, _MOST_NEAR = 2, 4
#: So alike are a misspelt word and what was meant, where no other words tell.
_NEAR_ENOUGH = 0.75
#: The unstemmed fields whose words are offered, and how many letters at the start must be right.
_FIELDS, _SAME_START = ("headline.exact", "body.exact"), 1


@dataclass(frozen=True, slots=True)
class Spelling:
    """Misspelt words with near ones, and how alike they are: of two words twice as much as of one.

    Which of several equally near words was meant only the other words of a query can tell.
    """

    words: dict[str, str]
    alike: float


def spellings(client: Elasticsearch, index: str, text: str) -> list[Spelling]:
    """Return the ways to respell a query's ``text``, those with the nearest words first.

    Words that occur, and those with no near word, stay as they are; without others there is no way.
    At most two requests, none where there is nothing to ask. Raises ``ServiceUnavailable``, and
    ``UsageError`` as :func:`indexing.searching.syntax.parse`.
    """
    words = askable(parse(text).words)
    if not words:
        return []
    each = [or_in_one_language(any_form(word, more=related(word)), word) for word in words]
    aggs = {str(n): {"filter": clause} for n, clause in enumerate(each)}
    with translate_errors():
        answer = client.search(
            index=index, size=0, track_total_hits=False, aggs=aggs, suggest=_suggest(words)
        )
    counts = [answer["aggregations"][str(n)]["doc_count"] for n in range(len(words))]
    unknown = [(n, word) for n, word in enumerate(words) if not counts[n]]
    near = {word: ranked(_options(answer["suggest"], n)) for n, word in unknown}
    near = _found(client, index, near)
    return ways({word: options for word, options in near.items() if options})


def _found(
    client: Elasticsearch, index: str, near: Mapping[str, Sequence[tuple[str, float]]]
) -> dict[str, list[tuple[str, float]]]:
    """Leave out words that no article has: the suggester knows those that were removed or held."""
    words = list(dict.fromkeys(other for options in near.values() for other, _ in options))
    if not words:
        return {}
    aggs = {str(n): {"filter": any_form(word)} for n, word in enumerate(words)}
    with translate_errors():
        answer = client.search(index=index, size=0, track_total_hits=False, aggs=aggs)
    had = {w for n, w in enumerate(words) if answer["aggregations"][str(n)]["doc_count"]}
    return {word: [o for o in options if o[0] in had] for word, options in near.items()}


def ways(near: Mapping[str, Sequence[tuple[str, float]]]) -> list[Spelling]:
    """Return the ways to put near words (with how alike they are) in the place of misspelt ones."""
    if not near:
        return []
    most = _MOST_NEAR if len(near) <= _MOST_TOGETHER else 1
    combined = product(*(options[:most] for options in near.values()))
    spelt = [
        Spelling(
            {word: other for word, (other, _) in zip(near, choice, strict=True)},
            round(sum(alike for _, alike in choice), 3),
        )
        for choice in combined
    ]
    return sorted(spelt, key=lambda spelling: -spelling.alike)


def near_enough(words: Mapping[str, str]) -> dict[str, str]:
    """Return those respelled words that have one wrong letter in four at most."""
    return {
        word: other
        for word, other in words.items()
        if OSA.normalized_similarity(word.lower(), other.lower()) >= _NEAR_ENOUGH
    }


def askable(words: str) -> list[str]:
    """Return the words that may be misspelt: long enough, of letters alone, no German noun."""
    each = dict.fromkeys(words.split())
    fit = (word for word in each if re.fullmatch(r"[^\W\d_]+", word) and not _is_noun(word))
    return [word for word in fit if len(word) >= _SHORTEST][:_MOST]


def _is_noun(word: str) -> bool:
    """Tell ``Lawine``, which is no misspelt ``Latrine`` where no article has one."""
    return noun_of(word).lower() in tables().lemmas


def ranked(options: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """Return the suggester's options once each, most alike first, the more frequent of equals."""
    best = sorted(options, key=lambda option: (-option["score"], -option["freq"]))
    alike: dict[str, float] = {}
    for option in best:
        if "_" in option["text"]:  # a token of :mod:`german.typed`
            continue
        alike.setdefault(str(option["text"]), float(option["score"]))
    return list(alike.items())


def _suggest(words: Sequence[str]) -> dict[str, Any]:
    wanted = {"suggest_mode": "always", "max_edits": 2, "prefix_length": _SAME_START, "size": 4}
    return {
        f"{n} {field}": {"text": word, "term": {"field": field, **wanted}}
        for n, word in enumerate(words)
        for field in _FIELDS
    }


def _options(suggest: Mapping[str, Any], number: int) -> list[Mapping[str, Any]]:
    entries = [suggest.get(f"{number} {field}", []) for field in _FIELDS]
    return [option for entry in entries for token in entry for option in token["options"]]
