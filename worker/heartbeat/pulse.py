"""What a process knows of itself while it runs: told by its loops, read by its heart."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from worker.heartbeat.beat import Beat, Process

#: Characters of the folders that an intake takes files of: of more it tells none.
MOST_TOLD = 8_000


class Pulse:
    """Each loop says that it goes round; whoever waits says for what. It costs next to nothing."""

    def __init__(
        self, process: Process, site: str = "", takes: Sequence[str] = (), version: str = ""
    ) -> None:
        self.version = version
        self._process = process
        self._site = site
        self._takes = list(takes) if sum(map(len, takes)) < MOST_TOLD else []
        self._started = time.monotonic()
        self._turns: dict[str, float] = {}
        self._doing = ("starts", "", self._started)

    def turn(self, loop: str) -> None:
        """A loop goes round now."""
        self._turns[loop] = time.monotonic()

    def does(self, doing: str, what: str = "") -> None:
        """``idle``, ``works`` or ``waits``; it counts since the first time that this was said."""
        before, _, since = self._doing
        self._doing = (doing, what, since if doing == before else time.monotonic())

    def beat(self) -> Beat:
        """All of it, now."""
        now = time.monotonic()
        doing, what, since = self._doing
        return Beat(
            process=self._process,
            host=socket.gethostname(),
            pid=os.getpid(),
            namespace=namespace(),
            up=now - self._started,
            doing=doing,
            what=what,
            since=now - since,
            loops={loop: now - last for loop, last in self._turns.items()},
            site=self._site,
            takes=self._takes,
            version=self.version,
        )


def namespace() -> str:
    """Where a process number means the same process: a container has numbers of its own."""
    if sys.platform == "linux":
        with suppress(OSError):
            return f"{Path('/proc/self/ns/pid').readlink()} {_boot()}"
    return socket.gethostname()


def _boot() -> str:
    """Which run of which machine this is: only there do monotonic clocks agree."""
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
