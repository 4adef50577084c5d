"""Give back what workers held: each message to its queue in one step, as long as it was before.

What is no message, or no queue takes, goes, or those behind it would never be given back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import cast

from redis import Redis
from redis.client import Pipeline

from articles.limits import MEBIBYTE
from tasks.envelope import (
    IN_VAIN,
    LARGEST_MESSAGE,
    MOST_IN_VAIN,
    Refused,
    check_size,
    short,
    times_in_vain,
)
from tasks.names import PRIORITIES
from tasks.unchanged import unchanged

_STEP = 3
#: Bytes above which a message may be what takes its worker's memory; others were held beside it.
LONG = MEBIBYTE
#: Bytes of a tag, above what a message's can have.
_LONGEST_TAG = 1024


def give_back(
    redis: Redis,
    unacked: str,
    tags: Iterable[str | bytes],
    is_ours: Callable[[str], bool],
    *,
    last: bool = False,
    in_vain: bool = False,
) -> None:
    """Those of these tags that are still held there, whoever else gives them back beside us.

    Each is taken next, or ``last`` of its queue. ``in_vain``: who held it has ended, or says
    nothing, which is counted. Raises what Redis-py raises.
    """
    faults = [_fault_of(redis, unacked, tag, is_ours, last, in_vain) for tag in tags]
    if told := [fault for fault in faults if fault]:
        import structlog  # here, for `status` does without

        structlog.get_logger().error("message.refused", messages=len(told), fault=told[0])


def _fault_of(
    redis: Redis,
    unacked: str,
    tag: str | bytes,
    is_ours: Callable[[str], bool],
    last: bool,
    in_vain: bool,
) -> str:
    """Give it back; why it could not be, and is gone."""
    fault = ""
    if len(tag) > _LONGEST_TAG:  # one by one: together they may be more than Redis lets anybody say
        redis.zrem(f"{unacked}_index", tag)
        redis.hdel(unacked, tag)
        return "its tag is no name"

    def move(pipe: Pipeline) -> None:
        nonlocal fault
        fault, held = "", cast("bytes | None", pipe.hget(unacked, tag))
        pipe.multi()
        pipe.zrem(f"{unacked}_index", tag)
        pipe.hdel(unacked, tag)
        try:
            if held is not None:
                (pipe.lpush if last else pipe.rpush)(*again(held, is_ours, in_vain=in_vain))
        except Refused as why:
            fault = str(why)

    answers = unchanged(redis, unacked, move)
    if refused := [answer for answer in answers if isinstance(answer, Exception)]:
        return f"its queue does not take it: {short(refused[-1])}"
    return fault if answers else ""


def again(
    held: bytes, is_ours: Callable[[str], bool], *, in_vain: bool = False
) -> tuple[str, bytes]:
    """The list and the message of what a worker held, marked as given back.

    Raises :class:`Refused` where it is no message, came out of no queue that ``is_ours``, would be
    longer than any may be (a letter of two bytes may be written in six), or is ``LONG`` and was
    held ``in_vain`` too often: it may be what ends its workers, and would end each that comes.
    """
    check_size(held)
    try:
        message, _, queue = json.loads(held)
        said = message["properties"]
        counts = in_vain and len(held) > LONG
        headers = message["headers"]
        headers["redelivered"] = said["delivery_info"]["redelivered"] = True
        if counts:
            headers[IN_VAIN] = times_in_vain(headers) + 1
        priority = min(max(int(said.get("priority") or 0), 0), _STEP * (len(PRIORITIES) - 1))
        ours = isinstance(queue, str) and is_ours(queue) and bool(queue.encode())
        content = json.dumps(message).encode()
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise Refused(f"it is no message: {short(error)}") from None
    except RecursionError:
        raise Refused("it is no message: it is nested too deeply") from None
    if not ours:
        raise Refused("it came out of no queue of ours")
    if counts and headers[IN_VAIN] > MOST_IN_VAIN:
        raise Refused(f"who took it ended, or said nothing any more, {MOST_IN_VAIN + 1} times")
    if len(content) > LARGEST_MESSAGE:
        raise Refused(f"given back it would have {len(content):,} bytes, more than a message may")
    return queue + PRIORITIES[priority // _STEP], content
