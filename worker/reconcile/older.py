"""What workers of 0.1.0 held when they ended: given back to the queue that it came from.

They kept it under a name without an index, where no worker of today looks. Of an article that was
sent by message nothing else tells.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ResponseError

from tasks.names import DEFAULT_QUEUE, ENRICH_QUEUE, INTAKE_QUEUE, OLD_UNACKED

_INDEX = f"{OLD_UNACKED}_index"
_QUEUES = (INTAKE_QUEUE, ENRICH_QUEUE, DEFAULT_QUEUE)
#: At once: the reconciler asks every second.
_MOST = 100


def give_back(redis: Redis, since: float) -> int:
    """Give back what was taken before ``since`` (epoch seconds); how many messages.

    A worker of 0.1.0 that still works on one does it, and another one does it again.
    """
    try:
        tags: Any = redis.zrangebyscore(_INDEX, "-inf", since, start=0, num=_MOST)
        for tag in tags:
            redis.transaction(partial(_move, tag), OLD_UNACKED)
    except ResponseError:  # another program's key: no message of ours is in it
        return 0
    return len(tags)


def _move(tag: Any, pipe: Pipeline) -> None:
    held: Any = pipe.hget(OLD_UNACKED, tag)
    pipe.multi()
    pipe.zrem(_INDEX, tag)
    pipe.hdel(OLD_UNACKED, tag)
    if whole := again(held):
        pipe.rpush(*whole)


def again(held: bytes | None) -> tuple[str, bytes] | None:
    """The queue and the message of what Celery keeps; None where it is none of 0.1.0's."""
    try:
        message, _, queue = json.loads(held or b"")
        message["headers"]["redelivered"] = True
        message["properties"]["delivery_info"]["redelivered"] = True
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return (queue, json.dumps(message).encode()) if queue in _QUEUES else None
