"""Workers that share no disk with the watcher: a death is known in seconds, and only a death.

The victim stands still with documents in hand; another host does all the rest, and is there to take
them up.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.faults.outcome import article, assert_ended, drop, wait_until_ended
from tests.hosts.clock import off
from tests.processes import Processes, files_in, states, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ROUNDS = 5
#: From the death of a worker until what it held is worked on by another host.
SOON_SECONDS = 5.0
#: Thrice what a lease may be silent: whoever lives is not taken for dead in that time.
LONG_SECONDS = 10.0


def _host(container: Container, data: Path) -> Processes:
    parts = Container(container.settings.model_copy(update={"data": data}))
    parts.folders  # noqa: B018
    return Processes(parts)


class Hosts:
    """A site that enriches nothing, a victim, and another host that enriches."""

    def __init__(self, site: Processes, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.container = site.container
        self.victim = _host(site.container, folder / "victim")
        self.other = _host(site.container, folder / "other")
        self.dropped: dict[str, bytes] = {}
        for name in ("watch", "intake"):
            site.start(name, DEPESCHE_ENRICH_BATCH="4")
        self.other.start("enrich")
        self._wait_for(self.other, "the other host")

    def _wait_for(self, host: Processes, what: str) -> None:
        folder = host.container.folders.alive
        wait_for(lambda: any('"idle"' in f.read_text() for f in folder.glob("*.json")), what)

    def hold(self, action: str, point: str = "enrich.fetched", **settings: str) -> int:
        """Start the victim and let it take documents and stand still; how many are left."""
        once = self.folder / f"once-{len(self.dropped)}"
        once.mkdir()
        for file in self.victim.container.folders.alive.glob("*.json"):
            file.unlink()
        self.victim.start("enrich", **{ARMED: f"{point}:{action}", ONCE: str(once)}, **settings)
        self._wait_for(self.victim, "the victim")
        marks = range(len(self.dropped), len(self.dropped) + 12)
        self._drop({f"{mark}.txt": article(mark) for mark in marks})
        wait_for((once / point).exists, "the victim to stand still")
        wait_for(lambda: self.left() <= 4, "the others to be done")
        self.site.signal("watch", signal.SIGCONT)
        time.sleep(3.0)
        return self.left()

    def _drop(self, more: dict[str, bytes]) -> None:
        """Without a reconciler that tells of the documents before intake does.

        The watcher stands still until all has been told.
        """
        self.site.signal("watch", signal.SIGSTOP)
        drop(self.container, more)
        self.dropped |= more
        time.sleep(1.0)
        wait_for(self._claimed, "the claim")
        wait_for(lambda: states(self.container).total() == len(self.dropped), "the index")

    def _claimed(self) -> bool:
        self.container.watcher.scan()
        return not files_in(self.container.folders.inbox)

    def kill(self) -> float:
        """Kill the victim; how many seconds until another host works on what it held.

        Which is then done.
        """
        tried = self._tried_alone()
        self.victim.kill("enrich")
        taken_up = wait_for(lambda: self._tried_alone() > tried, "what it held", 60)
        wait_for(lambda: not self.left(), "its end", 60)
        return taken_up

    def _tried_alone(self) -> int:
        return self.other.log("enrich").count("document.tried_alone")

    def left(self) -> int:
        """Documents that are not enriched."""
        return states(self.container)["pending"]

    def end(self) -> None:
        for host in (self.victim, self.other):
            host.end(5.0)


@pytest.fixture
def hosts(container: Container, processes: Processes, tmp_path: Path) -> Iterator[Hosts]:
    running = Hosts(processes, tmp_path)
    yield running
    running.end()


@pytest.mark.parametrize("clock", [0, 3600, -3600])
def test_what_a_killed_worker_held_is_taken_up_soon_and_what_it_holds_is_left_to_it(
    hosts: Hosts, clock: int
) -> None:
    waited = []
    for _ in range(ROUNDS if not clock else 2):
        left = hosts.hold("hold", **off(clock, hosts.folder))
        assert left > 0
        done = hosts.other.log("enrich").count("batch.enriched")
        time.sleep(LONG_SECONDS)
        assert hosts.left() == left, "a worker that lives keeps what it holds"
        assert hosts.other.log("enrich").count("batch.enriched") == done
        waited.append(hosts.kill())
    print(f"clock off by {clock} s; from the kill until it was taken up:", end=" ")
    print([round(seconds, 1) for seconds in waited], "load", os.getloadavg()[0])
    assert max(waited) < SOON_SECONDS
    wait_until_ended(hosts.container, len(hosts.dropped))
    assert_ended(hosts.container, hosts.dropped)


@pytest.mark.parametrize("clock", [3600, -3600])
def test_a_site_whose_clock_is_off_takes_nothing_from_the_living(
    container: Container, hosts: Hosts, clock: int
) -> None:
    """The watcher, which decides who is dead, and the intake."""
    for name in ("watch", "intake"):
        hosts.site.kill(name)
        hosts.site.start(name, DEPESCHE_ENRICH_BATCH="4", **off(clock, hosts.folder))
    left = hosts.hold("hold")
    time.sleep(LONG_SECONDS)
    assert hosts.left() == left > 0
    assert hosts.kill() < SOON_SECONDS
    wait_until_ended(container, len(hosts.dropped))
    assert_ended(container, hosts.dropped)


def _enriched_at(container: Container) -> dict[str, Any]:
    index = container.settings.index
    container.client.indices.refresh(index=index)
    hits = container.client.search(index=index, size=1000, source_includes=["enrichment.at"])
    return {hit["_id"]: hit["_source"]["enrichment"].get("at") for hit in hits["hits"]["hits"]}


def test_a_frozen_worker_that_wakes_up_loses_its_write(container: Container, hosts: Hosts) -> None:
    """It stands between what it has read and its write; all is done elsewhere meanwhile."""
    left = hosts.hold("freeze", "enrich.read")
    if left:  # else the other one was faster than we could look
        took = wait_for(lambda: not hosts.left(), "what it held", 60)
        print(f"taken up {took:.1f} s after all else was done")
    before = _enriched_at(container)
    assert len(before) == len(hosts.dropped)
    assert "batch.enriched" not in hosts.victim.log("enrich")
    hosts.victim.signal("enrich", signal.SIGCONT)
    wait_for(lambda: "batch.enriched" in hosts.victim.log("enrich"), "the end of its message")
    (line,) = [x for x in hosts.victim.log("enrich").splitlines() if "batch.enriched" in x]
    print(line)
    assert "enriched=0 " in f"{line} "
    assert _enriched_at(container) == before
    wait_until_ended(container, len(hosts.dropped))
    assert_ended(container, hosts.dropped)


def test_after_a_wipe_of_redis_what_is_held_is_known_again(
    container: Container, hosts: Hosts
) -> None:
    left = hosts.hold("hold")
    assert container.settings.redis_url
    queue = redis.Redis.from_url(container.settings.redis_url.get_secret_value())
    held = sorted(queue.hvals(container.names.unacked))
    done = hosts.other.log("enrich").count("batch.enriched")
    queue.flushall()
    again = lambda: sorted(queue.hvals(container.names.unacked)) == held  # noqa: E731
    took = wait_for(again, "what is held", 10)
    beats = wait_for(lambda: len(container.heartbeats.read()) == 4, "all heartbeats", 20)
    print(f"known again after {took:.1f} s, all heartbeats after {took + beats:.1f} s")
    time.sleep(LONG_SECONDS)
    assert hosts.left() == left > 0
    assert hosts.other.log("enrich").count("batch.enriched") == done
    assert hosts.kill() < SOON_SECONDS
    queue.close()


def test_a_frozen_intake_keeps_its_batch_and_a_killed_one_does_not(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """A batch is owned by a lock of the kernel of its site's host, which only a death frees."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first, second = processes, Processes(container)
    settings = {"DEPESCHE_INTAKE_PROCESSES": "1", ONCE: str(tmp_path / "one")}
    first.start("watch")
    first.start("intake", **{ARMED: "intake.indexed:freeze", **settings})
    one = {"eins.txt": article("eins")}
    drop(container, one)
    wait_for((tmp_path / "one" / "intake.indexed").exists, "it to freeze")
    try:
        second.start("intake")
        time.sleep(LONG_SECONDS)
        assert files_in(container.folders.archive) == []
        assert states(container).total() == 1
        first.signal("intake", signal.SIGCONT)
        wait_for(lambda: len(files_in(container.folders.archive)) == 1, "its own end", 20)
        first.kill("intake")
        second.kill("intake")

        settings[ONCE] = str(tmp_path / "two")
        first.start("intake", **{ARMED: "intake.indexed:freeze", **settings})
        two = {"zwei.txt": article("zwei")}
        drop(container, two)
        wait_for((tmp_path / "two" / "intake.indexed").exists, "it to freeze")
        second.start("intake")
        time.sleep(LONG_SECONDS)
        first.kill("intake")
        took = wait_for(lambda: len(files_in(container.folders.archive)) == 2, "the batch", 20)
        print(f"{took:.1f} s from the kill of a frozen intake until its batch was archived")
        first.start("enrich")
        wait_until_ended(container, 2)
        assert_ended(container, one | two)
    finally:
        second.end()
    log = container.folders.run / "test-intake.log"
    assert "Traceback" not in log.read_text()
