"""The lock of withdrawals: who takes away or restores is alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from articles.errors import ServiceUnavailable
from worker.container import Container
from worker.lock import locked

LOCK_SECONDS = 60.0


@contextmanager
def alone(container: Container) -> Iterator[None]:
    """Nobody else takes away or restores meanwhile."""
    try:
        with locked(container.folders.data / "withdrawals.lock", LOCK_SECONDS):
            yield
    except TimeoutError as error:
        raise ServiceUnavailable(f"Somebody else is at it: {error}.") from error
