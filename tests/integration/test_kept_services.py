"""Embedded services that are kept: one that dies, hangs or loses its run file comes back."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
import structlog
from redis import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.processes import wait_for
from tests.redis_servers import keeper
from worker.services import Endpoint, Plan, keeping, manage, process, redis, running, start, stop
from worker.services.redis import RedisServer

Logs = list[EventDict]


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[Plan]:
    yield Plan(tmp_path / "data", None, 0)
    stop(tmp_path / "data")


@pytest.fixture
def endpoint(plan: Plan) -> Endpoint:
    (started,) = start(plan, ["redis"], say=print)
    return started


@pytest.fixture
def logs() -> Iterator[Logs]:
    with capture_logs() as lines:
        yield lines
    structlog.reset_defaults()


def pid(plan: Plan) -> int | None:
    found = running(plan.data).get("redis")
    return found.pid if found else None


def another(plan: Plan, before: Endpoint) -> Callable[[], bool]:
    """Whether another process answers at the same address."""

    def answers() -> bool:
        try:
            with Redis.from_url(before.url, socket_timeout=1) as client:
                return bool(client.info("server")["process_id"] != before.pid)
        except RedisError:
            return False

    return answers


def test_one_that_dies_while_it_is_started_again_is_started(
    plan: Plan, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked at before its lock is waited for, and once more when that is held."""
    make = manage._make

    def dies(data: Path, names: Sequence[str]) -> None:
        assert endpoint.pid
        psutil.Process(endpoint.pid).kill()
        wait_for(lambda: not running(plan.data), "its end")
        make(data, names)

    monkeypatch.setattr(manage, "_make", dies)
    (again,) = start(plan, ["redis"])
    assert again.pid != endpoint.pid
    with Redis.from_url(again.url) as client:
        assert client.ping()


def test_a_killed_service_comes_back_where_it_was(
    plan: Plan, endpoint: Endpoint, logs: Logs
) -> None:
    with Redis.from_url(endpoint.url) as client, keeper(client) as own:
        own.set("headline", "kept")
        own.execute_command("WAITAOF", 1, 0, 5000)
    assert endpoint.pid
    with keeping(plan, [endpoint]):
        os.kill(endpoint.pid, signal.SIGKILL)  # and, being our child, it stays a zombie
        wait_for(another(plan, endpoint), "another Redis")
        wait_for(lambda: len(logs) >= 2, "what is said of it")
    with Redis.from_url(endpoint.url, decode_responses=True) as client:
        assert client.get("headline") == "kept"
    died, back = logs
    assert (died["event"], died["service"], died["service_pid"]) == (
        "service.died",
        "redis",
        endpoint.pid,
    )
    assert (back["event"], back["service_pid"], back["url"]) == (
        "service.back",
        pid(plan),
        endpoint.url,
    )


def test_a_frozen_service_is_ended_and_comes_back(
    plan: Plan, endpoint: Endpoint, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RedisServer, "patience", 3.0)
    monkeypatch.setattr("worker.services.keeper.ASK_SECONDS", 0.5)
    frozen = psutil.Process(endpoint.pid)
    with keeping(plan, [endpoint]):
        frozen.suspend()
        wait_for(another(plan, endpoint), "another Redis")
        wait_for(lambda: len(logs) >= 2, "what is said of it")
    assert not process.lives(frozen)
    assert [line["event"] for line in logs] == ["service.silent", "service.back"]


def test_who_takes_its_memory_by_names_has_it_start_anew(
    plan: Plan, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: no limit of its own counts them, and it had all that the machine has."""
    kept = 64 * 2**20
    monkeypatch.setattr(redis, "memory", lambda: kept)
    (endpoint,) = start(plan, ["redis"], say=print)
    with keeping(plan, [endpoint]):
        names = [str(number).ljust(2**20) for number in range(4 * kept // 2**20)]
        client: Any = Redis.from_url(endpoint.url).pipeline()
        with pytest.raises(RedisError):
            [client.watch(name) for name in names]
        wait_for(another(plan, endpoint), "another Redis")
        wait_for(lambda: len(logs) >= 2, "what is said of it")
    assert [line["event"] for line in logs] == ["service.died", "service.back"]


def test_a_start_in_vain_is_said_and_tried_again(
    plan: Plan, endpoint: Endpoint, logs: Logs
) -> None:
    stop(plan.data)
    folder = plan.data / "services" / "redis"
    folder.rename(plan.data / "aside")
    folder.touch()
    with keeping(plan, [endpoint]):
        wait_for(lambda: len(logs) >= 2, "a start in vain")
        assert [line["event"] for line in logs[:2]] == ["service.died", "service.not_started"]
        assert str(folder) in logs[1]["error"]
        folder.unlink()
        (plan.data / "aside").rename(folder)
        wait_for(another(plan, endpoint), "another Redis")


def test_a_removed_run_folder_is_made_again(plan: Plan, endpoint: Endpoint, logs: Logs) -> None:
    with keeping(plan, [endpoint]):
        shutil.rmtree(plan.data / "run")
        wait_for((plan.data / "run" / "redis.json").exists, "the run file")
    assert running(plan.data) == {"redis": endpoint}
    assert logs == []


def test_without_a_run_file_it_is_found_used_and_stopped(plan: Plan, endpoint: Endpoint) -> None:
    shutil.rmtree(plan.data / "run")
    assert running(plan.data) == {"redis": endpoint}
    said: list[str] = []
    assert start(plan, ["redis"], say=said.append) == [endpoint]
    assert "runs already" in said[-1]
    shutil.rmtree(plan.data / "run")
    assert stop(plan.data) == ["redis"]
    assert not psutil.pid_exists(endpoint.pid or 0)


def test_a_start_says_that_the_one_of_before_had_died(plan: Plan, endpoint: Endpoint) -> None:
    assert endpoint.pid
    os.kill(endpoint.pid, signal.SIGKILL)
    wait_for(lambda: pid(plan) is None, "its death")
    said: list[str] = []
    start(plan, ["redis"], say=said.append)
    assert any(f"process {endpoint.pid}) was not stopped, it died" in line for line in said)


def test_what_only_names_the_folder_is_no_service(plan: Plan, endpoint: Endpoint) -> None:
    """Somebody who reads its log, say."""
    log = plan.data / "services" / "redis" / "redis.log"
    with psutil.Popen(["tail", "-f", str(log)], start_new_session=True) as other:
        try:
            shutil.rmtree(plan.data / "run")
            assert stop(plan.data) == ["redis"]
            assert running(plan.data) == {}
            assert stop(plan.data) == []
            assert process.lives(other)
        finally:
            other.kill()


def test_one_that_loads_its_data_is_waited_for_however_long_that_takes(
    plan: Plan, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: it was ended for its silence, and began to load anew, for ever."""
    with Redis.from_url(endpoint.url) as client, client.pipeline(transaction=False) as steps:
        for number in range(10_000):
            steps.set(f"k{number}", "x")
        steps.execute()
    stop(plan.data)
    made = redis.configuration
    slowly = "key-load-delay 400\n"  # microseconds: four seconds and more, an answer in each half
    monkeypatch.setattr(redis, "configuration", lambda *of: made(*of) + slowly)
    monkeypatch.setattr(RedisServer, "patience", 2.0)
    (again,) = start(plan, ["redis"])
    with Redis.from_url(again.url) as client:
        assert client.get("k9999") == b"x"
