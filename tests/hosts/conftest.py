"""A cluster of three Elasticsearch nodes in place of the one of the other tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.conftest import OpenFolder
from tests.hosts.nodes import Nodes
from worker import services

_GIVEN = ("DEPESCHE_TEST_ELASTICSEARCH_URL", "DEPESCHE_TEST_ELASTICSEARCH_CA")


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
def service_urls(
    open_folder: OpenFolder, request: pytest.FixtureRequest
) -> Iterator[dict[str, str]]:
    """As that of the other tests, with the addresses of all nodes.

    Or with the one server that is given by the variables of the other tests, to try a test with.
    """
    data = open_folder("services")
    url, ca = map(os.environ.get, _GIVEN)
    if not url:
        nodes: Nodes = request.getfixturevalue("nodes")
        url, ca = nodes.urls, str(nodes.login.ca)
    (redis,) = services.start(services.Plan(data, None, 0), ["redis"])
    urls = {"redis": redis.full_url, "elasticsearch": url, "data": str(data)}
    yield urls | ({"ca": ca} if ca else {})
    services.stop(data)
