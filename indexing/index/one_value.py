"""The value of a field, asked for so that no document can send more than one.

Another client may have written any number of values. Doc values bring all of them, for each hit,
and Elasticsearch does not count what that takes: it ended of thirty documents with 300,000 each.
What it sorts by comes along with a hit, and that is the first value alone, which costs no look at
the others. Whoever writes several could as well have written that one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def first_of(*fields: str) -> list[dict[str, Any]]:
    """Return what to sort by behind that which settles the order, so that this sorts nothing.

    The fields are keywords with doc values.
    """
    return [{field: {"mode": "min", "unmapped_type": "keyword"}} for field in fields]


def first_values(hit: Mapping[str, Any], behind: int, fields: int = 1) -> list[str]:
    """Return the first value of each field of :func:`first_of`, ``""`` where there is none.

    Behind so many other values they stand in ``sort``, one for each of so many ``fields``.
    """
    return [value or "" for value in hit["sort"][behind : behind + fields]]
