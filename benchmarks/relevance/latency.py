"""How long search takes over many articles, with facets and highlights.

    python -m benchmarks.relevance.latency --data DIR --elasticsearch URL [--documents 100000]

The articles are made from the Wikinews ones: the paragraphs of two of them, with other numbers, and
words that no other has. The time of a search is that from call to result; beside it stands what
Elasticsearch reports for ranking and facets alone. Run it where nothing else runs.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from benchmarks.relevance.judged import judged
from benchmarks.relevance.rivals import documents
from indexing.index.connect import connect
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.search import Query, search

_TARGET_MS = 50
_SEED = 7
_NAME = re.compile(r"(?<=[a-zäöüß] )[A-ZÄÖÜ][a-zäöüß]{3,}")


def varied(originals: Sequence[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    """Yield ``number`` documents, each a headline, a lead and paragraphs of two ``originals``."""
    # Not for secrets: the same articles come with every run.
    chance = random.Random(_SEED)
    for count in range(number):
        first, second = chance.choice(originals), chance.choice(originals)
        paragraphs = [*_paragraphs(first), *_paragraphs(second)]
        chance.shuffle(paragraphs)
        body = "\n\n".join(paragraphs[: max(2, len(paragraphs) // 2)])
        texts = {
            "lead": first.get("lead", ""),
            "body": _renumbered(body, chance) + f" Nr. {count}x",
        }
        names = {"people": _names(body)[:5], "places": _names(second.get("lead", ""))[:5]}
        parts = sorted({*first.get("parts", []), *second.get("parts", [])})
        yield {**second, **texts, **names, "parts": parts}


def _paragraphs(document: dict[str, Any]) -> list[str]:
    return str(document.get("body", "")).split("\n\n")


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(_NAME.findall(text)))


def _renumbered(text: str, chance: random.Random) -> str:
    return re.sub(r"\d+", lambda digits: str(chance.randrange(10 ** len(digits[0]))), text)


def fill(client: Elasticsearch, alias: str, data: Path, number: int) -> None:
    """Make the index ``alias`` of ``number`` varied articles."""
    create_index(client, alias, refresh_interval="-1")
    made = varied(list(documents(data).values()), number)
    actions = ({"_index": alias, "_source": source} for source in made)
    bulk(client, actions, chunk_size=500)
    client.indices.forcemerge(index=alias, max_num_segments=5)
    client.indices.refresh(index=alias)


def times(client: Elasticsearch, alias: str) -> list[tuple[str, float, float]]:
    """Return each query of the relevance set with its milliseconds, the server's and all."""
    measured = []
    for query in judged():
        started = perf_counter()
        results = search(client, alias, Query(query.query))
        measured.append((query.query, float(results.took_ms), (perf_counter() - started) * 1000))
    return measured


def printed(measured: Sequence[tuple[str, float, float]]) -> str:
    """Return median and 95th percentile, and the slowest queries."""
    server = [timing[1] for timing in measured]
    whole = [timing[2] for timing in measured]
    lines = [
        f"search: median {median(whole):.0f} ms, p95 {_p95(whole):.0f} ms (target {_TARGET_MS})",
        f"ranking alone: median {median(server):.0f} ms, p95 {_p95(server):.0f} ms",
    ]
    slowest = sorted(measured, key=lambda timing: -timing[2])[:10]
    return "\n".join([*lines, *(f"  {took:6.0f} ms  {query}" for query, _, took in slowest)])


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1]


def main() -> None:
    """Index, ask everything twice, print the second round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--elasticsearch", required=True)
    parser.add_argument("--documents", type=int, default=100_000)
    arguments = parser.parse_args()
    alias = f"latency-{uuid4().hex}"
    with connect(arguments.elasticsearch, timeout=300) as client:
        try:
            fill(client, alias, arguments.data, arguments.documents)
            times(client, alias)
            print(printed(times(client, alias)))
        finally:
            client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}", ignore_unavailable=True)


if __name__ == "__main__":
    main()
