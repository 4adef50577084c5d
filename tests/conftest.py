"""Real services for the tests that need them: started once a session by the project's own code."""

from __future__ import annotations

import faulthandler
import itertools
import os
import secrets
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis
from _pytest.faulthandler import fault_handler_stderr_fd_key
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from articles.errors import DepescheError
from articles.tls import Tls
from indexing.index.manage import create_index
from tasks.settings import Settings
from tests.processes import Processes
from worker import services
from worker.container import Container

OpenFolder = Callable[[str], Path]

CLEARING_SECONDS = 300.0


def pytest_configure() -> None:
    """How long an example takes says more of the machine's other work; CI has no limit either.

    What a shell starts in the background ignores Ctrl-C, and so would all that the tests start.
    An Elasticsearch that lives for a test does not compile for days to come: half the work of its
    start, and of the tests beside it.
    """
    os.environ.setdefault("ES_JAVA_OPTS", "-XX:TieredStopAtLevel=1")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not os.environ.get("CI"):
        hypothesis_settings.register_profile("patient", deadline=None)
        hypothesis_settings.load_profile("patient")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """What clears up after a test that was cut short may wait for what that test broke.

    pytest's own guards are over once a test has failed. This one ends the process with the stacks
    of all its threads; what is left to run is run by another.
    """
    told = item.config.stash.get(fault_handler_stderr_fd_key, 2)
    faulthandler.dump_traceback_later(CLEARING_SECONDS, exit=True, file=told)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="session")
def open_folder() -> Iterator[OpenFolder]:
    """Makes folders that other users can reach: pytest's own are closed, and Elasticsearch does
    not run as root."""
    with TemporaryDirectory(prefix="depesche-test-", ignore_cleanup_errors=True) as top:
        Path(top).chmod(0o711)
        numbers = itertools.count()

        def make(name: str) -> Path:
            return Path(top, f"{name}-{next(numbers)}")

        yield make


@pytest.fixture(scope="session")
def service_urls(open_folder: OpenFolder) -> Iterator[dict[str, str]]:
    """Addresses of a genuine Redis and Elasticsearch, with login; its ``ca``, their ``data``.

    Where they cannot be started the test is skipped with the reason; in CI that is an error.
    DEPESCHE_TEST_ELASTICSEARCH_URL names one that runs already, to save its start, and
    DEPESCHE_TEST_ELASTICSEARCH_CA whose certificate it has.
    """
    given = os.environ.get("DEPESCHE_TEST_ELASTICSEARCH_URL")
    data = open_folder("services")
    home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
    plan = services.Plan(data, Path(home) if home else None, 0, heap="512m")
    try:
        endpoints = services.start(plan, ["redis"] if given else services.NAMES)
    except DepescheError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"services cannot be started: {error}")
    urls = {endpoint.name: endpoint.full_url for endpoint in endpoints}
    for login in filter(None, (endpoint.login for endpoint in endpoints)):
        urls["ca"] = str(login.ca)
    urls["data"] = str(data)
    if given:
        urls["elasticsearch"] = given
    if trusted := os.environ.get("DEPESCHE_TEST_ELASTICSEARCH_CA"):
        urls["ca"] = trusted
    yield urls
    services.stop(data)


@pytest.fixture(scope="session")
def elasticsearch_url(service_urls: dict[str, str]) -> str:
    """The address of a genuine Elasticsearch."""
    return service_urls["elasticsearch"]


@pytest.fixture(scope="session")
def elasticsearch_tls(service_urls: dict[str, str]) -> Tls | None:
    """What its certificate is checked with, if it has one."""
    return Tls(ca=service_urls["ca"]) if "ca" in service_urls else None


@pytest.fixture
def settings(service_urls: dict[str, str], tmp_path: Path) -> Iterator[Settings]:
    """Settings for a data folder, an index and a Redis of this test alone."""
    queue = redis.Redis.from_url(service_urls["redis"], socket_timeout=30)
    queue.flushall()
    yield Settings(
        data=tmp_path / "data",
        redis_url=SecretStr(service_urls["redis"]),
        elasticsearch_url=SecretStr(service_urls["elasticsearch"]),
        elasticsearch_ca=Path(service_urls["ca"]) if "ca" in service_urls else None,
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
