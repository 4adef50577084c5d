"""Tell a person what happens: plain lines, and a bar while a long file arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from worker.console import PlainConsole
from worker.foreign import plain

Say: TypeAlias = Callable[[str], None] | Progress | None
Advance: TypeAlias = Callable[[int], None]

_STEP = 10
_MEGABYTE = 1_000_000


class Reporter:
    """``say`` a callable: lines only. A rich ``Progress``: lines above its bars. None: stderr."""

    def __init__(self, say: Say = None) -> None:
        self._console = PlainConsole(stderr=True)
        self._progress = say if isinstance(say, Progress) else None
        self._say = None if isinstance(say, Progress) else say

    def line(self, text: str) -> None:
        """Say one line."""
        if self._say is not None:
            self._say(text)
            return
        console = self._progress.console if self._progress else self._console
        console.print(plain(text), markup=False, soft_wrap=True)

    @contextmanager
    def bytes(self, what: str, total: int) -> Iterator[Advance]:
        """Yield a function that takes the number of bytes that are there by now."""
        if self._progress is not None:
            yield from _bar(self._progress, what, total)
        elif self._say is None and self._console.is_terminal:
            with _new_progress(self._console) as progress:
                yield from _bar(progress, what, total)
        else:
            yield _Lines(self.line, what, total)


class _Lines:
    """A line for every tenth, for where no bar can be drawn."""

    def __init__(self, line: Callable[[str], None], what: str, total: int) -> None:
        self._line, self._what, self._total, self._next = line, what, total, 0

    def __call__(self, done: int) -> None:
        percent = min(100, 100 * done // max(1, self._total))
        if percent < self._next:
            return
        self._next = percent - percent % _STEP + _STEP
        self._line(f"{self._what}: {percent} % of {self._total // _MEGABYTE} MB")


def _bar(progress: Progress, what: str, total: int) -> Iterator[Advance]:
    task = progress.add_task(what, total=total)
    try:
        yield lambda done: progress.update(task, completed=done)
    finally:
        progress.remove_task(task)


def _new_progress(console: PlainConsole) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
