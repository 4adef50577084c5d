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
from tests.conftest import OpenFolder
from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker import services
from worker.container import Container

ARTICLES = 120


@pytest.fixture
def own_plan(open_folder: OpenFolder) -> Iterator[services.Plan]:
    """A second Elasticsearch, which a test may stop, on a port that it keeps."""
    home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
    plan = services.Plan(open_folder("own"), Path(home) if home else None, 0, heap="512m")
    (endpoint,) = services.start(plan, ["elasticsearch"])
    yield replace(plan, elasticsearch_port=int(endpoint.url.rsplit(":", 1)[1]))
    services.stop(plan.data)


@pytest.fixture
def container(own_plan: services.Plan, settings: Settings) -> Iterator[Container]:
    """The parts on an Elasticsearch of this test's own."""
    endpoint = services.running(own_plan.data)["elasticsearch"]
    assert endpoint.login
    chosen = {
        "elasticsearch_url": SecretStr(endpoint.full_url),
        "elasticsearch_ca": endpoint.login.ca,
    }
    parts = Container(settings.model_copy(update=chosen))
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
    for name in ("intake", "enrich"):
        assert "Traceback" not in processes.log(name), "a service that is away is no defect"
