"""A log that cannot be written stops nothing."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from worker.logs import configure


@pytest.mark.parametrize("as_json", [False, True])
def test_a_full_disk_of_logs(monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    with io.TextIOWrapper(io.FileIO("/dev/full", "w"), write_through=True) as full:
        with pytest.raises(OSError, match="space"):
            full.write("a line\n")
        monkeypatch.setattr("sys.stderr", full)
        configure(as_json=as_json)
        structlog.get_logger().warning("file.failed", path="a.txt")
        logging.getLogger("celery").error("an error of a library")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    logging.getLogger().handlers[:] = handlers


@pytest.mark.parametrize("as_json", [False, True])
def test_what_others_wrote_stays_on_its_line(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    configure(as_json=as_json)
    forged = "a.txt\n2026 [info] file.archived\x1b[2J\x1b]0;Titel\x07"
    structlog.get_logger().warning("file.failed", path=forged)
    logging.getLogger("celery").error("Task %s failed", forged)
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 2
    assert not {"\x1b", "\x07"} & set(said)
