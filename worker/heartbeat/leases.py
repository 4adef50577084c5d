"""The leases of one worker: what it holds, renewed in Redis for as long as it lives."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from articles.errors import DepescheError
from tasks.leases import RENEWED_SECONDS, Message, renew
from tasks.redis_address import RedisAddress

if TYPE_CHECKING:
    from redis import Redis


class Leases:
    """Renews them; ``holds`` tells what the worker holds now, by the tags that Redis knows it by.

    It disturbs nobody: where Redis is away they run out, and others do the work.
    """

    def __init__(
        self, address: RedisAddress, unacked: str, holds: Callable[[], Mapping[str, Message]]
    ) -> None:
        self._address = address
        self._unacked = unacked
        self._holds = holds
        self._paused_until = 0.0

    @cached_property
    def _redis(self) -> Redis:
        from tasks.redis_client import client

        return client(self._address, socket_connect_timeout=2, socket_timeout=2)

    def renew(self) -> None:
        """Once."""
        from tasks.redis_faults import redis_errors

        began = time.monotonic()
        if began < self._paused_until or not (held := self._holds()):
            return
        try:
            with redis_errors(self._address):
                renew(self._redis, self._unacked, held)
        except DepescheError:  # as long again as that took, there is other work to do
            now = time.monotonic()
            self._paused_until = now + (now - began)

    def renew_to_the_end(self) -> None:
        """From a thread of its own, when the process ends: what is at work may finish before."""
        threading.Thread(target=self._go_on, name="leases", daemon=True).start()

    def _go_on(self) -> None:
        while True:
            self.renew()
            time.sleep(RENEWED_SECONDS)
