"""A rule about names from one host holds where another enriches, and `reenrich` ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.outcome import article, command, drop, wait_until_ended
from tests.processes import Processes, wait_for
from worker.container import Container

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

ARTICLES = 20


@pytest.fixture
def other(container: Container, tmp_path: Path) -> Iterator[Processes]:
    """A host with a data folder of its own, on the same services."""
    settings = container.settings.model_copy(update={"data": tmp_path / "other"})
    parts = Container(settings)
    parts.folders  # noqa: B018
    running = Processes(parts)
    yield running
    running.end()


def _people(container: Container) -> dict[str, Any]:
    """How many articles have each person, and each pipeline."""
    index = container.settings.index
    container.client.indices.refresh(index=index)
    terms = {name: {"terms": {"field": name}} for name in ("people", "enrichment.pipeline")}
    answer = container.client.search(index=index, size=0, aggs=terms)["aggregations"]
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
        for name in terms
    }


def test_a_rule_reaches_the_host_that_enriches(
    container: Container, processes: Processes, other: Processes
) -> None:
    drop(container, {f"{number}.txt": article(number) for number in range(ARTICLES)})
    for name in ("watch", "intake"):
        processes.start(name)
    other.start("enrich")
    wait_until_ended(container, ARTICLES, seconds=600)
    assert _people(container)["people"]["Petra Lindenau"] == ARTICLES
    for words in (("entities", "rename", "Petra Lindenau", "Petra Linden"), ("reenrich",)):
        done = command(processes, *words)
        assert done.returncode == 0, done.stderr
    renamed = lambda: _people(container)["people"].get("Petra Linden") == ARTICLES  # noqa: E731
    seconds = wait_for(renamed, "the name by which all articles have her", 300)
    print(f"{seconds:.1f} s")
    assert len(_people(container)["enrichment.pipeline"]) == 1
    assert "0 documents will be read again" in command(processes, "reenrich").stdout
    assert other.container.rules.path.read_bytes() == container.rules.path.read_bytes()
