"""Start, kill and await real processes of Depesche, and read the truth from disk and index."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from elasticsearch.helpers import scan

from tests import evidence
from worker.container import Container
from worker.failpoint import ARMED, ONCE
from worker.renames import TRIAL
from worker.spool.naming import REASON


class Processes:
    """The processes of one test; their logs are in ``<data>/run/test-<name>.log``."""

    def __init__(self, container: Container, prefix: Sequence[str] = ()) -> None:
        """``prefix``: what the command of each is put behind."""
        self.container = container
        self._prefix = prefix
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start ``watch``, ``intake`` or ``enrich``; further settings as DEPESCHE_ variables."""
        command = ["watch"] if name == "watch" else ["work", name]
        log = (self.container.folders.run / f"test-{name}.log").open("ab")
        process = subprocess.Popen(
            [*self._prefix, sys.executable, "-m", "worker.cli", *command],
            env={**os.environ, **self.environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self._running[name] = process
        return process

    def start_all(self, **environment: str) -> None:
        """Watcher, intake and enrich."""
        for name in ("watch", "intake", "enrich"):
            self.start(name, **environment)

    def armed(self, points: Sequence[str], fired: Path, **settings: str) -> dict[str, str]:
        """The same, with these failpoints, each once, in small batches; they leave their names."""
        fired.mkdir()
        return self.environment() | {
            ARMED: " ".join(points),
            ONCE: str(fired),
            "DEPESCHE_BATCH_FILES": "4",
            "DEPESCHE_LEASE_SECONDS": "3",
            "DEPESCHE_LOG_LEVEL": "ERROR",
            **settings,
        }

    def environment(self) -> dict[str, str]:
        """The settings of the test as a process gets them."""
        settings = self.container.settings
        assert settings.redis_url
        assert settings.elasticsearch_url
        return {
            "DEPESCHE_DATA": str(settings.data),
            "DEPESCHE_INDEX": settings.index,
            "DEPESCHE_SITE": settings.site,
            "DEPESCHE_REDIS_URL": settings.redis_url.get_secret_value(),
            "DEPESCHE_ELASTICSEARCH_URL": settings.elasticsearch_url.get_secret_value(),
            "DEPESCHE_ELASTICSEARCH_CA": str(settings.elasticsearch_ca or ""),
        }

    def children(self, name: str) -> list[psutil.Process]:
        """The forked children of a process."""
        try:
            return psutil.Process(self._running[name].pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill_child(self, name: str) -> None:
        """SIGKILL a forked child, as the kernel does when memory runs out."""
        wait_for(lambda: bool(self.children(name)), "a child to kill")
        self.children(name)[0].kill()

    def kill(self, name: str) -> None:
        """SIGKILL a process with its children, as a power cut of its container does."""
        os.killpg(self._running[name].pid, signal.SIGKILL)
        self._running.pop(name).wait()

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a process and its children."""
        os.killpg(self._running[name].pid, number)

    def ended(self) -> list[str]:
        """The processes that were started and have ended by themselves."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def end(self, grace: float = 30.0) -> None:
        """SIGTERM, then SIGKILL, whatever runs."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(grace)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self._running.clear()

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.container.folders.run / f"test-{name}.log").read_text(errors="replace")


def free_ports(count: int) -> int:
    """The first of so many free ports in a row, below those that the kernel gives to clients."""
    while True:
        first = 20_000 + secrets.randbelow(10_000)
        if all(_free(first + more) for more in range(count)):
            return first


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 120.0) -> float:
    """Wait until a condition holds; how many seconds it took."""
    start = time.monotonic()
    while not condition():
        waited = time.monotonic() - start
        assert waited < seconds, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.1)
    return time.monotonic() - start


def files_in(folder: Path) -> list[str]:
    """Paths of all regular files below a folder, relative to it; no reasons, no killed trials."""
    return sorted(
        os.path.relpath(Path(parent, name), folder)
        for parent, _, names in os.walk(folder)  # folders may go while we look
        for name in names
        if not name.endswith(REASON) and not name.startswith(TRIAL)
    )


def states(container: Container) -> Counter[str]:
    """Documents by enrichment state, read from Elasticsearch itself after a refresh."""
    index = container.settings.index
    container.client.indices.refresh(index=index)
    answer = container.client.search(
        index=index, size=0, aggs={"states": {"terms": {"field": "enrichment.state"}}}
    )
    buckets = answer["aggregations"]["states"]["buckets"]
    return Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets})


def paths_in_index(container: Container) -> Counter[str]:
    """How many documents each source path has."""
    index = container.settings.index
    container.client.indices.refresh(index=index)
    hits = scan(container.client, index=index, _source=["source.path"], size=1_000)
    return Counter(hit["_source"]["source"]["path"] for hit in hits)


def settled(container: Container, total: int) -> bool:
    """Whether that many documents are enriched and no file is on its way any more."""
    folders = container.folders
    on_the_way = files_in(folders.inbox) + files_in(folders.spool)
    return not on_the_way and states(container) == Counter({"enriched": total})


def assert_all_settled(container: Container, names: list[str]) -> None:
    """The invariant, from disk and index alone: each file archived, each once in the index."""
    folders = container.folders
    evidence.judged(names, files_in(folders.archive), paths_in_index(container))
    assert files_in(folders.inbox) == []
    assert files_in(folders.spool) == []
    assert files_in(folders.failed) == []
    assert files_in(folders.archive) == sorted(names)
    assert paths_in_index(container) == Counter(names)
    assert states(container) == Counter({"enriched": len(names)})
