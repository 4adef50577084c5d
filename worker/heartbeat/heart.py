"""Beats: writes what a process knows of itself to disk and to Redis, and never disturbs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from articles.errors import DepescheError
from worker.heartbeat.beat import EVERY_SECONDS
from worker.heartbeat.files import BeatFile
from worker.heartbeat.keys import BeatKeys
from worker.heartbeat.pulse import Pulse

#: After a Redis that did not answer: each try may take seconds.
PAUSE_SECONDS = 10.0


class Heart:
    """One process's. Nothing is logged here: it may beat between two forks."""

    def __init__(self, pulse: Pulse, file: BeatFile, keys: BeatKeys) -> None:
        self.pulse = pulse
        self._file = file
        self._keys = keys
        self._paused_until = 0.0

    def beat(self, redis: bool = True) -> None:
        """Once; ``redis``: not on disk alone."""
        beat = self.pulse.beat()
        with suppress(OSError):
            self._file.write(beat)
        if not redis or time.monotonic() < self._paused_until:
            return
        try:
            self._keys.write(beat)
        except DepescheError:
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    def end(self) -> None:
        """The process ends, and means to."""
        self._file.remove()
        with suppress(DepescheError):
            self._keys.remove(self.pulse.beat())

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat from a thread of its own while inside: for a process whose loops must not wait.

        The thread alone proves nothing; it tells when each loop last went round.
        """
        stop = threading.Event()
        thread = threading.Thread(target=self._go_on, args=(stop,), name="heart", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=5)
            self.end()

    def _go_on(self, stop: threading.Event) -> None:
        while True:
            self.beat()
            if stop.wait(EVERY_SECONDS):
                return
