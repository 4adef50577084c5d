"""How far two articles tell of one matter: whom it is about, what happens, what the titles say.

Two matches of one league name the same people, two emergency landings tell the same of others, and
what a source puts everywhere is in everything; on one matter are two articles only if all three
agree, and both ways: a long survey has something of everything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from german.folding import unaccented

#: Texts in the order in which they are read, what gathers them, and names.
TEXTS = ("headline", "lead", "body")
ALL = "text"
NAMES = ("people", "organisations", "places", "misc")
FIELDS = (ALL, *TEXTS, *NAMES)

#: Words with which an article opens: they say what happens.
_OPENING = 60
#: What is in more than this share of all articles says nothing, unless those are very few.
_COMMON, _FEW = 0.1, 10
#: Words that begin like a name belong to it (``israelisch`` to ``Israel``).
_LIKE_A_NAME, _SHORTEST = 5, 3
_POWER = 2
#: Days after which a matter is half as likely to be the same.
_HALF = 365
_WORD = re.compile(r"\w+")

#: A word or a name, and in how many articles it is.
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Content:
    """The words of an article, the terms of its title and opening among them, and its names."""

    words: Counts
    title: frozenset[str]
    opening: frozenset[str]
    names: Counts


def content(vectors: Mapping[str, Any]) -> Content:
    """Return the content of an article from its term vectors in :data:`FIELDS`.

    They are as Elasticsearch gives them, with statistics of terms and places. How many articles
    have a word says ``text``, which gathers all texts.
    """
    gathered = vectors.get(ALL, {}).get("terms", {})
    words: dict[str, int] = {}
    opening: set[str] = set()
    before = 0
    for field in TEXTS:
        terms = vectors.get(field, {}).get("terms", {})
        places = {term: about["tokens"][0]["position"] for term, about in terms.items()}
        opening |= {term for term, place in places.items() if before + place < _OPENING}
        before += 1 + max(places.values(), default=-1)
        words |= {t: gathered.get(t, about).get("doc_freq", 1) for t, about in terms.items()}
    names = {
        f"{field} {name}": about.get("doc_freq", 1)
        for field in NAMES
        for name, about in vectors.get(field, {}).get("terms", {}).items()
    }
    title = frozenset(vectors.get(TEXTS[0], {}).get("terms", {}))
    return Content(words, title, frozenset(opening), names)


def alike(a: Content, b: Content, articles: int) -> float:
    """Return from 0 to 1 how much of whom and what each tells the other does, too.

    The geometric mean of three shares, each of them that of both ways: of names; of words of the
    opening that are no names; of words of the title. Everything weighs by the square of its rarity
    among all ``articles`` (inverse document frequency), so that the value means much the same in
    small archives and in large ones. Where one has no names the other two decide.
    """
    of_names = _like_names((*a.names, *b.names))
    who = _both(a.names, b.names, a.names, b.names, articles)
    first, second = (
        {term: c.words[term] for term in c.opening if term[:_LIKE_A_NAME] not in of_names}
        for c in (a, b)
    )
    what = _both(first, second, a.words, b.words, articles)
    first, second = ({term: c.words[term] for term in c.title} for c in (a, b))
    title = _both(first, second, a.words, b.words, articles)
    if not (a.names and b.names):
        return math.sqrt(what * title)
    return float((who * what * title) ** (1 / 3))


def near_in_time(a: str, b: str) -> float:
    """Return how near two days of publication are, 1 for one day, a half for a year between them.

    They are ISO 8601 in any precision; of what is not known to the day nothing can be said: 1.
    """
    try:
        apart = abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)
    except ValueError:
        return 1.0
    return 1 / (1 + apart / _HALF)


def _like_names(names: Iterable[str]) -> set[str]:
    """Return how words begin that are of names."""
    words = (word for name in names for word in _WORD.findall(name.partition(" ")[2]))
    return {unaccented(word)[:_LIKE_A_NAME] for word in words if len(word) >= _SHORTEST}


def _both(a: Counts, b: Counts, all_a: Counts, all_b: Counts, articles: int) -> float:
    return math.sqrt(_told(a, all_b, articles) * _told(b, all_a, articles))


def _told(part: Counts, other: Counts, articles: int) -> float:
    """Return the share of ``part``, by weight, that ``other`` has."""
    weights = {term: _weight(count, articles) for term, count in part.items()}
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in other) / total if total else 0.0


def _weight(count: int, articles: int) -> float:
    if count > max(_FEW, articles * _COMMON):
        return 0.0
    rarity: float = math.log((articles + 1) / max(1, count))
    return rarity**_POWER
