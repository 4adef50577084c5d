"""What a worker reads of Redis."""

from __future__ import annotations

from queue import Empty

import pytest

from tasks.transport import Channel


class _Client:
    """Whoever reads of it waits for ever."""

    connection = None

    def parse_response(self, *_: object) -> None:
        raise AssertionError("nothing was asked, so nothing comes")


def test_an_answer_is_read_where_one_is_to_come() -> None:
    """The poller may tell of a connection twice; the second time nothing is to come."""
    channel = Channel.__new__(Channel)
    channel.client, channel._in_poll = _Client(), False
    with pytest.raises(Empty):
        channel._brpop_read()
