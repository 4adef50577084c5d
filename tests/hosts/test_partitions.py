"""A host loses its link to Redis, to Elasticsearch or to both, and gets it back."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.faults.outcome import article, assert_ended, drop, wait_until_ended
from tests.hosts.namespaces import SERVICES, Namespace, possible
from tests.processes import Processes
from worker.container import Container

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

#: Who, from what, and for how many seconds.
CUTS: list[tuple[str, Sequence[str], float]] = [
    ("site", ["redis"], 5.0),
    ("enrich", ["redis"], 5.0),
    ("site", ["elasticsearch"], 20.0),
    ("enrich", ["elasticsearch"], 20.0),
    ("site", ["redis"], 30.0),
    ("enrich", ["redis"], 30.0),
    ("site", SERVICES, 60.0),
    ("enrich", SERVICES, 60.0),
]
#: Seconds between two articles, and from the end of a cut until all has ended.
EVERY, AFTER = 0.5, 180.0


class World:
    """A site in one namespace, two that enrich in namespaces of their own, and who drops."""

    def __init__(self, container: Container, spaces: dict[str, Namespace], folder: Path) -> None:
        self.container = container
        self.spaces = spaces
        self.dropped: dict[str, bytes] = {}
        folders = {"site": container.settings.data, "enrich": folder / "e", "other": folder / "o"}
        self.running = {
            name: Processes(_there(container, spaces[name], data), spaces[name].prefix)
            for name, data in folders.items()
        }
        small = {"DEPESCHE_ENRICH_BATCH": "4", "DEPESCHE_BATCH_FILES": "8"}
        for name in ("watch", "intake"):
            self.running["site"].start(name, **small)
        for name in ("enrich", "other"):
            self.running[name].start("enrich")

    def drop_until(self, stop: threading.Event) -> None:
        """Drop an article, and another, each with a text of its own."""
        while not stop.wait(EVERY):
            mark = len(self.dropped)
            one = {f"{mark}.txt": article(mark)}
            drop(self.container, one)
            self.dropped |= one

    def ended(self, seconds: float) -> float:
        return wait_until_ended(self.container, len(self.dropped), seconds=seconds)


def _there(container: Container, space: Namespace, data: Path) -> Container:
    changes = {
        "data": data,
        "redis_url": SecretStr(space.url("redis")),
        "elasticsearch_url": SecretStr(space.url("elasticsearch")),
        "site": "here",
    }
    parts = Container(container.settings.model_copy(update=changes))
    parts.folders  # noqa: B018
    return parts


@pytest.fixture
def world(container: Container, service_urls: dict[str, str], tmp_path: Path) -> Iterator[World]:
    if not possible():
        pytest.skip("no right to make network namespaces")
    urls = {**service_urls, "elasticsearch": service_urls["elasticsearch"].split(",")[0]}
    with Namespace(2, urls) as site, Namespace(4, urls) as enrich, Namespace(6, urls) as other:
        spaces = {"site": site, "enrich": enrich, "other": other}
        world = World(container, spaces, tmp_path)
        try:
            yield world
        finally:
            for host in world.running.values():
                host.end(5.0)


def test_a_link_is_down_while_articles_are_indexed_and_enriched(world: World) -> None:
    drop(world.container, {"first.txt": (first := article("first"))})
    world.dropped["first.txt"] = first
    world.ended(120)
    for who, links, seconds in CUTS:
        stop = threading.Event()
        dropping = threading.Thread(target=world.drop_until, args=(stop,))
        dropping.start()
        try:
            time.sleep(8 * EVERY)
            with world.spaces[who].cut(links):
                time.sleep(seconds)
            time.sleep(3.0)
        finally:
            stop.set()
            dropping.join()
        took = world.ended(AFTER)
        print(f"{who} without {links} for {seconds:.0f} s: all {len(world.dropped)} ended", end=" ")
        print(f"{3.0 + took:.1f} s after it, load {os.getloadavg()[0]:.0f}", flush=True)
        assert_ended(world.container, world.dropped)
    for host in world.running.values():
        assert host.ended() == [], "nobody ends because a link is down"
