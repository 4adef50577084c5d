"""``depesche demo``: the sample articles through everything, on services of its own."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from articles.errors import DepescheError, ServiceUnavailable
from indexing.writing import states
from tasks.settings import Settings
from worker import services
from worker.container import Container
from worker.processes import above
from worker.processes.demo_folder import demo_folder
from worker.processes.everything import COMMANDS, start_services
from worker.processes.own_index import make_index
from worker.processes.samples import drop_samples, samples
from worker.processes.supervise import Supervisor

Say = Callable[[str], None]

PATIENCE = 300.0
#: Settings about services of the user's own: the demo has its own ones.
_OF_SERVICES = itertools.product(("redis", "elasticsearch"), ("url", "ca", "cert", "key"))
_NOT_OURS = (*map("_".join, _OF_SERVICES), "elasticsearch_api_key")


@contextmanager
def demo(data: Path, say: Say) -> Iterator[Container]:
    """A running Depesche in a fresh folder, all samples enriched; all stopped afterwards.

    Raises ``ServiceUnavailable`` if the samples are not enriched in time, and ``UsageError`` for a
    folder that no demo made.
    """
    above.say_of(data, say)
    with demo_folder(data, services.stop, samples()), _running(data, say) as container:
        yield container


@contextmanager
def _running(data: Path, say: Say) -> Iterator[Container]:
    settings = demo_settings(data)
    container = Container(settings)
    container.folders  # noqa: B018  (the data folder comes first: the services live in it)
    start_services(settings, say)
    try:
        make_index(container)
        with Supervisor(COMMANDS, _environment(settings)).running():
            dropped = drop_samples(container.folders, say)
            say(f"Dropped {dropped} sample articles into {container.folders.inbox}")
            _wait(container, dropped, say)
            yield container
    finally:
        say("Stopping …")
        services.stop(data)


def demo_settings(data: Path) -> Settings:
    """Those of the environment, but for what is about services of the user's own."""
    none: dict[str, Any] = dict.fromkeys(_NOT_OURS)
    return Settings(data=data, elasticsearch_port=0, **none)


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "DEPESCHE_DATA": str(settings.data),
        "DEPESCHE_INDEX": settings.index,
        "DEPESCHE_LOG_LEVEL": "WARNING",
        **{f"DEPESCHE_{name.upper()}": "" for name in _NOT_OURS},
    }


def _wait(container: Container, dropped: int, say: Say) -> None:
    """Until all are searchable, then until all are enriched."""
    start = time.monotonic()
    for what in ("searchable", "enriched"):
        while _count(container, what) < dropped:
            if time.monotonic() - start > PATIENCE:
                raise ServiceUnavailable(f"The samples were not {what} within {PATIENCE:.0f} s.")
            time.sleep(0.1)
        say(f"All {dropped} are {what} after {time.monotonic() - start:.1f} s")


def _count(container: Container, what: str) -> int:
    try:
        counts = states.counts(container.client, container.settings.index)
    except DepescheError:
        return 0
    return counts.total if what == "searchable" else counts.enriched
