"""The command line in this process, on a small archive in memory."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.hand_made import fill
from worker.cli import main


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it wrote for programs."""
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def ids(container: FakeContainer) -> dict[str, str]:
    """The archive's ids by name."""
    return fill(container.client, container.settings.index)


@pytest.fixture
def run(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Runs ``depesche`` with these arguments. No Redis answers: no command needs one."""
    container.folders  # noqa: B018  (commands make none)
    environment = {
        "DEPESCHE_DATA": str(container.settings.data),
        "DEPESCHE_INDEX": container.settings.index,
        "DEPESCHE_ELASTICSEARCH_URL": fake.url,
        "DEPESCHE_REDIS_URL": "redis://127.0.0.1:1/0",
        "COLUMNS": "400",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    logging_before = structlog.get_config()

    def run(*arguments: str) -> Said:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["depesche", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err, err
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, out, err)

    yield run
    structlog.configure(**logging_before)
    logging.captureWarnings(False)
