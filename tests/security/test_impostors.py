"""Who pretends to be a service, or writes where it is named; and what holds for a plain user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import psutil
import pytest

from articles.errors import ServiceUnavailable, UsageError
from indexing.index.connect import server_version
from tasks.embedded import login, secrets_folder
from tasks.settings import Settings, elasticsearch_url
from tests.security.impostor import Impostor
from tests.security.stranger import STRANGERS, as_root, as_user
from worker.care import status
from worker.container import Container
from worker.processes.belonging import working_on
from worker.processes.down import end_left_behind, end_ups
from worker.processes.one_up import Record
from worker.processes.parent import SUPERVISED
from worker.services import Plan, credentials, process, runfile, running, start, stop
from worker.services.elasticsearch import ElasticsearchServer
from worker.services.model import service_folder
from worker.services.redis import RedisServer, configuration
from worker.services.runfile import Run
from worker.services.sockets import path_of

T = TypeVar("T")


@pytest.fixture(params=[True, False], ids=["TLS", "in clear"])
def impostor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Impostor]:
    """It has taken the port: before ours did, or when ours had died."""
    server = Impostor(tmp_path, tls=request.param)
    yield server
    server.close()


@pytest.fixture
def deceived(impostor: Impostor, tmp_path: Path) -> Path:
    """A data folder whose Elasticsearch had this port."""
    data = tmp_path / "data"
    (data / "inbox").mkdir(parents=True)
    credentials.ensure(data)
    me = psutil.Process()
    url = f"https://127.0.0.1:{impostor.port}"
    runfile.keep(data, Run("elasticsearch", me.pid, me.create_time(), url))
    return data


def test_an_impostor_is_sent_nothing_and_not_believed(deceived: Path, impostor: Impostor) -> None:
    container = Container(Settings(data=deceived), make_folders=False)
    password = login(deceived).password
    assert password in elasticsearch_url(container.settings)
    with pytest.raises(ServiceUnavailable, match="prove"), container.client as client:
        server_version(client)
    again = Container(container.settings, make_folders=False)
    assert status.read(again).services["elasticsearch"].startswith("away")
    assert impostor.visits >= 2
    assert b"GET" not in impostor.heard
    assert b"uthorization" not in impostor.heard
    assert password.encode() not in impostor.heard


def test_a_start_does_not_take_an_impostor_for_its_server(
    deceived: Path, impostor: Impostor
) -> None:
    server = ElasticsearchServer(Plan(deceived, None, impostor.port))
    run = runfile.read(deceived, "elasticsearch")
    assert run
    assert not server.answers(run.url, run.pid)
    assert not server.responds(run.url)
    assert b"uthorization" not in impostor.heard
    with pytest.raises(UsageError, match=f"Another program listens on port {impostor.port}"):
        server.confirm(run)
    with pytest.raises(UsageError, match=f"port {impostor.port}"):
        server.place()


@as_root
@pytest.mark.parametrize("uid", STRANGERS)
def test_a_run_file_or_a_secret_that_another_may_write_is_not_believed(
    deceived: Path, impostor: Impostor, uid: int
) -> None:
    settings = Settings(data=deceived)
    for path in (deceived / "run" / "elasticsearch.json", secrets_folder(deceived)):
        os.chown(path, uid, uid)
        with pytest.raises(UsageError, match="not believed"):
            elasticsearch_url(settings)
        os.chown(path, 0, 0)
        before = path.stat().st_mode
        path.chmod(before | 0o022)
        with pytest.raises(UsageError, match="not believed"):
            elasticsearch_url(settings)
        path.chmod(before)
    run = deceived / "run" / "elasticsearch.json"
    planted = deceived.parent / "planted.json"
    planted.write_text(json.dumps({"url": "https://127.0.0.1:1"}))
    run.unlink()
    run.symlink_to(planted)
    with pytest.raises(UsageError, match="cannot be read"):
        elasticsearch_url(settings)


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_a_process_that_calls_itself_a_service_is_not_believed(victim: int) -> None:
    """Otherwise any local user keeps ours from starting, and from being stopped."""
    stranger = STRANGERS[0]
    with _false_redis(victim, "/bin/sh", user=stranger, group=stranger, extra_groups=[]) as false:
        assert false.poll() is None, "it is not ours to end either"


@as_root
@pytest.mark.parametrize("victim", [0, STRANGERS[1]])
def test_a_program_that_becomes_root_is_not_believed(victim: int, tmp_path: Path) -> None:
    """Anybody starts ``sudo`` with words and an environment of his choice: it is root's then.

    Played by a shell with the same bit, as root.
    """
    shell = tmp_path / "sh"
    shutil.copy("/bin/sh", shell)
    shell.chmod(0o4755)
    with _false_redis(victim, shell) as false:
        assert false.poll() is None


@contextmanager
def _false_redis(
    victim: int, program: Path | str, **start_as: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with the words and the mark of the victim's Redis, neither used nor ended."""
    with TemporaryDirectory(prefix="depesche-test-") as name:
        data = Path(name, "data")
        folder = service_folder(data, "redis")
        for place in (data.parent, data, folder.parent, folder):
            place.mkdir(exist_ok=True)
            os.chown(place, victim, victim)
            place.chmod(0o755)
        as_user(victim, partial((folder / "redis.conf").write_text, configuration(folder)))
        with subprocess.Popen(
            ["redis-server", "-c", "read word", f"{folder}/redis.conf"],
            executable=program,
            stdin=subprocess.PIPE,
            env={process.MARK: str(folder)},
            start_new_session=True,
            **start_as,
        ) as false:
            assert "redis" not in _done(as_user(victim, partial(running, data)))
            assert _done(as_user(victim, partial(stop, data))) == []
            yield false
            false.communicate(b"\n", 60)


@as_root
@pytest.mark.parametrize("command", ["up", "work intake", "watch"])
def test_a_stranger_who_says_that_he_works_here_is_neither_waited_for_nor_ended(
    command: str, tmp_path: Path
) -> None:
    """Twenty seconds for each of his, and sixty for each `up`, before ours would start or end."""
    (tmp_path / "inbox").mkdir()
    tmp_path.chmod(0o711)
    with subprocess.Popen(
        ["sh", "-c", "read word", "depesche", *command.split()],
        stdin=subprocess.PIPE,
        env={"DEPESCHE_DATA": str(tmp_path), SUPERVISED: "1"},
        cwd="/",
        user=STRANGERS[0],
        group=STRANGERS[0],
        extra_groups=[],
    ) as false:
        assert working_on(tmp_path) == []
        said: list[str] = []
        assert end_left_behind(tmp_path, said.append) == []
        assert end_ups(tmp_path, said.append) == []
        assert said == []
        assert false.poll() is None
        false.communicate(b"", 60)


@as_root
def test_no_process_is_ended_because_another_user_names_it(tmp_path: Path) -> None:
    """Root's `down` on a folder of his: any process could stand in his record."""
    data = tmp_path / "data"
    (data / "inbox").mkdir(parents=True)
    with subprocess.Popen(["sleep", "300"]) as other:
        named = {"pid": other.pid, "create_time": psutil.Process(other.pid).create_time()}
        record = Record(data)
        record.write([])
        record.path.write_text(json.dumps({**named, "services": [], "ready": True}))
        assert record.pid() == other.pid, "root's own"
        for place in (data, record.path.parent, record.path):
            os.chown(place, STRANGERS[1], STRANGERS[1])
        said: list[str] = []
        assert end_ups(data, said.append) == []
        assert other.poll() is None
        other.kill()


def test_redis_is_closed_whatever_its_folder_is_called(tmp_path: Path) -> None:
    """Signs of a pattern in it led to no configuration, and so to a port without a password."""
    data = tmp_path / "news [alt] *?\\"
    (started,) = start(Plan(data, None, 0), ["redis"], print)
    try:
        assert started.pid
        server = psutil.Process(started.pid)
        assert server.net_connections("tcp") == []
        assert Path(server.cwd()) == service_folder(data, "redis")
        assert (service_folder(data, "redis") / "appendonlydir").is_dir()
    finally:
        assert stop(data) == ["redis"]


@as_root
def test_a_log_is_not_written_by_way_of_a_link(tmp_path: Path) -> None:
    """Whose folder it is swaps it for a link when all was looked at, and root starts."""
    treasure = tmp_path / "treasure"
    treasure.mkdir()
    (treasure / "redis.log").write_text("root's")
    folder = service_folder(tmp_path / "data", "redis")
    folder.parent.mkdir(parents=True)
    folder.symlink_to(treasure)
    words = ["/bin/true"]
    with pytest.raises(UsageError, match="link"):
        process.launch(process.Command(words, folder, folder / "redis.log", Path("/")))
    assert [path.name for path in treasure.iterdir()] == ["redis.log"]
    assert (treasure / "redis.log").read_text() == "root's"


# --- as a plain user


@as_root
def test_a_plain_users_redis_is_closed_to_everybody_else() -> None:
    """The same as a user whom nothing is forgiven, started and stopped by that user."""
    uid = STRANGERS[1]
    with TemporaryDirectory(prefix="depesche-test-") as name:
        os.chown(name, uid, uid)
        Path(name).chmod(0o755)
        plan = Plan(Path(name, "data"), None, 0)
        (started,) = _done(as_user(uid, partial(start, plan, ["redis"], print)))
        try:
            path = path_of(started.url)
            assert (path.parent.stat().st_uid, path.parent.stat().st_mode & 0o777) == (uid, 0o700)
            assert isinstance(as_user(STRANGERS[0], path.stat), PermissionError)
            assert _done(as_user(uid, partial(running, plan.data)))["redis"] == started
            other = as_user(STRANGERS[0], RedisServer(plan).place)
            assert isinstance(other, PermissionError | UsageError)
        finally:
            assert _done(as_user(uid, partial(stop, plan.data))) == ["redis"]
        (by_root,) = start(plan, ["redis"], print)  # with sudo, say
        assert psutil.Process(by_root.pid).uids().effective == uid
        log = service_folder(plan.data, "redis") / "redis.log"
        assert (log.stat().st_uid, log.stat().st_mode & 0o777) == (uid, 0o600)
        assert stop(plan.data) == ["redis"]
        (again,) = _done(as_user(uid, partial(start, plan, ["redis"], print)))
        assert again.url == started.url
        assert _done(as_user(uid, partial(stop, plan.data))) == ["redis"]


def _done(answer: T | BaseException) -> T:
    if isinstance(answer, BaseException):
        raise answer
    return answer
