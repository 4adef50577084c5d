"""The clauses for articles in other languages than German.

A query does not say whose words it has. So it asks the fields of the other languages too, each by
its own analysis; only articles of that language have anything there (``indexing.index.foreign``).
All texts of such an article stand in its one field, so one clause for all words does: by words it
would be one for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from articles.fields import FIELDS
from german.typed import written
from indexing.index.foreign import ROOT
from indexing.index.mapping import EXACT

Clause = dict[str, Any]

_NAMES = [field.name for field in FIELDS if field.name.startswith(f"{ROOT}.")]
#: Those that are kept unstemmed, too; the words of the others stand nearly so.
_UNSTEMMED = [f"{field.name}.{EXACT}" for field in FIELDS if field.type in ("english", "french")]
#: What a word is worth there beside what it is worth in headline, lead and body, where the
#: analysis for German finds most forms as well. Set by hand, see ``benchmarks.relevance``.
_WORTH = 0.3
#: Words that are asked for in other languages too. More are a text that somebody pasted: for all
#: of them in all fields an Elasticsearch with little memory takes too many clauses.
MOST_WORDS = 100


def in_one_language(words: Sequence[str], least: int | None = None) -> Clause:
    """Return the clause for articles that have all ``words`` in their language, or ``least``."""
    enough = {"operator": "and"} if least is None else {"minimum_should_match": least}
    return {"multi_match": {"query": _said(words), "fields": _NAMES, **enough}}


def or_in_one_language(clause: Clause, word: str) -> Clause:
    """Return the clause for what ``clause`` finds, and for ``word`` in other languages."""
    return {"bool": {"should": [clause, in_one_language([word])], "minimum_should_match": 1}}


def worth_in_one_language(words: Sequence[str]) -> Clause:
    """Return the optional clause that scores ``words`` where an article's language has them."""
    return {"multi_match": {"query": _said(words), "fields": _NAMES, "boost": _WORTH}}


def unstemmed() -> list[str]:
    """Return the fields in which a phrase stands as written: ``incendie`` of ``l'incendie``."""
    return list(_UNSTEMMED)


def near_in_one_language(first: str, second: str, gaps: int) -> list[Clause]:
    """Return the clauses for both within so many words, in either order."""
    sides = [
        {"match": {"query": _said([text]), "ordered": True, "max_gaps": 0}}
        for text in (first, second)
    ]
    both = {"all_of": {"intervals": sides, "max_gaps": gaps, "ordered": False}}
    return [{"intervals": {name: both}} for name in _NAMES]


def _said(words: Iterable[str]) -> str:
    """Return words as people write them: an apostrophe is for each language to read."""
    return " ".join(map(written, words))
