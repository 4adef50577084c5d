"""The members of a set in Redis into which other programs may write any number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis import Redis

#: Names that are read: those of the dead stay, and other programs may write any.
MOST = 1000


def members(redis: Redis, key: str) -> set[bytes]:
    """All of them; none where they are more than ``MOST``. Raises what Redis does.

    Not by ``SSCAN``, which programs may not use: its patterns take quadratic time.
    """
    known: Any = redis.scard(key)
    answer: Any = redis.smembers(key) if 0 < known <= MOST else set()
    return set(answer)
