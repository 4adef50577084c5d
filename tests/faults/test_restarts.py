"""Workers that are killed while a service hangs: no article is suspected for it."""

from __future__ import annotations

import os
import signal
from collections import Counter

import pytest

from tests import evidence
from tests.faults.outcome import article, drop
from tests.faults.proxy import Proxy
from tests.processes import Processes, files_in, paths_in_index, wait_for
from worker.container import Container
from worker.spool import attempts
from worker.spool.attempts import LIMIT
from worker.spool.spool import Batch


@pytest.fixture
def hanging(container: Container) -> Proxy:
    """In front of Elasticsearch: takes every request and answers none."""
    url = container.settings.elasticsearch_url
    assert url
    proxy = Proxy(url.get_secret_value())
    proxy.delay = 3600.0
    return proxy


def _batch(container: Container) -> Batch:
    (batch,) = container.spool.batches()
    return batch


def _waits(batch: Batch, times: int) -> bool:
    """Whether somebody holds the batch and has read of it: what comes then waits for the proxy.

    After the first time file by file: as many tries as times, and none of them still reads.
    """
    tries, survived = attempts.counted(batch.attempts), attempts.counted(batch.survived)
    with batch.owned() as free:
        read = (batch.folder / "tried").exists() and sum(tries.values()) == times
        return not free and read and tries == survived


def test_killed_again_and_again_while_elasticsearch_hangs(
    container: Container, processes: Processes, hanging: Proxy
) -> None:
    names = [f"{number}.txt" for number in range(3)]
    drop(container, {name: article(name) for name in names})
    processes.start("watch")
    wait_for(lambda: len(container.spool) == 1, "the batch")
    wait_for(lambda: len(files_in(container.folders.spool)) >= len(names), "all files in it")
    processes.kill("watch")
    batch = _batch(container)
    for times in range(LIMIT + 2):
        container.publisher.intake(batch.name)
        intake = processes.start("intake", DEPESCHE_ELASTICSEARCH_URL=hanging.url)
        wait_for(lambda times=times: _waits(batch, times), "a request that is not answered")  # type: ignore[misc]
        os.killpg(intake.pid, signal.SIGKILL)
        intake.wait()
        hanging.cut()
    processes.start("watch")
    processes.start("intake")
    wait_for(lambda: files_in(container.folders.archive) == names, "all archived", 60)
    evidence.judged(names, files_in(container.folders.archive), paths_in_index(container))
    assert files_in(container.folders.failed) == []
    assert paths_in_index(container) == Counter(names)
