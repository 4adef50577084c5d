"""What a match is worth: which of the articles found comes first.

What is found and what it is worth are two things. ``text`` holds every word and the parts of
compounds, so it finds; but a part says less of an article than the word itself, so it scores less.

The weights are set by hand; ``benchmarks.relevance`` measures what they do, with 850 Wikinews
articles that were at hand when the rules were chosen (docs/searching.md, *How well*).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from german.findable import noun_of, parts_of
from german.gender_forms import both
from indexing.searching.other_languages import MOST_WORDS, or_in_one_language
from indexing.searching.patterns import fitting, is_open
from indexing.searching.related import NOTHING_MORE, Related
from indexing.searching.related_queries import finding, scoring
from indexing.searching.word_queries import any_form

#: Fields that hold running text, and what a match in each is worth.
BOOSTS = {"headline": 1.5, "kicker": 1, "lead": 1, "body": 1}

TEXT_FIELDS = [f"{name}^{boost}" for name, boost in BOOSTS.items()]
EXACT_FIELDS = [f"{name}.exact^{boost}" for name, boost in BOOSTS.items()]

#: A word in the very form that was asked for, on top of what any of its forms is worth.
_SAME_FORM = 0.3
#: A word that only stands in a compound, or a compound that only stands there in parts.
_PART = 0.5
#: Of several fields or ways in which one word is found the best counts, the others this much.
_OTHERS = 0.3
#: Words of a query that stand together in the text, with at most so many others between them.
_SLOP = 3
#: Each word of a query where not all are found: about as much as a rare word in the headline.
_CREDIT = 8.0
#: What is said instead of a word is so much of it.
_ALIKE = 0.6


def worth(
    words: Sequence[str],
    names: Sequence[Sequence[str]] = (),
    more: Mapping[str, Sequence[Related]] = NOTHING_MORE,
) -> list[dict[str, Any]]:
    """Return the optional clauses whose sum is an article's score for ``words`` and ``names``.

    Every word counts once, by the best way in which it is found, so that one rare word that is
    found in all ways at once does not outweigh three others; on top comes the whole as a phrase.
    A name that is a filter counts as a word does, by where the article has it and how often: it
    may be what the article is about, or one of many; of its forms (as written, as the archive has
    it) the best counts. What is in ``more`` beside a word counts less.
    """
    scored = [_word(word, more.get(word, ())) for word in words]
    each = [*scored, *map(_name, names)]
    return [*each, _together(" ".join(words))] if len(words) > 1 else each


def credit(
    words: Sequence[str], more: Mapping[str, Sequence[Related]] = NOTHING_MORE
) -> list[dict[str, Any]]:
    """Return the optional clauses that put what has more of ``words`` before what has fewer."""
    return [_credited(word, more.get(word, ()), foreign=len(words) <= MOST_WORDS) for word in words]


def _credited(word: str, more: Sequence[Related], *, foreign: bool) -> dict[str, Any]:
    form = any_form(word, apart=True, more=[way for way in more if way.kind != "synonym"])
    own = credited(or_in_one_language(form, word) if foreign else form)
    alike = [finding(way, apart=True) for way in more if way.kind == "synonym"]
    if not alike:
        return own
    other = credited({"bool": {"should": alike, "minimum_should_match": 1}}, _ALIKE)
    return {"dis_max": {"queries": [own, other]}}


def credited(clause: dict[str, Any], share: float = 1.0) -> dict[str, Any]:
    """Return the optional clause that is worth as much as one word that is there, or a share."""
    return {"constant_score": {"filter": clause, "boost": _CREDIT * share}}


def or_in_text(
    called: dict[str, Any], names: Sequence[str], beside: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return the clause for what is ``called`` so, or has one of ``names`` as words.

    Readers miss some names. ``beside`` are the clauses for what such an article must have, too.
    """
    forms = [
        {"multi_match": {"query": name, "type": "phrase", "fields": TEXT_FIELDS}}
        for name in dict.fromkeys(names)
    ]
    in_text = {"bool": {"should": forms, "minimum_should_match": 1, "filter": [*beside]}}
    return {"bool": {"should": [called, in_text], "minimum_should_match": 1}}


def _word(word: str, more: Sequence[Related] = ()) -> dict[str, Any]:
    if is_open(word):
        return {"constant_score": {"filter": fitting(word)}}
    ways = [
        {"bool": {"should": [_best(word, TEXT_FIELDS), _best(word, EXACT_FIELDS, _SAME_FORM)]}},
        _in_text(word),
    ]
    if (noun := noun_of(word)).lower() != word.lower():
        ways.append(_in_text(noun))
    ways += map(_in_text, both(word))
    if len(pieces := parts_of(word)) > 1:
        ways.append({"bool": {"should": [_in_text(piece) for piece in pieces]}})
    ways += map(scoring, more)
    return {"dis_max": {"queries": ways, "tie_breaker": _OTHERS}}


def _name(forms: Sequence[str]) -> dict[str, Any]:
    ways = [_best(form, TEXT_FIELDS) for form in dict.fromkeys(forms)]
    return ways[0] if len(ways) == 1 else {"dis_max": {"queries": ways}}


def _best(word: str, fields: list[str], boost: float = 1.0) -> dict[str, Any]:
    wanted = {"query": word, "fields": fields, "tie_breaker": _OTHERS, "boost": boost}
    return {"multi_match": wanted}


def _in_text(word: str) -> dict[str, Any]:
    return {"match": {"text": {"query": word, "boost": _PART}}}


def _together(words: str) -> dict[str, Any]:
    wanted = {"query": words, "type": "phrase", "slop": _SLOP, "fields": TEXT_FIELDS}
    return {"multi_match": wanted}
