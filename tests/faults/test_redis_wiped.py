"""Wipe Redis in the middle of the work: the truth is elsewhere, and everything arrives."""

from __future__ import annotations

from collections.abc import Callable

import redis

from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker.container import House

ARTICLES = 300


def test_redis_is_wiped(
    house: House, processes: Processes, drop: Callable[[int], list[str]]
) -> None:
    names = drop(ARTICLES)
    processes.start_all(DEPESCHE_ENRICH_BATCH="16")
    wait_for(lambda: 0 < states(house)["enriched"] < ARTICLES, "the first enriched articles")
    assert house.settings.redis_url
    with redis.Redis.from_url(house.settings.redis_url.get_secret_value()) as queue:
        queue.flushall()
    wait_for(lambda: settled(house, ARTICLES), "all articles enriched")
    assert_all_settled(house, names)
