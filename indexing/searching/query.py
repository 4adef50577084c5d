"""What a person asks for, and the Elasticsearch query that it becomes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Literal

from articles.errors import UsageError
from articles.fields import BY_NAME
from german.function_words import content_words
from german.stop_words import is_stop_word
from indexing.index.dates import span
from indexing.searching.kql_query import query_of
from indexing.searching.nearness import near
from indexing.searching.other_languages import (
    MOST_WORDS,
    in_one_language,
    or_in_one_language,
    unstemmed,
    worth_in_one_language,
)
from indexing.searching.patterns import is_open
from indexing.searching.related import NOTHING_MORE, Related, related_words, said_instead
from indexing.searching.scoring import BOOSTS, EXACT_FIELDS, credit, credited, or_in_text, worth
from indexing.searching.syntax import Alternative, day_of, parse
from indexing.searching.word_queries import any_form, is_compound, partly_found, some

#: Gives a name of an index field (``people``) the name under which the archive has it.
Canonical = Callable[[str, str], str]

#: Sentences that a hit shows.
SENTENCES = 3

_MOST_CHARS = 2000
#: Each word becomes a dozen clauses, and a small Elasticsearch takes about 8,000.
_MOST_WORDS = 300
#: How many of the words an article must have: all, half at least, or one or a compound's part.
Wanted = Literal["all", "most", "some"]
#: Whose names an article has in its text where no reader took them for such.
_IN_TEXT = frozenset(("people", "organisations", "places"))
#: Elasticsearch pages no deeper than this.
DEEPEST = 10_000


@dataclass(frozen=True, slots=True)
class Query:
    """A search.

    ``text`` is in the language of :mod:`indexing.searching.syntax`: words (all must occur, in any
    form), ``"phrases"`` (as written), ``-exclusions``, ``OR``, ``near``, filters such as
    ``person:"…"`` and ``in:2024-06``. The name filters take canonical names or parts of them, all
    of which must fit. ``since`` and ``until`` are days, months or years (``2024-06``,
    ``19.6.2024``), both inclusive, and an article fits whose date of publication, by the calendar
    of where it was written, overlaps. ``newest``: the latest first,
    not the best. ``all_versions``: what an article said before it was corrected counts, too.
    ``kql``: a filter as it stands in Kibana's search bar, its dates of the time zone ``zone``.
    """

    text: str = ""
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    size: int = 10
    offset: int = 0
    newest: bool = False
    all_versions: bool = False
    kql: str = ""
    zone: str = "Europe/Berlin"

    def names(self) -> list[tuple[str, str]]:
        """Return the name filters as pairs of index field and name."""
        wanted = {
            "people": self.people,
            "organisations": self.organisations,
            "places": self.places,
            "quoted_people": self.quoted,
        }
        pairs = [(field, name) for field, names in wanted.items() for name in names]
        return [*pairs, *parse(self.text).names]

    def __post_init__(self) -> None:
        """Raise :class:`UsageError` for one name where a list is wanted: its letters are none."""
        for names in (self.people, self.organisations, self.places, self.quoted):
            if isinstance(names, str):
                raise UsageError(f"Names are a list: ({names!r},) and not {names!r} alone.")


def check(query: Query) -> None:
    """Raise :class:`UsageError` for what Elasticsearch would refuse, in a person's words."""
    if len(query.text) > _MOST_CHARS:
        raise UsageError(f"The query is longer than {_MOST_CHARS} characters.")
    if len(query.kql) > _MOST_CHARS:
        raise UsageError(f"The KQL is longer than {_MOST_CHARS} characters.")
    if len(parse(query.text).all_words()) > _MOST_WORDS:
        raise UsageError(f"The query has more than {_MOST_WORDS} different words.")
    if query.size < 0 or query.offset < 0:
        raise UsageError("Size and offset cannot be negative.")
    if query.size + query.offset > DEEPEST:
        raise UsageError(
            f"Only the first {DEEPEST} results can be shown: narrow the query, or export them."
        )


def looser(query: Query) -> tuple[Wanted, ...]:
    """Return what is enough, if no article has all words.

    Of one plain word, unless it has parts or synonyms, nothing less is; nor is it where the query
    says ``AND``. Of names alone it is enough that the text has them.
    """
    if parse(query.text).every:
        return ()
    words = content(query) if query.text else []
    names = query.names()
    if names and not words:
        return ("most",) if _IN_TEXT.issuperset(field for field, _ in names) else ()
    several = len(words) + len(names) > 1
    loose = words and (several or any(is_compound(word) or said_instead(word) for word in words))
    return ("most", "some") if loose else ()


def content(query: Query) -> list[str]:
    """Return the words of a query that say what is looked for."""
    return content_words(parse(query.text).words.split())


def sought(query: Query) -> list[str]:
    """Return all words that are looked for in any form, those of groups and pairs too."""
    terms = parse(query.text)
    alone = set(terms.words.split())
    others = [word for word in terms.all_words() if word not in alone]
    return list(dict.fromkeys([*content(query), *(content_words(others) if others else ())]))


def widened(
    query: Query, canonical: Canonical, wanted: Wanted = "all"
) -> Mapping[str, Sequence[Related]]:
    """Return what else each content word is found by; who says ``AND`` means the words alone."""
    loosely = wanted != "all"
    if parse(query.text).every:
        return {}
    return related_words(content(query), canonical, loosely=loosely)


def as_written(_field: str, name: str) -> str:
    """Return ``name``: what is canonical where nobody knows better."""
    return name


def clauses(
    query: Query,
    filters: list[dict[str, Any]],
    wanted: Wanted = "all",
    canonical: Canonical = as_written,
    given_names: Collection[str] = (),
) -> dict[str, Any]:
    """Return the Elasticsearch query; ``filters`` are the name filters, made elsewhere.

    ``wanted`` tells how many of the words are enough; if not all, compounds may stand in parts,
    what has all words need have a name but in its text, and ``given_names`` of people whose
    surnames are asked for too need not be there. ``canonical`` counts for names that are excluded
    or one of several.
    """
    terms = parse(query.text)
    if query.text.strip() and not terms:
        return {"match_none": {}}
    words = content(query)
    needed = [word for word in words if wanted == "all" or word not in given_names]
    must = [_phrase(phrase) for phrase in terms.phrases]
    must += [near(*pair) for pair in terms.near]
    must += [_either(group, canonical) for group in terms.either]
    without = [_phrase(phrase) for phrase in terms.without_phrases]
    without += [_any_word(word) for word in terms.without_words]
    least = _least(len(needed), len(query.names()), wanted)
    more = widened(query, canonical, wanted)
    # What says but one word otherwise, where one of two is enough, has nothing of what was asked.
    enough = widened(query, canonical) if wanted == "most" and least == 1 else more
    worded = [_words(needed, wanted, least, enough)] if least else []
    named = [(name, canonical(kind, name)) for kind, name in query.names()]
    scored = worth(needed, named if query.text.strip() else [], more)
    scored += [worth_in_one_language(terms.words.split())] if 0 < len(words) <= MOST_WORDS else []
    if wanted != "all":
        scored += [*credit(needed, more), *map(credited, filters)]
        beside = [_words(needed, "some", 1, more)] if needed else []
        filters = list(map(or_in_text, filters, named, repeat(beside)))
    kept = limits(query, filters, canonical)
    return {
        "bool": {
            "must": must,
            "should": scored,
            "must_not": [*without, *kept["must_not"]],
            "filter": [*worded, *kept["filter"]],
        }
    }


def limits(
    query: Query, filters: list[dict[str, Any]], canonical: Canonical = as_written
) -> dict[str, list[dict[str, Any]]]:
    """Return ``filter`` and ``must_not`` for a ``bool`` query: names, dates, KQL, no words."""
    terms = parse(query.text)
    dates = [*(_dated(*pair) for pair in terms.dates), *_published(query.since, query.until)]
    without = [clause for pair in terms.without_names for clause in _called(*pair, canonical)]
    kql = [query_of(query.kql, query.zone)] if query.kql else []
    return {"filter": [*filters, *dates, *kql], "must_not": without}


def _any_word(word: str) -> dict[str, Any]:
    if is_open(word):
        return any_form(word)
    # Not in compounds: who wants no `Vertrag` does not mean to lose every `Tarifvertrag`.
    own = {"multi_match": {"query": word, "fields": list(BOOSTS), "operator": "and"}}
    return or_in_one_language(own, word)


def _least(words: int, names: int, wanted: Wanted) -> int:
    """Return how many words an article must have: with the names half of all, if that will do."""
    if wanted == "most":
        return max(0, (words + names + 1) // 2 - names)
    return words if wanted == "all" else min(words, 1)


def _words(
    words: Sequence[str],
    wanted: Wanted,
    least: int,
    more: Mapping[str, Sequence[Related]] = NOTHING_MORE,
) -> dict[str, Any]:
    if wanted == "some":
        ways = [partly_found(word, more.get(word, ())) for word in words]
        ways += [in_one_language(words, least)] if len(words) <= MOST_WORDS else []
        return {"bool": {"should": ways, "minimum_should_match": least}}
    forms = [any_form(word, wanted != "all", more.get(word, ())) for word in words]
    every: dict[str, Any] = {"bool": {"should": forms, "minimum_should_match": least}}
    ways = [every]
    if any(map(is_stop_word, words)):
        # Stop words are in every text: one of the others must be there, or all of them as written.
        text = " ".join(words)
        related = [way for word in words for way in more.get(word, ())]
        every["bool"]["filter"] = some(text, related)
        exact = {"query": text, "type": "cross_fields", "operator": "and", "fields": EXACT_FIELDS}
        ways.append({"multi_match": exact})
    if len(words) <= MOST_WORDS:
        ways.append(in_one_language(words, None if wanted == "all" else least))
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def _phrase(phrase: str) -> dict[str, Any]:
    return {
        "multi_match": {"query": phrase, "type": "phrase", "fields": [*EXACT_FIELDS, *unstemmed()]}
    }


def _either(group: tuple[Alternative, ...], canonical: Canonical) -> dict[str, Any]:
    ways = [way for kind, value in group for way in _alternative(kind, value, canonical)]
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def _alternative(kind: str, value: str, canonical: Canonical) -> list[dict[str, Any]]:
    if kind in {"word", "phrase"}:
        return [
            _phrase(value) if kind == "phrase" else _words(value.split(), "all", len(value.split()))
        ]
    key, _, rest = value.partition(":")
    return [_dated(key, rest)] if kind == "date" else _called(key, rest, canonical)


def _called(field: str, name: str, canonical: Canonical) -> list[dict[str, Any]]:
    names = dict.fromkeys((canonical(field, name), name))
    return [partly(field, form) for form in names]


def exactly(field: str, name: str) -> dict[str, Any]:
    """Return the filter for a canonical name as it stands, but for its case."""
    return {"term": {field: {"value": name, "case_insensitive": True}}}


def partly(field: str, name: str) -> dict[str, Any]:
    """Return the filter for canonical names that have all words of ``name``, near each other.

    What is known by one word each, such as agencies, has no such words.
    """
    if BY_NAME[field].type != "names":
        return exactly(field, name)
    return {"match_phrase": {f"{field}.name": {"query": name, "slop": 20}}}


def is_surname(field: str, name: str) -> bool:
    """Tell whether ``name`` may stand for a longer one even where it occurs alone.

    An article that says only `Putin` must not hide those that say `Wladimir Putin`, whereas
    `Berlin` shall not find `Berlin Brandenburg`.
    """
    return BY_NAME[field].label == "PER" and len(name.split()) == 1


def _published(since: str | None, until: str | None) -> list[dict[str, Any]]:
    if not (since or until):
        return []
    limits: dict[str, Any] = {"relation": "intersects"}
    if since:
        limits["gte"] = span(day_of(since))["gte"]
    if until:
        limits |= {key: value for key, value in span(day_of(until)).items() if key != "gte"}
    if since and until and limits["gte"] >= limits.get("lt", limits.get("lte")):
        raise UsageError(f"{since} lies after {until}.")
    return [{"range": {"published_range": limits}}]


def _dated(key: str, value: str) -> dict[str, Any]:
    days = span(value)
    end = {"gte": days["lt"]} if "lt" in days else {"gt": days["lte"]}
    limits = {"in": days, "before": {"lt": days["gte"]}, "after": end}[key]
    return {"range": {"published_range": {"relation": "intersects", **limits}}}
