"""A cluster of three Elasticsearch nodes in place of the one of the other tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import OpenFolder
from tests.hosts.nodes import Nodes
from worker import services


@pytest.fixture(scope="session")
def nodes(open_folder: OpenFolder) -> Iterator[Nodes]:
    """Three nodes, all of them there."""
    cluster = Nodes([open_folder(f"node-{number}") for number in range(3)])
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.kill()


@pytest.fixture(scope="session")
def service_urls(open_folder: OpenFolder, nodes: Nodes) -> Iterator[dict[str, str]]:
    """As that of the other tests, with the addresses of all nodes."""
    data = open_folder("services")
    (redis,) = services.start(services.Plan(data, None, 0), ["redis"])
    yield {
        "redis": redis.full_url,
        "elasticsearch": nodes.urls,
        "ca": str(nodes.login.ca),
        "data": str(data),
    }
    services.stop(data)
