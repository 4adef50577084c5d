"""``depesche down``: end all that belongs to a data folder, whatever files are left to name it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from articles.errors import UsageError
from worker import services
from worker.processes.belonging import Working, ups, working_on
from worker.processes.one_up import Record, running
from worker.services.process import wait_gone

Say = Callable[[str], None]

#: Seconds for `up` to end its workers and services, and for a worker on its own.
UP_GRACE = 60.0
WORKER_GRACE = 20.0
_KILL_SECONDS = 10.0


def down(data: Path, say: Say) -> None:
    """End every `up` on this folder, what a killed one left, and the embedded services.

    Says what goes on, since nobody here started it. Raises ``UsageError`` where something cannot
    be stopped from here.
    """
    stopped = end_ups(data, say) + end_left_behind(data, say)
    for name in services.stop(data) if data.is_dir() else []:
        stopped.append(name)
        say(f"Stopped {name}.")
    for working in working_on(data):
        say(
            f"`depesche {working.command}` (pid {working.process.pid}) goes on: `up` did not start "
            "it. Stop it where it was started."
        )
    if still := running(data):
        raise UsageError(
            f"Depesche still runs on {data} ({still}) and cannot be stopped from here: stop it as "
            "the user who started it."
        )
    Record(data).forget()
    if not stopped:
        say(f"Nothing that `up` starts was running on {data}.")


def end_ups(data: Path, say: Say) -> list[str]:
    """End each `up`, which ends its workers and services; by the record, and without one."""
    known = {up.pid: up for up in ups(data)}
    if pid := Record(data).pid():
        known.setdefault(pid, psutil.Process(pid))
    return [_ended("the watcher and the workers", up, UP_GRACE, say) for up in known.values()]


def end_left_behind(data: Path, say: Say) -> list[str]:
    """End workers whose `up` is dead: they would work beside the next one."""
    return [
        _ended(f"`{w.command}`, which a killed `up` had left", w.process, WORKER_GRACE, say)
        for w in left_behind(working_on(data))
    ]


def left_behind(working: Iterable[Working]) -> list[Working]:
    """Those whose supervisor is not their parent any more: it has died."""
    return [w for w in working if w.supervisor and _parent(w.process) not in {w.supervisor, None}]


def _parent(process: psutil.Process) -> int | None:
    try:
        return process.ppid()
    except psutil.NoSuchProcess:
        return None


def _ended(what: str, process: psutil.Process, grace: float, say: Say) -> str:
    try:
        process.terminate()
        process.resume()  # one that was frozen hears it now
        if wait_gone([process], grace):
            process.kill()
            wait_gone([process], _KILL_SECONDS)
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise UsageError(
            f"{what} (pid {process.pid}) cannot be stopped from here: stop it as the user who "
            "started it."
        ) from error
    say(f"Stopped {what} (pid {process.pid}).")
    return what
