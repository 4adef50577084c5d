"""What a worker of 0.1.0 held goes back to its queue, and nothing else does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks import give_back
from tasks.envelope import IN_VAIN, MOST_IN_VAIN, Refused
from tasks.give_back import LONG, again
from worker.reconcile.older import _QUEUES, Older

MESSAGE = {"body": "W10=", "headers": {"id": "1"}, "properties": {"delivery_info": {}}}


@pytest.mark.parametrize("queue", ["intake", "enrich", "celery"])
def test_a_message_goes_back_where_it_came_from(queue: str) -> None:
    held = json.dumps([MESSAGE, "", queue]).encode()
    name, content = again(held, _QUEUES.__contains__)
    assert name == queue
    message = json.loads(content)
    assert message["headers"] == {"id": "1", "redelivered": True}
    assert message["properties"]["delivery_info"]["redelivered"] is True


def test_what_was_held_in_vain_too_often_goes() -> None:
    """What ends its worker would end each that takes it, and nobody else's work came through."""
    held = json.dumps([MESSAGE | {"x": "y" * LONG}, "", "intake"]).encode()
    for times in range(1, MOST_IN_VAIN + 1):
        queue, content = again(held, _QUEUES.__contains__, in_vain=True)
        message = json.loads(content)
        assert message["headers"][IN_VAIN] == times
        held = json.dumps([message, "", queue]).encode()
    assert again(held, _QUEUES.__contains__)  # who stops gives it back himself
    with pytest.raises(Refused, match="2 times"):
        again(held, _QUEUES.__contains__, in_vain=True)
    short = json.dumps([MESSAGE, "", "intake"]).encode()  # it was held beside such a one
    assert IN_VAIN not in json.loads(again(short, _QUEUES.__contains__, in_vain=True)[1])["headers"]


@pytest.mark.parametrize(
    "held",
    [b"", b"{", b"7", b"[]", b"[1, 2, 3]", json.dumps([MESSAGE, "", "anothers"]).encode(),
     json.dumps([{"headers": 7}, "", "intake"]).encode(), b"[" * 100_000,
     json.dumps([MESSAGE, "", ["intake"]]).encode()],
)  # fmt: skip
def test_what_is_none_of_ours_goes_nowhere(held: bytes) -> None:
    with pytest.raises(Refused):
        again(held, _QUEUES.__contains__)


def test_a_queue_whose_name_nothing_can_write_is_none() -> None:
    """Half a pair of surrogates: what raises there ends the look at all others, too."""
    held = json.dumps([MESSAGE, "", "depesche.articles.\ud800"]).encode()
    with pytest.raises(Refused):
        again(held, lambda name: name.startswith("depesche.articles."))


def test_what_would_be_longer_than_any_message_when_it_is_given_back_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Red before: Redis cut the connection of who gave it back, for ever. A letter may grow to six.

    By numbers, too: ``1e15`` is written as ``1000000000000000.0``.
    """
    for beside in ("ä" * 300, [1e15] * 50):
        held = json.dumps([MESSAGE | {"x": beside}, "", "intake"], ensure_ascii=False)
        held = held.replace("1000000000000000.0", "1e15")
        monkeypatch.setattr(give_back, "LARGEST_MESSAGE", len(held.encode()))
        with pytest.raises(Refused, match="given back it would have"):
            again(held.encode(), _QUEUES.__contains__)
        monkeypatch.setattr(give_back, "LARGEST_MESSAGE", 6 * len(held))
        assert again(held.encode(), _QUEUES.__contains__)


@given(st.floats(-1e9, 1e9))
def test_the_clock_of_the_host_that_took_it_says_nothing(taken: float) -> None:
    """Not even where it is hours off: only how long we have seen it there counts."""
    older, tags = Older(), {b"1": taken}
    assert older.overdue(tags, 100.0, 45.0) == []
    assert older.overdue(tags, 145.0, 45.0) == []
    assert older.overdue(tags, 145.1, 45.0) == [b"1"]
    assert older.overdue({b"1": taken + 1.0}, 145.2, 45.0) == []  # taken anew
    assert older.overdue({}, 150.0, 45.0) == []
    assert older.overdue({b"1": taken + 1.0}, 200.0, 45.0) == []
