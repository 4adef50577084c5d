"""The watcher's thread for copies: it goes on whatever is away, and one of two waits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from articles.errors import ServiceUnavailable
from worker.copies.keep_copies import keep_copies
from worker.lock import locked


class Steps:
    """A copier that notes its steps; ``do`` is what comes of one."""

    def __init__(self, do: Callable[[], object]) -> None:
        self.count = 0
        self._do = do

    def step(self, stopped: Callable[[], bool]) -> None:
        self.count += 1
        self._do()


def kept(steps: Steps, lock: Path, seconds: float) -> None:
    stop, copier = threading.Event(), steps
    made: Any = copier
    thread = threading.Thread(target=keep_copies, args=(made, lock, stop))
    thread.start()
    stop.wait(seconds)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def refuse() -> None:
    raise ServiceUnavailable("the bucket is away")


def test_what_is_wrong_waits_and_is_no_end(tmp_path: Path) -> None:
    for do in (refuse, lambda: None, lambda: 1 / 0):
        steps = Steps(do)
        kept(steps, tmp_path / "copies.lock", 0.2)
        assert steps.count == 1


def test_of_two_watchers_of_one_folder_one_copies(tmp_path: Path) -> None:
    steps = Steps(lambda: None)
    with locked(tmp_path / "copies.lock", 0.0):
        kept(steps, tmp_path / "copies.lock", 0.2)
    assert steps.count == 0
