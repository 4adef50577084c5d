"""Which documents other rules about names would change: those that hold one of the names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

from articles.fields import FIELDS
from indexing.index.faults import translate_errors

#: As many pipelines as an archive has known, and more.
_MOST = 1000
#: Names that were read, and what the text says, as written and by its stems.
_NAMED = [f"{field.name}.name" for field in FIELDS if field.label and field.of == "enrichment"]
_SAID = ["text", "text.folded"]


def pipelines(client: Elasticsearch, index: str) -> list[str]:
    """Return by which pipelines documents were read.

    Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    aggs = {"pipelines": {"terms": {"field": "enrichment.pipeline", "size": _MOST}}}
    with translate_errors():
        client.indices.refresh(index=index)
        answer = client.search(index=index, size=0, aggs=aggs, allow_partial_search_results=False)
    return [bucket["key"] for bucket in answer["aggregations"]["pipelines"]["buckets"]]


def holding(names: Mapping[str, Sequence[str] | None]) -> dict[str, Any]:
    """Return the query for documents that hold one of the names of their pipeline.

    ``names`` has them by pipeline; None stands for all documents of it.
    """
    each = [_of(pipeline, held) for pipeline, held in names.items()]
    return {"bool": {"should": each, "minimum_should_match": 1}} if each else {"match_none": {}}


def _of(pipeline: str, names: Iterable[str] | None) -> dict[str, Any]:
    of = {"term": {"enrichment.pipeline": pipeline}}
    if names is None:
        return of
    fields = [*_NAMED, *_SAID]
    held = [{"match_phrase": {field: name}} for name in names for field in fields]
    holds = {"bool": {"should": held, "minimum_should_match": 1}} if held else {"match_none": {}}
    return {"bool": {"filter": [of, holds]}}
