"""Of a message no more comes through than the tasks need; what is none is refused, and why."""

from __future__ import annotations

import base64
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kombu.transport.memory import Channel

from articles.limits import MEBIBYTE
from tasks import envelope
from tasks.broker import connect
from tasks.envelope import (
    IN_VAIN,
    LARGEST_MESSAGE,
    LARGEST_SENT,
    MOST_IN_VAIN,
    Refused,
    check_size,
    plain,
)
from tasks.messages import article_to_send
from tasks.transport import _taken
from tests.linear import assert_linear


def message(body: object = None, **changed: Any) -> dict[str, Any]:
    """A whole one, but for what is changed in its headers, its properties or itself."""
    packed = json.dumps([[], {"headline": "H"}, {}] if body is None else body).encode()
    properties = {"delivery_tag": "t", "delivery_info": {}, "body_encoding": "base64"}
    whole: dict[str, Any] = {
        "body": base64.b64encode(packed).decode(),
        "content-type": "application/json",
        "headers": {"task": "ingest.article", "id": "1"},
        "properties": properties,
    }
    for name, value in changed.items():
        place = next(p for p in ("headers", "properties") if p in name)
        whole[place] = {**whole[place], **value}
    return whole


def body_of(made: dict[str, Any]) -> Any:
    return json.loads(base64.b64decode(made["body"]))


def test_nothing_of_a_sender_but_task_id_arguments_and_times_comes_through() -> None:
    signature = {"task": "x", "args": [], "kwargs": {}, "options": {}}
    embed = {"callbacks": [signature], "errbacks": None, "chain": None, "chord": signature}
    headers = {"timelimit": [1, 1], "group": "g", "retries": 7, "root_id": "r", "stamps": {"a": 1}}
    place = {"delivery_info": {"exchange": "x", "routing_key": "y"}, "reply_to": "z", "priority": 9}
    asked = message([["a"], {"b": 1}, embed], headers=headers, properties=place)
    made, passed_over = plain(asked, "intake", 9)
    assert body_of(made) == [["a"], {"b": 1}, {}]
    assert (made["headers"]["timelimit"], made["headers"]["retries"]) == ([None, None], 0)
    assert (made["headers"]["root_id"], made["headers"]["group"]) == ("1", None)
    assert "stamps" not in made["headers"]
    assert made["properties"]["delivery_info"]["routing_key"] == "intake"
    assert (made["properties"]["reply_to"], made["properties"]["priority"]) == (None, 9)
    assert passed_over == ["callbacks", "chord", "timelimit"]
    made["properties"]["delivery_info"]["redelivered"] = True
    assert plain(made, "intake", 9) == (made, [])


def test_each_message_has_a_tag_of_its_own_until_it_is_given_back() -> None:
    """A worker counts what it holds by tags: any number with one were in its memory at once."""
    sent = message(properties={"delivery_tag": "T"})
    made = [plain(sent, "intake")[0] for _ in range(2)]
    tags = [one["properties"]["delivery_tag"] for one in made]
    assert len({"T", *tags}) == len(made) + 1
    made[0]["properties"]["delivery_info"]["redelivered"] = True
    assert plain(made[0], "intake")[0]["properties"]["delivery_tag"] == tags[0]


def test_how_often_it_was_held_in_vain_is_told_by_who_gives_it_back() -> None:
    sent = message(headers={IN_VAIN: MOST_IN_VAIN})
    assert IN_VAIN not in plain(sent, "intake")[0]["headers"]
    sent["properties"]["delivery_info"] = {"redelivered": True}
    assert plain(sent, "intake")[0]["headers"][IN_VAIN] == MOST_IN_VAIN
    for none in (-1, True, "2", 1e9, None, MOST_IN_VAIN + 1):
        sent["headers"][IN_VAIN] = none
        assert IN_VAIN not in plain(sent, "intake")[0]["headers"]


def test_what_celery_sends_is_whole() -> None:
    """Of its second protocol, by its transport in memory, and of its first."""
    app = connect("redis://127.0.0.1:1")
    app.conf.update(broker_url="memory://", broker_transport=None)
    app.conf.result_backend = "cache+memory://"
    sent = app.send_task("ingest.article", ["H"], queue="envelope", countdown=30)
    made, passed_over = plain(Channel.queues["envelope"].get_nowait(), "envelope")
    assert (made["headers"]["id"], made["headers"]["task"]) == (sent.id, "ingest.article")
    assert (made["headers"]["eta"], passed_over) == (None, ["eta"])
    assert body_of(made) == [["H"], {}, {}]
    first = message({"task": "ingest.article", "id": "2", "args": ["H"], "utc": True})
    made, _ = plain(first, "celery")
    assert (made["headers"]["id"], body_of(made)) == ("2", [["H"], {}, {}])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (message(headers={"id": [1]}), "id"),
        (message(headers={"id": "x" * 256}), "id"),
        (message(headers={"id": "\ud800"}), "malformed"),
        (message(headers={"task": "celery.chord_unlock"}), "of Celery's own"),
        (message(headers={"eta": "0001-01-01T00:00:00"}), "eta"),
        (message(headers={"eta": "soon"}), "malformed"),
        (message(headers={"eta": "2999-01-01T00:00:00"}), "for later"),
        (message(headers={"expires": 12}), "expires"),
        (message([[], {str(number): 0 for number in range(101)}, {}]), "more than 100"),
        (message([[json.loads("[" * 30 + "]" * 30)], {}, {}]), "too deeply"),
        ({**message(), "content-type": "application/x-python-serialize"}, "only JSON"),
        (None, "malformed"),
        ([], "malformed"),
    ],
)
def test_what_is_none_is_refused_and_why(wrong: object, said: str) -> None:
    with pytest.raises(Refused, match=said):
        plain(wrong, "intake")


def test_what_would_fill_the_memory_is_let_go_of_unread() -> None:
    assert _taken([b"intake", b"{}"]) == (b"intake", b"{}")
    assert _taken(None) is None
    with pytest.raises(Refused, match="more than the limit"):
        _taken([b"intake", b" " * (LARGEST_MESSAGE + 1)])
    for many in (b"[]," * 1_000_000, b'"a",' * 1_000_000, b"1e1," * 1_000_000, b"\x00" * 2**21):
        with pytest.raises(Refused, match="very many values"):
            _taken([b"intake", b"[" + many + b"0]"])
    with pytest.raises(Refused, match="very many values"):
        plain(message([[[[]] * 1_000_000], {}, {}]), "intake")


@pytest.mark.parametrize("end", [b"", b"\\", b'"', b'" '])
def test_a_text_without_an_end_is_looked_through_once(end: bytes) -> None:
    """Red before: it was looked for from each of its signs, hours for a megabyte."""
    content = b'[ "' + b'\\"' * 1_000 + end
    beside, texts = envelope._TEXT.subn(b"", content)
    assert (beside.strip(), texts) == (b"[", 1)
    assert_linear(lambda text: check_size(b'[ "' + text.encode()), '\\"', length=4 * MEBIBYTE)


def test_of_what_a_sender_asks_for_in_vain_little_is_told() -> None:
    """Red before: a name of ten megabytes was a line of sixty in the log."""
    asked = {"x" * 1_000_000: 1, **{f"{number}": 1 for number in range(100)}}
    _, passed_over = plain(message([[], {"headline": "H"}, asked]), "intake")
    assert (len(passed_over), max(map(len, passed_over)) <= 60) == (10, True)
    _, passed_over = plain(message([[], {"headline": "H"}, {"x" * 1_000_000: 1}]), "intake")
    assert passed_over == ["x" * 60]


def test_to_look_through_it_takes_no_memory_of_its_own() -> None:
    """Red before: a hundred bytes for each escape, seven gigabytes for the longest message."""
    content = b'["' + b"\\n" * MEBIBYTE + b'"]'
    tracemalloc.start()
    try:
        check_size(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEBIBYTE


def test_the_longest_article_that_is_sent_is_taken() -> None:
    body = "ü" * (LARGEST_SENT // 6 - 100)
    parts = article_to_send({"headline": "H", "body": body})
    whole = message([[], parts, {}])
    assert _taken([b"intake", json.dumps(whole).encode()])
    assert plain(whole, "intake")


def test_a_long_article_is_no_such_thing() -> None:
    """Nor are many paths."""
    body = 'Er sagte: "Ja, [so] {ist} es", und \\ "ging".\n' * 100_000
    made, _ = plain(message([[], {"headline": "H", "body": body}, {}]), "intake")
    assert body_of(made)[1]["body"] == body
    paths = [f"/srv/meldungen/{number}.txt" for number in range(100_000)]
    made, _ = plain(message([[paths], {}, {}]), "intake")
    assert body_of(made)[0] == [paths]


def test_what_made_anew_is_longer_than_redis_takes_is_refused() -> None:
    """Red before: kept as held it had the connection cut, of every worker that took it."""
    body = json.dumps([[], {"headline": "ä" * 3_500_000}, {}], ensure_ascii=False)
    grows = message() | {"body": body, "properties": {"delivery_tag": "t", "delivery_info": {}}}
    assert len(body.encode()) < LARGEST_MESSAGE // 3
    with pytest.raises(Refused, match="made anew it has"):
        plain(grows, "intake")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
HEADERS = ("task", "id", "eta", "expires", "timelimit", "ignore_result", "stamps", "shadow")
PROPERTIES = ("delivery_tag", "delivery_info", "priority", "body_encoding", "reply_to")


@given(
    json_values,
    st.dictionaries(st.sampled_from(HEADERS), json_values),
    st.dictionaries(st.sampled_from(PROPERTIES), json_values),
)
def test_whatever_is_sent_is_whole_or_refused(
    body: object, headers: dict[str, Any], properties: dict[str, Any]
) -> None:
    try:
        made, _ = plain(message(body, headers=headers, properties=properties), "intake")
    except Refused:
        return
    made["properties"]["delivery_info"]["redelivered"] = True
    again, passed_over = plain(json.loads(json.dumps(made)), "intake")
    assert json.dumps(again) == json.dumps(made)
    assert passed_over == []
