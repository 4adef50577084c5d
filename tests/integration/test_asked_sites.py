"""All sites are asked by Redis, where others may have written what they like."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from redis import Redis

from tasks.settings import Settings
from tests.fakes.parts import FakeContainer
from tests.integration.own_redis import redis, server
from tests.redis_servers import Server
from worker.care.all_sites import ask

__all__ = ["redis", "server"]


@pytest.mark.parametrize("before", ["", "_kombu.binding.", "_kombu.binding_permanent."])
def test_a_key_of_another_type_in_one_s_place_keeps_no_other_from_being_told(
    redis: Redis, server: Server, tmp_path: Path, before: str
) -> None:
    """Red before: "Redis does not answer", for as long as it stood there, and nobody removed it."""
    address = SecretStr(f"unix://{server.socket}")
    container = FakeContainer(Settings(data=tmp_path / "data", redis_url=address))
    container.heartbeats.runs("intake", site="xsite")
    redis.set(before + container.names.of("xsite"), "x")
    answers = ask(container, "verified", {}, seconds=0.2)
    assert answers.pop("xsite") is None
    assert set(answers) == {container.names.site}
