"""What a worker holds: what it has reserved and what is at work, until it is acknowledged."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from celery.worker.state import active_requests, reserved_requests

from worker.processes import holding


class Request:
    """One of Celery's."""

    def __init__(self, tag: str, acknowledged: bool = False) -> None:
        self.message = SimpleNamespace(delivery_tag=tag)
        self.acknowledged = acknowledged


@pytest.fixture(autouse=True)
def nothing() -> None:
    reserved_requests.clear()
    active_requests.clear()


def test_what_is_at_work_is_held_also_where_celery_has_forgotten_that_it_took_it() -> None:
    both, waits, works, done = Request("1"), Request("2"), Request("3"), Request("4", True)
    reserved_requests.update([both, waits, done])
    active_requests.update([both, works, done])
    assert holding.held() == {
        each.message.delivery_tag: each.message for each in (both, waits, works)
    }
    reserved_requests.clear()  # its connection broke
    assert holding.held().keys() == {"1", "3"}
