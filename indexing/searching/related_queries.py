"""The clauses for what else a word is found by, see :mod:`indexing.searching.related`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexing.searching.forms import CLAUSE, PARAGRAPH
from indexing.searching.patterns import FOLDED
from indexing.searching.related import Kind, Related

Clause = dict[str, Any]

#: What a match is worth beside one of the word itself; of a compound in parts half as much.
_WEIGHTS: Mapping[Kind, float] = {
    "family": 0.25,
    "regional": 0.8,
    "abbreviation": 0.8,
    "name": 0.5,
    "synonym": 0.3,
}
#: The words that fit a pattern are ranked as one word is, the first so many of them.
_AS_ONE_WORD = "top_terms_blended_freqs_16"


def finding(way: Related, apart: bool = False) -> Clause:
    """Return the clause for texts that have what ``way`` says.

    With ``apart`` the parts of a compound may stand anywhere in the text.
    """
    if way.beside and not apart:
        return _near(way)
    own = _own(way)
    return {"bool": {"must": [own, *map(_with_part, way.beside)]}} if way.beside else own


def scoring(way: Related) -> Clause:
    """Return the clause that ranks an article by ``way``: less than one that has the word."""
    if way.kind == "spelling":
        return {"regexp": {FOLDED: {"value": way.pattern, "rewrite": _AS_ONE_WORD}}}
    boost = _WEIGHTS[way.kind] / (2 if way.beside else 1)
    return {"bool": {"must": [_own(way)], "boost": boost}}


def _own(way: Related) -> Clause:
    if way.kind == "name":
        words = {"query": way.said, "slop": 2}
        surname = {"term": {way.field: {"value": way.said, "case_insensitive": True}}}
        return {"match_phrase": {f"{way.field}.name": words}} if " " in way.said else surname
    if way.field:
        return _named(way.field, way.said)
    if way.pattern:
        return {"regexp": {FOLDED: way.pattern}}
    if way.word:
        return {"match_phrase": {"text": way.word}}
    whole = {"match": {FOLDED: " ".join(way.forms)}}
    if not way.particle:
        return whole
    apart = {"intervals": {FOLDED: _apart(way)}}
    return {"bool": {"should": [whole, apart], "minimum_should_match": 1}}


def _named(field: str, name: str) -> Clause:
    """An acronym in whichever capitals the archive has it: ``ÖDP`` is *ödp* in some articles."""
    forms = [name] if " " in name else dict.fromkeys((name, name.upper(), name.lower()))
    terms: list[Clause] = [{"term": {field: form}} for form in forms]
    return terms[0] if len(terms) == 1 else {"dis_max": {"queries": terms}}


def _with_part(part: str) -> Clause:
    return {"match": {"text": {"query": part, "operator": "and", "zero_terms_query": "all"}}}


def _apart(way: Related, **where: str) -> Clause:
    finite = [{"match": {"query": form, **where}} for form in way.apart]
    clause = [{"any_of": {"intervals": finite}}, {"match": {"query": way.particle, **where}}]
    return {"all_of": {"intervals": clause, "ordered": True, "max_gaps": CLAUSE}}


def _near(way: Related) -> Clause:
    where = {"use_field": FOLDED}
    own: list[Clause] = [{"match": {"query": form, **where}} for form in way.forms]
    if way.word:
        own.append({"match": {"query": way.word, "ordered": True, "max_gaps": 0}})
    own += [_apart(way, **where)] if way.particle else []
    beside = [{"match": {"query": part}} for part in way.beside]
    together = [*beside, {"any_of": {"intervals": own}}]
    return {"intervals": {"text": {"all_of": {"intervals": together, "max_gaps": PARAGRAPH}}}}
