"""Who listens where Redis did: its folder below `/tmp` was cleared up, and is another's now."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis import UnixDomainSocketConnection
from redis.exceptions import RedisError

from tasks import redis_client
from tasks.broker import connect
from tasks.redis_address import RedisAddress
from tasks.settings import Settings, redis_address
from tests.security.stranger import STRANGERS, as_root, as_user
from worker.services import Plan, runfile, start, stop
from worker.services.redis import RedisServer
from worker.services.sockets import path_of, url_of


class FalseRedis:
    """Answers whatever it is told with the same; ``visits`` counts who came."""

    def __init__(self, path: Path, answer: bytes, uid: int | None = None) -> None:
        self.visits, self.told = 0, b""
        self._answer = answer
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        if uid is None:
            self._listener.listen()
        else:  # whoever began to listen is the other end's owner, whatever becomes of him
            assert as_user(uid, self._listener.listen) is None
        threading.Thread(target=self._serve, daemon=True).start()

    def was_visited(self) -> None:
        """Wait for who has connected to be counted; on a busy machine he has gone before."""
        deadline = time.monotonic() + 30
        while not self.visits and time.monotonic() < deadline:
            time.sleep(0.01)

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                self.visits += 1
                threading.Thread(target=self._say, args=(caller,), daemon=True).start()

    def _say(self, caller: socket.socket) -> None:
        with suppress(OSError), caller:
            while told := caller.recv(65536):
                self.told += told
                caller.sendall(self._answer * max(1, told.count(b"*")))


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plan]:
    """Of a data folder with a long path: Redis has its socket below ``TMPDIR``."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        Path(name).chmod(0o1777)
        monkeypatch.setattr(tempfile, "tempdir", name)
        data = Path(name, "a" * 90, "data")
        yield Plan(data, None, 0)
        if data.exists():
            stop(data)


@as_root
def test_nobody_connects_to_a_socket_in_a_strangers_folder_and_all_find_where_redis_went(
    plan: Plan,
) -> None:
    start(plan, ["redis"])
    run = runfile.read(plan.data, "redis")
    assert run
    address = redis_address(Settings(data=plan.data))
    with connect(address).connection_for_read() as connection:
        channel = connection.default_channel
        in_loop = channel._create_client(asynchronous=True)  # what a worker's event loop asks by
        clients = (redis_client.client(address), channel.client, in_loop)
        for client in clients:
            assert client.ping()
            client.connection_pool.disconnect()
        place = path_of(run.url).parent
        went = place.rename(place.with_name("depesche-went"))
        place.mkdir(0o777)
        false = FalseRedis(place / "redis.sock", b"+PONG\r\n")
        os.chown(place, STRANGERS[0], STRANGERS[0])
        for client in clients:
            with pytest.raises(RedisError, match="not believed"):
                client.ping()
        server = RedisServer(plan)
        assert not server.responds(run.url)
        assert not server.answers(run.url, run.pid)
        runfile.forget(plan.data, "redis")  # anybody of ours may remove it, or Redis is away
        with pytest.raises(RedisError, match="not believed"):
            clients[0].ping()
        assert false.visits == 0
        runfile.keep(plan.data, replace(run, url=url_of(went / "redis.sock")))
        assert all(client.ping() for client in clients)
        false.close()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder of ours, whose Redis would have its socket in ``redis/``."""
    with TemporaryDirectory(prefix="depesche-") as name:
        RedisServer(Plan(Path(name), None, 0)).folder.mkdir(parents=True)
        yield Path(name)


def asks(data: Path, path: Path) -> None:
    """Have each of those who speak to Redis ask it; none may be answered."""
    with pytest.raises(RedisError):
        redis_client.client(RedisAddress(path=str(path), data=data)).ping()
    server = RedisServer(Plan(data, None, 0))
    assert not server.responds(url_of(path))
    assert not server.answers(url_of(path), os.getpid())


@as_root
def test_nothing_is_said_to_who_listens_as_another_user(data: Path) -> None:
    """Wherever his socket lies: between a look at its folder and a connect anything may happen."""
    path = data / "redis.sock"
    false = FalseRedis(path, b"+PONG\r\n", STRANGERS[0])
    asks(data, path)
    false.was_visited()
    false.close()
    assert (false.visits > 0, false.told) == (True, b"")


def test_a_folder_that_is_there_when_it_is_connected_to_alone_is_not_believed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has looked at it: it comes and goes, some ten thousand times a second."""
    place, listeners = data / "redis", list[FalseRedis]()
    really = UnixDomainSocketConnection._connect

    def appears(connection: UnixDomainSocketConnection) -> socket.socket:
        place.mkdir()
        listeners.append(FalseRedis(place / "redis.sock", b"+PONG\r\n"))
        connected: socket.socket = really(connection)  # type: ignore[no-untyped-call]
        listeners[-1].close()
        shutil.rmtree(place)
        return connected

    monkeypatch.setattr(UnixDomainSocketConnection, "_connect", appears)
    asks(data, place / "redis.sock")
    assert not listeners


def test_a_folder_that_is_another_s_behind_the_connect_is_not_believed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link in it may lead to a server of root's that is not ours."""
    place = data / "redis"
    place.mkdir()
    false = FalseRedis(place / "redis.sock", b"+PONG\r\n")
    really = UnixDomainSocketConnection._connect

    def is_opened(connection: UnixDomainSocketConnection) -> socket.socket:
        place.chmod(0o700)
        connected: socket.socket = really(connection)  # type: ignore[no-untyped-call]
        place.chmod(0o777)
        return connected

    monkeypatch.setattr(UnixDomainSocketConnection, "_connect", is_opened)
    asks(data, place / "redis.sock")
    false.close()
    assert false.told == b""


@pytest.mark.parametrize("answer", [b"+OK\r\n", b":1\r\n", b"*-9\r\n", b"$x\r\n", b"%1\r\n+a\r\n"])
def test_whatever_else_answers_is_no_redis(answer: bytes) -> None:
    """It is started again then, rather than not looked at any more."""
    with TemporaryDirectory(prefix="depesche-") as name:
        path = Path(name, "redis.sock")
        server = RedisServer(Plan(Path(name, "data"), None, 0))
        server.folder.mkdir(parents=True)
        false = FalseRedis(path, answer)
        assert not server.responds(url_of(path))
        assert not server.answers(url_of(path), os.getpid())
        assert false.visits
        false.close()
