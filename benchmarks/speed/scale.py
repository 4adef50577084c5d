"""What people ask of a large archive: search, facets, names, ``status``, ``verify``.

Its articles have the length, the words and the files of real ones; the names in them are guessed,
for nobody waits for a language model to read a million.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from time import perf_counter
from typing import Any

from elasticsearch import helpers

from benchmarks.relevance.judged import judged
from benchmarks.speed.ground import Ground, calm
from benchmarks.speed.rows import Row, quantile, row
from depesche.archive import Archive
from extraction.formats.parse import parse
from indexing.searching.query import Query
from indexing.searching.search import search
from indexing.writing.document import to_document
from worker.care import status
from worker.care.compared import Compared
from worker.care.verify import verify
from worker.container import Container

DOCUMENTS, QUICK_DOCUMENTS = 100_000, 2_000
#: With ``--long``.
VERY_LARGE = 1_000_000
#: Milliseconds: what was promised of a search over the largest.
P95 = 150.0
FOLDER = 1_000
KINDS = ("person", "place")

_STAMP = "2026-01-01T00:00:00.000Z"
_NAME = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][a-zäöüß]{3,} [A-ZÄÖÜ][a-zäöüß]{3,}")
_PLACE = re.compile(r"(?<= in )[A-ZÄÖÜ][a-zäöüß]{3,}")
_MARK = {"state": "enriched", "pipeline": "generated", "at": _STAMP}


def measure(ground: Ground) -> list[Row]:
    """Fill an index and the archive, then ask all of it; nothing else runs."""
    count = VERY_LARGE if ground.long else ground.size(DOCUMENTS, QUICK_DOCUMENTS)
    with ground.container() as (container, _):
        began = perf_counter()
        _fill(container, ground, count)
        took = perf_counter() - began
        calm(container)
        size = _index_bytes(container) / count / 1e3
        return [
            row(f"index of {count:,} articles", "KB/article", [size]),
            row("  made in", "s", [took]),
            *_searches(container),
            *_others(container, ground),
            _verified(container),
        ]


def _fill(container: Container, ground: Ground, count: int) -> None:
    client, index = container.client, container.settings.index
    _set(container, refresh_interval="-1")
    # At the pace that merges are held to while articles come in, they would take many minutes more.
    _set(container, **{"merge.scheduler.auto_throttle": False})
    actions = _articles(container, ground, count)
    for _ in helpers.parallel_bulk(client, actions, thread_count=2, chunk_size=500):
        pass
    _set(container, refresh_interval=None)
    client.indices.refresh(index=index)


def _set(container: Container, **settings: Any) -> None:
    container.client.indices.put_settings(
        index=container.settings.index, settings={"index": settings}
    )


def _articles(container: Container, ground: Ground, count: int) -> Iterator[dict[str, Any]]:
    """Each as intake and enrichment would have written it; its file lies in the archive."""
    for number in range(count):
        path = f"{number // FOLDER:05}/{number:07}.txt"
        file = container.folders.archive / path
        if not number % FOLDER:
            file.parent.mkdir()
        content = ground.corpus.text(number).encode()
        file.write_bytes(content)
        article = parse(content, path)
        document = to_document(article, _STAMP, _STAMP)
        text = article.body
        names = {"people": _found(_NAME, text), "places": _found(_PLACE, text)}
        action = {"_index": container.settings.index, "_id": article.key}
        story = article.key  # none is a copy, and none waits for its story
        yield {**action, **document, **names, "story": story, "enrichment": _MARK}


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(pattern.findall(text)))[:8]


def _index_bytes(container: Container) -> int:
    index = container.settings.index
    stats = container.client.indices.stats(index=index, metric="store")
    return int(stats["_all"]["primaries"]["store"]["size_in_bytes"])


def _searches(container: Container) -> Iterator[Row]:
    """The project's queries with facets and highlights, twice."""
    rounds = [_asked(container) for _ in range(2)]
    for said, taken in zip(("first", "second"), rounds, strict=True):
        whole, server = ([pair[at] for pair in taken] for at in (0, 1))
        target = P95 if said == "second" else None
        yield row(f"search, p95, {said} round", "ms", [quantile(whole, 0.95)], target, "less")
        yield row("  median", "ms", [quantile(whole, 0.5)])
        yield row("  p95 in Elasticsearch, ranking and facets", "ms", [quantile(server, 0.95)])


def _asked(container: Container) -> list[tuple[float, float]]:
    """Milliseconds of each search, from call to result and as the server tells."""
    taken = []
    for query in judged():
        began = perf_counter()
        found = search(container.client, container.settings.index, Query(query.query))
        taken.append((1000 * (perf_counter() - began), float(found.took_ms)))
    return taken


def _others(container: Container, ground: Ground) -> Iterator[Row]:
    archive = Archive.of(container.settings)
    with closing(archive):
        for kind in KINDS:
            yield _timed(ground, f"entities of the kind {kind}", partial(archive.entities, kind))
        yield _timed(ground, "timeline of the whole archive", archive.timeline)
    yield _timed(ground, "status", lambda: status.read(container))


def _timed(ground: Ground, what: str, call: Callable[[], object]) -> Row:
    taken = []
    for _ in ground.rounds:
        began = perf_counter()
        call()
        taken.append(perf_counter() - began)
    return row(what, "s", taken)


def _verified(container: Container) -> Row:
    with closing(Compared()) as compared:
        began = perf_counter()
        verify(container, compared)
        taken = perf_counter() - began
        counts = compared.counts()
        told = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
        return row("verify", "s", [taken], note=told or "no difference")
