"""A log that cannot be written stops nothing."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from worker.cli import main
from worker.commands.common import _shown
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


@pytest.mark.parametrize("as_json", [False, True])
def test_what_an_error_says_steers_no_terminal(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    configure(as_json=as_json)
    for log in (structlog.get_logger(), logging.getLogger("celery")):
        try:
            raise ValueError("a\x1b[2J\x9b2J\u202eb")
        except ValueError:
            log.exception("x", exc_info=True)
    said = capsys.readouterr().err
    assert said.count("ValueError") >= 2
    assert not {"\x1b", "\x9b", "\u202e"} & set(said)


def test_what_a_bug_says_steers_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug() -> None:
        raise ValueError("a\x1b[2J\x9bb")

    monkeypatch.setattr("worker.cli.app", bug)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith("Traceback")
    assert said.endswith("ValueError: ab\n")


def test_a_warning_of_elasticsearch_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("py.warnings", 30, "", 1, "a %s", ("\x1b[2J\n[ok]",), None)
    assert _shown(record)
    assert record.getMessage() == "a [ok]"
