"""Start, find and stop the embedded services."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from articles.errors import ServiceUnavailable, UsageError
from worker.services import ports, process, runfile
from worker.services.elasticsearch import ElasticsearchServer
from worker.services.lock import only_one
from worker.services.model import NAMES, Endpoint, Plan, service_folder
from worker.services.process import Command
from worker.services.redis import RedisServer
from worker.services.reporter import Reporter, Say
from worker.services.runfile import Run
from worker.services.uninterrupted import uninterrupted

_LAST_LINES = 20
_PAUSE = 0.25
_SAY_EVERY = 10.0


class Server(Protocol):
    """What both services have in common."""

    name: str
    patience: float
    port: int
    folder: Path

    def prepare(self, tell: Reporter) -> None: ...
    def command(self, port: int) -> Command: ...
    def url(self, port: int) -> str: ...
    def answers(self, url: str, pid: int) -> bool: ...


_SERVERS: Mapping[str, Callable[[Plan], Server]] = {
    "redis": RedisServer,
    "elasticsearch": ElasticsearchServer,
}


def start(plan: Plan, which: Collection[str] = NAMES, say: Say = None) -> list[Endpoint]:
    """Start what does not run yet, and wait until all of it answers.

    What runs already under ``plan.data`` is used as it is, on the port it has. Callers at the
    same time take turns. If one service fails, those started by this call are stopped again.

    Raises ``UsageError`` (port taken, no Java, no Maven, no Redis …) or ``ServiceUnavailable`` (a
    server that died or did not answer in time; with the end of its log).
    """
    tell = Reporter(say)
    servers = [_SERVERS[name](plan) for name in _known(which)]
    # Outside the lock: a fetch takes its time, and has a lock of its own.
    for server in servers:
        if _living(plan.data, server.name) is None:
            server.prepare(tell)
    try:
        with only_one(_lock(plan.data), lambda: tell.line("Another start is under way; waiting …")):
            return _start_all(servers, plan.data, tell)
    except PermissionError as error:
        raise UsageError(
            f"This user may not write {error.filename}. If another user started the services "
            "there before, run as that user; or set DEPESCHE_DATA to another folder."
        ) from error


def stop(data: Path, which: Collection[str] = NAMES, timeout: float = 30.0) -> list[str]:
    """Stop what Depesche started under ``data``; the names of what was running.

    ``timeout``: seconds before a service that does not end is killed.
    """
    if not data.is_dir():
        return []
    with only_one(_lock(data), lambda: None):
        return [name for name in reversed(_known(which)) if _end(data, name, timeout)]


def running(data: Path) -> dict[str, Endpoint]:
    """The services that Depesche started under ``data`` and that live, by name."""
    runs = {name: _living(data, name) for name in NAMES}
    return {name: _endpoint(run) for name, run in runs.items() if run}


def _start_all(servers: Sequence[Server], data: Path, tell: Reporter) -> list[Endpoint]:
    started: list[str] = []
    try:
        return [_bring_up(server, data, tell, started) for server in servers]
    except BaseException:  # Ctrl-C too: half of the services are of no use to anybody.
        for name in started:
            _end(data, name, timeout=30)
        raise


def _bring_up(server: Server, data: Path, tell: Reporter, started: list[str]) -> Endpoint:
    run = _living(data, server.name)
    if run is None:
        _end(data, server.name, timeout=10)  # What a killed run may have left behind.
        run = _launch(server, data, started)
        tell.line(f"{_title(run)} is starting (process {run.pid}) …")
        seconds = _wait(server, run, tell)
        tell.line(f"{_title(run)} answers at {run.url} after {seconds:.0f} s.")
    else:
        _wait(server, run, tell)
        tell.line(f"{_title(run)} runs already at {run.url} (process {run.pid}).")
    return _endpoint(run)


def _launch(server: Server, data: Path, started: list[str]) -> Run:
    port = ports.choose(server.port, server.name)
    command = server.command(port)
    with uninterrupted():  # a process that no file names would be stopped by nobody
        launched = process.launch(command)
        run = Run(server.name, launched.pid, launched.create_time(), server.url(port), port)
        runfile.write(data, run)
        started.append(server.name)
    return run


def _wait(server: Server, run: Run, tell: Reporter) -> float:
    """Wait until the service answers; the seconds it took."""
    begin = time.monotonic()
    last_said = begin
    while not server.answers(run.url, run.pid):
        now = time.monotonic()
        if process.leader(run, server.folder) is None:
            raise ServiceUnavailable(f"{_title(run)} ended while it started. {_log_end(server)}")
        if now - begin > server.patience:
            raise ServiceUnavailable(
                f"{_title(run)} does not answer after {server.patience:.0f} s. {_log_end(server)}"
            )
        if now - last_said > _SAY_EVERY:
            last_said = now
            tell.line(f"{_title(run)} is still starting ({now - begin:.0f} s) …")
        time.sleep(_PAUSE)
    return time.monotonic() - begin


def _log_end(server: Server) -> str:
    """The last lines of the newest log, and where it is."""
    logs = [p for p in server.folder.rglob("*.log") if p.is_file() and p.stat().st_size]
    if not logs:
        return f"It left no log in {server.folder}."
    newest = max(logs, key=lambda path: path.stat().st_mtime_ns)
    lines = newest.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:]
    return "\n  ".join([f"Its log ({newest}) ends:", *lines])


def _living(data: Path, name: str) -> Run | None:
    run = runfile.read(data, name)
    return run if run and process.leader(run, service_folder(data, name)) else None


def _end(data: Path, name: str, timeout: float) -> bool:
    run = runfile.read(data, name)
    was_alive = run is not None and process.end(run, service_folder(data, name), timeout)
    runfile.forget(data, name)
    return was_alive


def _known(which: Collection[str]) -> list[str]:
    if unknown := set(which) - set(NAMES):
        raise UsageError(
            f"No such service: {', '.join(sorted(unknown))}. There are redis and elasticsearch."
        )
    return [name for name in NAMES if name in which]


def _endpoint(run: Run) -> Endpoint:
    return Endpoint(run.name, run.url, run.pid, ours=True)


def _title(run: Run) -> str:
    return run.name.capitalize()


def _lock(data: Path) -> Path:
    return data / "run" / "services.lock"
