"""Keep child processes running: start them, start the dead again, stop them all."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from worker.processes.itself import itself
from worker.processes.parent import SUPERVISED

log = structlog.get_logger()

CALM_SECONDS = 30.0
LONGEST_PAUSE = 10.0


def pause(deaths: int) -> float:
    """Seconds to wait before the next start of a process that died ``deaths`` times in a row."""
    return 0.0 if deaths <= 1 else min(LONGEST_PAUSE, 0.5 * 2.0 ** min(deaths - 2, 10))


@dataclass(slots=True)
class Child:
    """One command of ``depesche`` that is to run."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a session of its own: Ctrl-C reaches it through us alone, and once."""
        self.process = subprocess.Popen(
            itself(*self.command),
            env={**os.environ, **environment, SUPERVISED: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started = time.monotonic()
        log.info("process.started", child=self.name, child_pid=self.process.pid)

    def died(self, now: float) -> bool:
        """Note a death and when the next start may be."""
        if self.process is None or self.process.poll() is None:
            return False
        status, pid = self.process.returncode, self.process.pid
        log.error("process.died", child=self.name, child_pid=pid, status=status)
        _sweep(self.process.pid)
        self.deaths = self.deaths + 1 if now - self.started < CALM_SECONDS else 1
        self.not_before = now + pause(self.deaths)
        self.process = None
        return True


class Supervisor:
    """Runs the commands until ``stop`` is set, then ends them: SIGTERM, and at last SIGKILL."""

    def __init__(
        self, commands: Mapping[str, Sequence[str]], environment: Mapping[str, str]
    ) -> None:
        self._children = [Child(name, command) for name, command in commands.items()]
        self._environment = environment

    def run(
        self,
        stop: threading.Event,
        grace: float = 18.0,
        beside: Callable[[], None] = lambda: None,
    ) -> None:
        """Block until stopped; ``beside`` is called at every look, some times a second."""
        try:
            while not stop.is_set():
                self._keep()
                beside()
                stop.wait(0.25)
        finally:
            self._end(grace)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run in a thread of its own while inside."""
        stop = threading.Event()
        thread = threading.Thread(target=self.run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _keep(self) -> None:
        now = time.monotonic()
        for child in self._children:
            child.died(now)
            if child.process is None and now >= child.not_before:
                self._start(child, now)

    def _start(self, child: Child, now: float) -> None:
        try:
            child.start(self._environment)
        except OSError as error:  # no memory or no process left for it: later there may be
            log.error("process.not_started", child=child.name, error=str(error))
            child.not_before = now + LONGEST_PAUSE

    def _end(self, grace: float) -> None:
        children = {c.name: c.process for c in self._children if c.process}
        running = {name: child for name, child in children.items() if child.poll() is None}
        for process in running.values():
            process.terminate()
        deadline = time.monotonic() + grace
        for name, process in running.items():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("process.killed", child=name, child_pid=process.pid)
            _sweep(process.pid)


def _sweep(session: int) -> None:
    """End whatever is left of a child's process group."""
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        return
