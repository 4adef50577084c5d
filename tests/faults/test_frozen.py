"""A process that is frozen, hangs or waits is seen from outside, wherever it runs."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

from tests.commands import Command
from tests.faults.outcome import article, assert_ended, drop, wait_until_ended
from tests.processes import Processes, wait_for
from worker.container import Container


def _workers(depesche: Command) -> dict[str, dict[str, Any]]:
    content = json.loads(depesche.run("status", "--json").stdout)
    return {worker["process"]: worker for worker in content["workers"]}


def test_a_frozen_watcher_is_unhealthy_and_status_says_that_nobody_works(
    container: Container, processes: Processes
) -> None:
    """SIGSTOP: it lives, holds its locks, and does nothing."""
    depesche = Command(processes)

    def healthy() -> bool:
        return depesche.run("health", "watch", "--within", "8").returncode == 0

    processes.start_all()

    def started() -> bool:
        """Whoever still starts may be silent for minutes."""
        doing = {name: seen["doing"] for name, seen in _workers(depesche).items()}
        return len(doing) == 3 and "starts" not in doing.values()

    wait_for(started, "the three processes")
    for name in ("watch", "intake", "enrich"):
        assert depesche.run("health", name).returncode == 0
    assert depesche.run("status").returncode == 0
    processes.signal("watch", signal.SIGSTOP)
    dropped = {"neu.txt": article("neu")}
    drop(container, dropped)
    wait_for(lambda: not healthy(), "the watcher to be unhealthy")
    wait_for(lambda: depesche.run("status").returncode == 1, "status to say that nobody works")
    said = depesche.run("status").stdout
    assert said.startswith("Waiting, and no worker runs for it: 1 file to be claimed (`watch`)")
    assert "Start `watch`" in said
    seen = _workers(depesche)
    assert seen["watch"]["fault"].startswith("silent for")
    assert seen["intake"]["lives"]
    assert seen["enrich"]["lives"]
    processes.signal("watch", signal.SIGCONT)
    wait_for(healthy, "the watcher to be well again")
    wait_until_ended(container, 1)
    assert_ended(container, dropped)


def test_work_that_nobody_does_is_told_at_once_after_a_kill(
    container: Container, processes: Processes
) -> None:
    depesche = Command(processes)
    processes.start("watch")
    wait_for(lambda: depesche.run("health", "watch").returncode == 0, "a watcher")
    drop(container, {"neu.txt": article("neu")})
    wait_for(lambda: len(container.spool) == 1, "the file to be claimed")
    said = depesche("status", status=1)
    assert "no worker runs for it: 1 file to be indexed (`intake`)" in said
    assert "`intake` was never seen" in said
    processes.kill("watch")
    assert "`watch` on" in depesche("status", status=1)
    assert _workers(depesche)["watch"]["fault"] == "has ended"


def test_whoever_waits_says_for_what_on_every_host_that_shares_redis(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    """The enrich worker has a data folder of its own, as on another machine."""
    depesche = Command(processes)
    nowhere = "https://127.0.0.1:9"
    processes.start("watch", DEPESCHE_ELASTICSEARCH_URL=nowhere)
    processes.start("intake", DEPESCHE_ELASTICSEARCH_URL=nowhere)
    processes.start("enrich", DEPESCHE_DATA=str(tmp_path / "anderswo"))
    drop(container, {"neu.txt": article("neu")})

    def waiting() -> bool:
        seen = _workers(depesche)
        return {"watch", "intake", "enrich"} <= seen.keys() and (
            seen["watch"]["doing"] == seen["intake"]["doing"] == "waits"
        )

    wait_for(waiting, "the watcher and the intake worker to wait")
    seen = _workers(depesche)
    for name in ("watch", "intake"):
        assert "Elasticsearch" in seen[name]["what"]
        assert seen[name]["lives"], "to wait is no fault"
    assert seen["enrich"]["lives"]
    assert depesche.run("health", "intake").returncode == 0
    assert depesche.run("health", "enrich").returncode == 1, "not in this folder"

    processes.kill("intake")
    processes.start("intake", DEPESCHE_REDIS_URL="redis://127.0.0.1:9/0")
    away = Command(processes, DEPESCHE_REDIS_URL="redis://127.0.0.1:9/0")

    def told_without_redis() -> bool:
        told = _workers(away).get("intake", {})
        return bool(told.get("lives")) and "Redis does not answer" in told["what"]

    wait_for(told_without_redis, "the intake worker to wait for Redis, seen on disk")
