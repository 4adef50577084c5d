"""What Redis keeps, and what it says to all together, is bounded: by a genuine one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, OutOfMemoryError
from redis.exceptions import ConnectionError as Cut
from redis.retry import Retry

from tests.redis_servers import Server
from worker.services.redis import find_binary, version_text
from worker.services.redis_users import limits, more_logs

MEBIBYTE = 1024 * 1024
KEPT = 16 * MEBIBYTE


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    settings = limits(KEPT) | more_logs(version_text(find_binary()))
    lines = (f"{name} {value}" for name, value in settings.items())
    server = Server(tmp_path / "redis", *lines)
    with Redis(unix_socket_path=str(server.socket), retry=Retry(NoBackoff(), 0)) as client:
        yield client
    server.kill()


def peak(redis: Redis) -> int:
    return int(redis.info("memory")["used_memory_peak"])


def test_no_answer_is_longer_than_all_that_may_be_kept(redis: Redis) -> None:
    """Red before: two hundred times what is kept, by a command of 800 bytes."""
    redis.set("b", b"x" * MEBIBYTE)
    with pytest.raises(Cut):
        redis.mget(["b"] * 200)
    assert peak(redis) < 4 * KEPT
    assert redis.mget(["b"] * 4) == [b"x" * MEBIBYTE] * 4


def test_many_who_do_not_read_their_answers_take_no_more_together(redis: Redis) -> None:
    """Red before: 160 MB."""
    for _ in range(8):
        redis.rpush("l", *[b"x" * 8192] * 128)
    path = redis.connection_pool.connection_kwargs["path"]
    deaf = [Redis(unix_socket_path=path, single_connection_client=True) for _ in range(20)]
    for client in deaf:
        connection: Any = client.connection
        with suppress(Cut):
            connection.send_command("LRANGE", "l", 0, -1)
    assert redis.ping()
    assert peak(redis) < 4 * KEPT
    for client in deaf:
        client.close()


def test_no_more_is_kept(redis: Redis) -> None:
    with suppress(OutOfMemoryError):
        for number in range(64):
            redis.set(f"k{number}", b"x" * MEBIBYTE)
    assert redis.exists(*(f"k{number}" for number in range(64))) < KEPT // MEBIBYTE
    assert peak(redis) < 2 * KEPT


def test_of_who_is_refused_nothing_is_kept(redis: Redis) -> None:
    """Red before: Redis noted each name, beside what it may keep, and nothing removes that."""
    connection: Any = redis.connection_pool.get_connection()
    for number in range(2 * KEPT // MEBIBYTE):
        connection.send_command("AUTH", f"{number}".ljust(MEBIBYTE), "x")
        with pytest.raises(AuthenticationError):
            connection.read_response()
    connection.disconnect()
    assert redis.set("a", "b")
    assert redis.acl_log() == []


def test_no_log_keeps_the_name_of_who_asks_for_long(redis: Redis) -> None:
    """Red before where Redis is Valkey: with each request and each answer above a megabyte."""
    connection: Any = redis.connection_pool.get_connection()
    for command in (
        ("HELLO", "3", "SETNAME", "x" * MEBIBYTE),
        *[("SET", "a", "x" * (MEBIBYTE + 1))] * (KEPT // MEBIBYTE),
        *[("GET", "a")] * (KEPT // MEBIBYTE),
    ):
        connection.send_command(*command)
        connection.read_response()
    connection.disconnect()
    redis.flushall()
    assert int(redis.info("memory")["used_memory"]) < KEPT // 2
