"""Which processes of Depesche work on a data folder: asked of the processes, not of a file.

A file that names them can be removed, or name a number that is another process's by now. What a
process was started as stays: its command, its folder, its environment.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from worker.processes.parent import SUPERVISED
from worker.services.process import is_folder
from worker.services.whose import believed, owners

#: The commands that last.
LASTING = ("up", "watch", "work", "demo")


@dataclass(frozen=True, slots=True)
class Working:
    """One process; ``supervisor`` is the number of the ``up`` that started it, if one did."""

    process: psutil.Process
    command: str
    supervisor: int | None


def working_on(data: Path) -> list[Working]:
    """Every lasting process of Depesche on that data folder but this one; their forks left out.

    Ours, and those of whom the folder belongs to: a stranger's are neither waited for nor ended.
    """
    may_work = believed(owners(data, data / "spool"))
    others = (p for p in psutil.process_iter() if p.pid != os.getpid() and may_work(p))
    seen = [working for process in others if (working := _working(process, data))]
    commands = {working.process.pid: working.command for working in seen}
    return [working for working in seen if not _is_fork(working, commands)]


def ups(data: Path) -> list[psutil.Process]:
    """Every `up` on that data folder but this process."""
    return [w.process for w in working_on(data) if w.command.split()[0] == "up"]


def lasting_command(words: Sequence[str]) -> str | None:
    """``work intake`` of ``python -m worker.cli work intake``; None for what soon ends, or others.

    ``depesche`` may be a script that its interpreter runs, or a module.
    """
    for place, word in enumerate(words[:4]):
        if word == "worker.cli" or Path(word).name == "depesche":
            said = [later for later in words[place + 1 :] if not later.startswith("-")]
            return " ".join(said[:2]) if said and said[0] in LASTING else None
    return None


def _working(process: psutil.Process, data: Path) -> Working | None:
    try:
        command = lasting_command(process.cmdline())
        if command is None or process.status() == psutil.STATUS_ZOMBIE:
            return None
        environment = process.environ()
        said = Path(environment.get("DEPESCHE_DATA") or "data").expanduser()
        if not is_folder(process, Path(process.cwd(), said), data):
            return None
        supervisor = environment.get(SUPERVISED, "")
        return Working(process, command, int(supervisor) if supervisor.isdigit() else None)
    except (psutil.Error, OSError):
        return None


def _is_fork(working: Working, commands: dict[int, str]) -> bool:
    try:
        return commands.get(working.process.ppid()) == working.command
    except psutil.Error:
        return False
