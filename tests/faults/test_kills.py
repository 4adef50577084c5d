"""Kill a process in the middle of its work: everything arrives, once, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import evidence
from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE

ARTICLES = 120


def _in_hand(container: Container) -> set[Path]:
    """The messages that are worked on, or were when their worker died."""
    return set(container.folders.enriching.glob("*.json"))


@pytest.mark.parametrize(("victim", "within"), [("child", 5.0), ("worker", 60.0)])
def test_killed_enrich_worker(
    container: Container,
    processes: Processes,
    drop: Callable[[int], list[str]],
    tmp_path: Path,
    victim: str,
    within: float,
) -> None:
    """With a message in hand and the usual lease; the time from the death to the redone batch."""
    names = drop(8)
    held = {ARMED: "enrich.read:hold", ONCE: str(tmp_path)}
    processes.start_all(**held)
    wait_for((tmp_path / "enrich.read").exists, "a message in hand")
    wait_for(lambda: states(container)["pending"] == len(names), "indexed articles")
    before, start = _in_hand(container), time.monotonic()
    if victim == "child":
        processes.kill_child("enrich")
    else:
        processes.kill("enrich")
        processes.start("enrich", **held)
    wait_for(lambda: bool(_in_hand(container) - before), "work to resume", within)
    evidence.resumed(time.monotonic() - start)
    wait_for(lambda: settled(container, len(names)), "all articles enriched", 60)
    assert_all_settled(container, names)


def test_killed_intake_worker(
    container: Container, processes: Processes, drop: Callable[[int], list[str]]
) -> None:
    names = drop(ARTICLES)
    processes.start("watch")
    processes.start("intake")
    wait_for(lambda: sum(states(container).values()) > 0, "the first indexed articles")
    processes.kill("intake")
    processes.start("intake")
    processes.start("enrich")
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    assert_all_settled(container, names)


def test_killed_watcher(
    container: Container, processes: Processes, drop: Callable[[int], list[str]]
) -> None:
    processes.start_all()
    names = drop(ARTICLES)
    wait_for(
        lambda: bool(len(container.spool)) or sum(states(container).values()) > 0, "a claimed batch"
    )
    processes.kill("watch")
    processes.start("watch")
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    assert_all_settled(container, names)


def test_children_are_renewed(
    container: Container, processes: Processes, drop: Callable[[int], list[str]]
) -> None:
    names = drop(48)
    seen: dict[str, set[int]] = {"intake": set(), "enrich": set()}

    def all_settled() -> bool:
        for name, pids in seen.items():
            pids.update(child.pid for child in processes.children(name))
        return settled(container, len(names))

    processes.start_all(DEPESCHE_RENEW="5", DEPESCHE_ENRICH_BATCH="4", DEPESCHE_BATCH_FILES="4")
    wait_for(all_settled, "all articles enriched")
    assert_all_settled(container, names)
    assert all(len(pids) > 2 for pids in seen.values()), seen
    assert not _in_hand(container)
    assert not any("exited with" in processes.log(name) for name in seen), "one died"


@pytest.mark.parametrize("victim", ["child", pytest.param("worker", marks=pytest.mark.slow)])
def test_enrich_worker_killed_in_the_middle_of_many(
    container: Container, processes: Processes, drop: Callable[[int], list[str]], victim: str
) -> None:
    names = drop(ARTICLES)
    processes.start_all(DEPESCHE_ENRICH_BATCH="16")
    wait_for(lambda: 0 < states(container)["enriched"] < ARTICLES, "the first enriched articles")
    if victim == "child":
        processes.kill_child("enrich")
    else:
        processes.kill("enrich")
        processes.start("enrich", DEPESCHE_ENRICH_BATCH="16")
    assert states(container)["enriched"] < ARTICLES, "killed too late to prove anything"
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    assert_all_settled(container, names)
