"""Words of a query that no article has, and the nearest words that articles have.

An exact word finds first: only a word that is found in no form, no compound and by none of its
parts is taken for misspelt. Elasticsearch's term suggester gives the nearest words (at most two
letters inserted, left out, replaced or changed about: Damerau 1964); it sees the words as they
stand in the texts, in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors
from indexing.searching.syntax import parse, with_words
from indexing.searching.word_queries import any_form, is_prefix

#: Shorter words have too many neighbours.
_SHORTEST = 4
_MOST = 30
#: The unstemmed fields whose words are offered, and how many letters at the start must be right.
_FIELDS, _SAME_START = ("headline.exact", "body.exact"), 1


def respelled(client: Elasticsearch, index: str, text: str) -> dict[str, str]:
    """Return each misspelt word of a query's ``text`` with its nearest word of the index.

    Words that occur, and those with no near word, are not in it. One request, none where there
    is nothing to ask. Raises ``ServiceUnavailable``, and ``UsageError`` as
    :func:`indexing.searching.syntax.parse`.
    """
    words = askable(parse(text).words)
    if not words:
        return {}
    aggs = {str(n): {"filter": any_form(word)} for n, word in enumerate(words)}
    with translate_errors():
        answer = client.search(
            index=index, size=0, track_total_hits=False, aggs=aggs, suggest=_suggest(words)
        )
    counts = [answer["aggregations"][str(n)]["doc_count"] for n in range(len(words))]
    unknown = [(n, word) for n, word in enumerate(words) if not counts[n]]
    near = {word: nearest(_options(answer["suggest"], n)) for n, word in unknown}
    return {word: other for word, other in near.items() if other}


def askable(words: str) -> list[str]:
    """Return the words whose spelling can be judged: long enough, letters alone, no prefix."""
    each = dict.fromkeys(words.split())
    fit = (word for word in each if not is_prefix(word) and re.fullmatch(r"[^\W\d_]+", word))
    return [word for word in fit if len(word) >= _SHORTEST][:_MOST]


def nearest(options: Sequence[Mapping[str, Any]]) -> str:
    """Return the most alike of the suggester's options, the more frequent of equals, or ``""``."""
    best = max(options, key=lambda option: (option["score"], option["freq"]), default=None)
    return str(best["text"]) if best else ""


def corrected(text: str, respelled: Mapping[str, str]) -> str:
    """Return a query's ``text`` with its misspelt words replaced, the rest as it was."""
    return with_words(text, respelled)


def _suggest(words: Sequence[str]) -> dict[str, Any]:
    wanted = {"suggest_mode": "always", "max_edits": 2, "prefix_length": _SAME_START, "size": 3}
    return {
        f"{n} {field}": {"text": word, "term": {"field": field, **wanted}}
        for n, word in enumerate(words)
        for field in _FIELDS
    }


def _options(suggest: Mapping[str, Any], number: int) -> list[Mapping[str, Any]]:
    entries = [suggest.get(f"{number} {field}", []) for field in _FIELDS]
    return [option for entry in entries for token in entry for option in token["options"]]
