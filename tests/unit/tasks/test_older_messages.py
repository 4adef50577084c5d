"""Messages as 0.1.0 left them in Redis, recorded: what may still wait there is still worked."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tasks import broker, envelope
from tasks.give_back import again
from tasks.names import QueueNames
from tasks.register import register_enrich, register_intake
from worker.reconcile.message import Message, decoded
from worker.reconcile.older import _QUEUES

#: Queue and message of each task, sent by 0.1.0's own client, publisher and by Celery alone.
_RECORDED = Path(__file__).with_name("messages_of_0_1_0.jsonl")
RECORDED = [json.loads(line) for line in _RECORDED.read_text("utf-8").splitlines()]

ARGUMENTS = [
    Message("intake.batch", ("20240619T120000.000001Z-0123abcd",)),
    Message("ingest.article", ()),
    Message("ingest.files", (["/srv/inbox/a.txt"],)),
    Message("ingest.article", ()),
    Message("enrich.documents", (["t-0011", "t-0022"], False)),
    Message("enrich.documents", (["t-0033"], True)),
]


class Work:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.done: list[object] = []

    def batch(self, name: str, *, before_others: bool = False) -> None:
        self.done.append(name)

    def sends_on(self, paths: Sequence[str], came_from: str) -> str:
        return ""

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        self.done.append(list(paths))
        return []

    def article(self, parts: dict[str, Any]) -> dict[str, Any]:
        self.done.append(parts["headline"])
        return {}

    def asked(self, question: str, said: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def documents(self, ids: Sequence[str], careful: bool, request: int) -> None:
        self.done.append((list(ids), careful, request))


@pytest.mark.parametrize(("queue", "message"), RECORDED)
def test_it_comes_through_whole(queue: str, message: dict[str, Any]) -> None:
    whole, passed_over = envelope.plain(message, queue)
    assert passed_over == []
    assert whole["headers"]["task"] == message["headers"]["task"]
    assert queue in {*QueueNames().of_intake, *QueueNames().of_enrich}


def test_it_is_worked() -> None:
    """By the tasks of today, with its own arguments."""
    app, work = broker.connect("redis://127.0.0.1:1"), Work()
    register_intake(app, work, 10.0)
    register_enrich(app, work, 10.0)
    for queue, message in RECORDED:
        whole, _ = envelope.plain(message, queue)
        args, keywords, _ = json.loads(base64.b64decode(whole["body"]))
        app.tasks[whole["headers"]["task"]](*args, **keywords)
    assert work.done == [
        "20240619T120000.000001Z-0123abcd",
        "Neue Brücke",
        ["/srv/inbox/a.txt"],
        "Nur Celery",
        (["t-0011", "t-0022"], False, 0),
        (["t-0033"], True, 0),
    ]


def test_the_reconciler_knows_what_it_speaks_of_and_gives_it_back() -> None:
    for (queue, message), said in zip(RECORDED, ARGUMENTS, strict=True):
        waits, held = json.dumps(message).encode(), json.dumps([message, "", queue]).encode()
        assert decoded(waits) == decoded(held) == said
        moved_to, moved = again(held, _QUEUES.__contains__)
        assert (moved_to, decoded(moved)) == (queue, said)
