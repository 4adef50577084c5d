"""``"A" near "B"``: two words or phrases within about a sentence, as intervals.

Elasticsearch's intervals give the shortest stretch of text that holds both (Clarke, Cormack and
Burkowski, "An Algebra for Structured Text Search", 1995). Each side may stand in any form, its
words in their order, and come first or second; headline, kicker, lead and body are told apart.
"""

from __future__ import annotations

from typing import Any

from german.findable import noun_of
from indexing.searching.other_languages import near_in_one_language
from indexing.searching.patterns import FOLDED, folded_pattern, is_open, is_prefix

#: Other words between the two: German sentences in the news have about as many.
GAPS = 15
#: A compound is found by its last part if that is so long: ``Pakt``, but not ``Rat``.
_SHORTEST_PART, _LONGEST_PART = 4, 40
_ENDINGS = "(e|en|n|s|es|er|ern)?"

Rule = dict[str, Any]


def near(first: str, second: str) -> dict[str, Any]:
    """Return the clause for texts in which both stand near each other, in either order."""
    both = {"intervals": [_side(first), _side(second)], "max_gaps": GAPS, "ordered": False}
    own = {"intervals": {"text": {"all_of": both}}}
    ways = [own, *near_in_one_language(first, second, GAPS)]
    return {"bool": {"should": ways, "minimum_should_match": 1}}


def _side(text: str) -> Rule:
    if is_prefix(text):
        return {"prefix": {"prefix": text.rstrip("*"), "use_field": FOLDED}}
    if is_open(text):
        return {"wildcard": {"pattern": folded_pattern(text), "use_field": FOLDED}}
    together = {"query": text, "ordered": True, "max_gaps": 0}
    # Without stems there are no stop words either: `der Pakt`.
    rules: list[Rule] = [
        {"match": together},
        {"match": {**together, "use_field": "text.folded"}},
    ]
    if " " not in text:
        rules += _forms(text)
    return {"any_of": {"intervals": rules}}


def _forms(word: str) -> list[Rule]:
    noun = noun_of(word)
    rules: list[Rule] = [] if noun.lower() == word.lower() else [{"match": {"query": noun}}]
    stem = noun.lower()
    if _SHORTEST_PART <= len(stem) <= _LONGEST_PART and stem.isalpha():
        pattern = f".*{stem}{_ENDINGS}"
        rules.append({"regexp": {"pattern": pattern, "use_field": "text.folded"}})
    return rules
