"""SIGTERM and Ctrl-C at any time: an end within 30 s, nothing left running, nothing lost."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.faults.whole import Up, ours
from tests.processes import Processes, assert_all_settled, settled, states, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE

ARTICLES = 24
WITHIN = 30.0


def end(process: subprocess.Popen[bytes], number: signal.Signals) -> float:
    """Send the signal; seconds until the process has ended."""
    start = time.monotonic()
    process.send_signal(number)
    process.wait(WITHIN)
    return time.monotonic() - start


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "ctrl-c"])
def test_each_process_ends_and_goes_on(
    container: Container,
    processes: Processes,
    drop: Callable[[int], list[str]],
    number: signal.Signals,
) -> None:
    names = drop(ARTICLES)
    settings = {"DEPESCHE_ENRICH_BATCH": "4", "DEPESCHE_LEASE_SECONDS": "5"}
    running = {name: processes.start(name, **settings) for name in ("watch", "intake", "enrich")}
    wait_for(lambda: states(container)["enriched"] > 0, "the first enriched articles")
    for name, process in running.items():
        print(f"{name} ended after {end(process, number):.1f} s")
    assert not [p for p in ours(container.settings.data) if p.status() != psutil.STATUS_ZOMBIE]
    assert "shutdown" not in processes.log("enrich")
    processes.start_all(**settings)
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    assert_all_settled(container, names)


@pytest.mark.parametrize("point", ["enrich.read", "intake.indexed"])
def test_work_that_does_not_end_is_given_up(
    container: Container,
    processes: Processes,
    drop: Callable[[int], list[str]],
    tmp_path: Path,
    point: str,
) -> None:
    names = drop(4)
    stuck = {ARMED: f"{point}:hold", ONCE: str(tmp_path), "DEPESCHE_LEASE_SECONDS": "5"}
    running = {name: processes.start(name, **stuck) for name in ("watch", "intake", "enrich")}
    wait_for((tmp_path / point).exists, "work that does not end")
    seconds = end(running[point.split(".", maxsplit=1)[0]], signal.SIGTERM)
    print(f"given up after {seconds:.1f} s")
    processes.start(point.split(".", maxsplit=1)[0], **stuck)
    wait_for(lambda: settled(container, 4), "all articles enriched")
    assert_all_settled(container, names)


def test_up_ends_at_any_time_and_leaves_nothing(
    container: Container, up: Up, drop: Callable[[int], list[str]]
) -> None:
    names = drop(ARTICLES)
    run = container.settings.data / "run"
    moments: dict[str, Callable[[], bool]] = {
        "its first step": (run / "depesche.json").exists,
        "a starting service": (run / "redis.json").exists,
        "a starting worker": lambda: up.workers() > 0,
        "work": lambda: states(container)["enriched"] > 0,
    }
    for number, (moment, come) in enumerate(moments.items()):
        process = up.start()
        wait_for(come, moment)
        signal_ = (signal.SIGTERM, signal.SIGINT)[number % 2]
        print(f"up ended after {end(process, signal_):.1f} s, at {moment}")
        assert ours(container.settings.data) == []
    process = up.start()
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    end(process, signal.SIGINT)
    assert ours(container.settings.data) == []
    assert_all_settled(container, names)
    assert "Traceback" not in up.log.read_text(), "neither of `up` nor of a child"


def test_a_killed_up_leaves_no_workers_and_the_next_goes_on(
    container: Container, up: Up, drop: Callable[[int], list[str]]
) -> None:
    names = drop(ARTICLES)
    first = up.start()
    wait_for(lambda: up.workers() == 3, "running workers")
    first.kill()
    first.wait()
    took = wait_for(lambda: up.workers() == 0, "the workers' end", WITHIN)
    print(f"no workers {took:.1f} s after the supervisor's death")
    up.run("up", "--detach")
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    up.run("down")
    assert ours(container.settings.data) == []
    assert_all_settled(container, names)
