"""``OR``, ``AND``, ``NOT`` and ``near`` between the terms of a query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from articles.errors import UsageError

OR: Final = "OR"
AND: Final = "AND"
NOT: Final = "NOT"
NEAR: Final = "near"
OPERATORS: Final = (OR, AND, NOT, NEAR)

_BINDS: Final = (OR, NEAR)
_EXAMPLES = {
    OR: 'Berlin OR "New York"',
    AND: "Berlin AND Paris",
    NOT: "NOT Berlin",
    NEAR: '"Angela Merkel" near Vertrag',
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term: ``kind`` is ``word``, ``phrase``, ``name``, ``date`` or ``operator``.

    The ``value`` of a name is ``field:name``, that of a date ``before:2024-06``.
    """

    kind: str
    value: str
    without: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Terms with one operator between each two; a single term has the operator ``""``."""

    operator: str
    terms: tuple[Term, ...]


def chains(terms: Sequence[Term]) -> list[Chain]:
    """Return the terms of a query as chains, all of which are asked for.

    ``AND`` is dropped and ``NOT x`` becomes an exclusion. Raises :class:`UsageError` for an
    operator that lacks a term, and for ``OR`` and ``near`` in one chain, between excluded terms,
    and ``near`` beside a filter.
    """
    linked: list[Chain] = []
    pending = ""
    for term in _negated(terms):
        if term.kind == "operator":
            if not linked or pending:
                raise _lacking(term.value)
            pending = term.value
        elif pending in _BINDS:
            linked[-1] = _linked(linked[-1], pending, term)
            pending = ""
        else:
            linked.append(Chain("", (term,)))
            pending = ""
    if pending:
        raise _lacking(pending)
    return linked


def _negated(terms: Sequence[Term]) -> list[Term]:
    kept: list[Term] = []
    negate = False
    for term in terms:
        if term.kind == "operator" and term.value == NOT:
            if negate:
                raise _lacking(NOT)
            negate = True
            continue
        if negate and (term.kind == "operator" or term.without):
            raise _lacking(NOT)
        if negate and term.kind == "date":
            raise UsageError("Dates cannot be excluded: use before: and after:.")
        kept.append(replace(term, without=True) if negate else term)
        negate = False
    if negate:
        raise _lacking(NOT)
    return kept


def _linked(chain: Chain, operator: str, term: Term) -> Chain:
    terms = (*chain.terms, term)
    if chain.operator not in {"", operator}:
        raise UsageError("OR and near cannot stand in one chain: ask for one of them at a time.")
    if any(member.without for member in terms):
        raise UsageError(f"{operator} cannot stand beside an excluded term: exclude it elsewhere.")
    if operator == NEAR and any(member.kind not in {"word", "phrase"} for member in terms):
        raise UsageError(f"near stands between words or phrases, not filters: {_EXAMPLES[NEAR]}.")
    return Chain(operator, terms)


def _lacking(operator: str) -> UsageError:
    hint = f'to search for the word, write "{operator}" in quotation marks'
    return UsageError(f"{operator} lacks a term: {_EXAMPLES[operator]}; {hint}.")
