"""A node of three is killed and comes back while articles are indexed and enriched."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from elasticsearch import Elasticsearch

from articles.errors import DepescheError
from indexing.index.copies import Copies, copies_of
from indexing.index.faults import translate_errors
from tests.faults.outcome import article, assert_ended, drop, status, wait_until_ended
from tests.hosts.nodes import PATIENCE, Node, Nodes
from tests.processes import Processes, states, wait_for
from worker.container import Container

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ARTICLES = 400
#: Seconds for which nothing may be indexed or enriched, while there is work.
PAUSE = 10.0


class Growth:
    """Looks again and again at how much is done, and remembers the longest time without growth."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self.longest = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Growth:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        done, since = -1, time.monotonic()
        while not self._stop.wait(0.2):
            now = done
            with suppress(DepescheError), translate_errors():
                counts = states(self._container)
                now = counts.total() + counts["enriched"]
            self.longest = max(self.longest, time.monotonic() - since)
            if now > done:
                done, since = now, time.monotonic()


def _master(nodes: Nodes, client: Elasticsearch) -> Node:
    (found,) = client.cat.master(format="json")
    return nodes.all[int(found["node"].removeprefix("node-"))]


def _primary(nodes: Nodes, client: Elasticsearch, index: str) -> Node:
    shards = client.cat.shards(index=index, format="json")
    (name,) = (shard["node"] for shard in shards if shard["prirep"] == "p")
    return nodes.all[int(name.removeprefix("node-"))]


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
    who: Callable[..., Node], nodes: Nodes, container: Container, processes: Processes
) -> None:
    assert _whole(container), "one replica, since there are three nodes"
    client, index = container.client, container.settings.index
    victim = who(nodes, client) if who is _master else who(nodes, client, index)
    contents = {
        f"{number:04}.txt": article(f"{who.__name__}-{number}") for number in range(ARTICLES)
    }
    processes.start_all(DEPESCHE_ENRICH_BATCH="8", DEPESCHE_BATCH_FILES="16")
    drop(container, contents)
    wait_for(lambda: states(container)["enriched"] > 0, "the first enriched articles", 300)
    with Growth(container) as growth, _without(victim, container):
        grown = states(container).total() + states(container)["enriched"]
        wait_for(lambda: states(container)["enriched"] > grown, "work without the node", 300)
        said = status(processes)
        assert said["services"]["elasticsearch"].startswith("answers")
        assert {"addresses_away", "unassigned"} <= {note["kind"] for note in said["notes"]}
    print(f"longest pause {growth.longest:.1f} s")
    wait_until_ended(container, ARTICLES, seconds=600)
    assert_ended(container, contents)
    assert growth.longest <= PAUSE
    for name in ("intake", "enrich"):
        assert "Traceback" not in processes.log(name), "a node that is away is no defect"
