"""The members of a set in Redis into which other programs may write any number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis import Redis

#: Names that are read: those of the dead stay, and other programs may write any.
MOST = 1000
LONGEST_NAME = 512


def members(redis: Redis, key: str) -> set[bytes]:
    """All of them; none where they are more than ``MOST``. Raises what Redis does.

    Where some are longer than any name of ours, so that they are many bytes, or too many for Redis
    to say, the set is removed: who lives names himself anew.

    Not by ``SSCAN``, which programs may not use: its patterns take quadratic time.
    """
    from redis.exceptions import ConnectionError as Cut

    if not 0 < redis.scard(key) <= MOST:
        return set()
    try:
        answer: Any = redis.smembers(key)
    except Cut:
        redis.unlink(key)
        return set()
    names = {name for name in answer if len(name) <= LONGEST_NAME}
    if len(names) < len(answer):
        redis.unlink(key)
    return names
