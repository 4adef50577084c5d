"""Canonical names while somebody types."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from articles.fields import FILTERS
from german.tokens import runs
from indexing.index.faults import translate_errors

#: Letters that stand for each other, as the analyzer of names has it.
_LIKE = {"a": "aäàáâãå", "o": "oöòóôõø", "u": "uüùúû", "e": "eèéêë", "i": "iìíîï", "c": "cç"}
_MOST_CHARS = 100


def suggest(
    client: Elasticsearch, index: str, text: str, kind: str, most: int = 10
) -> list[tuple[str, int]]:
    """Return canonical names whose words begin like those of ``text``, with their articles.

    ``kind`` is a filter of the query language (``person``, ``quoted`` …); the most frequent come
    first, at most ``most``. Raises :class:`UsageError` for another kind and
    ``ServiceUnavailable``.
    """
    if kind not in FILTERS:
        raise UsageError(f"There are no names of kind {kind!r}: there are {', '.join(FILTERS)}.")
    words = runs(text[:_MOST_CHARS])
    if not words:
        return []
    include = r"(.*[ \-])?" + r".*[ \-]".join(_like(word) for word in words) + ".*"
    names: dict[str, Any] = {"field": FILTERS[kind].name, "size": most, "include": include}
    with translate_errors():
        answer = client.search(index=index, size=0, aggs={"names": {"terms": names}})
    return [
        (bucket["key"], bucket["doc_count"])
        for bucket in answer["aggregations"]["names"]["buckets"]
    ]


def _like(word: str) -> str:
    """Return a pattern of Lucene's for ``word`` in any case, with or without its accents."""
    return "".join(_letter(letter) for letter in word)


def _letter(letter: str) -> str:
    low = letter.lower()
    base = next((key for key, like in _LIKE.items() if low in like), low)
    forms = sorted({*_LIKE.get(base, base), *_LIKE.get(base, base).upper(), letter})
    return f"[{''.join(forms)}]"
