"""What a person is told beside the hits: names that nobody has, and what to try."""

from __future__ import annotations

from collections.abc import Sequence

from articles.fields import FILTERS
from indexing.searching.query import Query, Wanted, content
from indexing.searching.results import Unknown
from indexing.searching.syntax import parse, quoted

_SHORT = 5
_MEANT_OR = {"or", "oder"}
LOOSENED = {
    "most": "No article has all of these words; those found have at least half of them.",
    "some": "No article has even half of these words; those found have some, or parts of them.",
}
IN_TEXT = "No article is known to name all of these; those found have the words in their text."


def hints(
    query: Query, unknown: Sequence[Unknown], total: int, wanted: Wanted = "all"
) -> list[str]:
    """Return sentences, the most helpful first; none where all went as asked."""
    said = [unknown_name(name) for name in unknown]
    if wanted != "all" and total:
        said.append(LOOSENED[wanted] if content(query) else IN_TEXT)
    if query.text.strip() and not parse(query.text):
        return [f"There is no letter or digit in {query.text.strip()[:60]!r} to search for."]
    if not total and not unknown:
        said += [f"Nothing was found. Try {step}." for step in _to_try(query)]
    return said


def respelling(written: str, asked: str) -> str:
    """``No article has “Vertarg”: these have “vertrag”.``."""
    return f"No article has “{written}”: these have “{asked}”."


def unknown_name(unknown: Unknown) -> str:
    """``No article names “Angla Merkel”; did you mean person:"Angela Merkel" (12 articles)?``."""
    known = " or ".join(
        f"{near.kind}:{quoted(near.name)} ({near.articles:,})" for near in unknown.nearest
    )
    mean = f"; did you mean {known}?" if known else "."
    return f"No article {FILTERS[unknown.kind].verb} “{unknown.name}”{mean}"


def _to_try(query: Query) -> list[str]:
    terms = parse(query.text)
    ways = []
    if {word.lower() for word in terms.words.split()} & _MEANT_OR:
        ways.append("OR in capitals, if one of the two is enough")
    if terms.all_phrases():
        ways.append("the words without quotation marks: a phrase is found as written only")
    if terms.near:
        ways.append("the words without near")
    if terms.without_words or terms.without_phrases or terms.without_names:
        ways.append("it without what you exclude")
    if terms.either:
        ways.append("other words between OR")
    if query.names() or terms.dates or query.since or query.until or query.kql:
        ways.append("it without filters, or with fewer")
    if len(terms.all_words()) > 1:
        ways.append("fewer words")
    elif terms.words.isalpha() and len(terms.words) > _SHORT:
        ways.append(f"another spelling, or words that begin alike: {terms.words[:-3]}*")
    elif terms.words:
        ways.append("another word")
    return ways[:3]
