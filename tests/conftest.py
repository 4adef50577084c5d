"""Real services for the tests that need them: started once a session by the project's own code."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from articles.errors import DepescheError
from indexing.index.manage import create_index
from tasks.settings import Settings
from tests.processes import Processes
from worker import services
from worker.container import Container


def pytest_configure() -> None:
    """How long an example takes says more of the machine's other work; CI has no limit either.

    What a shell starts in the background ignores Ctrl-C, and so would all that the tests start.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not os.environ.get("CI"):
        hypothesis_settings.register_profile("patient", deadline=None)
        hypothesis_settings.load_profile("patient")


@pytest.fixture(scope="session")
def service_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of a genuine Redis and a genuine Elasticsearch, on free ports.

    Where they cannot be started the test is skipped with the reason; in CI that is an error.
    DEPESCHE_TEST_ELASTICSEARCH_URL names one that runs already, to save its start.
    """
    given = os.environ.get("DEPESCHE_TEST_ELASTICSEARCH_URL")
    data = tmp_path_factory.mktemp("services")
    home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
    plan = services.Plan(data, Path(home) if home else None, 0, 0, heap="512m")
    try:
        endpoints = services.start(plan, ["redis"] if given else services.NAMES)
    except DepescheError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"services cannot be started: {error}")
    urls = {endpoint.name: endpoint.url for endpoint in endpoints}
    yield urls | ({"elasticsearch": given} if given else {})
    services.stop(data)


@pytest.fixture(scope="session")
def elasticsearch_url(service_urls: dict[str, str]) -> str:
    """The address of a genuine Elasticsearch."""
    return service_urls["elasticsearch"]


@pytest.fixture
def settings(service_urls: dict[str, str], tmp_path: Path) -> Iterator[Settings]:
    """Settings for a data folder, an index and a Redis of this test alone."""
    queue = redis.Redis.from_url(service_urls["redis"])
    queue.flushall()
    yield Settings(
        data=tmp_path / "data",
        redis_url=SecretStr(service_urls["redis"]),
        elasticsearch_url=SecretStr(service_urls["elasticsearch"]),
        index=f"test-{secrets.token_hex(4)}",
    )
    queue.flushall()
    queue.close()


@pytest.fixture
def container(settings: Settings) -> Iterator[Container]:
    """The parts on those settings, with an index that is there, and gone afterwards."""
    parts = Container(settings)
    parts.folders  # noqa: B018  (commands that only look make none)
    create_index(parts.client, settings.index)
    yield parts
    for name in parts.client.indices.get(index=f"{settings.index}-v*"):
        parts.client.indices.delete(index=name)
    parts.client.close()


@pytest.fixture
def processes(container: Container) -> Iterator[Processes]:
    """Starts real ``depesche`` processes on those settings, and ends them after the test."""
    running = Processes(container)
    yield running
    running.end()
