"""What a worker of 0.1.0 held goes back to its queue, and nothing else does."""

from __future__ import annotations

import json

import pytest

from worker.reconcile.older import again

MESSAGE = {"body": "W10=", "headers": {"id": "1"}, "properties": {"delivery_info": {}}}


@pytest.mark.parametrize("queue", ["intake", "enrich", "celery"])
def test_a_message_goes_back_where_it_came_from(queue: str) -> None:
    held = json.dumps([MESSAGE, "", queue]).encode()
    given = again(held)
    assert given is not None
    name, content = given
    assert name == queue
    message = json.loads(content)
    assert message["headers"] == {"id": "1", "redelivered": True}
    assert message["properties"]["delivery_info"]["redelivered"] is True


@pytest.mark.parametrize(
    "held",
    [None, b"", b"{", b"7", b"[]", b"[1, 2, 3]", json.dumps([MESSAGE, "", "anothers"]).encode(),
     json.dumps([{"headers": 7}, "", "intake"]).encode(), b"[" * 100_000,
     json.dumps([MESSAGE, "", ["intake"]]).encode()],
)  # fmt: skip
def test_what_is_none_of_ours_goes_nowhere(held: bytes | None) -> None:
    assert again(held) is None
