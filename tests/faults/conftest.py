"""Articles to break things with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import evidence
from tests.faults.whole import Up, ours
from worker import services
from worker.container import Container

PARAGRAPHS = 5


@pytest.fixture
def drop(container: Container) -> Callable[[int], list[str]]:
    """Drops that many more different articles into the inbox; their names."""
    numbers = itertools.count()

    def articles(count: int) -> list[str]:
        return [
            _write(container.folders.inbox, number) for number in itertools.islice(numbers, count)
        ]

    return articles


@pytest.fixture
def up(container: Container, elasticsearch_url: str) -> Iterator[Up]:
    """Ends and removes whatever a failed test leaves."""
    data = container.settings.data
    settings = container.settings
    yield Up(data, elasticsearch_url, settings.index, settings.elasticsearch_ca)
    services.stop(data)
    for process in ours(data):
        process.kill()


def _write(inbox: Path, number: int) -> str:
    name = f"article-{number:05}.txt"
    sentence = (
        f"In Fall {number} sagte Petra Lindenau vom Umweltbundesamt in Dessau, man habe in "
        "Deutschland und Frankreich gemessen. "
    )
    body = "\n\n".join(sentence * 4 for _ in range(PARAGRAPHS))
    head = f" date 2024-06-19 Probe : Messung Nummer {number}\n\nDer Vorspann.\n\n"
    (inbox / name).write_text(head + body)
    return name


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where the tests run in several processes each hands its rows to the one that prints."""
    output: dict[str, object] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["evidence"] = evidence.rows()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take the rows of a process that has ended; one that crashed left none."""
    evidence.add(getattr(node, "workeroutput", {}).get("evidence", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the scenarios found."""
    stats = terminalreporter.stats
    reports = [report for kind in ("passed", "failed") for report in stats.get(kind, [])]
    seconds = {report.nodeid: report.duration for report in reports}
    for line in evidence.table(seconds):
        terminalreporter.write_line(line)
