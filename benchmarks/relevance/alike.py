"""How many suggestions of ``similar`` a reader finds right.

    python -m benchmarks.relevance.alike --data DIR --elasticsearch URL [--ca FILE]

80 articles, half of 10kGNAD's test part and half of Wikinews, with 840 others that were judged by
their headlines and first words, before anything was tuned and without knowing who suggested them:
is this about the same event or matter? (``alike.json``, ids only.) They are the first four or five
of four systems: cosine of tf-idf, more_like_this of 0.1.0, `german` BM25 of headline and lead,
and shared names. ``any``: 40 drawn from all articles; few of them have anything alike. ``near``: 40
drawn from the quarter that have the nearest neighbours. Each second article was held out.

``second``: 40 other articles, drawn by chance among those for which ours had something of 0.15 and
more, judged by another reader, who saw the first five of ours from 0.10 on and no more; two of his
pairs the first reader had judged, the other way round and otherwise.

Beside it stands Elasticsearch's own more_like_this as it comes, over its own German analysis.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from articles.tls import Tls
from benchmarks.relevance.rivals import Documents, documents, indexed, newspaper
from extraction.tagging import pipeline
from extraction.text import Text
from indexing.index.connect import connect
from indexing.searching.similar import similar
from indexing.writing.document import enrichment_fields

_JUDGED = Path(__file__).with_name("alike.json")
_MOST = 5
Judged = dict[str, dict[str, Any]]


class Count(NamedTuple):
    """Suggestions by judgement, and all that were judged right."""

    right: int
    wrong: int
    unjudged: int
    wanted: int

    def __str__(self) -> str:
        given = self.right + self.wrong + self.unjudged
        precision = f"{self.right / given:.2f}" if given else "–"
        found = f"{self.right} of {self.wanted} that are right"
        return f"{self.right} right of {given} ({precision}), {self.unjudged} not judged; {found}"


def suggestions(
    client: Elasticsearch, corpora: Mapping[str, Documents]
) -> dict[str, dict[str, list[str]]]:
    """Return by system what is suggested for each judged article, by corpus and id."""
    given: dict[str, dict[str, list[str]]] = {"ours": {}, "more_like_this": {}}
    for corpus, originals in corpora.items():
        with indexed(client, originals) as (alias, plain):
            for key in json.loads(_JUDGED.read_text()):
                if key.startswith(f"{corpus}:"):
                    id_ = key.partition(":")[2]
                    given["ours"][key] = [each.id for each in similar(client, alias, id_)]
                    given["more_like_this"][key] = stock(client, plain["german"], id_)
    return given


def stock(client: Elasticsearch, plain: str, id_: str) -> list[str]:
    """Return the first five that Elasticsearch's more_like_this gives with its own defaults."""
    like = [{"_index": plain, "_id": id_}]
    query = {"more_like_this": {"fields": ["headline", "lead", "body"], "like": like}}
    hits = client.search(index=plain, query=query, size=_MOST, source=False)["hits"]["hits"]
    return [hit["_id"] for hit in hits]


def count(judged: Judged, given: Mapping[str, list[str]]) -> Count:
    """Count the suggestions for the articles in ``judged``."""
    pairs = [(key, id_) for key in judged for id_ in given[key]]
    right = sum(id_ in judged[key]["yes"] for key, id_ in pairs)
    wrong = sum(id_ in judged[key]["no"] for key, id_ in pairs)
    wanted = sum(len(each["yes"]) for each in judged.values())
    return Count(right, wrong, len(pairs) - right - wrong, wanted)


def lines(given: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield a line for each part and draw."""
    judged: Judged = json.loads(_JUDGED.read_text())
    for part in dict.fromkeys(each["part"] for each in judged.values()):
        for draws in (("any", "near"), ("any",), ("near",)):
            chosen = {k: j for k, j in judged.items() if j["part"] == part and j["draw"] in draws}
            title = f"{part:11} {' and '.join(draws):13} {len(chosen)} articles"
            yield from [f"{title}: {count(chosen, given)}"] if chosen else ()


def _wikinews(data: Path) -> Documents:
    originals = documents(data)
    read = pipeline.read(pipeline.load(), map(Text.of, originals.values()))
    pairs = zip(originals.items(), read, strict=True)
    return {id_: d | enrichment_fields(e, "", d["received_at"]) for (id_, d), e in pairs}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--elasticsearch", required=True)
    parser.add_argument("--ca", type=Path, help="whose certificate Elasticsearch has")
    arguments = parser.parse_args()
    tls = Tls(ca=arguments.ca) if arguments.ca else None
    corpora = {"gnad": newspaper(arguments.data), "wiki": _wikinews(arguments.data)}
    with connect(arguments.elasticsearch, timeout=60, tls=tls) as client:
        for system, given in suggestions(client, corpora).items():
            print(system, *lines(given), sep="\n")


if __name__ == "__main__":
    main()
