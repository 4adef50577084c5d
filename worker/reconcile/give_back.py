"""Give back what workers held: each message to its queue in one step, and to be taken next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ResponseError

from tasks.redis_faults import is_wrong_type
from worker.reconcile.message import again


def give_back(
    redis: Redis, unacked: str, tags: Iterable[str | bytes], is_ours: Callable[[str], bool]
) -> None:
    """Those of these tags that are still held there, whoever else gives them back beside us.

    What its queue does not take, for another program's key stands there, is held no more.
    """
    refused = 0
    for tag in tags:
        try:
            redis.transaction(partial(_move, unacked, tag, is_ours), unacked)
        except ResponseError as error:
            if not is_wrong_type(error):
                raise
            refused += 1
    if refused:
        import structlog  # here, for `status` does without

        structlog.get_logger().error(
            "message.refused", messages=refused, fault="its queue is of another type"
        )


def _move(unacked: str, tag: Any, is_ours: Callable[[str], bool], pipe: Pipeline) -> None:
    held: Any = pipe.hget(unacked, tag)
    pipe.multi()
    pipe.zrem(f"{unacked}_index", tag)
    pipe.hdel(unacked, tag)
    if whole := again(held, is_ours):
        pipe.rpush(*whole)
