"""Messages are read as Celery writes them; what is malformed or not ours is passed over."""

from __future__ import annotations

import base64
import json
import tracemalloc
from typing import Any

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from kombu.transport.memory import Channel
from kombu.transport.redis import Channel as RedisChannel

from articles.errors import ServiceUnavailable
from tasks.broker import connect
from tasks.messages import MOST_IDS
from tasks.names import ENRICH_DOCUMENTS, INTAKE_BATCH, PRIORITIES, QueueNames
from tasks.redis_address import parse
from worker.reconcile.message import OF_BATCH, Message, all_decoded
from worker.reconcile.queues import Queues
from worker.reconcile.redis_keys import lists_of


def message(body: object, task: object = INTAKE_BATCH) -> bytes:
    packed = base64.b64encode(json.dumps(body).encode()).decode()
    return json.dumps({"body": packed, "headers": {"task": task}}).encode()


NAMES = QueueNames()
WHOLE = message([["b1"], {}, {}])


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"null", b"7", b"[]", b'"text"', b"\xff\xfe", b"{}", b'{"body": 7}',
     b'{"body": "!!!", "headers": {"task": "x"}}', b'{"body": "W10=", "headers": {"task": "x"}}',
     b'{"body": "Wzdd", "headers": {"task": "x"}}', message({"args": []}), message([None]),
     message([]), json.dumps({"body": base64.b64encode(b"[[1]]").decode()}).encode(),
     json.dumps({"body": base64.b64encode(b"[[1]]").decode(), "headers": None}).encode(),
     b"[" * 100_000, b"[" + b"[]," * 1_000_000 + b"0]", message([["b2"], {}, {}], ["a", "list"]),
     json.dumps({"body": base64.b64encode(b"[" * 100_000).decode(), "headers": {}}).encode()],
)  # fmt: skip
def test_a_malformed_message_hides_no_other(raw: bytes) -> None:
    assert list(all_decoded([WHOLE, raw, WHOLE])) == [Message(INTAKE_BATCH, ("b1",))] * 2


@pytest.mark.parametrize("values", ["[]," * 60_000, '[{"a":1},' * 60_000], ids=["flat", "deep"])
@pytest.mark.parametrize("where", ["arguments", "around"])
def test_what_is_of_very_many_values_is_not_read(values: str, where: str) -> None:
    """Red before: forty times its bytes, for as long as a look takes."""
    body = base64.b64encode(f"[[{values}0]]".encode()).decode()
    raw = f'{{"body": "{body}", "headers": {{"task": "{INTAKE_BATCH}"}}}}'
    if where == "around":
        raw = f"[{values}0]"
    tracemalloc.start()
    try:
        assert list(all_decoded([raw.encode()])) == []
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * len(raw)


def test_as_many_documents_as_a_message_may_have_are_read() -> None:
    ids = [f"urn:newsml:dpa.com:20090101:{number},{'ü' * 200}" for number in range(MOST_IDS)]
    (read,) = all_decoded([message([[ids], {}, {}], ENRICH_DOCUMENTS)])
    assert read.args[0] == ids
    assert not list(all_decoded([message([[ids], {}, {}])], OF_BATCH))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(json_values, json_values)
def test_no_content_raises(body: object, task: object) -> None:
    assert len(list(all_decoded([message(body, task), json.dumps(body).encode()]))) <= 2


#: The list in which Celery keeps what was sent with the priority 9.
URGENT = f"celery{RedisChannel.sep}9"


class Holding:
    """A Redis with these messages: those that wait, and those that a worker holds."""

    def __init__(
        self,
        waiting: list[bytes],
        held: list[bytes],
        length: int | None = None,
        name: str = "intake",
    ) -> None:
        self.waiting, self.held, self.name = waiting, held, name
        self.length = len(waiting) if length is None else length

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Any:
        return Steps(self)

    def lrange(self, name: str, start: int, end: int) -> list[bytes]:
        return self.waiting if name == self.name else []


class Steps:
    """What is asked of it together."""

    def __init__(self, of: Holding) -> None:
        self.of = of
        self.answers: list[Any] = []

    def __enter__(self) -> Steps:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to give back."""

    def llen(self, name: str) -> None:
        self.answers.append(self.of.length if name == self.of.name else 0)

    def lrange(self, name: str, start: int, end: int) -> None:
        self.answers.append(self.of.waiting if name == self.of.name else [])

    def hvals(self, name: str) -> None:
        self.answers.append(self.of.held if name == NAMES.unacked else [])

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        return self.answers


def queues_on(there: Holding, monkeypatch: pytest.MonkeyPatch) -> Queues:
    """Of an installation with two more sites."""
    queues = Queues(parse("redis://127.0.0.1:9/0"), sites=lambda: ["another-site", "a-third"])
    monkeypatch.setattr(queues, "_redis", there)
    return queues


@pytest.mark.parametrize(
    ("there", "holds"),
    [
        (Holding([b'{"headers": {"id": "eins"}}'], []), True),
        (Holding([], [b'[{"headers": {"id": "eins"}}, "", "intake"]']), True),
        (Holding([b'{"headers": {"id": "zwei"}}'], [b"[]"]), False),
        (Holding([], []), False),
        (Holding([], [], length=100_000), True),  # too many to look through
        (Holding([b'{"headers": {"id": "eins"}}'], [], name=URGENT), True),
        (Holding([b'{"headers": {"id": "eins"}}'], [], name=NAMES.of("another-site")), True),
        (
            Holding([b'{"headers": {"id": "eins"}}'], [], name=f"{NAMES.of('a-third')}\x06\x169"),
            True,
        ),
        (Holding([b'{"headers": {"id": "eins"}}'], [], name=QueueNames("x").of("here")), False),
    ],
)
def test_whether_a_message_is_still_there(
    there: Holding, holds: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queues_on(there, monkeypatch).holds("eins") is holds


def test_another_program_s_key_where_a_site_s_queue_would_be_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No worker of that site is there to remove it, and programs ask while they wait."""

    class Foreign(Holding):
        def lrange(self, name: str, start: int, end: int) -> list[bytes]:
            raise redis.ResponseError("WRONGTYPE Operation against a key")

    foreign = Foreign([], [], name=NAMES.of("another-site"))
    assert not queues_on(foreign, monkeypatch).holds("eins")


def test_every_priority_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is not in, in whichever of Celery's lists."""
    of_celery = [f"{RedisChannel.sep}{step}" for step in RedisChannel.priority_steps if step]
    assert list(PRIORITIES) == ["", *of_celery]
    queues = Queues(parse("redis://127.0.0.1:9/0"))
    monkeypatch.setattr(queues, "_redis", Holding([b""], [], name=URGENT))
    assert queues.lengths() == {"intake": 0, "enrich": 0, "celery": 1}


def test_whether_it_is_there_is_not_known_without_redis() -> None:
    with pytest.raises(ServiceUnavailable):
        Queues(parse("redis://127.0.0.1:9/0")).holds("eins")


def test_what_celery_itself_sends_is_read() -> None:
    """Through its transport in memory, which packs messages as the one for Redis does."""
    app = connect("redis://127.0.0.1:1")
    app.conf.update(broker_url="memory://", broker_transport=None)
    app.conf.result_backend = "cache+memory://"
    app.send_task(INTAKE_BATCH, ["b1"], queue="unit", ignore_result=True)
    raw = Channel.queues["unit"].get_nowait()
    assert list(all_decoded([json.dumps(raw).encode()])) == [Message(INTAKE_BATCH, ("b1",))]


class Unacked:
    """Answers as Redis does for the two keys in which Celery keeps what workers hold."""

    def __init__(self, entries: list[bytes | None]) -> None:
        self.entries = entries

    def pipeline(self, transaction: bool) -> Unacked:
        assert not transaction
        self.answers: list[Any] = []
        return self

    def __enter__(self) -> Unacked:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def llen(self, queue: str) -> None:
        self.answers.append(len(queue))

    def time(self) -> None:
        self.answers.append((1_000, 500_000))

    def zrange(self, key: str, first: int, last: int, withscores: bool) -> None:
        assert key == f"{NAMES.unacked}_index"
        tags = [str(number).encode() for number, _ in enumerate(self.entries)]
        self.answers.append([(tag, 1_000.0) for tag in tags])

    def execute(self) -> list[Any]:
        return self.answers

    def hmget(self, key: str, tags: list[bytes]) -> list[bytes | None]:
        assert key == NAMES.unacked
        return [self.entries[int(tag)] for tag in tags]


def held(*entries: bytes | None) -> list[Message]:
    queues = Queues(parse("redis://127.0.0.1:1/0"))
    stub: Any = Unacked(list(entries))
    queues._redis = stub
    look = queues.look()
    assert sum(look.lengths.values()) == sum(map(len, lists_of(NAMES)))
    assert look.lengths.keys() == {"intake", "enrich", "celery"}
    assert look.moment == 1_000.5
    assert [held.silent for held in look.held] == [0.5] * len(entries)
    return look.messages


def test_what_workers_hold_is_read() -> None:
    entry = json.dumps([json.loads(WHOLE), "", "intake"]).encode()
    assert held(entry, None, entry) == [Message(INTAKE_BATCH, ("b1",))] * 2
    assert held() == []


@pytest.mark.parametrize("raw", [b"{", b"{}", b"[]", b"7", b"\xff"])
def test_a_malformed_held_message_hides_no_other(raw: bytes) -> None:
    entry = json.dumps([json.loads(WHOLE), "", "intake"]).encode()
    assert held(entry, raw) == [Message(INTAKE_BATCH, ("b1",))]


class Strange(Unacked):
    """What it holds stands under a tag that is no UTF-8."""

    def zrange(self, key: str, first: int, last: int, withscores: bool) -> None:
        self.answers.append([(b"zz-\xff", 1_000.0)])

    def hmget(self, key: str, tags: list[bytes]) -> list[bytes | None]:
        return [*self.entries]


def test_whatever_it_is_called_by_it_is_given_back_by_that() -> None:
    """By another tag it would stay there, and its documents would count as held for ever."""
    queues = Queues(parse("redis://127.0.0.1:1/0"))
    stub: Any = Strange([WHOLE])
    queues._redis = stub
    assert [held.tag for held in queues.look().held] == [b"zz-\xff"]


def test_no_redis_is_a_service_away() -> None:
    queues = Queues(parse("redis://127.0.0.1:1/0"))
    with pytest.raises(ServiceUnavailable, match="Redis"):
        queues.lengths()
    with pytest.raises(ServiceUnavailable, match="Redis"):
        queues.waiting("intake", 9)
    with pytest.raises(ServiceUnavailable, match="Redis") as away:
        queues.look()
    assert isinstance(away.value.__cause__, redis.RedisError)
