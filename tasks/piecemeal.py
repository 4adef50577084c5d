"""Read of Redis what may be of any length: an answer that is too long has the connection cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from redis.exceptions import ConnectionError as Cut

Part = TypeVar("Part")


def piecemeal(ask: Callable[[int, int], list[Part]], many: int) -> list[Part]:
    """The first ``many`` of what ``ask`` answers for, from one place to another, both included.

    All at once; where that is too long one by one, up to where nothing is. Raises what ``ask`` does
    where even one is cut off: then Redis is away.
    """
    try:
        return ask(0, many - 1)
    except Cut:
        parts: list[Part] = []
        for place in range(many):
            if not (part := ask(place, place)):
                break
            parts += part
        return parts
