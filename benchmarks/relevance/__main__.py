"""How well search ranks, beside Elasticsearch's built-in analyzers on the same articles.

    python -m benchmarks.relevance --data DIR --elasticsearch URL [--ca FILE] [--meaning] [--json]

Judged queries by class: first those written blind, over a newspaper's articles (they were measured
while the rules were chosen) and over the Wikinews articles; those for English and French articles
put among the newspaper's; then the project's own over Wikinews and the samples, which were at hand
when the rules were chosen. Names are asked for by the rules about them that are shipped, as
``depesche search`` does. Last each Wikinews article asked for by
its headline with only the bodies indexed. With ``--meaning`` ours also searches by vectors; to make
them takes minutes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from articles.tls import Tls
from benchmarks.relevance.judged import (
    DRAWN,
    FILTERS,
    NAMES,
    OVER_NEWSPAPER,
    OVER_WIKINEWS,
    Judged,
    Scores,
    averaged,
    blind,
    judged,
    scores,
)
from benchmarks.relevance.languages import foreign_documents, foreign_queries
from benchmarks.relevance.rivals import (
    Documents,
    built_in,
    documents,
    indexed,
    news,
    newspaper,
    shipped_names,
    vector_of,
    wikinews,
    with_vectors,
)
from benchmarks.wikinews import Wikinews, articles
from extraction.meaning import Encoder
from german.findable import words_to_find
from indexing.index.connect import connect
from indexing.searching.search import Query, search

#: Ours, then the rivals.
Systems = dict[str, Scores]


def ours(
    client: Elasticsearch, alias: str, text: str, size: int = 10, encoder: Encoder | None = None
) -> list[str]:
    """Return the ids that search finds, by meaning too with an ``encoder``."""
    asked, vector = Query(text, size=size), vector_of(text, encoder)
    results = search(client, alias, asked, canonical=shipped_names(), vector=vector)
    return [hit.id for hit in results.hits]


def by_class(
    client: Elasticsearch,
    asked: Sequence[Judged],
    originals: Documents,
    encoder: Encoder | None = None,
) -> dict[str, Systems]:
    """Return for each class, and for ``all``, our scores and those of the rivals."""
    with indexed(client, with_vectors(originals, encoder)) as (alias, plain):
        ranked = {"ours": [ours(client, alias, q.query, 10, encoder) for q in asked]}
        for analyzer, index in plain.items():
            ranked[analyzer] = [built_in(client, index, q.query) for q in asked]
    return {
        kind: {system: averaged(_of(kind, asked, lists)) for system, lists in ranked.items()}
        for kind in [*dict.fromkeys(q.kind for q in asked), "all"]
    }


def _of(kind: str, asked: Sequence[Judged], ranked: Sequence[Sequence[str]]) -> list[Scores]:
    pairs = zip(asked, ranked, strict=True)
    return [scores(ids, q.relevant, q.targets) for q, ids in pairs if kind in (q.kind, "all")]


def by_headline(
    client: Elasticsearch, data: Path, encoder: Encoder | None = None
) -> dict[str, float]:
    """Return the share of articles at rank 1 for their headline, ours and the rivals'."""
    every = list(articles(data))
    bodies = {a.number: {"body": a.text, "parts": words_to_find(a.text)} for a in every}
    with indexed(client, with_vectors(bodies, encoder)) as (alias, plain):
        first = {
            "ours": sum(ours(client, alias, _words(a), 1, encoder) == [a.number] for a in every)
        }
        for analyzer, index in plain.items():
            hits = (built_in(client, index, _words(a), 1) == [a.number] for a in every)
            first[analyzer] = sum(hits)
    return {system: count / len(every) for system, count in first.items()}


def _words(article: Wikinews) -> str:
    """Return the headline without what the query language would read as its own."""
    return "".join(c if c.isalnum() or c in "-,." else " " for c in article.headline)


def printed(what: str, classes: dict[str, Systems]) -> str:
    """Return the table; each cell is ours, then the rivals'."""
    columns = "".join(f"{name.replace('_', '@'):>21}" for name in Scores._fields)
    lines = [what, f"{'class':28}{columns}"]
    for kind, systems in classes.items():
        cells = [" ".join(map(_shown, column)) for column in zip(*systems.values(), strict=True)]
        lines.append(f"{kind:28}" + "".join(f"{cell:>21}" for cell in cells))
    return "\n".join([*lines, ""])


def _shown(value: float | None) -> str:
    return "    –" if value is None else f"{value:5.3f}"


def as_json(classes: dict[str, Systems]) -> dict[str, Any]:
    """Return the figures as plain data."""
    return {
        kind: {system: each._asdict() for system, each in systems.items()}
        for kind, systems in classes.items()
    }


class Set(NamedTuple):
    """Queries that are asked together, and the documents that they are asked of."""

    title: str
    queries: Sequence[Judged]
    originals: Callable[[], Documents]


def sets(data: Path) -> dict[str, Set]:
    """Return every set of judged queries by its name in the JSON, the blind ones first."""
    return {
        "blind": Set(
            "Blind, over a newspaper's articles: ours, german, standard",
            blind(data / OVER_NEWSPAPER),
            lambda: newspaper(data),
        ),
        "blind_wikinews": Set("Blind, over Wikinews", blind(OVER_WIKINEWS), lambda: wikinews(data)),
        "filters": Set("Names as filters, over Wikinews", blind(FILTERS), lambda: wikinews(data)),
        "names": Set(
            "Names, over Wikinews and articles written for their names",
            blind(NAMES),
            lambda: news(data),
        ),
        "drawn": Set(
            "Blind, over a newspaper's articles, Wikinews and written ones",
            blind(DRAWN),
            lambda: newspaper(data) | news(data),
        ),
        "foreign": Set(
            "English and French articles among a newspaper's",
            foreign_queries(),
            lambda: newspaper(data) | foreign_documents(),
        ),
        "own": Set(
            "The project's own, over Wikinews and the samples", judged(), lambda: documents(data)
        ),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--elasticsearch", required=True)
    parser.add_argument("--ca", type=Path, help="whose certificate Elasticsearch has")
    parser.add_argument("--meaning", action="store_true", help="needs the extra `meaning`")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Print the figures of each set when it has been asked; with ``--json`` all at the end."""
    arguments = _arguments()
    encoder = Encoder() if arguments.meaning else None
    tls = Tls(ca=arguments.ca) if arguments.ca else None
    told: dict[str, Any] = {}
    with connect(arguments.elasticsearch, timeout=60, tls=tls) as client:
        for name, asked in sets(arguments.data).items():
            classes = by_class(client, asked.queries, asked.originals(), encoder)
            told[name] = as_json(classes)
            if not arguments.json:
                print(printed(asked.title, classes), flush=True)
        headline = told["headline"] = by_headline(client, arguments.data, encoder)
    if arguments.json:
        print(json.dumps(told))
    else:
        shares = (f"{system} {share:.3f}" for system, share in headline.items())
        print("headline finds body, rank 1:", *shares)


if __name__ == "__main__":
    main()
