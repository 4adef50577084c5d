"""What is set wrong for good is said before work begins; what is only away is waited for."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from articles.errors import UsageError
from tasks.settings import Settings
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.listener import Listener
from tests.unit.worker.commands.conftest import Run, run
from worker.care.addresses import check_addresses

__all__ = ["run"]


@pytest.fixture
def refusing() -> Iterator[str]:
    """The address of a server that speaks Redis's language and wants another password."""

    def answer(caller: socket.socket) -> None:
        with caller:
            while caller.recv(4096):
                caller.sendall(b"-WRONGPASS invalid username-password pair\r\n")

    with Listener(answer) as listener:
        yield f"redis://:geheim@127.0.0.1:{listener.port}/0"


def test_services_that_answer_or_are_away_are_well(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    check_addresses(container.settings)  # its Redis is nobody
    fake.store.indices.clear()
    check_addresses(container.settings)
    fake.refuse("", 503, "master_not_discovered_exception")
    check_addresses(container.settings)
    fake.go_away()
    check_addresses(container.settings)


def test_a_password_that_elasticsearch_refuses(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    fake.refuse("", 401, "security_exception")
    with pytest.raises(UsageError, match="DEPESCHE_ELASTICSEARCH_URL"):
        check_addresses(container.settings)


def test_a_password_that_redis_refuses(container: FakeContainer, refusing: str) -> None:
    settings = container.settings.model_copy(update={"redis_url": SecretStr(refusing)})
    with pytest.raises(UsageError, match=r"\(DEPESCHE_REDIS_URL\): it refuses") as said:
        check_addresses(settings)
    assert "geheim" not in str(said.value)


def test_embedded_services_are_not_asked(container: FakeContainer, fake: FakeElasticsearch) -> None:
    fake.refuse("", 401, "security_exception", always=True)
    check_addresses(Settings(data=container.settings.data))


@pytest.mark.parametrize("command", [("watch",), ("work", "intake")])
def test_a_process_ends_at_once_with_one_sentence(
    run: Run, fake: FakeElasticsearch, command: tuple[str, ...]
) -> None:
    fake.refuse("", 401, "security_exception")
    said = run(*command)
    assert said.status == 2
    assert said.err.count("\n") == 1
    assert "DEPESCHE_ELASTICSEARCH_URL" in said.err


@pytest.mark.parametrize("command", [("up",), ("up", "--detach")])
def test_up_starts_no_workers_that_would_end_at_once(
    run: Run, refusing: str, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DEPESCHE_REDIS_URL", refusing)
    said = run(*command)
    assert said.status == 2
    assert said.err.count("\n") == 1
    assert "(DEPESCHE_REDIS_URL): it refuses" in said.err
