"""A Celery worker's main loop that says of itself that it goes round, and what it waits for."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from celery.worker.consumer import Consumer
from celery.worker.state import active_requests

from articles.errors import DepescheError
from tasks.leases import RENEWED_SECONDS
from tasks.reconnect import address_of, names_of
from worker.heartbeat.beat import EVERY_SECONDS
from worker.heartbeat.heart import Heart
from worker.heartbeat.leases import Leases
from worker.heartbeat.shared import SharedWord
from worker.reconcile import foreign_keys
from worker.wording import counted, spoken


class BeatingConsumer(Consumer):  # type: ignore[misc]  # celery ships no types
    """Beats from the event loop itself: where that stands still, the heartbeat does.

    And so do the leases of what the worker holds, which are renewed from there, too.

    No thread, for children are forked from here at any time.
    """

    def __init__(
        self, *args: Any, heart: Heart, leases: Leases, word: SharedWord, **options: Any
    ) -> None:
        self._heart = heart
        self._leases = leases
        self._word = word
        super().__init__(*args, **options)

    def register_with_event_loop(self, hub: Any) -> None:
        """Called whenever a connection is made: what the loop had to do before is forgotten."""
        super().register_with_event_loop(hub)
        hub.timer.call_repeatedly(EVERY_SECONDS, self._beat)
        hub.timer.call_repeatedly(RENEWED_SECONDS, self._leases.renew)
        self._leases.renew()
        self._beat()

    def ensure_connected(self, conn: Any) -> Any:
        """Connect to Redis, and beat on disk while it is away.

        Whatever else Redis refuses, Celery connects anew; what made it refuse may be a foreign key.
        """
        connect = conn.ensure_connection

        def ensure(errback: Any, *args: Any, **options: Any) -> Any:
            def told(error: Exception, interval: float) -> None:
                self._heart.pulse.does("waits", f"Redis does not answer: {error}")
                self._heart.beat(redis=False)
                errback(error, interval)

            return connect(told, *args, **options)

        conn.ensure_connection = ensure
        connected = super().ensure_connected(conn)
        with suppress(DepescheError):
            foreign_keys.clear(address_of(self.app), names_of(self.app))
        return connected

    def _beat(self) -> None:
        self._heart.pulse.does(*_doing(self._word.heard()))
        self._heart.beat()


def _doing(waits: str) -> tuple[str, str]:
    if waits:
        return "waits", waits
    started = [request.time_start for request in tuple(active_requests)]
    if not started:
        return "idle", ""
    longest = max(time.time() - (start or time.time()) for start in started)
    return "works", f"{counted(len(started), 'message')}, for {spoken(max(0.0, longest))}"
