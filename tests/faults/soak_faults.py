"""What the soak breaks: each fault happens, lasts for seconds, and is over when it returns."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import redis

from tasks.names import ENRICH_DOCUMENTS, INTAKE_BATCH
from tests.redis_servers import configure, keeper
from worker import services

if TYPE_CHECKING:
    from tests.faults.soak import Soak

Fault = Callable[["Soak"], None]

NONSENSE = (b"\xff\x00", b"{}", b"[1, 2]", b'{"body": "x"}', b"null")


def _processes(soak: Soak) -> list[psutil.Process]:
    """The watcher and the workers; each leads a group."""
    data = str(soak.container.settings.data)
    processes = []
    for process in psutil.Process().children():
        with suppress(psutil.Error):
            if process.environ().get("DEPESCHE_DATA") == data and "worker.cli" in process.cmdline():
                processes.append(process)
    return sorted(processes, key=lambda p: p.pid)


def kill_process(soak: Soak) -> None:
    """SIGKILL the watcher or a worker with its children."""
    if running := _processes(soak):
        with suppress(ProcessLookupError):
            os.killpg(soak.dice.choice(running).pid, signal.SIGKILL)


def kill_child(soak: Soak) -> None:
    """SIGKILL a pool child."""
    children = [child for process in _processes(soak) for child in process.children()]
    if children:
        with suppress(psutil.Error):
            soak.dice.choice(children).kill()


def freeze(soak: Soak) -> None:
    """Stop a process for some seconds, as a busy machine does; its children go on."""
    if running := _processes(soak):
        with suppress(psutil.Error):
            chosen = soak.dice.choice(running)
            try:
                chosen.suspend()
                time.sleep(soak.dice.uniform(1, 4))
            finally:
                chosen.resume()


def freeze_groups(soak: Soak) -> None:
    """Stop one process or all, with their children, for an instant or far beyond the quiet time."""
    running = _processes(soak)
    if running and soak.dice.random() < 0.6:
        running = [soak.dice.choice(running)]
    try:
        _signal_groups(running, signal.SIGSTOP)
        time.sleep(soak.dice.choice([0.1, 0.5, soak.dice.uniform(2, 12)]))
    finally:
        _signal_groups(running, signal.SIGCONT)


def _signal_groups(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def end_process(soak: Soak) -> None:
    """SIGTERM: the supervisor starts it again."""
    if running := _processes(soak):
        with suppress(psutil.Error):
            soak.dice.choice(running).terminate()


def wipe_redis(soak: Soak) -> None:
    """FLUSHALL."""
    with suppress(redis.RedisError), redis.Redis.from_url(soak.redis_url) as queue:
        queue.flushall()


def cut_connections(soak: Soak) -> None:
    """Redis drops all its clients."""
    with (
        suppress(redis.RedisError),
        redis.Redis.from_url(soak.redis_url) as queue,
        keeper(queue) as own,
    ):
        own.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


def block_index(soak: Soak) -> None:
    """The block of the disk's flood stage, for some seconds."""
    client, index = soak.container.client, soak.container.settings.index
    for block in (True, None):
        client.indices.put_settings(
            index=index, settings={"index.blocks.read_only_allow_delete": block}
        )
        time.sleep(soak.dice.uniform(1, 5) if block else 0)


def _kill_service(soak: Soak, name: str, longest: float) -> None:
    assert soak.own
    psutil.Process(services.running(soak.own.data)[name].pid).kill()
    time.sleep(soak.dice.uniform(0.5, longest))
    services.start(soak.own, [name])


def kill_redis(soak: Soak) -> None:
    """SIGKILL without persistence, back after a while."""
    _kill_service(soak, "redis", 10)


def kill_elasticsearch(soak: Soak) -> None:
    """Stop it hard, back after a while."""
    assert soak.own
    services.stop(soak.own.data, ["elasticsearch"], timeout=0)
    time.sleep(soak.dice.uniform(0.5, 20))
    services.start(soak.own, ["elasticsearch"])


def freeze_service(soak: Soak) -> None:
    """Redis or Elasticsearch takes connections and says nothing, for some seconds."""
    assert soak.own
    endpoints = services.running(soak.own.data)
    chosen = endpoints.get(soak.dice.choice(sorted(services.NAMES)))
    if chosen and chosen.pid:
        with suppress(psutil.Error):
            process = psutil.Process(chosen.pid)
            process.suspend()
            time.sleep(soak.dice.uniform(1, 8))
            process.resume()


def lock_ledger(soak: Soak) -> None:
    """Somebody writes into the ledger by another program, and takes his time."""
    seconds = soak.dice.uniform(1, 20)
    with suppress(sqlite3.Error), closing(_ledger(soak)) as database:
        database.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)


def _ledger(soak: Soak) -> sqlite3.Connection:
    path = soak.container.ledger.path
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=1)


def break_ledger(soak: Soak) -> None:
    """It is overwritten, cut in half, replaced by a folder or by other tables, or deleted."""
    path = soak.container.ledger.path
    for aside in soak.container.ledger.aside():
        _remove(aside)  # whoever looked at it is done
    with suppress(OSError, sqlite3.Error):
        match soak.dice.choice(["garbage", "half", "folder", "tables", "gone"]):
            case "garbage":
                path.write_bytes(secrets.token_bytes(5000))
            case "half":
                os.truncate(path, path.stat().st_size // 2)
            case "folder":
                _remove(path)
                (path / "darin").mkdir(parents=True)
            case "tables":
                _remove(path)
                with closing(sqlite3.connect(path)) as database:
                    database.execute("CREATE TABLE fates (number INTEGER)")
            case _:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def remove_run(soak: Soak) -> None:
    """``rm -rf data/run`` while everything runs."""
    shutil.rmtree(soak.container.folders.run, ignore_errors=True)


def fill_redis(soak: Soak) -> None:
    """No memory left: every write is answered with an error."""
    with suppress(redis.RedisError), redis.Redis.from_url(soak.redis_url) as queue:
        try:
            configure(queue, "maxmemory", "1")
            time.sleep(soak.dice.uniform(1, 6))
        finally:
            configure(queue, "maxmemory", "0")


def say_nonsense(soak: Soak) -> None:
    """Messages that are none, for batches that are gone, and the same twice."""
    dice, app = soak.dice, soak.container.app
    with suppress(redis.RedisError), redis.Redis.from_url(soak.redis_url) as queue:
        for name in (soak.container.names.own, soak.container.names.documents):
            queue.lpush(name, dice.choice(NONSENSE))
    batches = [batch.name for batch in soak.container.spool.batches()][:3]
    with suppress(Exception):  # Redis may be away: then nothing is said
        for batch in [*batches, *batches, "no-such-batch"]:
            app.send_task(INTAKE_BATCH, [batch], retry=False)
        app.send_task(ENRICH_DOCUMENTS, [["no-such-id", secrets.token_hex(4)]], retry=False)


def cut_to_redis(soak: Soak) -> None:
    """Some of the connections are reset."""
    if soak.redis_proxy:
        soak.redis_proxy.cut(0.5, soak.dice)


def slow_redis(soak: Soak) -> None:
    """Each request takes 200 ms."""
    if soak.redis_proxy:
        soak.redis_proxy.delay = 0.2
        time.sleep(soak.dice.uniform(2, 8))
        soak.redis_proxy.delay = 0.0


def refuse_redis(soak: Soak) -> None:
    """Nobody gets through to Redis for some seconds."""
    if soak.redis_proxy:
        soak.redis_proxy.refuse(True)
        time.sleep(soak.dice.uniform(1, 8))
        soak.redis_proxy.refuse(False)


def bad_answers(soak: Soak) -> None:
    """Elasticsearch answers every other request with nonsense, for some seconds."""
    if soak.elasticsearch_proxy:
        soak.elasticsearch_proxy.healed = False
        time.sleep(soak.dice.uniform(4, 12))
        soak.elasticsearch_proxy.healed = True


def fill_disk(soak: Soak) -> None:
    """Not a byte is left on the data folder's disk; nobody drops anything meanwhile."""
    if not soak.small_disk:
        return
    ballast = soak.container.settings.data / "ballast"
    with soak.feed.dropping, suppress(OSError):
        try:
            with ballast.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(bytes(min(1 << 20, 1 + shutil.disk_usage(ballast).free))):
                    pass
            time.sleep(soak.dice.uniform(1, 8))
        finally:
            ballast.unlink(missing_ok=True)


KILLS: list[Fault] = [kill_process, kill_child, kill_child]
SHARED: list[Fault] = [
    *(*KILLS, freeze, freeze_groups, end_process, wipe_redis, cut_connections, block_index),
    *(fill_redis, say_nonsense, lock_ledger, break_ledger, remove_run),
]
ALL: list[Fault] = [
    *(*SHARED, *SHARED, kill_redis, kill_redis, kill_elasticsearch, freeze_service),
    *(cut_to_redis, slow_redis, refuse_redis, bad_answers, bad_answers, fill_disk, fill_disk),
]
