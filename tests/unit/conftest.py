"""What unit tests share: an Elasticsearch in memory, and parts that use it and no other service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from elasticsearch import Elasticsearch
from pydantic import SecretStr

from indexing.index.connect import connect
from indexing.index.manage import create_index
from tasks.settings import Settings
from tests.fakes import elastic
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer

INDEX = "articles"


def pytest_configure() -> None:
    """Plain tracebacks in the logs: the ones with all variables take seconds each."""
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])


@pytest.fixture
def fake() -> Iterator[FakeElasticsearch]:
    """The server; it can be told to fail."""
    with elastic.running() as server:
        yield server


@pytest.fixture
def client(fake: FakeElasticsearch) -> Iterator[Elasticsearch]:
    """The real client, on that server."""
    with connect(fake.url) as connected:
        yield connected


@pytest.fixture
def index(client: Elasticsearch) -> str:
    """An empty index behind an alias."""
    create_index(client, INDEX)
    return INDEX


@pytest.fixture
def container(fake: FakeElasticsearch, index: str, tmp_path: Path) -> Iterator[FakeContainer]:
    """The parts on a data folder of their own; what they send is written down."""
    settings = Settings(
        data=tmp_path / "data",
        redis_url=SecretStr("redis://127.0.0.1:1/0"),
        elasticsearch_url=SecretStr(fake.url),
        index=index,
    )
    parts = FakeContainer(settings)
    yield parts
    parts.client.close()
