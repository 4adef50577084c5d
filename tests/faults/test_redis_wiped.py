"""Wipe Redis in the middle of the work: the truth is elsewhere, and everything arrives."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import redis

from articles.errors import MessageLost
from depesche.client import Client
from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker.container import Container

ARTICLES = 120


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


def test_an_article_that_was_sent_is_reported_lost_and_one_that_was_dropped_arrives(
    container: Container, processes: Processes
) -> None:
    """Redis alone holds what is sent by message until intake takes it."""
    client = Client(container.settings)
    sent = client.ingest_article(headline="Gesendet", body="Ein Satz aus Köln.")
    path = client.drop_article(headline="Abgelegt", body="Ein Satz aus Bonn.")
    with pytest.raises(TimeoutError, match="waits in Redis"):
        sent.get(timeout=3)
    assert container.settings.redis_url
    with redis.Redis.from_url(container.settings.redis_url.get_secret_value()) as queue:
        queue.flushall()
    start = time.monotonic()
    with pytest.raises(MessageLost, match="Send it again"):
        sent.get(timeout=600)
    assert time.monotonic() - start < 60, "long before the time was over"
    processes.start_all()
    wait_for(lambda: settled(container, 1), "the dropped article enriched")
    assert_all_settled(container, [str(path)])
    again = client.ingest_article(headline="Gesendet", body="Ein Satz aus Köln.")
    assert again.get(timeout=120).fate == "indexed"
