"""What workers of 0.1.0 hold, or held when they ended: given back to the queue that it came from.

They keep it under a name without an index, where no worker of today looks, with the time of their
own host, and renew nothing. So it is our own clock that tells for how long it has stood there. Of
an article that was sent by message nothing else tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from redis import Redis
from redis.exceptions import ResponseError

from tasks.give_back import give_back
from tasks.names import DEFAULT_QUEUE, ENRICH_QUEUE, INTAKE_QUEUE, OLD_UNACKED
from tasks.piecemeal import piecemeal

_QUEUES = (INTAKE_QUEUE, ENRICH_QUEUE, DEFAULT_QUEUE)
#: At once: the reconciler asks every second.
_MOST = 100


class Older:
    """Since when each message is known to stand there."""

    def __init__(self) -> None:
        self._seen: dict[bytes, tuple[float, float]] = {}

    def overdue(self, taken: Mapping[bytes, float], now: float, lease: float) -> list[bytes]:
        """The tags of what was there for longer than ``lease`` seconds of the clock of ``now``.

        ``taken`` says when, by another clock: taken anew, it counts anew.
        """
        before = self._seen
        self._seen = {
            tag: before[tag] if tag in before and before[tag][0] == at else (at, now)
            for tag, at in taken.items()
        }
        return [tag for tag, (_, since) in self._seen.items() if now - since > lease]

    def give_back(self, redis: Redis, now: float, lease: float) -> None:
        """Do so with them.

        A worker of 0.1.0 that still works on one does it, and another one does it again.
        """
        try:
            ask: Any = partial(redis.zrange, f"{OLD_UNACKED}_index", withscores=True)
            tags = self.overdue(dict(piecemeal(ask, _MOST)), now, lease)
            give_back(redis, OLD_UNACKED, tags, _QUEUES.__contains__)
        except ResponseError:  # another program's key: no message of ours is in it
            return
