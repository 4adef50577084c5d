"""What Redis keeps on its disk: written anew, without what messages have held."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from articles.errors import ServiceUnavailable
from tasks.redis_address import RedisAddress
from tasks.redis_client import client
from tasks.redis_faults import redis_errors

PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Kind:
    """What INFO calls how often one was begun, that one is written, is to be, and how it ended."""

    begun: str
    writing: str
    scheduled: str
    status: str


_APPENDED = _Kind(
    "aof_rewrites", "aof_rewrite_in_progress", "aof_rewrite_scheduled", "aof_last_bgrewrite_status"
)
_SNAPSHOT = _Kind("rdb_saves", "rdb_bgsave_in_progress", "", "rdb_last_bgsave_status")
#: One of these, and there is a snapshot; none is made where nobody wants any.
_SNAPSHOT_THERE = ("rdb_saves", "rdb_bgsave_in_progress", "rdb_last_load_keys_loaded")


class Persistence:
    """Of the append-only file, or of snapshots (RDB) where these alone are made."""

    def __init__(self, address: RedisAddress) -> None:
        self._address = address
        self._redis = client(address, socket_connect_timeout=3, socket_timeout=10)

    def write_anew(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Return when the files hold nothing but what is in the queues now.

        What was begun before holds what there was then: another one is, whoever asks for it.
        Raises ``ServiceUnavailable`` where Redis does not answer, refuses, or is not done in time;
        ``UsageError`` where the address or the password is wrong.
        """
        ends = time.monotonic() + seconds
        with redis_errors(self._address):
            about = self._about()
            kind = _APPENDED if about.get("aof_enabled") else _SNAPSHOT
            if kind is _SNAPSHOT and not any(map(about.get, _SNAPSHOT_THERE)):
                return
            before = about.get(kind.begun, 0)
            while not _is_done(about, kind, before):
                if time.monotonic() > ends:
                    raise ServiceUnavailable("Redis is still writing its files anew.")
                if not about.get(kind.writing) and not about.get(kind.scheduled):
                    self._ask(kind)
                time.sleep(_POLL_SECONDS)
                about = self._about()
        if about.get(kind.status, "ok") != "ok":
            raise ServiceUnavailable(f"Redis could not write its files anew ({kind.status}).")

    def _ask(self, kind: _Kind) -> None:
        try:
            if kind is _APPENDED:
                self._redis.bgrewriteaof()
            else:
                self._redis.bgsave()
        except ResponseError as error:
            if "in progress" not in str(error) and "scheduled" not in str(error):
                raise ServiceUnavailable(f"Redis does not write its files anew: {error}") from error

    def _about(self) -> dict[str, Any]:
        answer: Any = self._redis.info("persistence")
        return dict(answer)


def _is_done(about: Mapping[str, Any], kind: _Kind, before: int) -> bool:
    """Whether one has ended that was begun behind these. Each is begun behind the last one's end.

    Somebody who asks for another all the time keeps nobody waiting.
    """
    since = about.get(kind.begun, 0) - before
    return since > 1 or (since == 1 and not about.get(kind.writing))
