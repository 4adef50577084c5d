"""The value of a field, asked for so that no document can send more than one.

Another client may have written any number of values. Doc values bring all of them, for each hit,
and Elasticsearch does not count what that takes: it ended of thirty documents with 300,000 each.
What it sorts by comes along with a hit, and that is the first value alone, which costs no look at
the others. Whoever writes several could as well have written that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from articles.fields import BY_NAME

#: What is no keyword, as Elasticsearch calls it.
_TYPES = {"date": "date", "number": "long", "count": "integer"}
#: Where there is none of a date or a number, or of a count, as Elasticsearch sorts them.
_NONE, _NO_COUNT = 2**63 - 1, 2**31 - 1


def first_of(*fields: str) -> list[dict[str, Any]]:
    """Return what to sort by behind that which settles the order, so that this sorts nothing.

    The fields are keywords, dates or numbers with doc values.
    """
    return [{field: {"mode": "min", "unmapped_type": _type(field)}} for field in fields]


def _type(field: str) -> str:
    return _TYPES.get(BY_NAME[field].type, "keyword") if field in BY_NAME else "keyword"


def first_values(hit: Mapping[str, Any], behind: int, fields: int = 1) -> list[str]:
    """Return the first value of each field of :func:`first_of`, ``""`` where there is none.

    Behind so many other values they stand in ``sort``, one for each of so many ``fields``.
    """
    return [value or "" for value in hit["sort"][behind : behind + fields]]


def first_by_name(hit: Mapping[str, Any], behind: int, fields: Sequence[str]) -> dict[str, Any]:
    """Return the same by the fields' names, those that there are; dates in milliseconds."""
    values = dict(zip(fields, hit["sort"][behind:], strict=False))
    return {name: value for name, value in values.items() if not _is_none(name, value)}


def _is_none(name: str, value: Any) -> bool:
    return value in (None, "", _NONE) or (value == _NO_COUNT and _type(name) == "integer")
