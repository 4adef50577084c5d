"""Children are started, started again when they die, and ended with their supervisor."""

from __future__ import annotations

import ast
import json
import logging
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import structlog

from worker import logs
from worker.processes.parent import SUPERVISED
from worker.processes.supervise import Child, Supervisor

LASTING = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    logging.getLogger().handlers[:] = handlers


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of ``depesche``: it writes its number into this file, and waits."""
    script, pids = tmp_path / "child.py", tmp_path / "pids"
    script.write_text(LASTING)
    launcher = tmp_path / "python"
    launcher.write_text(f"#!/bin/sh\nexec {sys.executable} {script} {pids}\n")
    launcher.chmod(0o755)
    monkeypatch.setattr("worker.processes.itself.sys.executable", str(launcher))
    return pids


def _pids(file: Path, count: int) -> list[int]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        written = file.read_text().split() if file.exists() else []
        if len(written) >= count:
            return [int(pid) for pid in written]
        time.sleep(0.02)
    raise TimeoutError


def _lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _ended(pid: int) -> bool:
    """Whether it has ended, or does so soon: a signal takes its time."""
    deadline = time.monotonic() + 30
    while _lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _lives(pid)


def test_a_child_that_dies_is_started_again_and_ended_at_last(started: Path) -> None:
    with Supervisor({"watch": ["watch"]}, {}).running():
        (first,) = _pids(started, 1)
        os.kill(first, 9)
        second = _pids(started, 2)[-1]
        assert second != first
        assert _lives(second)
    assert _ended(second)


PLANTED = "open({!r}, 'a').close()"


def test_no_program_of_the_folder_it_is_started_in_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may put files where `depesche up` is typed would run there as whoever types it."""
    here, ran = tmp_path / "here", tmp_path / "ran"
    for module in ("worker/__init__.py", "structlog.py", "celery.py", "typer.py"):
        (here / module).parent.mkdir(parents=True, exist_ok=True)
        (here / module).write_text(PLANTED.format(str(ran)))
    monkeypatch.chdir(here)
    child = Child("watch", ["--version"])
    child.start({})
    assert child.process
    assert child.process.wait(120) == 0
    assert not ran.exists()


def test_a_child_that_cannot_be_started_now_is_started_later(
    started: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = Path(sys.executable)  # the fixture's
    launcher.chmod(0o644)
    monkeypatch.setattr("worker.processes.supervise.LONGEST_PAUSE", 0.1)
    with Supervisor({"watch": ["watch"]}, {}).running():
        time.sleep(0.5)
        launcher.chmod(0o755)
        assert len(_pids(started, 1)) == 1


def test_what_does_not_end_in_time_is_killed(started: Path, tmp_path: Path) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    (tmp_path / "child.py").write_text(stubborn + LASTING)
    supervisor = Supervisor({"watch": ["watch"]}, {})

    class Stop:
        """Set as soon as the child is there."""

        def is_set(self) -> bool:
            return started.exists() and bool(started.read_text().split())

        def wait(self, seconds: float) -> None:
            time.sleep(0.02)

    supervisor.run(Stop(), grace=0.2)  # type: ignore[arg-type]
    assert _ended(_pids(started, 1)[0])


def test_a_child_ends_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    child = textwrap.dedent(
        f"""
        from worker.processes.parent import end_with_supervisor
        end_with_supervisor()
        import os, time
        open({str(pids)!r}, "a").write(f"{{os.getpid()}}\\n")
        time.sleep(60)
        """
    )
    parent = textwrap.dedent(
        f"""
        import os, subprocess, sys, time
        environment = {{**os.environ, {SUPERVISED!r}: str(os.getpid())}}
        subprocess.Popen([sys.executable, "-c", {child!r}], env=environment)
        time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as supervisor:
        (pid,) = _pids(pids, 1)
        supervisor.kill()
    assert _ended(pid)


def test_what_is_logged_of_a_child_names_it_and_not_its_supervisor(
    started: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=True, process="up")
    with Supervisor({"watch": ["watch"]}, {}).running():
        (first,) = _pids(started, 1)
        os.kill(first, 9)
        second = _pids(started, 2)[-1]
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(line["event"], line["child"], line["child_pid"]) for line in lines] == [
        ("process.started", "watch", first),
        ("process.died", "watch", first),
        ("process.started", "watch", second),
    ]
    assert {(line["process"], line["pid"]) for line in lines} == {("up", os.getpid())}


def test_no_event_is_given_a_name_that_every_line_has() -> None:
    """Such a value would be lost: the line's own is written over it."""
    root = Path(__file__).parents[4]
    for path in (
        p for room in ("worker", "tasks", "depesche") for p in (root / room).rglob("*.py")
    ):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("log."):
                given = {keyword.arg for keyword in call.keywords}
                assert not given & {"event", "level", "timestamp", "process", "pid"}, path
