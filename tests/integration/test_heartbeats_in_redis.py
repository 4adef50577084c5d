"""Heartbeats in a genuine Redis, in which other programs may write any number of names."""

from __future__ import annotations

import json

import pytest
from redis import Redis

from tasks.names import QueueNames
from tasks.redis_address import parse
from tests.integration.own_redis import redis, server
from tests.redis_servers import Server
from worker.heartbeat.beat import LONGEST, Beat
from worker.heartbeat.keys import DAY, BeatKeys
from worker.heartbeat.members import MOST

__all__ = ["redis", "server"]

REGISTER = QueueNames().alive
OURS = Beat("watch", "hamburg", 7)
#: As kombu writes it in the register of remote control.
OLDER = "_kombu.binding.celery.pidbox"


@pytest.fixture
def beats(server: Server) -> BeatKeys:
    return BeatKeys(parse(f"unix://{server.socket}"))


def forge(redis: Redis, many: int) -> None:
    """So many heartbeats that are whole."""
    keys = [f"{REGISTER}:intake:h:{number}" for number in range(many)]
    content = json.dumps(Beat("intake", "h", 1).as_json())
    with redis.pipeline(transaction=False) as steps:
        for key in keys:
            steps.set(key, content, ex=DAY)
        steps.sadd(REGISTER, *keys)
        steps.execute()


def test_of_too_many_names_none_is_looked_at(redis: Redis, beats: BeatKeys) -> None:
    beats.write(OURS)
    forge(redis, 3 * MOST)
    assert beats.read() == []
    assert beats.named() == 3 * MOST + 1


def test_where_the_register_is_of_another_type_the_next_beat_begins_anew(
    redis: Redis, beats: BeatKeys
) -> None:
    """Red before: no process was seen any more until it connected anew, and that may be never."""
    redis.set(REGISTER, "no register")
    assert beats.read() == []
    beats.write(OURS)
    assert [seen.beat for seen in beats.read()] == [OURS]


def test_where_there_are_too_many_the_next_beat_begins_anew(redis: Redis, beats: BeatKeys) -> None:
    """Who lives is in it again within seconds."""
    forge(redis, MOST)
    beats.write(OURS)
    assert [seen.beat for seen in beats.read()] == [OURS]
    another = Beat("enrich", "bremen", 8)
    beats.write(another)
    assert {seen.beat.host for seen in beats.read()} == {"hamburg", "bremen"}
    assert 0 < redis.ttl(REGISTER) <= DAY


def test_of_a_name_that_is_no_heartbeats_nothing_is_read(redis: Redis, beats: BeatKeys) -> None:
    whole = json.dumps(Beat("intake", "h", 1).as_json())
    names = ["another", f"{REGISTER}:{'x' * 600}", f"{REGISTER}:long"]
    redis.mset({names[0]: whole, names[1]: whole, names[2]: whole + " " * LONGEST})
    redis.sadd(REGISTER, *names)
    beats.write(OURS)
    assert [seen.beat for seen in beats.read()] == [OURS]


def test_of_too_many_older_workers_none_is_looked_at(redis: Redis, beats: BeatKeys) -> None:
    names = [f"\x06\x16\x06\x16intake-{number}@h.celery.pidbox" for number in range(3 * MOST)]
    redis.sadd(OLDER, *names)
    assert beats.older() == [], "nobody listens"
    with redis.pubsub() as listening:  # type: ignore[no-untyped-call]
        listening.psubscribe("x")
        listening.get_message(timeout=5)
        assert beats.older() == []
        redis.srem(OLDER, *names[1:])
        assert beats.older() == ["intake on h, process 0"]
        redis.delete(OLDER)
        redis.set(OLDER, "no register")
        assert beats.older() == []
