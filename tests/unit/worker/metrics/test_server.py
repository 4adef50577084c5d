"""Who may ask for the metrics, and that nobody who connects can hold the process."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from prometheus_client import CollectorRegistry, Counter

from tests.fakes.parts import FakeContainer
from worker.metrics import server
from worker.metrics.server import MOST_CONNECTIONS, is_loopback, serve
from worker.metrics.state_collector import StateCollector


@pytest.fixture
def registry() -> CollectorRegistry:
    counted = CollectorRegistry()
    Counter("asked", "How often.", registry=counted).inc()
    return counted


@pytest.fixture
def port(registry: CollectorRegistry) -> Iterator[int]:
    serving = serve("127.0.0.1", 0, registry)
    yield int(serving.server_port)
    serving.shutdown()
    serving.server_close()


def ask(port: int, host: str | None = None) -> tuple[int, str]:
    """Status and text of an answer to a caller who calls this machine ``host``."""
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    caller.request("GET", "/metrics", headers={"Host": host} if host is not None else {})
    answer = caller.getresponse()
    text = answer.read().decode()
    caller.close()
    return answer.status, text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9100", "127.0.0.1", "[::1]:9100"])
def test_this_machine_reads_them(port: int, host: str) -> None:
    assert "asked_total 1.0" in ask(port, host)[1]


@pytest.mark.parametrize(
    "host", ["böse.example".encode().decode("latin-1"), "a.example:9100", "", "[", "localhost.a.de"]
)
def test_a_page_that_rebinds_its_name_reads_nothing(port: int, host: str) -> None:
    status, text = ask(port, host)
    assert status == 403
    assert "asked" not in text


def test_whoever_says_nothing_holds_no_more_than_the_places_that_there_are(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server._Handler, "timeout", 60.0)
    with ExitStack() as callers:
        silent = [
            callers.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            for _ in range(3 * MOST_CONNECTIONS)
        ]
        # Whom there is no place for hears at once that nobody answers.
        for caller in silent[MOST_CONNECTIONS:]:
            with suppress(ConnectionResetError):
                assert caller.recv(1) == b""


def test_places_of_who_says_nothing_become_free(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server._Handler, "timeout", 0.05)
    with ExitStack() as callers:
        for _ in range(MOST_CONNECTIONS):
            silent = callers.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            silent.sendall(b"GET /metr")
            assert silent.recv(1) == b""
        assert ask(port)[0] == 200


def test_who_asks_often_has_the_services_asked_once_a_second(container: FakeContainer) -> None:
    looks = 0

    def waiting() -> int:
        nonlocal looks
        looks += 1
        return 0

    collector = StateCollector(container, waiting)
    first = collector.collect()
    asked, looks = looks, 0
    assert asked
    assert collector.collect() == first
    assert looks == 0


@pytest.mark.parametrize(
    ("name", "this_machine"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost.", True),
        ("0.0.0.0", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_names_of_this_machine(name: str, this_machine: bool) -> None:
    assert is_loopback(name) is this_machine
