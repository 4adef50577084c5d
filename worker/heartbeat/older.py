"""Workers of 0.1.0: they have no heartbeat, but Celery's remote control, which knows their names.

Workers of today take no part in that. Its register keeps the names of those that were killed, too;
whether any lives is told by whether anybody listens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from worker.heartbeat.members import members

if TYPE_CHECKING:
    from redis import Redis

_REGISTER = "_kombu.binding.celery.pidbox"
_NAME = re.compile(r"(?:^|\x16)(intake|enrich)-(\d+)@([^\x16]+)\.celery\.pidbox$")


def older_workers(redis: Redis) -> list[str]:
    """Those that were not ended in order, in words; empty where nobody listens any more.

    Raises what Redis does.
    """
    from redis.exceptions import ResponseError

    with suppress(ResponseError):  # it is of another type, or this user may not ask
        if redis.pubsub_numpat():
            return named(members(redis, _REGISTER))
    return []


def named(members: Iterable[bytes]) -> list[str]:
    """The workers that the register names, for people."""
    found = (_NAME.search(member.decode("utf-8", "replace")) for member in members)
    return sorted(f"{m[1]} on {m[3]}, process {m[2]}" for m in found if m)
