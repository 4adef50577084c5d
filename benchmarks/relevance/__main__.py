"""Find each Wikinews article by its headline, with only the body indexed.

python -m benchmarks.relevance --data DIR --elasticsearch URL [--meaning]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from uuid import uuid4

from elasticsearch import Elasticsearch

from benchmarks.figures import Figure, table
from benchmarks.wikinews import Wikinews, articles
from extraction.findable import words_to_find
from extraction.meaning import Encoder, gist
from extraction.text import Text
from indexing.connect import connect
from indexing.manage import create_index
from indexing.mapping import MAPPING_VERSION
from indexing.search import Query, search
from indexing.write import create


def evaluate(data: Path, client: Elasticsearch, encoder: Encoder | None = None) -> list[Figure]:
    """Return the share of articles at rank 1: ours and the built-in analyzer's.

    With an ``encoder`` also ours by meaning.
    """
    found = list(articles(data))
    alias = f"h-query-{uuid4().hex}"
    plain = f"{alias}-german"
    try:
        _fill(client, alias, plain, found, encoder)
        ours = sum(_ours(client, alias, one) for one in found) / len(found)
        built_in = sum(_built_in(client, plain, one) for one in found) / len(found)
        meant = [_ours(client, alias, one, encoder) for one in found if encoder]
    finally:
        client.indices.delete(index=f"{alias}-v{MAPPING_VERSION},{plain}", ignore_unavailable=True)
    return [
        Figure("headline finds body, rank 1", ours, 0.9),
        Figure("the same with the built-in german analyzer", built_in),
        *([Figure("the same by text and meaning", sum(meant) / len(found))] if meant else []),
    ]


def _fill(
    client: Elasticsearch,
    alias: str,
    plain: str,
    found: list[Wikinews],
    encoder: Encoder | None,
) -> None:
    create_index(client, alias)
    body = {"properties": {"body": {"type": "text", "analyzer": "german"}}}
    client.indices.create(index=plain, mappings=body)
    gists = [gist(Text(body=a.text)) for a in found]
    vectors = encoder.passages(gists) if encoder else [()] * len(found)
    documents = [
        (
            a.number,
            {"body": a.text, "parts": words_to_find(a.text)}
            | ({"meaning": list(vector)} if vector else {}),
        )
        for a, vector in zip(found, vectors, strict=True)
    ]
    assert all(fate.result == "created" for fate in create(client, alias, documents))  # noqa: S101
    for start in range(0, len(found), 100):
        lines: list[dict[str, object]] = []
        for one in found[start : start + 100]:
            lines += [{"index": {"_id": one.number}}, {"body": one.text}]
        client.bulk(index=plain, operations=lines)
    client.indices.refresh(index=f"{alias},{plain}")


def _ours(
    client: Elasticsearch, alias: str, article: Wikinews, encoder: Encoder | None = None
) -> bool:
    words = "".join(c if c.isalnum() or c in "-,." else " " for c in article.headline)
    vector = encoder.query(words) if encoder else ()
    hits = search(client, alias, Query(words, size=1), vector=vector).hits
    return bool(hits) and hits[0].id == article.number


def _built_in(client: Elasticsearch, plain: str, article: Wikinews) -> bool:
    query = {"match": {"body": article.headline}}
    hits = client.search(index=plain, query=query, size=1)["hits"]["hits"]
    return bool(hits) and hits[0]["_id"] == article.number


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--elasticsearch", required=True)
    parser.add_argument("--meaning", action="store_true", help="needs the extra `meaning`")
    arguments = parser.parse_args()
    encoder = Encoder() if arguments.meaning else None
    with connect(arguments.elasticsearch, timeout=60) as client:
        print(table(evaluate(arguments.data, client, encoder)))


if __name__ == "__main__":
    main()
