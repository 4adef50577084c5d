"""Who runs on a data folder is known by a lock and by the processes, whatever the files say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from articles.errors import ServiceUnavailable, UsageError
from tasks.settings import read_settings
from worker import folder_lock
from worker.processes.belonging import lasting_command, working_on
from worker.processes.down import down, end_left_behind
from worker.processes.everything import up_detached
from worker.processes.itself import itself
from worker.processes.one_up import Record, only_one, running
from worker.processes.parent import SUPERVISED
from worker.services.process import MARK, family

#: Stands where `python -m worker.cli COMMAND` would.
LASTING = "import time; print('here', flush=True); time.sleep(60)"
#: Holds the folder as `up` does.
HOLDING = """
import os, time
from pathlib import Path
from worker.processes.one_up import Record, only_one
with only_one(Path(os.environ["DEPESCHE_DATA"])):
    Record(Path(os.environ["DEPESCHE_DATA"])).write([])
    print("here", flush=True)
    time.sleep(60)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "the data"
    (folder / "run").mkdir(parents=True)
    return folder


@pytest.fixture
def start(data: Path) -> Iterator[Start]:
    """Start a process that looks like a command of Depesche on the data folder."""
    started: list[subprocess.Popen[str]] = []

    def run(*command: str, program: str = LASTING, **environment: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", program, "worker.cli", *command],
            env={**os.environ, "DEPESCHE_DATA": str(data), **environment},
            cwd=data.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        assert child.stdout
        assert child.stdout.readline() == "here\n"
        return child

    yield run
    for child in started:
        child.kill()
        child.communicate()


def test_what_lasts_is_known_by_its_command() -> None:
    python = "/usr/bin/python3"
    assert lasting_command([python, "-m", "worker.cli", "work", "intake"]) == "work intake"
    assert lasting_command([python, "/opt/bin/depesche", "up", "--samples"]) == "up"
    assert lasting_command(["/opt/bin/depesche", "watch"]) == "watch"
    assert lasting_command(itself("work", "intake")) == "work intake"
    for other in ([], ["vim", "depesche.py"], [python, "-m", "worker.cli", "status"]):
        assert lasting_command(other) is None


def test_processes_are_found_by_their_folder_however_it_is_written(
    data: Path, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "link").symlink_to(data)
    written = ("", "the data", "~/the data", str(tmp_path / "link"))
    (tmp_path / "data").symlink_to(data)  # the default, below where it was started
    pids = {start("watch", DEPESCHE_DATA=name).pid for name in written}
    start("watch", DEPESCHE_DATA=str(tmp_path / "elsewhere"))
    start("status")
    assert {working.process.pid for working in working_on(data)} == pids


def test_a_second_one_is_refused_though_the_run_folder_is_gone(data: Path, start: Start) -> None:
    first = start("up", program=HOLDING)
    for _ in range(2):
        with pytest.raises(UsageError, match=f"pid {first.pid}"), only_one(data):
            pass
        assert running(data)
        shutil.rmtree(data / "run", ignore_errors=True)
    first.kill()
    first.wait()
    assert running(data) is None
    with only_one(data):
        assert running(data)


def test_nobody_runs_by_a_file_alone(data: Path, start: Start) -> None:
    """A number that is another process's by now, a dead one's, or a zombie's."""
    foreign = start("watch")
    me = {"pid": foreign.pid, "create_time": psutil.Process(foreign.pid).create_time()}
    Record(data).path.write_text(json.dumps({**me, "create_time": me["create_time"] - 60}))
    assert Record(data).pid() is None
    Record(data).path.write_text(json.dumps(me))
    assert Record(data).pid() == foreign.pid
    assert running(data) is None, "it holds no lock"
    foreign.kill()
    _wait_for(lambda: psutil.Process(foreign.pid).status() == psutil.STATUS_ZOMBIE)
    assert Record(data).pid() is None
    for damaged in ("", "[]", "{", '{"pid": "x"}', '{"services": 3}'):
        Record(data).path.write_text(damaged)
        assert Record(data).pid() is None
        assert Record(data).services() == []


def test_a_zombie_holds_nothing(data: Path, start: Start) -> None:
    up = start("up", program=HOLDING)
    assert running(data)
    up.kill()
    _wait_for(lambda: psutil.Process(up.pid).status() == psutil.STATUS_ZOMBIE)
    assert running(data) is None


@pytest.mark.parametrize("content", [None, '{"pid": 1, "create_time": 1}', "{"])
def test_a_record_that_was_removed_or_overwritten_is_written_again(
    data: Path, content: str | None
) -> None:
    """By a second `up --detach` of the same moment, say."""
    Record(data).write(["redis"])
    shutil.rmtree(data / "run")
    if content is not None:
        (data / "run").mkdir()
        Record(data).path.write_text(content)
    Record(data).keep(["redis"])
    assert Record(data).pid() == os.getpid()
    assert Record(data).services() == ["redis"]


def test_down_ends_what_no_file_names_and_says_what_goes_on(data: Path, start: Start) -> None:
    up = start("up", program=HOLDING)
    orphan = start("work", "intake", **{SUPERVISED: "1"})
    alone = start("watch")
    shutil.rmtree(data / "run")
    said: list[str] = []
    down(data, said.append)
    assert not psutil.pid_exists(up.pid)
    assert not psutil.pid_exists(orphan.pid)
    assert alone.poll() is None
    assert f"(pid {up.pid})" in said[0]
    assert f"`work intake`, which a killed `up` had left (pid {orphan.pid})" in said[1]
    assert f"`depesche watch` (pid {alone.pid}) goes on" in said[2]
    assert running(data) is None


def test_one_that_fails_at_its_start_is_not_said_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPESCHE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DEPESCHE_REDIS_URL", "redis://127.0.0.1:9")
    monkeypatch.setenv("DEPESCHE_ELASTICSEARCH_URL", "http://127.0.0.1:9")
    said: list[str] = []
    with pytest.raises(ServiceUnavailable, match="It ended at once"):
        up_detached(read_settings(), said.append)
    assert said == []


def test_the_samples_are_dropped_by_nobody_but_who_works_there(data: Path, start: Start) -> None:
    """Not into a folder on which `up` then refuses to start."""
    start("up", program=HOLDING)
    environment = {
        "DEPESCHE_DATA": str(data),
        "DEPESCHE_REDIS_URL": "redis://127.0.0.1:9",
        "DEPESCHE_ELASTICSEARCH_URL": "http://127.0.0.1:9",
    }
    command, environment = itself("up", "--samples"), {**os.environ, **environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "runs already" in done.stderr
    assert list((data / "inbox").iterdir()) == []


ELSEWHERE = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


def test_what_calls_another_folder_by_the_same_name_is_left_alone(
    data: Path, tmp_path: Path
) -> None:
    """As in a container, where the folder is `/data` too, with a service of its own."""
    (other := tmp_path / "other").mkdir()
    (service := data / "services" / "redis").mkdir(parents=True)
    (other / "services" / "redis").mkdir(parents=True)
    view = ["unshare", *(() if os.geteuid() == 0 else ("-r",)), "-m", "sh", "-c", ELSEWHERE, "sh"]
    if subprocess.run([*view, other, data, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no other view of the files can be made here")
    for where, ours in ((other, False), (data, True)):
        program = [sys.executable, "-c", LASTING, "worker.cli", "up"]
        process = subprocess.Popen(
            [*view, where, data, *program],
            env={**os.environ, "DEPESCHE_DATA": str(data), MARK: str(service)},
            stdout=subprocess.PIPE,
        )
        try:
            assert process.stdout
            assert process.stdout.readline() == b"here\n"
            assert [w.process.pid for w in working_on(data)] == [process.pid] * ours
            assert [p.pid for p in family(None, service)] == [process.pid] * ours
        finally:
            process.kill()
            process.communicate()


def test_down_says_what_it_cannot_stop(data: Path) -> None:
    """Whoever holds the folder is no process that is shown to us."""
    with folder_lock.held(data), pytest.raises(UsageError, match="cannot be stopped from here"):
        down(data, lambda _: None)


def test_down_where_nothing_runs_says_so_and_makes_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    down(tmp_path / "none", said.append)
    assert said == [f"Nothing that `up` starts was running on {tmp_path / 'none'}."]
    assert list(tmp_path.iterdir()) == []


def test_a_worker_whose_supervisor_lives_is_left_to_it(data: Path, start: Start) -> None:
    worker = start("watch", **{SUPERVISED: str(os.getpid())})
    end_left_behind(data, lambda _: None)
    assert worker.poll() is None


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
