"""What Redis keeps on its disk: written anew, without what messages have held."""

from __future__ import annotations

import time
from typing import Any

from redis.exceptions import ResponseError

from articles.errors import ServiceUnavailable
from tasks.redis_address import RedisAddress
from tasks.redis_client import client
from tasks.redis_faults import redis_errors

PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.1


class Persistence:
    """Of the append-only file, or of snapshots (RDB) where these alone are made."""

    def __init__(self, address: RedisAddress) -> None:
        self._address = address
        self._redis = client(address, socket_connect_timeout=3, socket_timeout=10)

    def write_anew(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Return when the files hold nothing but what is in the queues now.

        Raises ``ServiceUnavailable`` where Redis does not answer, refuses, or is not done in time;
        ``UsageError`` where the address or the password is wrong.
        """
        with redis_errors(self._address):
            about = self._about()
            if not (about.get("aof_enabled") or about.get("rdb_saves")):
                return
            try:
                if about.get("aof_enabled"):
                    self._redis.bgrewriteaof()
                else:
                    self._redis.bgsave()
            except ResponseError as error:
                if "in progress" not in str(error) and "scheduled" not in str(error):
                    raise ServiceUnavailable(
                        f"Redis does not write its files anew: {error}"
                    ) from error
            self._wait(time.monotonic() + seconds)

    def _wait(self, ends: float) -> None:
        while True:
            about = self._about()
            names = ("aof_rewrite_in_progress", "aof_rewrite_scheduled", "rdb_bgsave_in_progress")
            if not any(about.get(name) for name in names):
                break
            if time.monotonic() > ends:
                raise ServiceUnavailable("Redis is still writing its files anew.")
            time.sleep(_POLL_SECONDS)
        for kind in ("aof_last_bgrewrite_status", "rdb_last_bgsave_status"):
            if about.get(kind, "ok") != "ok":
                raise ServiceUnavailable(f"Redis could not write its files anew ({kind}).")

    def _about(self) -> dict[str, Any]:
        answer: Any = self._redis.info("persistence")
        return dict(answer)
