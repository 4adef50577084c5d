"""A genuine Redis of a test's own, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.redis_servers import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "redis")
    yield running
    running.kill()


@pytest.fixture
def redis(server: Server) -> Iterator[Redis]:
    with Redis(unix_socket_path=str(server.socket)) as client:
        yield client
