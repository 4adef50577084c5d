"""The two services, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Protocol

from articles.errors import UsageError
from worker.services.elasticsearch import ElasticsearchServer
from worker.services.model import NAMES, Plan
from worker.services.process import Command
from worker.services.redis import RedisServer
from worker.services.reporter import Reporter
from worker.services.runfile import Run


class Server(Protocol):
    """How to start one, and to tell that it answers."""

    name: str
    #: Seconds without a word, at its start or later, after which something is wrong with it.
    patience: float
    folder: Path

    def prepare(self, tell: Reporter) -> None: ...
    def place(self) -> str: ...
    def command(self, url: str) -> Command: ...
    def configured_url(self) -> str | None: ...
    def confirm(self, run: Run) -> None: ...
    def answers(self, url: str, pid: int) -> bool: ...
    def responds(self, url: str) -> bool: ...
    def loads(self, url: str) -> bool: ...


SERVERS: Mapping[str, Callable[[Plan], Server]] = {
    "redis": RedisServer,
    "elasticsearch": ElasticsearchServer,
}


def known(which: Collection[str]) -> list[str]:
    """The names in the order of their start. Raises ``UsageError`` for one that is none."""
    if unknown := set(which) - set(NAMES):
        raise UsageError(
            f"No such service: {', '.join(sorted(unknown))}. There are redis and elasticsearch."
        )
    return [name for name in NAMES if name in which]
