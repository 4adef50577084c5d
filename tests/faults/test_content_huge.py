"""Articles without measure go through the real pipeline, and cost their neighbours nothing."""

from __future__ import annotations

import pytest

from tests.faults.outcome import article, assert_ended, drop, wait_until_ended
from tests.processes import Processes, states, wait_for
from worker.container import Container

pytestmark = pytest.mark.slow

SENTENCE = "In Dessau sprach Petra Lindenau vom Umweltbundesamt am Mittwoch über den Fall {}. "
HEAD = " date 2024-06-19 Probe : {}\n\nDer Vorspann.\n\n"


def _characters(count: int) -> bytes:
    body = "".join(SENTENCE.format(number) for number in range(count // 80 + 1))[:count]
    return (HEAD.format("Fünf Millionen Zeichen") + body.rstrip()).encode()


def _paragraphs(count: int) -> bytes:
    body = "\n\n".join("abcdefghij"[number % 10] for number in range(count))
    return (HEAD.format("Hunderttausend Absätze") + body).encode()


@pytest.mark.timeout(600)
def test_huge_articles(container: Container, processes: Processes) -> None:
    good = {f"klein-{number}.txt": article(number) for number in range(5)}
    huge = {"zeichen.txt": _characters(5_000_000), "absaetze.txt": _paragraphs(100_000)}
    drop(container, huge | good)
    processes.start_all()
    wait_for(lambda: states(container).total() == 7, "all indexed", 60)
    wait_until_ended(container, 7, seconds=450)
    assert_ended(container, huge | good)
    answer = container.client.search(
        index=container.settings.index,
        query={"term": {"source.path": "zeichen.txt"}},
        source_includes=["people", "enrichment"],
    )
    (hit,) = answer["hits"]["hits"]
    assert "Petra Lindenau" in hit["_source"]["people"]
    assert hit["_source"]["enrichment"]["attempts"] == 0, "its first reader lived"
