"""Start, find and stop the embedded services."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from articles.errors import DepescheError, ServiceUnavailable, UsageError
from tasks import embedded
from worker.folder_lock import held_in_turn
from worker.services import process, runfile
from worker.services.alive import end, living
from worker.services.folder import newest_logs, opened
from worker.services.model import NAMES, Endpoint, Plan, service_folder
from worker.services.reporter import Reporter, Say
from worker.services.runfile import Run
from worker.services.servers import SERVERS, Server, known
from worker.services.uninterrupted import uninterrupted

_LAST_LINES = 20
_PAUSE = 0.25
_SAY_EVERY = 10.0


def start(
    plan: Plan,
    which: Collection[str] = NAMES,
    say: Say = None,
    cancelled: threading.Event | None = None,
) -> list[Endpoint]:
    """Start what does not run yet, and wait until all of it answers.

    What runs already under ``plan.data`` is used as it is, on the port it has. Callers at the
    same time take turns. If one service fails, those started by this call are stopped again; so
    it is where ``cancelled`` is set meanwhile.

    Raises ``UsageError`` (port taken, no Java, no Maven, no Redis …) or ``ServiceUnavailable`` (a
    server that died or did not answer in time; with the end of its log).
    """
    tell = Reporter(say)
    servers = [SERVERS[name](plan) for name in known(which)]
    # Outside the lock: a fetch takes its time, and has a lock of its own.
    for server in servers:
        run = living(plan.data, server.name)
        if run is None or not _is_closed(run):
            server.prepare(tell)
    try:
        turn = lambda: tell.line("Another start is under way; waiting …")  # noqa: E731
        _make(plan.data.resolve(), known(which))
        with _in_turn([server.folder for server in servers], turn):
            return _start_all(servers, plan.data, tell, cancelled or threading.Event())
    except PermissionError as error:
        raise UsageError(
            f"This user may not write {error.filename}. If another user started the services "
            "there before, run as that user; or set DEPESCHE_DATA to another folder."
        ) from error


def stop(data: Path, which: Collection[str] = NAMES, timeout: float = 30.0) -> list[str]:
    """Stop what Depesche started under ``data``; the names of what was running.

    ``timeout``: seconds before a service that does not end is killed. Raises ``UsageError`` for
    one that this user cannot stop.
    """
    names = known(which)
    folders = [folder for name in names if (folder := service_folder(data, name)).is_dir()]
    with _in_turn(folders, lambda: None):
        return [name for name in reversed(names) if end(data, name, timeout)]


def running(data: Path) -> dict[str, Endpoint]:
    """The services that Depesche started under ``data`` and that live, by name."""
    runs = {name: living(data, name) for name in NAMES}
    return {name: _endpoint(data, run) for name, run in runs.items() if run}


def _make(data: Path, names: Sequence[str]) -> None:
    """Make the services' own folders, closed from the beginning: who opens one can hold it."""
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    for name in names:
        with opened(data, *service_folder(data, name).parts[-2:]):
            pass


@contextmanager
def _in_turn(folders: Sequence[Path], waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the services' own folders, always in the same order: nobody waits in a circle."""
    with ExitStack() as locks:
        for folder in folders:
            locks.enter_context(held_in_turn(folder, waiting))
        yield


def _start_all(
    servers: Sequence[Server], data: Path, tell: Reporter, cancelled: threading.Event
) -> list[Endpoint]:
    started: list[str] = []
    try:
        return [_bring_up(server, data, tell, started, cancelled) for server in servers]
    except BaseException:  # Ctrl-C too: half of the services are of no use to anybody.
        for name in started:
            end(data, name, timeout=30)
        raise


def _bring_up(
    server: Server, data: Path, tell: Reporter, started: list[str], cancelled: threading.Event
) -> Endpoint:
    run = living(data, server.name)
    if run is None or not _is_closed(run):
        _clear(server, data, tell)
        server.prepare(tell)  # it may have died since
        run = _launch(server, data, started)
        tell.line(f"{_title(run)} is starting (process {run.pid}) …")
        seconds = _wait(server, run, tell, cancelled)
        tell.line(f"{_title(run)} answers at {run.url} after {seconds:.0f} s.")
    else:
        runfile.keep(data, run)
        _wait(server, run, tell, cancelled)
        tell.line(f"{_title(run)} runs already at {run.url} (process {run.pid}).")
    return _endpoint(data, run)


def _is_closed(run: Run) -> bool:
    """Whether only this user can talk to it: versions up to 0.1.0 left both services open."""
    return urlsplit(run.url).scheme == embedded.SCHEMES[run.name]


def _clear(server: Server, data: Path, tell: Reporter) -> None:
    """End what a killed run may have left behind, and say that there was one."""
    if before := living(data, server.name):
        tell.line(f"{_title(before)} of an earlier version is open to every user: started anew.")
    elif before := runfile.read(data, server.name):
        tell.line(f"{_title(before)} (process {before.pid}) was not stopped, it died.")
    if end(data, server.name, timeout=10):
        tell.line(f"Ended what was left of {server.name}.")


def _launch(server: Server, data: Path, started: list[str]) -> Run:
    url = server.place()
    command = server.command(url)
    with uninterrupted():  # a process that no file names would be stopped late
        launched = process.launch(command)
        run = Run(server.name, launched.pid, launched.create_time(), url)
        runfile.keep(data, run)
        started.append(server.name)
    return run


def _wait(server: Server, run: Run, tell: Reporter, cancelled: threading.Event) -> float:
    """Wait until the service answers; the seconds it took. What loads its data has all the time."""
    last_said = heard = begin = time.monotonic()
    while not server.answers(run.url, run.pid):
        now = time.monotonic()
        if cancelled.is_set():
            raise ServiceUnavailable(f"The start of {_title(run)} was called off.")
        if process.leader(run, server.folder) is None:
            raise ServiceUnavailable(f"{_title(run)} ended while it started. {_log_end(server)}")
        if server.loads(run.url):
            heard = now
        if now - heard > server.patience:
            raise ServiceUnavailable(
                f"{_title(run)} does not answer after {server.patience:.0f} s. {_log_end(server)}"
            )
        if now - last_said > _SAY_EVERY:
            last_said = now
            tell.line(f"{_title(run)} is still starting ({now - begin:.0f} s) …")
        time.sleep(_PAUSE)
    server.confirm(run)
    return time.monotonic() - begin


def _log_end(server: Server) -> str:
    """The last lines of the newest log, and where it is."""
    logs = [log for place in (server.folder, server.folder / "logs") for log in newest_logs(place)]
    if not logs:
        return f"It left no log in {server.folder}."
    _, newest, text = max(logs)
    return "\n  ".join([f"Its log ({newest}) ends:", *text.splitlines()[-_LAST_LINES:]])


def _endpoint(data: Path, run: Run) -> Endpoint:
    login = None
    if run.name == "elasticsearch":
        with suppress(DepescheError):  # another user's, or of an earlier version
            login = embedded.login(data)
    return Endpoint(run.name, run.url, run.pid, ours=True, login=login)


def _title(run: Run) -> str:
    return run.name.capitalize()
