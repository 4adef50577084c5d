"""The release before and this one together, on one index, one Redis and one data folder.

As docs/operations.md says how to go from one to the next, but for the kills. 0.1.0 is taken out of
the repository's history and runs on the packages of today; it speaks no TLS with a private
authority, so that it reaches Elasticsearch through a front.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from pydantic import SecretStr

from tasks.settings import Settings
from tests.commands import Command
from tests.faults.outcome import article, documents, drop, status
from tests.processes import Processes, files_in, states, wait_for
from tests.redis_servers import Server
from tests.tls import ClearFront
from worker.container import Container

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]

#: The commit that gave the changelog's section of 0.1.0 its date.
RELEASE = "67604411"
ROOT = Path(__file__).parents[2]
#: A traceback through the code of today; 0.1.0 has some where a migration holds its writes off.
_OUR_FAULT = re.compile(rf'File "{re.escape(str(ROOT))}/(?!\.venv)')
#: Articles that come by message.
SENT = 3
OLD_QUEUES = ("intake", "enrich", "celery", "unacked", "unacked_index")
#: Small, so that some messages always wait; and what a killed worker of 0.1.0 held comes back soon.
SETTINGS = {"DEPESCHE_ENRICH_BATCH": "4", "DEPESCHE_LEASE_SECONDS": "10"}


class Release:
    """How a process of 0.1.0 is started: its environment."""

    def __init__(self, code: Path, elasticsearch: str) -> None:
        self.environment = {
            **SETTINGS,
            "PYTHONPATH": str(code),
            "PYTHONSAFEPATH": "1",  # not the code of the working folder
            "DEPESCHE_ELASTICSEARCH_URL": elasticsearch,
        }

    def start(self, host: Processes, *names: str) -> None:
        """Start these processes of it."""
        for name in names:
            host.start(name, **self.environment)


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """On a Redis that 0.1.0 can reach: with a port, and without a password."""
    server = Server(tmp_path / "redis")
    url = SecretStr(f"redis://127.0.0.1:{server.port}/0")
    yield settings.model_copy(update={"redis_url": url, "site": "hamburg"})
    server.kill()


@pytest.fixture
def older(settings: Settings, tmp_path: Path) -> Iterator[Release]:
    """0.1.0, and nothing of today's but the packages."""
    archive = subprocess.run(
        ["git", "-C", ROOT, "archive", RELEASE], capture_output=True, check=False
    )
    if archive.returncode:
        pytest.skip("the repository's history is not there, or not so far back")
    code = tmp_path / "0.1.0"
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as content:
        content.extractall(code, filter="data")
    assert settings.elasticsearch_url
    url = settings.elasticsearch_url.get_secret_value().partition(",")[0]
    if not settings.elasticsearch_ca:
        yield Release(code, url)
        return
    parts = urlsplit(url)
    front = ClearFront(parts.port or 9200, settings.elasticsearch_ca)
    login = f"{parts.username}:{parts.password}@" if parts.username else ""
    yield Release(code, f"http://{login}127.0.0.1:{front.port}")
    front.close()


class World:
    """A data folder of both releases, and a host elsewhere; what was dropped, by name."""

    def __init__(self, settings: Settings, older: Release, elsewhere: Path) -> None:
        self.older, self.dropped = older, dict[str, bytes]()
        self.site, self.elsewhere = (
            Processes(Container(settings.model_copy(update={"data": data})))
            for data in (settings.data, elsewhere)
        )
        self.container = self.site.container
        for host in (self.site, self.elsewhere):
            host.container.folders  # noqa: B018
        assert settings.redis_url
        self.queue = redis.Redis.from_url(settings.redis_url.get_secret_value())

    def drop(self, mark: str, count: int) -> None:
        """Drop so many articles that no other mark has."""
        contents = {f"{mark}{number}.txt": article(f"{mark}{number}") for number in range(count)}
        self.dropped |= contents
        drop(self.container, contents)

    def send(self, count: int) -> None:
        """Send articles as a program of 0.1.0 does."""
        for number in range(count):
            told = {"headline": f"Gesendet {number}", "body": "In Kiel tagte Petra Lindenau."}
            self.container.app.send_task("ingest.article", kwargs=told, queue="intake")

    def notes(self) -> dict[str, list[str]]:
        """What `status` notes, by kind."""
        return {note["kind"]: note["items"] for note in status(self.site)["notes"]}

    def pipelines(self) -> dict[str, int]:
        """Documents by the version of the pipeline that read them."""
        index, of = self.container.settings.index, {"terms": {"field": "enrichment.pipeline"}}
        self.container.client.indices.refresh(index=index)
        answer = self.container.client.search(index=index, size=0, aggs={"of": of})
        return {b["key"]: b["doc_count"] for b in answer["aggregations"]["of"]["buckets"]}


@pytest.fixture
def world(settings: Settings, older: Release, tmp_path: Path) -> Iterator[World]:
    """With an index that 0.1.0 made."""
    made = World(settings, older, tmp_path / "elsewhere")
    subprocess.run(
        [sys.executable, "-m", "worker.cli", "index", "create"],
        env={**os.environ, **made.site.environment(), **older.environment},
        check=True,
        timeout=300,
    )
    yield made
    for host in (made.site, made.elsewhere):
        host.end()
    client = made.container.client
    for name in client.indices.get(index=f"{settings.index}-*"):
        client.indices.delete(index=name)
    client.close()


def _until(condition: Callable[[], bool], what: str) -> None:
    wait_for(condition, what, 600)


def _left_by_0_1_0(world: World) -> None:
    """Killed at work: messages wait, one is held, documents are pending, a batch is claimed."""
    world.older.start(world.site, "watch", "intake", "enrich")
    world.drop("before", 60)
    _until(lambda: states(world.container)["enriched"] >= 8, "0.1.0 to be at work")
    for name in ("enrich", "intake"):
        world.site.kill(name)
    world.send(SENT)
    world.drop("waiting", 10)
    _until(lambda: not files_in(world.container.folders.inbox), "its claim")
    world.site.kill("watch")
    left = {name: world.queue.llen(name) for name in ("intake", "enrich")}
    print("left by 0.1.0:", left, "held:", world.queue.hlen("unacked"), states(world.container))
    assert left["intake"] > 0
    assert states(world.container)["pending"] > 0


def _gone_on(world: World) -> None:
    """By this release, in that one's place; elsewhere that one goes on reading for a while."""
    world.older.start(world.elsewhere, "enrich")
    for name in ("watch", "intake", "enrich"):
        world.site.start(name, **SETTINGS)
    world.drop("beside", 10)
    _until(lambda: "older_workers" in world.notes(), "the older worker to be told of")
    assert any(name.startswith("enrich on ") for name in world.notes()["older_workers"])
    for step in ("migrate", "create"):
        Command(world.site)("index", step)
    world.drop("migrated", 20)
    for name in ("enrich", "intake", "watch"):
        world.site.kill(name)
        world.site.start(name, **SETTINGS)
        world.drop(f"killed-{name}", 4)
    total = len(world.dropped) + SENT
    _until(lambda: states(world.container) == Counter(enriched=total), "all to be enriched")
    _until(lambda: not files_in(world.container.folders.spool), "the spool to be empty")
    _until(lambda: not world.queue.exists(*OLD_QUEUES), "the old queues to be empty")
    world.elsewhere.end()
    assert "older_workers" not in world.notes()


def test_old_and_new_workers_side_by_side(world: World) -> None:
    _left_by_0_1_0(world)
    _gone_on(world)

    # Each once, with its own bytes, and nothing failed.
    folders, dropped = world.container.folders, world.dropped
    assert {name: (folders.archive / name).read_bytes() for name in dropped} == dropped
    assert len(files_in(folders.archive)) == len(dropped) + SENT
    assert files_in(folders.failed) == []
    told = Counter(path for path, _ in documents(world.container).elements())
    assert set(told.values()) == {1}
    assert told.keys() >= dropped.keys()

    # What 0.1.0 has read is read again, and its documents learn their site.
    print("read by:", world.pipelines())
    Command(world.site)("reenrich")
    _until(lambda: len(world.pipelines()) == 1, "one pipeline to have read all")
    assert Command(world.site).run("verify", "--repair").returncode == 0
    Command(world.site)("verify")
    logs = [world.site.log(name) for name in ("watch", "intake", "enrich")]
    assert not [log for log in (*logs, world.elsewhere.log("enrich")) if _OUR_FAULT.search(log)]
