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
from worker.processes.overdue import Watch
from worker.reconcile import foreign_keys
from worker.wording import counted, spoken

#: Seconds until the next try where Redis answered and the loop could not begin.
PAUSE_SECONDS = 1.0


class BeatingConsumer(Consumer):  # type: ignore[misc]  # celery ships no types
    """Beats from the event loop itself: where that stands still, the heartbeat does.

    And so do the leases of what the worker holds, which are renewed from there, too.

    No thread, for children are forked from here at any time.
    """

    def __init__(
        self,
        *args: Any,
        heart: Heart,
        leases: Leases,
        word: SharedWord,
        watch: Watch,
        **options: Any,
    ) -> None:
        self._heart = heart
        self._leases = leases
        self._word = word
        self._watch = watch
        self._goes_round = False
        self._ticks = set[Any]()
        super().__init__(*args, **options)

    def register_with_event_loop(self, hub: Any) -> None:
        """Called whenever the loop begins on a new connection."""
        super().register_with_event_loop(hub)
        self._goes_round = True
        hub.timer.call_repeatedly(EVERY_SECONDS, self._beat)
        hub.timer.call_repeatedly(RENEWED_SECONDS, self._leases.renew)
        self._leases.renew()
        self._beat()

    def connect(self) -> Any:
        """Note what the loop is to do for this connection each time it goes round."""
        known = set(self.hub.on_tick)
        connection = super().connect()
        self._ticks = self.hub.on_tick - known
        return connection

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

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Say what Redis refuses: it cannot be told itself."""
        super().on_connection_error_after_connected(exc)
        self._heart.pulse.does("waits", f"Redis takes nothing: {exc}")
        self._heart.beat(redis=False)

    def on_close(self) -> None:
        """What the loop had to do for this connection is forgotten: the next one brings it anew.

        Celery forgets it where its loop ends by an error, and not where that cannot begin, as on a
        Redis that refuses writes: after a minute of it so much was to be done for connections that
        were no more that beats and leases came too late for as long again.
        """
        super().on_close()
        self.hub.timer.clear()
        self.hub.on_tick -= self._ticks
        if not self._goes_round:
            time.sleep(PAUSE_SECONDS)
        self._goes_round = False

    def _beat(self) -> None:
        self._heart.pulse.does(*_doing(self._word.heard()))
        self._heart.beat()
        self._watch.look(active_requests)


def _doing(waits: str) -> tuple[str, str]:
    if waits:
        return "waits", waits
    started = [request.time_start for request in tuple(active_requests)]
    if not started:
        return "idle", ""
    longest = max(time.time() - (start or time.time()) for start in started)
    return "works", f"{counted(len(started), 'message')}, for {spoken(max(0.0, longest))}"
