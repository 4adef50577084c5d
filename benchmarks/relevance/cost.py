"""What a search costs beside a plain query: processor time, requests, and time until the answer.

    python -m benchmarks.relevance.cost --data DIR --elasticsearch URL [--ca FILE]
        [--documents 20000] [--rounds 5] [--profile]

The articles are the newspaper's, each many times with other days and paragraphs of another one; of
ten stories one has two. The plain query is one ``match`` over all words of the index, with ten
headlines. Both are asked in turn, round by round; what is printed are the medians of the rounds.
Processor time is Elasticsearch's and our own together, so that other programs on the machine hardly
matter; the times until the answer do need a machine that does nothing else. With ``--profile``:
where our own goes.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time, sleep
from typing import Any, NamedTuple
from uuid import uuid4

from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from articles.tls import Tls
from benchmarks.relevance.judged import OVER_NEWSPAPER, blind
from benchmarks.relevance.rivals import newspaper, shipped_names
from indexing.index.connect import connect
from indexing.index.dates import span
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.search import Query, search

_SEED, _DAYS = 7, 3650
_FIRST = date(2015, 1, 1)
_WANTED = 6.0
#: Seconds for which Elasticsearch keeps what it has told of its processor time.
_KEPT = 1.1

Ask = Callable[[str], object]


class Cost(NamedTuple):
    """Of one search in the mean, milliseconds: of processors, and until the answer."""

    elasticsearch: float
    own: float
    median: float
    p95: float
    requests: float

    @property
    def processors(self) -> float:
        """Both together."""
        return self.elasticsearch + self.own


def multiplied(originals: Sequence[dict[str, Any]], number: int) -> Iterator[dict[str, Any]]:
    """Yield ``number`` documents: the originals with paragraphs of others, on days of ten years."""
    chance = random.Random(_SEED)  # not for secrets: the same ones in every run
    for count in range(number):
        own, other = originals[count % len(originals)], chance.choice(originals)
        paragraphs = [*_paragraphs(own), *_paragraphs(other)]
        chance.shuffle(paragraphs)
        day = (_FIRST + timedelta(chance.randrange(_DAYS))).isoformat()
        yield {
            **own,
            "body": "\n\n".join(paragraphs[: max(2, len(paragraphs) // 2)]),
            "published": day,
            "published_day": day,
            "published_range": span(day),
            "published_precision": "day",
            "date_problem": None,
            "story": f"story {count - (count % 10 == 1)}",
        }


def _paragraphs(document: dict[str, Any]) -> list[str]:
    return str(document.get("body", "")).split("\n\n")


def fill(client: Elasticsearch, alias: str, originals: list[dict[str, Any]], number: int) -> None:
    """Make the index ``alias`` of ``number`` documents."""
    create_index(client, alias, refresh_interval="-1")
    actions = ({"_index": alias, "_source": made} for made in multiplied(originals, number))
    bulk(client, actions, chunk_size=250)
    client.indices.forcemerge(index=alias, max_num_segments=3)
    client.indices.refresh(index=alias)


def plain(client: Elasticsearch, alias: str, text: str) -> object:
    """One ``match`` over all words, with ten headlines."""
    query = {"match": {"text": text}}
    return client.search(index=alias, query=query, size=10, source_includes=["headline"])


def measured(
    client: Elasticsearch, asked: Mapping[str, Ask], texts: Sequence[str], rounds: int
) -> dict[str, Cost]:
    """Ask everything in each way in turn, ``rounds`` times, once before that to warm up."""
    costs: dict[str, list[Cost]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name, ask in asked.items():
            cost = _round(client, ask, texts)
            costs[name] += [cost] if number else []
    return {name: Cost(*map(median, zip(*each, strict=True))) for name, each in costs.items()}


def _round(client: Elasticsearch, ask: Ask, texts: Sequence[str]) -> Cost:
    before, own, sent = _elasticsearch_ms(client), process_time(), _requests(client)
    took = []
    for text in texts:
        started = perf_counter()
        ask(text)
        took.append((perf_counter() - started) * 1000)
    own, sent = process_time() - own, _requests(client) - sent
    return Cost(
        (_elasticsearch_ms(client) - before) / len(took),
        own * 1000 / len(took),
        median(took),
        quantiles(took, n=20)[-1],
        sent / len(took),
    )


def _elasticsearch_ms(client: Elasticsearch) -> float:
    sleep(_KEPT)
    nodes = client.nodes.stats(metric="process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes))


def _requests(client: Elasticsearch) -> int:
    """How many searches Elasticsearch has answered, each of a multi search by itself."""
    stats = client.indices.stats(index="cost-*", metric="search")["_all"]["total"]["search"]
    return int(stats["query_total"])


def printed(costs: dict[str, Cost]) -> str:
    """Return the table; the first row is what the others are compared with."""
    first = next(iter(costs.values())).processors
    heads = "ms of processors: Elasticsearch, own, × plain | median, p95 ms | searches"
    lines = [f"{'':26}{heads} (wanted ≤ {_WANTED:.0f} ×)"]
    for name, cost in costs.items():
        lines.append(
            f"{name:26}{cost.elasticsearch:8.2f} {cost.own:8.2f} {cost.processors / first:6.1f} ×"
            f" |{cost.median:7.1f} {cost.p95:7.1f} |{cost.requests:5.1f}"
        )
    return "\n".join(lines)


def ways(client: Elasticsearch, alias: str) -> dict[str, Ask]:
    """Return the ways to ask by name, the plain one first."""
    return {
        "plain match": lambda text: plain(client, alias, text),
        "search": lambda text: search(client, alias, Query(text), canonical=shipped_names()),
    }


def main() -> None:
    """Index, ask everything in each way, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--elasticsearch", required=True)
    parser.add_argument("--ca", type=Path, help="whose certificate Elasticsearch has")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    arguments = parser.parse_args()
    tls = Tls(ca=arguments.ca) if arguments.ca else None
    alias = f"cost-{uuid4().hex}"
    texts = [judged.query for judged in blind(arguments.data / OVER_NEWSPAPER)]
    with connect(arguments.elasticsearch, timeout=300, tls=tls) as client:
        try:
            originals = list(newspaper(arguments.data).values())
            fill(client, alias, originals, arguments.documents)
            asked = ways(client, alias)
            print(printed(measured(client, asked, texts, arguments.rounds)))
            if arguments.profile:
                profile(asked["search"], texts)
        finally:
            client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}", ignore_unavailable=True)


def profile(ask: Ask, texts: Sequence[str]) -> None:
    """Print where the processor time of this process goes."""
    profiler = cProfile.Profile()
    profiler.enable()
    for text in texts:
        ask(text)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
