"""``depesche up``: services, index, watcher and workers as one."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from articles.errors import ServiceUnavailable
from tasks.embedded import curl
from tasks.settings import Settings
from worker import services
from worker.container import Container
from worker.folders import Folders
from worker.log_file import LogFile
from worker.processes.check import check_folders
from worker.processes.down import end_left_behind
from worker.processes.itself import itself
from worker.processes.one_up import Record, only_one, running
from worker.processes.own_index import make_or_follow, why_work_waits
from worker.processes.samples import drop_samples
from worker.processes.supervise import Supervisor

COMMANDS = {"watch": ["watch"], "intake": ["work", "intake"], "enrich": ["work", "enrich"]}

#: Seconds for each service to end by itself. What it confirmed is on disk; a kill loses nothing.
SERVICE_GRACE = 8.0

Say = Callable[[str], None]


def start_services(settings: Settings, say: Say) -> list[services.Endpoint]:
    """Start the embedded services that no URL replaces, where they do not run."""
    missing = _embedded(settings)
    if settings.redis_port is not None and "redis" in missing:
        say("DEPESCHE_REDIS_PORT has no effect any more: the embedded Redis listens on a socket.")
    endpoints = services.start(plan(settings), missing) if missing else []
    for endpoint in endpoints:
        say(f"{endpoint.name} answers at {endpoint.url}")
        if endpoint.login:
            say(f"  to ask it: {curl(settings.data, endpoint.url)}")
    return endpoints


def _embedded(settings: Settings) -> list[str]:
    """The services that no URL replaces."""
    wanted = {"redis": settings.redis_url, "elasticsearch": settings.elasticsearch_url}
    return [name for name, url in wanted.items() if url is None]


def plan(settings: Settings) -> services.Plan:
    """How the embedded services are to be started."""
    return services.Plan(
        data=settings.data,
        elasticsearch_home=settings.elasticsearch_home,
        elasticsearch_port=settings.elasticsearch_port,
        heap=settings.elasticsearch_heap,
        archive=settings.elasticsearch_archive,
        user=settings.services_user,
    )


def up(settings: Settings, say: Say, *, samples: bool = False) -> None:
    """Run everything in the foreground until SIGTERM or Ctrl-C; then stop what was started here.

    ``samples``: the sample articles are dropped first.
    """
    stop = threading.Event()
    _when_stopped(signal.default_int_handler)  # a shell may have had us ignore a signal
    container = Container(settings)
    _hide(container.folders, say)  # the data folder comes first: its lock is the folder's own
    with only_one(settings.data):
        ours = _ours(settings)
        record = Record(settings.data)
        record.write(ours)
        try:
            check_folders(container.folders)
            end_left_behind(settings.data, say)
            if samples:
                drop_samples(container.folders, say)
            endpoints = start_services(settings, say)
            make_or_follow(container)
            waits = why_work_waits(container)
            record.write(ours, ready=True, waits=waits)
            say(f"Watching {container.folders.inbox}. Ctrl-C stops.")
            if waits:
                say(waits)
            _when_stopped(lambda *_: stop.set())
            supervisor = Supervisor(COMMANDS, {"DEPESCHE_DATA": str(settings.data)})
            with services.keeping(plan(settings), endpoints):
                supervisor.run(stop, beside=lambda: record.keep(ours))
        finally:
            _when_stopped(signal.SIG_IGN)  # the end is under way
            _end(settings.data, ours, say)
            record.forget()


def _hide(folders: Folders, say: Say) -> None:
    if folders.hide():
        say(f"{folders.data} was open to others: now they may pass to the inbox, and no more.")


def _when_stopped(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """What SIGTERM and Ctrl-C do from now on."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _ours(settings: Settings) -> list[str]:
    """The embedded services that are to end with us.

    Those that do not run yet, and those that whoever stands in the record started: a killed `up`,
    or the one that started us.
    """
    alive, theirs = services.running(settings.data), Record(settings.data).services()
    return [name for name in _embedded(settings) if name not in alive or name in theirs]


def _end(data: Path, ours: list[str], say: Say) -> None:
    say("Stopping …")
    services.stop(data, ours, SERVICE_GRACE)
    for name, endpoint in services.running(data).items():
        say(f"{name} (process {endpoint.pid}) goes on: it ran before. `depesche down` stops it.")


def up_detached(settings: Settings, say: Say, *, samples: bool = False) -> None:
    """Start everything in the background and return when it runs; see :func:`up`."""
    container = Container(settings)
    folders = container.folders
    _hide(folders, say)
    if already := running(settings.data):
        say(f"Depesche runs already on {settings.data} ({already}).")
        return
    log = settings.log_file or folders.run / "depesche.log"
    with os.fdopen(LogFile(log, settings.data).begun(), "ab") as output:
        before, record = services.running(settings.data), Record(settings.data)
        started = [e.name for e in start_services(settings, say) if e.name not in before]
        record.write(sorted({*started, *record.services()}))
        process = subprocess.Popen(
            itself("up", *(["--samples"] if samples else [])),
            env={**os.environ, "DEPESCHE_LOG_FILE": str(log)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    while not (record.pid() == process.pid and record.is_ready()):
        if process.poll() is not None:
            raise ServiceUnavailable(f"It ended at once; the end of {log} says why:\n{_tail(log)}")
        time.sleep(0.1)
    say(f"Depesche runs (pid {process.pid}), its log is {log}. `depesche down` stops it.")
    if waits := record.waits():
        say(waits)


def _tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
