"""Start a server process, recognise it again, end it; and never signal any other."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from articles.errors import UsageError
from worker.services.folder import opened
from worker.services.runfile import Run
from worker.services.whose import Believed, believed, owners, statuses

#: In the environment of a service and of all that it starts: the folder that is its own.
MARK = "DEPESCHE_SERVICE"

#: The mode of a folder of root's that the server, which runs as another user, passes by its group.
LETS_ITS_GROUP_PASS = 0o710

# psutil adds the boot time, which shifts a little whenever the clock is set.
_CLOCK_SECONDS = 5.0
_KILL_SECONDS = 10.0
_EXEC_SECONDS = 2.0
_PAUSE = 0.05
#: What a server is called whose environment is not shown to us.
_PROGRAMS = {"java", "redis-server", "valkey-server"}


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
    uid, gid = command.user or (None, None)
    with os.fdopen(_fresh_log(command), "wb") as log:
        child = subprocess.Popen(
            list(command.argv),
            cwd=command.cwd,
            env={**command.env, MARK: str(command.folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=uid,
            group=gid,
            extra_groups=None if command.user is None else [],
        )
    # The server outlives this object on purpose; `lives` waits for it where somebody must.
    child.returncode = 0
    return psutil.Process(child.pid)


def _fresh_log(command: Command) -> int:
    """By descriptor, for root starts servers in folders of others; it is whose the folder is."""
    name, folder = command.log.name, command.folder
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with opened(folder.parents[1], *folder.parts[-2:]) as place:
        with suppress(FileNotFoundError):
            os.rename(name, f"{name}.old", src_dir_fd=place, dst_dir_fd=place)
        handle = os.open(name, flags, 0o600, dir_fd=place)
        if os.fstat(place).st_uid != os.geteuid():
            os.fchown(handle, os.fstat(place).st_uid, os.fstat(place).st_gid)
    return handle


def is_ours(run: Run, folder: Path, create_time: float, argv: Sequence[str]) -> bool:
    """Whether a process with the pid of ``run`` is the one that was started.

    Process numbers are used again: its start must agree, and its command must name the folder
    that only this service under this data folder uses.
    """
    return same_start(create_time, run.create_time) and names_folder(argv, folder)


def same_start(create_time: float, noted: float) -> bool:
    """Whether two times of a process's start, in seconds since the epoch, are one."""
    return abs(create_time - noted) <= _CLOCK_SECONDS


def names_folder(argv: Sequence[str], folder: Path) -> bool:
    """Whether one of the words contains a path inside ``folder``."""
    return any(f"{folder}{os.sep}" in word for word in argv)


def leader(run: Run, folder: Path) -> psutil.Process | None:
    """The process of a run file, if it lives and is still the same one."""
    try:
        process = psutil.Process(run.pid)
        if not (lives(process) and _trusted(folder)(process)):
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


def lives(process: psutil.Process) -> bool:
    """Whether it runs; a dead child of ours is waited for, any other's dead child is dead too."""
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return process.is_running()
    except psutil.Error:
        return False
    with suppress(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)
    return False


def family(run: Run | None, folder: Path) -> list[psutil.Process]:
    """All live processes of the service, its leader first; no file is needed to find them."""
    may_be = _trusted(folder)
    members = [p for p in psutil.process_iter() if may_be(p) and _member(p, run, folder)]
    return sorted(members, key=lambda process: not leads(process))


def _trusted(folder: Path) -> Believed:
    """Whose process may be of the service: ours, and whose the folder and its ``data`` are.

    Where root alone may look into it, the server has the group that the folder lets pass
    (``ground``). Root's where nobody is shown whose the folder is.
    """
    seen = statuses([folder, folder / "data"])
    users = {*owners(), *(status.st_uid for status in seen)} if seen else {*owners(), 0}
    groups = {s.st_gid for s in seen[:1] if stat.S_IMODE(s.st_mode) == LETS_ITS_GROUP_PASS}
    return believed(users, groups)


def leads(process: psutil.Process) -> bool:
    """Whether it is the first of its session, as what ``launch`` starts is."""
    with suppress(OSError):
        return os.getsid(process.pid) == process.pid
    return False


def kill_all_naming(folder: Path) -> None:
    """Kill every process of ours whose command names a path in a folder: others may name any."""
    ours = believed({os.geteuid()})
    every = (p for p in psutil.process_iter(["cmdline"]) if ours(p))
    processes = [p for p in every if names_folder(_seen(p), folder)]
    for process in processes:
        with suppress(psutil.Error):  # it has ended just now
            process.kill()
    wait_gone(processes, _KILL_SECONDS)


def _seen(process: psutil.Process) -> list[str]:
    return process.info["cmdline"] or []


def _member(process: psutil.Process, run: Run | None, folder: Path) -> bool:
    """By the mark in its environment. Without one, or where it is not shown to us, by its command.

    A command that names the folder may be an editor's: it counts within the session of a run
    file, and for programs like ours whose environment nobody shows us.
    """
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if mark := _mark(process):
            return mark == str(folder) and is_folder(process, folder, folder)
        words = process.cmdline()
        if not names_folder(words, folder):
            return False
        return _of_run(process, run, folder, words) or (
            mark is None and Path(words[0]).name in _PROGRAMS
        )
    except (psutil.Error, OSError):
        return False


def is_folder(process: psutil.Process, path: Path, folder: Path) -> bool:
    """Whether what the process calls ``path`` is our ``folder``: a container has its own ``/data``.

    Where neither is there any more, the same name is enough.
    """
    root = Path(f"/proc/{process.pid}/root")
    seen = root / path.relative_to("/") if os.access(root, os.X_OK) else path
    try:
        return seen.samefile(folder)
    except OSError:
        return not seen.exists() and path == folder


def _of_run(process: psutil.Process, run: Run | None, folder: Path, words: Sequence[str]) -> bool:
    """Whether it is the process of a run file, or a later one of its session."""
    if run is None or run.pid not in {process.pid, os.getsid(process.pid)}:
        return False
    if process.pid == run.pid:
        return is_ours(run, folder, process.create_time(), words)
    return process.create_time() >= run.create_time - _CLOCK_SECONDS


def _mark(process: psutil.Process) -> str | None:
    """The folder that the process is marked with, or empty; None where we may not look."""
    try:
        return process.environ().get(MARK, "")
    except psutil.AccessDenied:
        return None


def end(run: Run | None, folder: Path, timeout: float) -> bool:
    """End the service: a polite signal, ``timeout`` seconds of patience, then a hard one.

    Returns whether anything of it was alive. Raises ``UsageError`` for what cannot be stopped: it
    belongs to another user, or the kernel does not let it go.
    """
    members = family(run, folder)
    try:
        # Who leads the others ends them; without it, each is told.
        for process in members[:1] if members and leads(members[0]) else members:
            _send(process, signal.SIGTERM)
        wait_gone(members, timeout)
        left = family(run, folder)
        for process in left:
            _send(process, signal.SIGKILL)
        left = wait_gone(left, _KILL_SECONDS)
    except psutil.AccessDenied as error:
        raise UsageError(
            f"{folder.name.capitalize()} (process {error.pid}) runs as another user and cannot be "
            "stopped from here: stop it as the user who started it."
        ) from error
    if left:
        name = folder.name.capitalize()
        raise UsageError(f"{name} (process {left[0].pid}) does not end, not even by force.")
    return bool(members)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def wait_gone(processes: Collection[psutil.Process], timeout: float) -> list[psutil.Process]:
    """Wait until they have ended, at most ``timeout`` seconds; those that have not."""
    deadline = time.monotonic() + timeout
    while (left := [p for p in processes if lives(p)]) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return left
