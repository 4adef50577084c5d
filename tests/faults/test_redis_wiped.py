"""Wipe Redis in the middle of the work: the truth is elsewhere, and everything arrives."""

from __future__ import annotations

from collections.abc import Callable

import redis

from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker.container import Container

ARTICLES = 300


def test_redis_is_wiped(
    container: Container, processes: Processes, drop: Callable[[int], list[str]]
) -> None:
    names = drop(ARTICLES)
    processes.start_all(DEPESCHE_ENRICH_BATCH="16")
    wait_for(lambda: 0 < states(container)["enriched"] < ARTICLES, "the first enriched articles")
    assert container.settings.redis_url
    with redis.Redis.from_url(container.settings.redis_url.get_secret_value()) as queue:
        queue.flushall()
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    assert_all_settled(container, names)
