"""Kill the enrich worker in the middle of its work: everything arrives, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker.house import House

ARTICLES = 300


def _half_done(house: House) -> bool:
    return 0 < states(house)["enriched"] < ARTICLES


@pytest.mark.parametrize("victim", ["child", "worker"])
def test_killed_enrich_worker(
    house: House, processes: Processes, drop: Callable[[int], list[str]], victim: str
) -> None:
    names = drop(ARTICLES)
    processes.start_all(DEPESCHE_ENRICH_BATCH="16")
    wait_for(lambda: _half_done(house), "the first enriched articles")
    if victim == "child":
        processes.kill_child("enrich")
    else:
        processes.kill("enrich")
        processes.start("enrich", DEPESCHE_ENRICH_BATCH="16")
    assert states(house)["enriched"] < ARTICLES, "killed too late to prove anything"
    wait_for(lambda: settled(house, ARTICLES), "all articles enriched")
    assert_all_settled(house, names)


def test_killed_intake_worker(
    house: House, processes: Processes, drop: Callable[[int], list[str]]
) -> None:
    names = drop(ARTICLES)
    processes.start("watch")
    processes.start("intake")
    wait_for(lambda: sum(states(house).values()) > 0, "the first indexed articles")
    processes.kill("intake")
    processes.start("intake")
    processes.start("enrich")
    wait_for(lambda: settled(house, ARTICLES), "all articles enriched")
    assert_all_settled(house, names)


def test_killed_watcher(
    house: House, processes: Processes, drop: Callable[[int], list[str]]
) -> None:
    processes.start_all()
    names = drop(ARTICLES)
    wait_for(lambda: bool(len(house.spool)) or sum(states(house).values()) > 0, "a claimed batch")
    processes.kill("watch")
    processes.start("watch")
    wait_for(lambda: settled(house, ARTICLES), "all articles enriched")
    assert_all_settled(house, names)
