"""Whether a query is one that Depesche's own requests to read again are made of. Pure.

What stands in the index others may have written, and Depesche asks for it with each look: a script
of two hundred letters would end Elasticsearch each time, and again after each start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_CLAUSES = frozenset({"filter", "must_not", "should"})


def is_own(query: Any) -> bool:
    """Of those kinds alone, as ``reenrich.stale`` and ``affected.holding`` make them.

    Raises ``RecursionError`` for what is nested without end.
    """
    if not isinstance(query, Mapping) or len(query) != 1:
        return False
    ((kind, said),) = query.items()
    check = _KINDS.get(kind)
    return check is not None and isinstance(said, Mapping) and check(said)


def _bool(said: Mapping[str, Any]) -> bool:
    clauses = dict(said)
    if clauses.pop("minimum_should_match", 1) != 1 or not clauses.keys() <= _CLAUSES:
        return False
    return all(isinstance(each, list) and all(map(is_own, each)) for each in clauses.values())


def _one_text(said: Mapping[str, Any]) -> bool:
    return len(said) == 1 and all(isinstance(value, str) for value in said.values())


def _texts(said: Mapping[str, Any]) -> bool:
    """No lookup of what another document has: that is an object."""
    (values,) = said.values() if len(said) == 1 else (None,)
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _nothing(said: Mapping[str, Any]) -> bool:
    return not said


_KINDS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "bool": _bool,
    "term": _one_text,
    "match_phrase": _one_text,
    "terms": _texts,
    "ids": _texts,
    "match_all": _nothing,
    "match_none": _nothing,
}
