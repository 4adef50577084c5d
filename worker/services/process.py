"""Start a server process, recognise it again, end it; and never signal any other."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from articles.errors import UsageError
from worker.services.runfile import Run

# psutil adds the boot time, which shifts a little whenever the clock is set.
_CLOCK_SECONDS = 5.0
_KILL_SECONDS = 10.0
_EXEC_SECONDS = 2.0


@dataclass(frozen=True)
class Command:
    """How to start a server. ``user``: (uid, gid) to become, None to stay who we are."""

    argv: Sequence[str]
    folder: Path
    log: Path
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    user: tuple[int, int] | None = None


def launch(command: Command) -> psutil.Process:
    """Start the server in a session of its own, its output in a fresh ``command.log``.

    The log of the run before is kept as ``<name>.log.old``.

    A session of its own, so that Ctrl-C on the caller's terminal does not reach it.
    """
    with suppress(FileNotFoundError):
        command.log.replace(command.log.with_suffix(".log.old"))
    uid, gid = command.user or (None, None)
    with command.log.open("xb") as log:
        child = subprocess.Popen(
            list(command.argv),
            cwd=command.cwd,
            env=dict(command.env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=uid,
            group=gid,
            extra_groups=None if command.user is None else [],
        )
    # The server outlives this object on purpose; psutil waits for it where somebody must.
    child.returncode = 0
    return psutil.Process(child.pid)


def is_ours(run: Run, folder: Path, create_time: float, argv: Sequence[str]) -> bool:
    """Whether a process with the pid of ``run`` is the one that was started.

    Process numbers are used again: its start must agree, and its command must name the folder
    that only this service under this data folder uses.
    """
    started = abs(create_time - run.create_time) <= _CLOCK_SECONDS
    return started and names_folder(argv, folder)


def names_folder(argv: Sequence[str], folder: Path) -> bool:
    """Whether one of the words contains a path inside ``folder``."""
    return any(f"{folder}{os.sep}" in word for word in argv)


def leader(run: Run, folder: Path) -> psutil.Process | None:
    """The process of a run file, if it lives and is still the same one."""
    try:
        process = psutil.Process(run.pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return process if is_ours(run, folder, process.create_time(), _words(process)) else None
    except psutil.Error:
        return None


def _words(process: psutil.Process) -> list[str]:
    """The command of a process; for a moment within exec(2) it has none."""
    deadline = time.monotonic() + _EXEC_SECONDS
    while not (words := process.cmdline()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return words


def family(run: Run, folder: Path) -> list[psutil.Process]:
    """All live processes of the service: those of its session that name its folder."""
    first = leader(run, folder)
    others = [p for pid in psutil.pids() if (p := _member(pid, run, folder))]
    return ([first] if first else []) + others


def kill_all_naming(folder: Path) -> None:
    """Kill every process whose command names a path in a folder that nobody else can know of."""
    processes = [p for p in psutil.process_iter(["cmdline"]) if names_folder(_seen(p), folder)]
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=_KILL_SECONDS)


def _seen(process: psutil.Process) -> list[str]:
    return process.info["cmdline"] or []


def _member(pid: int, run: Run, folder: Path) -> psutil.Process | None:
    try:
        if pid == run.pid or os.getsid(pid) != run.pid:
            return None
        process = psutil.Process(pid)
        early = process.create_time() < run.create_time - _CLOCK_SECONDS
        return None if early or not names_folder(process.cmdline(), folder) else process
    except (psutil.Error, OSError):
        return None


def end(run: Run, folder: Path, timeout: float) -> bool:
    """End the service: a polite signal, ``timeout`` seconds of patience, then a hard one.

    Returns whether anything of it was alive. Raises ``UsageError`` if it belongs to another user.
    """
    members = family(run, folder)
    try:
        for process in members[:1] if leader(run, folder) else members:
            process.terminate()
        psutil.wait_procs(members, timeout=timeout)
        left = family(run, folder)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=_KILL_SECONDS)
    except psutil.AccessDenied as error:
        raise UsageError(
            f"{run.name} (process {run.pid}) runs as another user and cannot be stopped from here: "
            "stop it as the user who started it."
        ) from error
    return bool(members)
