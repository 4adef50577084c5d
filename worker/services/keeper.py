"""Keep embedded services running: notice that one has died or says nothing, and start it again.

It comes back at the address that it had; Redis may move, and is found by its run file. What it
confirmed before is on disk; what was under way is work still to do, and is done when it is back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from urllib.parse import urlsplit

import structlog

from articles.errors import ServiceUnavailable, UsageError
from worker.services import manage, process, runfile
from worker.services.alive import end, living
from worker.services.model import Endpoint, Plan
from worker.services.runfile import Run
from worker.services.servers import SERVERS

log = structlog.get_logger()

LOOK_SECONDS = 1.0
#: An answer costs both sides something; a death is seen without one.
ASK_SECONDS = 10.0
CALM_SECONDS = 60.0
LONGEST_PAUSE = 60.0


def pause(deaths: int) -> float:
    """Seconds to wait before the next start of a service that died so often in a row."""
    return 0.0 if deaths <= 1 else min(LONGEST_PAUSE, 2.0 ** min(deaths - 1, 10))


class Kept:
    """One service that is to run."""

    def __init__(self, plan: Plan, endpoint: Endpoint, stop: threading.Event) -> None:
        self._run = living(plan.data, endpoint.name) or _gone(endpoint)
        self._plan = _on_port(plan, self._run)
        self._server = SERVERS[endpoint.name](self._plan)
        self._stop = stop
        self._deaths = 0
        self._down = False
        self._since = self._heard = self._asked = time.monotonic()

    def keep(self) -> None:
        """Look until stopped."""
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except (ServiceUnavailable, UsageError, OSError) as error:
                self._not_started(str(error))
            except Exception:
                log.exception("service.bug", service=self._run.name)

    def look(self) -> None:
        """Start it again where it is dead or silent; else see that its run file names it."""
        if process.leader(self._run, self._server.folder) is None:
            self._again("service.died")
        elif self._silent():
            end(self._plan.data, self._run.name, timeout=1)  # it obeys no better than it answers
            self._again("service.silent")
        else:
            with suppress(OSError):  # a full disk: when there is room
                runfile.keep(self._plan.data, self._run)

    def _silent(self) -> bool:
        now = time.monotonic()
        if now - self._asked >= ASK_SECONDS or self._heard < self._asked:
            self._asked = now
            if self._server.responds(self._run.url):
                self._heard = time.monotonic()
        return now - self._heard > self._server.patience

    def _again(self, what: str) -> None:
        """Start it, unless somebody else did meanwhile."""
        name, before, now = self._run.name, self._run.pid, time.monotonic()
        self._deaths = self._deaths + 1 if now - self._since < CALM_SECONDS else 1
        if not self._down:
            log.error(what, service=name, service_pid=before, logs=str(self._server.folder))
        self._down = True
        if self._stop.wait(pause(self._deaths)):
            return
        self._since = time.monotonic()
        manage.start(self._plan, [name], lambda _line: None, self._stop)
        run = living(self._plan.data, name)
        if run is None:
            raise ServiceUnavailable(f"{name} ended as soon as it answered")
        self._run, self._down = run, False
        self._since = self._heard = self._asked = time.monotonic()
        seconds = round(self._since - now, 1)
        log.warning("service.back", service=name, service_pid=run.pid, url=run.url, seconds=seconds)

    def _not_started(self, why: str) -> None:
        self._since = time.monotonic()
        if not self._stop.is_set():
            log.error("service.not_started", service=self._run.name, error=why)


def _gone(endpoint: Endpoint) -> Run:
    """A service that answered and does not live any more."""
    return Run(endpoint.name, endpoint.pid or 0, 0.0, endpoint.url)


def _on_port(plan: Plan, run: Run) -> Plan:
    """Redis finds the socket of before in its configuration."""
    if run.name == "redis":
        return plan
    return replace(plan, elasticsearch_port=urlsplit(run.url).port or 0)


@contextmanager
def keeping(plan: Plan, endpoints: Sequence[Endpoint]) -> Iterator[None]:
    """Keep the services running while inside, each in a thread of its own."""
    stop = threading.Event()
    kept = [Kept(plan, endpoint, stop) for endpoint in endpoints]
    threads = [threading.Thread(target=service.keep, daemon=True) for service in kept]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
