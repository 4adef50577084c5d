"""What is said of an error of Redis: that it is away, loads its data, or refuses what is asked."""

from __future__ import annotations

import pytest
from redis import exceptions as redis

from articles.errors import DepescheError, Refused, ServiceUnavailable, StillLoading, UsageError
from articles.errors import WrongType as OtherType
from tasks.redis_address import parse
from tasks.redis_faults import is_wrong_type, translated

ADDRESS = parse("redis://127.0.0.1:9/0")
WRONG = "WRONGTYPE Operation against a key holding the wrong kind of value"


@pytest.mark.parametrize(
    ("error", "kind", "state"),
    [
        (redis.ConnectionError("Connection refused"), ServiceUnavailable, "away"),
        (redis.TimeoutError("Timeout reading"), ServiceUnavailable, "away"),
        (redis.BusyLoadingError("Redis is loading the dataset in memory"), StillLoading, "loading"),
        (redis.ResponseError(WRONG), OtherType, "refuses"),
        (redis.ResponseError(f"Command # 1 (LLEN x) of pipeline caused error: {WRONG}"), OtherType,
         "refuses"),
        (redis.OutOfMemoryError("command not allowed when used memory > 'maxmemory'."), Refused,
         "refuses"),
    ],
)  # fmt: skip
def test_each_has_its_state(error: Exception, kind: type[ServiceUnavailable], state: str) -> None:
    said = translated(error, ADDRESS)
    assert type(said) is kind
    assert said.state == state


def test_what_a_person_must_set_right_is_no_state() -> None:
    said: DepescheError = translated(redis.NoPermissionError("NOPERM no 'scan'"), ADDRESS)
    assert isinstance(said, UsageError)


def test_what_was_asked_says_nothing_of_the_answer() -> None:
    """A message may hold any words, and Redis' client repeats it."""
    asked = "Command # 1 (RPUSH k WRONGTYPE) of pipeline caused error: OOM command not allowed"
    assert not is_wrong_type(redis.ResponseError(asked))
