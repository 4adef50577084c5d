"""A node of three is killed and comes back while articles are indexed and enriched."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from articles.errors import DepescheError
from indexing.index.copies import Copies, copies_of
from indexing.index.faults import translate_errors
from tests.faults.outcome import article, assert_ended, drop, status, wait_until_ended
from tests.hosts.nodes import PATIENCE, Node, Nodes
from tests.processes import Processes, states, wait_for
from worker.container import Container

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

#: Articles that are dropped at once, and how often: less than what is worked in that time.
FEW, SECONDS = 1, 1.0
#: Seconds for which nothing may be indexed or enriched, while articles come.
PAUSE = 10.0


def _done(container: Container) -> int:
    """How much is indexed and enriched; -1 while Elasticsearch does not say it."""
    with suppress(DepescheError), translate_errors():
        counts = states(container)
        return counts.total() + counts["enriched"]
    return -1


class Feed:
    """Articles that come all the time, and the longest time in which none was worked."""

    def __init__(self, container: Container, mark: str) -> None:
        self._container, self._mark = container, mark
        self.contents: dict[str, bytes] = {}
        self.longest = 0.0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=job) for job in (self._drop, self._look)]

    def __enter__(self) -> Feed:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _drop(self) -> None:
        while not self._stop.wait(SECONDS):
            marks = [f"{self._mark}-{len(self.contents) + more}" for more in range(FEW)]
            few = {f"{mark}.txt": article(mark) for mark in marks}
            drop(self._container, few)
            self.contents |= few

    def _look(self) -> None:
        done, since = 0, time.monotonic()
        while not self._stop.wait(0.2):
            now = _done(self._container)
            self.longest = max(self.longest, time.monotonic() - since)
            if now > done or not self.contents:
                done, since = now, time.monotonic()


def _master(nodes: Nodes, container: Container) -> Node:
    return _named(nodes, _lines(container.client.cat.master(format="json")))


def _primary(nodes: Nodes, container: Container) -> Node:
    answer = container.client.cat.shards(index=container.settings.index, format="json")
    return _named(nodes, [shard for shard in _lines(answer) if shard["prirep"] == "p"])


def _lines(answer: Any) -> list[dict[str, str]]:
    """What is asked for as JSON is no text, whatever the client's types say."""
    return list(answer)


def _named(nodes: Nodes, lines: list[dict[str, str]]) -> Node:
    (line,) = lines
    return nodes.all[int(line["node"].removeprefix("node-"))]


@contextmanager
def _without(node: Node, container: Container) -> Iterator[None]:
    node.kill()
    try:
        yield
    finally:
        node.start()
        node.wait()
        wait_for(lambda: _whole(container), "all copies of all shards", PATIENCE)


def _whole(container: Container) -> bool:
    return copies_of(container.client, container.settings.index) == Copies(1, 1, 0, 3)


@pytest.mark.parametrize("who", [_master, _primary])
def test_a_node_is_killed_and_comes_back(
    who: Callable[[Nodes, Container], Node],
    nodes: Nodes,
    container: Container,
    processes: Processes,
) -> None:
    wait_for(lambda: _whole(container), "a replica, since there are three nodes")
    victim = who(nodes, container)
    processes.start_all(DEPESCHE_ENRICH_BATCH="8", DEPESCHE_BATCH_FILES="16")
    first = article("first")
    drop(container, {"first.txt": first})
    wait_until_ended(container, 1)
    with Feed(container, who.__name__) as feed:
        wait_for(lambda: len(feed.contents) > 10 * FEW, "the first articles")
        with _without(victim, container):
            before = len(feed.contents)
            wait_for(lambda: _done(container) > 2 * before, "articles that came without the node")
            said = status(processes)
            assert said["services"]["elasticsearch"].startswith("answers")
            kinds = {"addresses_away"} | ({"unassigned"} if who is _primary else set())
            assert kinds <= {note["kind"] for note in said["notes"]}
    contents = {"first.txt": first, **feed.contents}
    print(f"{len(contents)} articles, longest pause {feed.longest:.1f} s")
    wait_until_ended(container, len(contents), seconds=600)
    assert_ended(container, contents)
    assert feed.longest <= PAUSE
    for name in ("intake", "enrich"):
        assert "Traceback" not in processes.log(name), "a node that is away is no defect"
