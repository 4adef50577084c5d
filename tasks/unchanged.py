"""A change to Redis that holds only where what it goes by has stayed as it was meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import WatchError

#: Where others change it so often, or what is asked has the connection cut, it is left to a later
#: look: redis-py's own ``transaction`` tries for ever, without a pause.
TRIES = 5


def unchanged(redis: Redis, key: str, ask: Callable[[Pipeline], None]) -> list[Any]:
    """The answers to what ``ask`` has asked for, errors among them; none where nothing was done.

    ``ask`` reads what it goes by of ``key``, calls ``multi`` and asks; it may be called again.
    Raises what Redis-py raises, but where the key was changed meanwhile.
    """
    with redis.pipeline() as pipe:
        for _ in range(TRIES):
            try:
                pipe.watch(key)  # type: ignore[no-untyped-call]
                ask(pipe)
                return pipe.execute(raise_on_error=False)
            except WatchError:
                continue
    return []
