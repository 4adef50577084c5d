"""Which service runs under a data folder: by its run file, and without one by its processes.

``run/`` may be removed at any time, and a number in it may long be another process's. The mark in
the environment of a service's processes stays with them, and its address in its configuration.
"""

from __future__ import annotations

from pathlib import Path

import psutil

from worker.services import process, runfile
from worker.services.model import Plan, service_folder
from worker.services.runfile import Run
from worker.services.servers import SERVERS


def living(data: Path, name: str) -> Run | None:
    """The service of that name that runs under ``data``, or None."""
    run = runfile.read(data, name)
    if run and process.leader(run, service_folder(data, name)):
        return run
    return _without_file(data, name)


def _without_file(data: Path, name: str) -> Run | None:
    server = SERVERS[name](Plan(data, None, 0))
    if not server.folder.is_dir():
        return None
    first = next((p for p in process.family(None, server.folder) if process.leads(p)), None)
    url = server.configured_url() if first else None
    if first is None or url is None:
        return None
    try:
        return Run(name, first.pid, first.create_time(), url)
    except psutil.Error:
        return None


def end(data: Path, name: str, timeout: float) -> bool:
    """End all of the service and forget it; whether anything of it was alive."""
    was_alive = process.end(runfile.read(data, name), service_folder(data, name), timeout)
    runfile.forget(data, name)
    return was_alive
