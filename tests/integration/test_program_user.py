"""What Redis lets who sends tasks do: what a program does, and nothing that holds up workers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from redis import Redis
from redis.exceptions import NoPermissionError

from depesche import Client
from tasks.client import connect
from tasks.names import QueueNames
from tasks.settings import Settings
from tests.processes import Processes
from tests.redis_servers import AS_EMBEDDED, Server
from worker.container import Container
from worker.services.redis_users import KEEPER, PROGRAM, PROGRAM_RIGHTS

ROOT = Path(__file__).parents[2]
PASSWORD = "0123456789abcdef"
#: As docs/programs.md has it: nothing of Depesche is imported.
BARE = """
import sys
from celery import Celery
app = Celery(broker=sys.argv[1], backend=sys.argv[1])
parts = {"headline": "Testfall"}
sent = [
    (app.send_task("ingest.article", kwargs=parts, queue=queue, priority=priority), parts)
    for queue in (None, "depesche.articles.intake") for priority in (0, 3, 6, 9)
]
for result, answer in [*sent, (app.send_task("ingest.files", [["/x"]]), [])]:
    assert result.get(timeout=60) == answer
    assert app.AsyncResult(result.id).state == "SUCCESS"
    result.forget()
    print(result.id)
app.send_task("ingest.article", kwargs=parts, queue="depesche.articles.hamburg.intake")
"""
#: What holds up everybody's work, reads what others sent, or answers in a worker's place.
REFUSED = (
    # what workers hold
    "HSET depesche.articles.unacked a b", "ZADD depesche.articles.unacked_index 0 a",
    "HDEL depesche.articles.unacked a", "ZREM depesche.articles.unacked_index a",
    "HVALS depesche.articles.unacked", "SET depesche.articles.unacked x", "HSET unacked a b",
    # queues: emptied, of another type, out of turn, those of workers, and what others wrote
    "DEL depesche.articles.intake", "UNLINK celery", "SET depesche.articles.intake x",
    "SADD celery x", "RENAME celery x", "COPY celery x", "EXPIRE celery 1", "WATCH celery",
    "RPUSH celery x", "LPUSH depesche.articles.enrich x", "LPUSH enrich x", "LPUSH intake x",
    "LPUSH x x", "LRANGE celery 0 -1", "BRPOP celery 1", "RPOP celery", "LPOP celery",
    "LREM celery 0 x", "LTRIM celery 1 0", "LINDEX celery 0", "LLEN depesche.articles.enrich",
    # what kombu keeps of them
    "SREM _kombu.binding.celery x", "DEL _kombu.binding.celery", "SMEMBERS _kombu.binding.celery",
    "SET _kombu.binding_permanent.depesche.articles.intake x", "LPUSH _kombu.binding.celery x",
    "SADD _kombu.binding.depesche.articles.enrich x",
    # heartbeats
    "SADD depesche.articles.alive x", "SET depesche.articles.alive:watch:host:1 x",
    "DEL depesche.articles.alive", "SMEMBERS depesche.articles.alive",
    "GET depesche.articles.alive:watch:host:1",
    # results
    "SET celery-task-meta-x x", "SETEX celery-task-meta-x 9 x", "LPUSH celery-task-meta-x x",
    "SADD celery-task-meta-x x", "PUBLISH celery-task-meta-x x", "PUBSUB CHANNELS",
    "PSUBSCRIBE celery-task-meta-*", "SUBSCRIBE other", "DEL celery-task-meta-x celery",
    "MGET celery-task-meta-x depesche.articles.alive:watch:host:1",
    # the server
    "FLUSHALL", "FLUSHDB", "KEYS *", "SCAN 0", "RANDOMKEY", "DBSIZE", "INFO", "TIME", "MONITOR",
    "CONFIG GET dir", "ACL WHOAMI", "CLIENT LIST", "CLIENT KILL TYPE normal", "CLIENT PAUSE 1",
    "BGREWRITEAOF", "EVAL return 0", "SHUTDOWN NOSAVE", "REPLICAOF 127.0.0.1 1",
    "SUNIONSTORE celery x x",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    his = f"user {PROGRAM} on >{PASSWORD} {PROGRAM_RIGHTS}"
    running = Server(tmp_path_factory.mktemp("of-programs") / "redis", *AS_EMBEDDED, his)
    yield running
    running.kill()


def address(server: Server) -> str:
    """As docs/programs.md has it."""
    return f"redis://{PROGRAM}:{PASSWORD}@127.0.0.1:{server.port}/0"


@pytest.fixture
def program(server: Server) -> Iterator[Redis]:
    with Redis.from_url(address(server)) as client:
        yield client


@pytest.fixture
def keeper(server: Server) -> Iterator[Redis]:
    with Redis(port=server.port, username=KEEPER, password="") as client:
        yield client
        client.flushall()


@pytest.fixture
def worker(server: Server, tmp_path: Path) -> Iterator[None]:
    """A genuine Celery worker, as the workers' own user."""
    argv = ("-m", "tests.security.workers", f"unix://{server.socket}", str(tmp_path / "alive"))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *argv], cwd=ROOT, stdout=log, stderr=log)
    yield
    process.terminate()
    process.wait(60)


@pytest.mark.parametrize("command", REFUSED)
def test_what_holds_up_others_is_refused(program: Any, command: str) -> None:
    """Red before: there was no user but the workers' own."""
    with pytest.raises(NoPermissionError):
        program.execute_command(*command.split())


def test_nor_is_it_done_among_what_is_allowed(program: Any, keeper: Redis) -> None:
    keeper.lpush("celery", "a message of somebody else's")
    for command in ("DEL", "UNLINK"):
        with program.pipeline() as steps:
            steps.llen("celery")
            steps.execute_command(command, "celery")
            with pytest.raises(NoPermissionError):
                steps.execute()
    assert keeper.llen("celery") == 1


@pytest.mark.usefixtures("worker")
def test_who_has_celery_alone_sends_and_waits_and_forgets(server: Server, keeper: Redis) -> None:
    """By a task's name, to queues of any index and site, of every priority."""
    keeper.config_resetstat()
    done = subprocess.run(
        [sys.executable, "-c", BARE, address(server)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    ids = done.stdout.split()
    assert len(ids) == 9
    assert not keeper.exists(*(f"celery-task-meta-{id_}" for id_ in ids))
    assert keeper.llen(QueueNames().of("hamburg")) == 1
    # What he may add to what kombu keeps of queues leads nobody anywhere.
    assert "cmdstat_smembers" not in keeper.info("commandstats")


def test_no_answer_and_no_look_is_a_time_that_has_passed(server: Server, tmp_path: Path) -> None:
    """He may not look for others' messages, so he is told of no loss, and of no fault."""
    client = Client(Settings(data=tmp_path / "data", redis_url=SecretStr(address(server))))
    with pytest.raises(TimeoutError):
        client.ingest_article(headline="Testfall").get(timeout=0.5)


def test_the_front_door_does_all_that_it_does(
    server: Server, container: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPESCHE_INDEX", container.settings.index)
    files = [tmp_path / f"{number}.txt" for number in range(2)]
    for number, file in enumerate(files):
        file.write_text(f"Ein Brief {number}\n\nAus Kiel.", encoding="utf-8")
    workers = SecretStr(f"unix://{server.socket}")
    parts = Container(container.settings.model_copy(update={"redis_url": workers}))
    running = Processes(parts)
    running.start("intake", DEPESCHE_INGEST_FOLDERS=str(tmp_path))
    try:
        his = SecretStr(address(server))
        client = Client(container.settings.model_copy(update={"redis_url": his}))
        assert client.ingest_article(headline="Eins", body="A.").get(120).fate == "indexed"
        many = client.ingest_articles([{"headline": "Zwei"}, {"headline": "Drei"}])
        assert [item.fate for item in many] == ["indexed", "indexed"]
        assert [item.fate for item in client.ingest_files(files[:1]).get(120)] == ["indexed"]
        told: list[str] = []
        copied = client.copy_files(files[1:]).wait(timeout=120, hindered=told.append)
        assert ([item.fate for item in copied], told) == (["indexed"], [])
        assert client.drop_article(headline="Vier").suffix == ".json"
        sent = connect(address(server)).ingest_article(headline="Fünf")
        assert sent.get(timeout=120)["fate"] == "indexed"
    finally:
        running.end()
