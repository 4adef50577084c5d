"""Stop Elasticsearch in the middle of the work: it waits, and goes on when it is back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from indexing.index.manage import create_index
from tasks.settings import Settings
from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker import services
from worker.container import Container

ARTICLES = 300


@pytest.fixture
def own_plan(tmp_path: Path) -> Iterator[services.Plan]:
    """A second Elasticsearch, which a test may stop, on a port that it keeps."""
    home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
    plan = services.Plan(tmp_path / "own", Path(home) if home else None, 0, 0, heap="512m")
    (endpoint,) = services.start(plan, ["elasticsearch"])
    yield replace(plan, elasticsearch_port=int(endpoint.url.rsplit(":", 1)[1]))
    services.stop(plan.data)


@pytest.fixture
def container(own_plan: services.Plan, settings: Settings) -> Iterator[Container]:
    """The parts on an Elasticsearch of this test's own."""
    url = SecretStr(f"http://127.0.0.1:{own_plan.elasticsearch_port}")
    parts = Container(settings.model_copy(update={"elasticsearch_url": url}))
    create_index(parts.client, settings.index)
    yield parts
    parts.client.close()


def test_elasticsearch_is_stopped(
    own_plan: services.Plan,
    container: Container,
    processes: Processes,
    drop: Callable[[int], list[str]],
) -> None:
    names = drop(ARTICLES)
    processes.start_all(DEPESCHE_ENRICH_BATCH="16")
    wait_for(lambda: 0 < states(container)["enriched"] < ARTICLES, "the first enriched articles")
    services.stop(own_plan.data)
    time.sleep(10)
    services.start(own_plan, ["elasticsearch"])
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    assert_all_settled(container, names)
