"""What the client of programs sends: through Celery's transport in memory."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from kombu.transport.memory import Channel

from articles.errors import UsageError
from tasks import broker
from tasks.client import Client, connect
from tasks.names import INTAKE_ARTICLE, INTAKE_FILES


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> tuple[Client, str]:
    """A client, and the queue that all it sends goes into."""
    queue = f"unit-{uuid4().hex}"
    app = broker.connect("redis://127.0.0.1:1")
    app.conf.update(broker_url="memory://", broker_transport=None)
    app.conf.result_backend = "cache+memory://"
    app.conf.task_routes = dict.fromkeys((INTAKE_FILES, INTAKE_ARTICLE), queue)
    return Client(app), queue


def _message(queue: str) -> tuple[str, list[Any], dict[str, Any]]:
    raw = Channel.queues[queue].get_nowait()
    args, kwargs, _ = json.loads(base64.b64decode(raw["body"]))
    return raw["headers"]["task"], args, kwargs


def test_files_are_sent_by_their_paths(sent: tuple[Client, str]) -> None:
    client, queue = sent
    client.ingest_files([Path("/data/a.txt"), "/data/b.txt"])
    assert _message(queue) == (INTAKE_FILES, [["/data/a.txt", "/data/b.txt"]], {})


def test_an_article_is_sent_by_its_parts_and_no_more(sent: tuple[Client, str]) -> None:
    client, queue = sent
    client.ingest_article(headline="Testfall", body="Ein Satz.")
    expected = {"headline": "Testfall", "body": "Ein Satz."}
    assert _message(queue) == (INTAKE_ARTICLE, [], expected)


def test_a_wrong_argument_is_told_before_anything_is_sent(sent: tuple[Client, str]) -> None:
    client, queue = sent
    with pytest.raises(UsageError):
        client.ingest_article(titel="Testfall")
    assert queue not in Channel.queues


def test_a_client_speaks_to_the_redis_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPESCHE_REDIS_URL", "redis://127.0.0.1:1/7")
    assert isinstance(connect(), Client)
    monkeypatch.setenv("DEPESCHE_REDIS_URL", "http://x")
    with pytest.raises(UsageError, match="DEPESCHE_REDIS_URL"):
        connect()


_HELD_TO_THE_END = """
from tasks import broker
from tasks.client import Client

def forget(*_):
    raise ImportError("sys.meta_path is None, Python is likely shutting down")

app = broker.connect("redis://127.0.0.1:1")
app.conf.update(broker_url="memory://", broker_transport=None)
app.conf.result_backend = "cache+memory://"
receipt = Client(app).ingest_article(headline="Testfall")
receipts = Client(app).ingest_files(["a.txt"])
receipt.backend.remove_pending_result = forget
"""


def test_a_result_held_to_the_end_of_the_program_asks_nothing_more() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HELD_TO_THE_END],
        cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert not done.stderr


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_no_answer_ends_the_program_that_waits_for_it(name: str) -> None:
    """Red before: whoever writes results ended programs, with 0 as if all were well."""
    app = broker.connect("redis://127.0.0.1:1")
    answer = {"exc_type": name, "exc_module": "builtins", "exc_message": [0]}
    error = app.backend.exception_to_python(answer)
    assert isinstance(error, Exception)
    assert name in str(error)
    usual = {"exc_type": "UsageError", "exc_module": "articles.errors", "exc_message": ["x"]}
    assert isinstance(app.backend.exception_to_python(usual), UsageError)


def test_no_answer_makes_the_program_ask_again_at_once_and_for_ever() -> None:
    app = broker.connect("redis://127.0.0.1:1")
    answer = {"exc_type": "TimeoutError", "exc_module": "celery.exceptions", "exc_message": []}
    assert type(app.backend.exception_to_python(answer)) is RuntimeError


def _kept(**said: Any) -> str:
    return json.dumps({"status": "SUCCESS", "result": 7, "task_id": "t", **said})


@pytest.mark.parametrize(
    "kept",
    [
        "[", "7", "null", "[]", "[" * 100_000, "{}", '{"__type__": "uuid", "__value__": 7}',
        _kept(status=[]), _kept(status="DONE"), _kept(task_id=[]), _kept(status="FAILURE"),
        _kept(status="FAILURE", result={"exc_type": 7, "exc_module": "builtins"}),
        _kept(status="FAILURE", result={"exc_type": "system", "exc_module": "os"}),
    ],
)  # fmt: skip
def test_what_is_no_result_counts_as_none(kept: str) -> None:
    """Red before: whatever Celery made of it ended the program that waited."""
    backend = broker.connect("redis://127.0.0.1:1").backend
    assert backend.decode_result(kept)["status"] == "PENDING"


def test_a_result_is_one_whatever_a_task_has_sent_itself() -> None:
    backend = broker.connect("redis://127.0.0.1:1").backend
    assert backend.decode_result(_kept())["result"] == 7
    assert backend.decode_result(_kept(children=[7, [[None]]]))["children"] is None
