"""Messages that come twice, at the same time, too late, wrong, or from somewhere else."""

from __future__ import annotations

import base64
import json
import pickle
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.faults.outcome import article, assert_ended, drop, in_spool, wait_until_ended
from tests.faults.poison import pipeline
from tests.processes import Processes, states, wait_for
from worker.container import Container
from worker.enrichment.debouncer import SECONDS

ARTICLES = 48


@pytest.fixture
def queue(container: Container) -> Iterator[redis.Redis]:
    """The Redis of the test."""
    assert container.settings.redis_url
    with redis.Redis.from_url(container.settings.redis_url.get_secret_value()) as client:
        yield client


@pytest.fixture
def second(container: Container) -> Iterator[Processes]:
    """A second set of workers beside the first."""
    running = Processes(container)
    yield running
    running.end()


def _seen(container: Container) -> dict[str, tuple[Any, Any]]:
    """Version of every document."""
    container.client.indices.refresh(index=container.settings.index)
    answer = container.client.search(
        index=container.settings.index, size=1000, seq_no_primary_term=True, source=False
    )
    return {hit["_id"]: (hit["_seq_no"], hit["_primary_term"]) for hit in answer["hits"]["hits"]}


def _at_rest(container: Container) -> dict[str, tuple[Any, Any]]:
    """The same once the second look at stories, which comes seconds later, has changed its last."""
    before: dict[str, tuple[Any, Any]] = {}
    while (seen := _seen(container)) != before:
        before = seen
        time.sleep(3 * SECONDS)
    return seen


def _double_and_turn(queue: redis.Redis, name: str) -> list[bytes]:
    """Put every message in twice more, the last first; what was there."""
    waiting: Any = queue.lrange(name, 0, -1)
    assert waiting
    queue.lpush(name, *waiting)
    queue.rpush(name, *reversed(waiting))
    return list(waiting)


def test_twice_at_the_same_time_out_of_order_and_late(
    container: Container,
    processes: Processes,
    second: Processes,
    queue: redis.Redis,
    tmp_path: Path,
) -> None:
    model, names = pipeline(tmp_path), container.names
    dropped = {f"{number:03}.txt": article(number) for number in range(ARTICLES)}
    drop(container, dropped)
    processes.start("watch", DEPESCHE_BATCH_FILES="8")
    wait_for(lambda: len(in_spool(container)) == ARTICLES, "all claimed")
    batches = len(container.spool.batches())
    wait_for(lambda: queue.llen(names.own) >= batches, "a message for each")
    late = _double_and_turn(queue, names.own)
    processes.kill("watch")  # no reconciler: what is done is done by these messages
    for workers in (processes, second):
        workers.start("intake", DEPESCHE_ENRICH_BATCH="8")
    wait_for(
        lambda: states(container)["pending"] == ARTICLES and not in_spool(container), "indexed"
    )
    late_for_enrich = _double_and_turn(queue, names.documents)
    for workers in (processes, second):
        workers.start("enrich", **model)
    wait_until_ended(container, ARTICLES)
    assert_ended(container, dropped)
    wait_for(
        lambda: not queue.llen(names.documents) and not queue.exists(names.unacked), "all acked"
    )
    before = _at_rest(container)
    queue.lpush(names.own, *late)
    queue.lpush(names.documents, *late_for_enrich)
    after = {"nachher.txt": article("nachher")}
    processes.start("watch")
    drop(container, after)
    wait_until_ended(container, ARTICLES + 1)
    wait_for(
        lambda: not queue.llen(names.documents) and not queue.exists(names.unacked), "all acked"
    )
    assert_ended(container, dropped | after)
    assert {key: _seen(container)[key] for key in before} == before, (
        "a late message changed something"
    )


class Bomb:
    """Unpickled, it leaves a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def _message(body: str, content_type: str = "application/json", **headers: Any) -> dict[str, Any]:
    return {
        "body": body,
        "content-encoding": "binary" if content_type != "application/json" else "utf-8",
        "content-type": content_type,
        "headers": {"lang": "py", "task": "intake.batch", "id": "1", **headers},
        "properties": {
            "correlation_id": "1",
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": "intake"},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": f"tag-{len(body)}-{content_type}",
        },
    }


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _wrong(mark: Path) -> dict[str, bytes]:
    """Raw messages that are not ours, malformed, or worse."""
    empty = _b64(b"[[], {}, {}]")
    bomb = _b64(pickle.dumps([[Bomb(mark)], {}, {}]))
    whole = {
        "unknown task": _message(empty, task="no.such.task"),
        "no task": {**_message(empty), "headers": {}},
        "body is no base64": _message("***"),
        "body is no JSON": _message(_b64(b"{nothing")),
        "body is a number": _message(_b64(b"17")),
        "arguments are a number": _message(_b64(b"[17, 17, 17]")),
        "pickle": _message(bomb, "application/x-python-serialize"),
        "pickle called JSON": _message(bomb),
        "yaml": _message(_b64(b"!!python/object/apply:os.getpid []"), "application/x-yaml"),
        "unknown content type": _message(empty, "application/x-unknown"),
        "a path for a batch": _message(_b64(b'[["../../../etc"], {}, {}]')),
        "a number for a batch": _message(_b64(b"[[17], {}, {}]")),
        "no argument": _message(empty),
        "an object": {"hello": "world"},
        "no properties": {"body": empty, "headers": {"task": "intake.batch"}},
        "a list": [1, 2, 3],
        "null": None,
    }
    raw = {name: json.dumps(message).encode() for name, message in whole.items()}
    return raw | {"no JSON": b"GET / HTTP/1.1", "bytes": b"\xff\x00\xfe", "nothing": b""}


@pytest.mark.parametrize("worker", ["intake", "enrich"])
def test_messages_that_are_not_ours(
    container: Container, processes: Processes, queue: redis.Redis, tmp_path: Path, worker: str
) -> None:
    mark, names = tmp_path / "unpickled", container.names
    queues = {"intake": names.of_intake, "enrich": names.of_enrich}[worker]
    wrong = _wrong(mark)
    for name in queues:
        for raw in wrong.values():
            queue.lpush(name, raw)
    model = pipeline(tmp_path)
    started = {name: processes.start(name, **model) for name in ("watch", "intake", "enrich")}
    dropped = {f"{number}.txt": article(number) for number in range(5)}
    drop(container, dropped)
    wait_until_ended(container, len(dropped))
    assert_ended(container, dropped)
    assert not mark.exists(), "a pickle was read"
    wait_for(lambda: not any(queue.llen(name) for name in queues), "no message left")
    wait_for(lambda: not queue.exists(names.unacked), "no message comes back")
    refusals = processes.log(worker).count("message.refused")
    assert refusals >= 15 * len(queues), "each is refused aloud"
    for name, process in started.items():
        assert process.poll() is None, f"{name} has ended: {processes.log(name)[-3000:]}"


def test_an_older_worker_reads_newer_messages(
    container: Container, processes: Processes, queue: redis.Redis, tmp_path: Path
) -> None:
    """Without a watcher, so that no reconciler sends messages of the old kind."""
    drop(container, {"neu.txt": article("neu")})
    wait_for(lambda: container.watcher.scan() == 1, "claimed")
    queue.delete(container.names.own)
    (batch,) = container.spool.batches()
    newer = {"urgent": True, "trace": {"id": 1}}
    container.app.send_task("intake.batch", [batch.name, "more"], newer, queue=container.names.own)
    processes.start("intake")
    wait_for(lambda: states(container)["pending"] == 1 and not in_spool(container), "indexed")
    queue.delete(container.names.documents)
    ids = list(_seen(container))
    container.app.send_task(
        "enrich.documents", [ids, False, 0, "more"], newer, queue=container.names.documents
    )
    processes.start("enrich", **pipeline(tmp_path))
    wait_until_ended(container, 1)
    assert_ended(container, {"neu.txt": article("neu")})


MISTAKES: list[tuple[str, list[Any], dict[str, Any], str]] = [
    ("ingest.article", [], {"headline": "Ein Titel", "body": "Text.", "shout": True}, "shout"),
    ("ingest.article", ["Ein Titel", "Text.", "und was?"], {}, "by their names"),
    ("ingest.files", ["/etc/hostname"], {}, "list of paths"),
    ("ingest.files", [[]], {"move": True}, "move"),
]


def test_public_tasks_say_what_is_wrong(container: Container, processes: Processes) -> None:
    processes.start("intake")
    sent = [container.app.send_task(task, args, kwargs) for task, args, kwargs, _ in MISTAKES]
    for answer, (_, _, _, wrong) in zip(sent, MISTAKES, strict=True):
        with pytest.raises(Exception, match=wrong):
            answer.get(timeout=60)
    fine = container.app.send_task("ingest.article", [], {"headline": "Ein Titel", "body": "Text."})
    assert fine.get(timeout=60)["fate"] == "indexed"
