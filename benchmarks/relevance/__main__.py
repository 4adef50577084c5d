"""How well search ranks, beside Elasticsearch's built-in `german` analyzer on the same articles.

    python -m benchmarks.relevance --data DIR --elasticsearch URL [--meaning] [--json]

Two measures: judged queries by class over the Wikinews articles and the samples, and each Wikinews
article asked for by its headline with only the bodies indexed. With ``--meaning`` ours also
searches by vectors; to make them takes minutes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from benchmarks.relevance.judged import Judged, Scores, averaged, judged, scores
from benchmarks.relevance.rivals import both, built_in, documents, vector_of, with_vectors
from benchmarks.wikinews import Wikinews, articles
from extraction.meaning import Encoder
from german.findable import words_to_find
from indexing.index.connect import connect
from indexing.searching.search import Query, search

_HEADLINE, _SUCCESS_5 = 0.9, 0.95


def ours(
    client: Elasticsearch, alias: str, text: str, size: int = 10, encoder: Encoder | None = None
) -> list[str]:
    """Return the ids that search finds, by meaning too with an ``encoder``."""
    results = search(client, alias, Query(text, size=size), vector=vector_of(text, encoder))
    return [hit.id for hit in results.hits]


def by_class(
    client: Elasticsearch, data: Path, encoder: Encoder | None = None
) -> dict[str, tuple[Scores, Scores]]:
    """Return for each class, and for ``all``, our scores and the built-in analyzer's."""
    asked = judged()
    with both(client, with_vectors(documents(data), encoder)) as (alias, plain):
        our_scores = [scores(ours(client, alias, q.query, 10, encoder), q.relevant) for q in asked]
        built_in_scores = [scores(built_in(client, plain, q.query), q.relevant) for q in asked]
    return {
        kind: (averaged(_of(kind, asked, our_scores)), averaged(_of(kind, asked, built_in_scores)))
        for kind in [*dict.fromkeys(q.kind for q in asked), "all"]
    }


def _of(kind: str, asked: Sequence[Judged], all_scores: Sequence[Scores]) -> list[Scores]:
    return [s for q, s in zip(asked, all_scores, strict=True) if kind in (q.kind, "all")]


def by_headline(
    client: Elasticsearch, data: Path, encoder: Encoder | None = None
) -> tuple[float, float]:
    """Return the share of articles at rank 1 for their headline: ours, the built-in analyzer's."""
    wikinews = list(articles(data))
    bodies = {a.number: {"body": a.text, "parts": words_to_find(a.text)} for a in wikinews}
    with both(client, with_vectors(bodies, encoder)) as (alias, plain):
        first = sum(ours(client, alias, _words(a), 1, encoder) == [a.number] for a in wikinews)
        second = sum(built_in(client, plain, _words(a), 1) == [a.number] for a in wikinews)
    return first / len(wikinews), second / len(wikinews)


def _words(article: Wikinews) -> str:
    """Return the headline without what the query language would read as its own."""
    return "".join(c if c.isalnum() or c in "-,." else " " for c in article.headline)


def printed(classes: dict[str, tuple[Scores, Scores]], headline: tuple[float, float]) -> str:
    """Return the table; each pair is ours and the built-in analyzer's."""
    lines = [f"{'class':18}{'success@1':>15}{'success@5':>15}{'nDCG@10':>15}"]
    for kind, (our_scores, built_in_scores) in classes.items():
        pairs = [f"{a:8.3f} {b:6.3f}" for a, b in zip(our_scores, built_in_scores, strict=True)]
        lines.append(f"{kind:18}" + "".join(pairs))
    lines += ["", f"target: success@5 of all {_SUCCESS_5}, better in every class"]
    lines.append(
        f"headline finds body, rank 1: {headline[0]:.3f} {headline[1]:.3f} (target {_HEADLINE})"
    )
    return "\n".join(lines)


def as_json(
    classes: dict[str, tuple[Scores, Scores]], headline: tuple[float, float]
) -> dict[str, Any]:
    """Return the figures as plain data."""
    return {
        "classes": {
            kind: {"ours": our_scores._asdict(), "built_in": built_in_scores._asdict()}
            for kind, (our_scores, built_in_scores) in classes.items()
        },
        "headline": {"ours": headline[0], "built_in": headline[1], "target": _HEADLINE},
        "target_success_5": _SUCCESS_5,
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--elasticsearch", required=True)
    parser.add_argument("--meaning", action="store_true", help="needs the extra `meaning`")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    encoder = Encoder() if arguments.meaning else None
    with connect(arguments.elasticsearch, timeout=60) as client:
        figures = (
            by_class(client, arguments.data, encoder),
            by_headline(client, arguments.data, encoder),
        )
    print(json.dumps(as_json(*figures)) if arguments.json else printed(*figures))


if __name__ == "__main__":
    main()
