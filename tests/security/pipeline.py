"""From inbox to archive as one process, and as any user: ``pipeline.py DATA ELASTICSEARCH UID``.

The parts are the real ones, but for what speaks to Redis. It works until its input ends.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from pathlib import Path

import structlog
from pydantic import SecretStr

from articles.errors import DepescheError
from indexing.index.manage import create_index
from tasks.settings import Settings
from tests.fakes.parts import FakeContainer
from worker.inbox import lease
from worker.inbox.polling import watch
from worker.inbox.watch import Watcher
from worker.processes.check import check_folders

log = structlog.get_logger()


def main(data: str, url: str, uid: int) -> None:
    """Watch, and work each batch that is there."""
    lease.survive_broken_leases()
    settings = Settings(
        data=Path(data),
        redis_url=SecretStr("redis://127.0.0.1:1/0"),
        elasticsearch_url=SecretStr(url),
        log_level="ERROR",
    )
    container, stop = FakeContainer(settings), threading.Event()
    check_folders(container.folders)
    _load_all(settings)
    if os.geteuid() == 0 and uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    arguments = (_watcher(container), container.folders.inbox, stop)
    threading.Thread(target=watch, args=arguments, kwargs={"poll": False}, daemon=True).start()
    threading.Thread(target=_wait_for_the_end, args=(stop,), daemon=True).start()
    while not stop.wait(0.05):
        work(container)


def _load_all(settings: Settings) -> None:
    """Whatever is imported late: the user need not be allowed to read Python's own files."""
    with tempfile.TemporaryDirectory() as data:
        changed = {"data": Path(data), "index": "before"}
        container = FakeContainer(settings.model_copy(update=changed))
        create_index(container.client, "before")
        with container.spool.filling() as batch:
            for name in ("a.txt", "b.json", "c"):
                (batch.root / name).write_bytes(b" date 2024-06-19 Probe : Eins\n\nZwei.\n")
            (batch.root / "d.txt").touch()
        work(container)


def work(container: FakeContainer) -> None:
    """Each batch once; what is not possible now may be later."""
    for batch in container.spool.batches():
        try:
            container.intake.batch(batch.name)
        except (DepescheError, OSError) as error:
            log.error("pipeline.waits", batch=batch.name, error=repr(error))


def _watcher(container: FakeContainer) -> Watcher:
    return Watcher(
        container.folders,
        container.publisher,
        quiet=0.01,
        quiet_unproven=0.05,
        batch_files=8,
        batch_bytes=1_000_000,
        spool_batches=64,
    )


def _wait_for_the_end(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
