"""The value of a field that has one, asked for so that no document can send more than two.

Another client may have written any number of values. Doc values bring all of them, for each hit,
and Elasticsearch does not count what that takes: it ended of thirty documents with 300,000 each.
What it sorts by comes along with a hit, and that is one value: the first and the last of a field
are the same where it has but one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def ends_of(*fields: str) -> list[dict[str, Any]]:
    """Return what to sort by behind that which settles the order, so that this sorts nothing.

    The fields are keywords with doc values.
    """
    ends = [(field, mode) for field in fields for mode in ("min", "max")]
    return [{field: {"mode": mode, "unmapped_type": "keyword"}} for field, mode in ends]


def only_values(hit: Mapping[str, Any], behind: int, fields: int = 1) -> list[str]:
    """Return the only value of each field of :func:`ends_of`; ``""`` for none, or several.

    Behind so many other values they stand in ``sort``, two for each of so many ``fields``.
    """
    ends: Sequence[str | None] = hit["sort"][behind : behind + 2 * fields]
    pairs = zip(ends[::2], ends[1::2], strict=True)
    return [first if first and first == last else "" for first, last in pairs]
