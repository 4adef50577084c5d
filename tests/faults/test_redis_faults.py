"""Redis is killed, away, frozen, cut off, slow and full: nothing is lost, and work goes on soon."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr

from tasks.settings import Settings
from tests.faults.away import LONG, RESUMES, assert_ledger, claimed, drop, resumes, status_of
from tests.faults.proxy import Proxy
from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from tests.redis_servers import configure
from worker import services
from worker.container import Container

AWAY_SECONDS = 30.0 if LONG else 8.0
ARTICLES = 120
FEW = 8  # documents in a message: many messages from few articles


class OwnRedis:
    """A Redis that a test may kill, on a socket that it keeps."""

    def __init__(self, data: Path) -> None:
        self._plan = services.Plan(data, None, 0)
        (endpoint,) = services.start(self._plan, ["redis"])
        self.url = endpoint.url

    def kill(self) -> None:
        """SIGKILL it and throw away all that it wrote down."""
        os.kill(self._pid(), signal.SIGKILL)
        wait_for(lambda: not services.running(self._plan.data), "the end of Redis")
        shutil.rmtree(self._plan.data / "services" / "redis" / "appendonlydir")

    def start(self) -> None:
        """Start it again, empty."""
        services.start(self._plan, ["redis"])

    def freeze(self, frozen: bool) -> None:
        """Let it accept connections and answer nothing, as a machine that swaps does."""
        os.kill(self._pid(), signal.SIGSTOP if frozen else signal.SIGCONT)

    def stop(self) -> None:
        """Stop it for good."""
        if endpoint := services.running(self._plan.data).get("redis"):
            assert endpoint.pid
            os.kill(endpoint.pid, signal.SIGCONT)
        services.stop(self._plan.data)

    def _pid(self) -> int:
        pid = services.running(self._plan.data)["redis"].pid
        assert pid
        return pid


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    server = OwnRedis(tmp_path / "own")
    yield server
    server.stop()


@pytest.fixture
def proxy(settings: Settings) -> Iterator[Proxy]:
    assert settings.redis_url
    between = Proxy(settings.redis_url.get_secret_value())
    yield between
    between.close()


@pytest.fixture
def settings_of(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """The settings, on a Redis of the test's own or through a proxy where it asks for one."""
    url = None
    for name in ("own_redis", "proxy"):
        if name in request.fixturenames:
            url = request.getfixturevalue(name).url
    return settings.model_copy(update={"redis_url": SecretStr(url)}) if url else settings


@pytest.fixture
def container(container: Container, settings_of: Settings) -> Container:
    """The parts on those settings."""
    return Container(settings_of)


def _alive(processes: Processes) -> None:
    """Not one process has ended: there is nobody in these tests who would start it again."""
    assert processes.ended() == []


def _half_done(container: Container) -> None:
    wait_for(lambda: states(container)["enriched"] > 0, "the first enriched articles")


def _settle(container: Container, processes: Processes, names: list[str]) -> None:
    wait_for(lambda: settled(container, len(names)), "all articles enriched", 200)
    assert_all_settled(container, names)
    assert_ledger(container, indexed=len(names))
    _alive(processes)


def test_killed_in_the_middle_and_restarted_empty(
    own_redis: OwnRedis,
    container: Container,
    processes: Processes,
) -> None:
    names = drop(container, range(ARTICLES))
    processes.start_all(DEPESCHE_ENRICH_BATCH=str(FEW))
    _half_done(container)
    own_redis.kill()
    names += drop(container, range(ARTICLES, ARTICLES + 20))
    assert claimed(container) < RESUMES, "the watcher does not claim while Redis is away"
    assert status_of(processes)["services"]["redis"].startswith("away")
    time.sleep(AWAY_SECONDS)
    assert states(container)["enriched"] < ARTICLES, "too late to prove anything"
    before = states(container)
    own_redis.start()
    assert resumes(container, before) < RESUMES
    _settle(container, processes, names)


def test_away_at_the_start(
    own_redis: OwnRedis,
    container: Container,
    processes: Processes,
) -> None:
    own_redis.kill()
    processes.start_all(DEPESCHE_ENRICH_BATCH=str(FEW))
    names = drop(container, range(ARTICLES // 4))
    claimed(container)
    assert not states(container)
    wait_for(lambda: "Trying again" in processes.log("enrich"), "the enrich worker's first try")
    time.sleep(AWAY_SECONDS)
    own_redis.start()
    assert resumes(container) < RESUMES
    before = states(container)["enriched"]
    wait_for(lambda: states(container)["enriched"] > before, "the first enriched", RESUMES)
    _settle(container, processes, names)


def test_frozen(
    own_redis: OwnRedis,
    container: Container,
    processes: Processes,
) -> None:
    """It takes connections and never answers; nobody waits for it for long."""
    names = drop(container, range(ARTICLES))
    processes.start_all(DEPESCHE_ENRICH_BATCH=str(FEW), DEPESCHE_BATCH_FILES="16")
    _half_done(container)
    own_redis.freeze(True)
    names += drop(container, range(ARTICLES, ARTICLES + 40))
    assert claimed(container) < RESUMES, "a message holds the watcher up"
    time.sleep(AWAY_SECONDS)
    before = states(container)
    own_redis.freeze(False)
    assert resumes(container, before) < RESUMES
    _settle(container, processes, names)


def test_connections_are_cut(
    proxy: Proxy,
    container: Container,
    processes: Processes,
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    names = drop(container, range(4 * ARTICLES))
    processes.start_all(DEPESCHE_ENRICH_BATCH=str(FEW), DEPESCHE_BATCH_FILES="16")
    wait_for(lambda: bool(states(container)), "the first indexed articles")
    cut = 0
    for _ in range(40 if LONG else 12):
        cut += proxy.cut(dice.choice([0.1, 0.3, 1.0]), dice)
        time.sleep(dice.uniform(0.0, 1.0))
    assert cut > 12, "nothing was connected"
    assert states(container)["enriched"] < len(names), "too late to prove anything"
    assert resumes(container) < RESUMES
    _settle(container, processes, names)


def test_slow(
    proxy: Proxy,
    container: Container,
    processes: Processes,
) -> None:
    proxy.delay = 0.2
    names = drop(container, range(ARTICLES))
    processes.start_all(DEPESCHE_BATCH_FILES="16")
    _settle(container, processes, names)


@contextmanager
def _full(url: str) -> Iterator[redis.Redis]:
    """A Redis that takes nothing more in."""
    with redis.Redis.from_url(url) as client:
        configure(client, "maxmemory", "1")
        try:
            yield client
        finally:
            configure(client, "maxmemory", "0")


def test_full(container: Container, processes: Processes) -> None:
    names = drop(container, range(ARTICLES))
    processes.start_all(DEPESCHE_ENRICH_BATCH=str(FEW), DEPESCHE_BATCH_FILES="16")
    _half_done(container)
    assert container.settings.redis_url
    with _full(container.settings.redis_url.get_secret_value()) as client:
        with pytest.raises(redis.ResponseError, match="maxmemory"):
            client.set("one", "more")
        names += drop(container, range(ARTICLES, ARTICLES + 40))
        assert claimed(container) < RESUMES
        wait_for(lambda: "maxmemory" in processes.log("enrich"), "a worker that meets it", 60)
        time.sleep(AWAY_SECONDS)
        _alive(processes)
        before = states(container)
    assert before["enriched"] < ARTICLES, "too late to prove anything"
    assert resumes(container, before) < RESUMES
    _settle(container, processes, names)
