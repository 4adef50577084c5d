"""What `up` runs comes back by itself, and `down` ends it, whatever is killed and removed."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable

from tests.faults.whole import Up, ours
from tests.processes import assert_all_settled, settled, states, wait_for
from worker import services
from worker.container import Container

ARTICLES = 24


def test_killed_redis_removed_run_folder_second_up_and_down_without_a_file(
    container: Container, up: Up, drop: Callable[[int], list[str]]
) -> None:
    data = container.settings.data
    names = drop(ARTICLES)
    first = up.start()
    wait_for(lambda: up.workers() == 3, "running workers")
    before = services.running(data)["redis"]
    assert before.pid
    os.kill(before.pid, signal.SIGKILL)
    shutil.rmtree(data / "run")
    assert up.start().wait(60) == 2, "a second one is refused, though its folder is gone"
    wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    after = services.running(data)["redis"]
    assert after.url == before.url
    assert after.pid != before.pid
    assert (data / "run" / "depesche.json").exists()
    assert first.poll() is None

    first.kill()
    first.wait()
    shutil.rmtree(data / "run")
    up.run("down")
    assert ours(data) == []
    assert_all_settled(container, names)
    assert states(container)["enriched"] == ARTICLES
