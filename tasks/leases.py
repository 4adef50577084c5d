"""Leases on messages. Whoever holds one renews it every second, in the time of Redis's own clock.

    <unacked>          hash: tag -> the message that a worker holds, as kombu keeps it
    <unacked>_index    sorted set: tag -> when it was taken or last renewed, in seconds

Only Redis's clock is written there, and only read beside it: no host's clock matters. kombu writes
its own host's, and never again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from redis import Redis

RENEWED_SECONDS = 1.0
#: A lease that was not renewed for so long is void: its holder is dead, frozen, or cut off. Two
#: renewals may be late by a second.
SILENT_SECONDS = 3.0
#: After a Redis that was away: until then every living worker has connected and renewed again.
SETTLED_SECONDS = 5.0


class Message(Protocol):
    """One of kombu's."""

    _raw: Mapping[str, Any]
    delivery_info: Mapping[str, Any]


def moment(redis: Redis) -> float:
    """Redis's own time, in seconds since 1970."""
    seconds, microseconds = redis.time()
    return seconds + microseconds / 1e6


def take(redis: Redis, unacked: str, held: Mapping[str, Message]) -> None:
    """Note that they are held, from now on."""
    now = moment(redis)
    with redis.pipeline() as steps:
        steps.zadd(f"{unacked}_index", dict.fromkeys(held, now))
        for tag, message in held.items():
            steps.hset(unacked, tag, _kept(message))
        steps.execute()


def renew(redis: Redis, unacked: str, held: Mapping[str, Message]) -> None:
    """They are still held. What Redis does not know of any more, since it was wiped, it is told."""
    now = moment(redis)
    if redis.zadd(f"{unacked}_index", dict.fromkeys(held, now)):
        take(redis, unacked, held)


def _kept(message: Message) -> str:
    from kombu.utils.json import dumps  # `status` has no use for it

    place = message.delivery_info
    kept = [message._raw, place["exchange"], place["routing_key"]]
    return str(dumps(kept))  # type: ignore[no-untyped-call]
