"""``depesche up`` and ``down``: services, index, watcher and workers as one."""

from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from articles.errors import ServiceUnavailable, UsageError
from indexing.index.manage import create_index
from tasks.settings import Settings
from worker import services
from worker.atomic import write_json
from worker.container import Container
from worker.processes.check import check_folders
from worker.processes.supervise import Supervisor

COMMANDS = {"watch": ["watch"], "intake": ["work", "intake"], "enrich": ["work", "enrich"]}

#: Seconds for each service to end by itself. What it confirmed is on disk; a kill loses nothing.
SERVICE_GRACE = 8.0

Say = Callable[[str], None]


def start_services(settings: Settings, say: Say) -> list[str]:
    """Start the embedded services that no URL replaces; the names of those not running before."""
    before = services.running(settings.data)
    missing = _embedded(settings)
    for endpoint in services.start(_plan(settings), missing) if missing else []:
        say(f"{endpoint.name} answers at {endpoint.url}")
    return [name for name in missing if name not in before]


def _embedded(settings: Settings) -> list[str]:
    """The services that no URL replaces."""
    wanted = {"redis": settings.redis_url, "elasticsearch": settings.elasticsearch_url}
    return [name for name, url in wanted.items() if url is None]


def _plan(settings: Settings) -> services.Plan:
    return services.Plan(
        data=settings.data,
        elasticsearch_home=settings.elasticsearch_home,
        elasticsearch_port=settings.elasticsearch_port,
        redis_port=settings.redis_port,
        heap=settings.elasticsearch_heap,
    )


def up(settings: Settings, say: Say) -> None:
    """Run everything in the foreground until SIGTERM or Ctrl-C; then stop what was started here."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell may have had us ignore one
        signal.signal(number, signal.default_int_handler)
    container = Container(settings)
    with _only_one(container) as embedded:
        try:
            check_folders(container.folders)
            start_services(settings, say)
            create_index(container.client, settings.index)
            say(f"Watching {container.folders.inbox}. Ctrl-C stops.")
            environment = {"DEPESCHE_DATA": str(settings.data)}
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
            Supervisor(COMMANDS, environment).run(stop)
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)  # the end is under way
            say("Stopping …")
            services.stop(settings.data, embedded, SERVICE_GRACE)


def up_detached(settings: Settings, say: Say) -> None:
    """Start everything in the background and return when it runs."""
    container = Container(settings)
    if pid := _running_pid(container):
        say(f"Depesche runs already (pid {pid}).")
        return
    _note(container, start_services(settings, say))
    log = container.folders.run / "depesche.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.cli", "up"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    while _running_pid(container) != process.pid:
        if process.poll() is not None:
            raise ServiceUnavailable(f"It ended at once; the end of {log} says why:\n{_tail(log)}")
        time.sleep(0.1)
    say(f"Depesche runs (pid {process.pid}), its log is {log}. `depesche down` stops it.")


def down(settings: Settings, say: Say) -> None:
    """Stop the supervisor with its processes, then the embedded services of this data folder."""
    container = Container(settings)
    if pid := _running_pid(container):
        process = psutil.Process(pid)
        process.terminate()
        _, alive = psutil.wait_procs([process], timeout=60)
        for survivor in alive:
            survivor.kill()
        say(f"Stopped the watcher and the workers (pid {pid}).")
    for name in services.stop(settings.data):
        say(f"Stopped {name}.")


@contextmanager
def _only_one(container: Container) -> Iterator[list[str]]:
    """Hold the data folder's lock while inside, and say in ``run/depesche.json`` who runs.

    Gives the embedded services that are to end with us: those that do not run yet, and those that
    whoever stands in the file started, for that is a killed `up`, or the one that started us.
    """
    with (container.folders.run / "depesche.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"Depesche runs already on {container.settings.data} "
                f"(pid {_running_pid(container)}); `depesche down` stops it."
            ) from None
        running, theirs = services.running(container.settings.data), _noted(container)
        embedded = _embedded(container.settings)
        ours = [name for name in embedded if name not in running or name in theirs]
        _note(container, ours)
        try:
            yield ours
        finally:
            _run_file(container).unlink(missing_ok=True)


def _note(container: Container, embedded: list[str]) -> None:
    me = psutil.Process()
    run = {"pid": me.pid, "create_time": me.create_time(), "services": embedded}
    write_json(_run_file(container), run)


def _noted(container: Container) -> list[str]:
    try:
        return [str(name) for name in json.loads(_run_file(container).read_text())["services"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _running_pid(container: Container) -> int | None:
    """The process that runs everything on this data folder, if it still lives."""
    try:
        run = json.loads(_run_file(container).read_text())
        process = psutil.Process(int(run["pid"]))
        same = abs(process.create_time() - float(run["create_time"])) < 1.0
    except (OSError, ValueError, KeyError, psutil.Error):
        return None
    return process.pid if same else None


def _run_file(container: Container) -> Path:
    return container.folders.run / "depesche.json"


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
