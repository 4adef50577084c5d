"""Whether anybody takes what waits: told to who waits for it, who else waits without a word."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.container import Container

LOOK_SECONDS = 3.0


def _soon() -> float:
    return time.monotonic() + LOOK_SECONDS


@dataclass(slots=True)
class Manned:
    """Looks at the heartbeats every few seconds; tells once that no intake worker lives."""

    container: Container
    tell: Callable[[str], object] | None
    _next: float = field(default_factory=_soon)

    def look(self) -> None:
        """Look, if it is time to and there is somebody to be told."""
        if self.tell is None or time.monotonic() < self._next:
            return
        from worker.care.workers import last_of, none_lives, of_site, workers

        self._next = _soon()
        known = of_site(workers(self.container, redis=True), self.container.names.site)
        if "intake" in none_lives(known):
            self.tell(
                f"No worker runs that takes the files: {last_of(known, 'intake')}. They are safe "
                "in the spool; start `depesche up` or `depesche work intake`."
            )
            self.tell = None
