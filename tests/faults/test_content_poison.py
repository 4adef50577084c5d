"""Articles that end or stop the process that reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.outcome import article, drop
from tests.faults.poison import DEADLY, ENDLESS, pipeline
from tests.processes import Processes, files_in, paths_in_index, states, wait_for
from worker.container import Container

NEIGHBOURS = 12
SECONDS = 4


def _enrichment(container: Container, path: str) -> dict[str, Any]:
    answer = container.client.search(
        index=container.settings.index,
        query={"term": {"source.path": path}},
        source_includes=["enrichment"],
    )
    (hit,) = answer["hits"]["hits"]
    enrichment: dict[str, Any] = hit["_source"]["enrichment"]
    return enrichment


@pytest.mark.parametrize("word", [DEADLY, ENDLESS])
def test_poison(container: Container, processes: Processes, tmp_path: Path, word: str) -> None:
    """Three attempts, then failed with a reason; the neighbours are enriched."""
    dropped = {f"{number:02}.txt": article(number) for number in range(NEIGHBOURS)}
    dropped["05-gift.txt"] = article(word)
    drop(container, dropped)
    limit = {"DEPESCHE_ENRICH_SECONDS": str(SECONDS)} if word == ENDLESS else {}
    processes.start("watch")
    processes.start("intake")
    enrich = processes.start("enrich", **pipeline(tmp_path), **limit)
    settled = {"enriched": NEIGHBOURS, "failed": 1}
    wait_for(
        lambda: states(container) == settled, "the poison has failed and its neighbours not", 100
    )
    enrichment = _enrichment(container, "05-gift.txt")
    assert enrichment["state"] == "failed"
    assert enrichment["attempts"] == 3
    assert enrichment["error"]
    assert enrich.poll() is None, "only children die of it"
    assert files_in(container.folders.inbox) + files_in(container.folders.spool) == []
    assert files_in(container.folders.archive) == sorted(dropped)
    assert paths_in_index(container) == dict.fromkeys(dropped, 1)
