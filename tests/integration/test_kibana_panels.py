"""What the Kibana panels ask for, asked of a real Elasticsearch over the sample articles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.writing.write import create
from tests.hand_made import PUTIN, fill

Line = dict[str, Any]
LINES: list[Line] = [
    json.loads(line)
    for line in (files("seeds") / "kibana" / "depesche.ndjson").read_text("utf-8").splitlines()
]
VIEWS = {line["id"]: line["attributes"] for line in LINES if line["type"] == "index-pattern"}
PANELS: dict[str, Line] = {
    panel["panelIndex"]: panel
    for line in LINES
    if line["type"] == "dashboard"
    for panel in json.loads(line["attributes"]["panelsJSON"])
    if panel["type"] == "lens"
}
TODAY = {
    "headline": "Kaputt",
    "received_at": "2026-01-01T00:00:00Z",
    "indexed_at": "2026-01-01T00:00:02.500Z",
    "enrichment": {"state": "failed", "error": "zu oft", "at": "2026-01-01T00:00:09Z"},
}


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-ents-{uuid4().hex}"
    create_index(client, alias)
    fill(client, alias)
    assert [fate.result for fate in create(client, alias, [("kaputt", TODAY)])] == ["created"]
    client.indices.refresh(index=alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


def kql(text: str) -> Line:
    """The little KQL that the panels and the saved searches use."""
    if not text:
        return {"match_all": {}}
    if match := re.fullmatch(r"not ([\w.]+): \*", text):
        return {"bool": {"must_not": {"exists": {"field": match[1]}}}}
    match = re.fullmatch(r"([\w.]+): (\w+)", text)
    assert match, text
    return {"term": {match[1]: match[2]}}


def aggregation(column: Line) -> Line:
    """What Lens makes of a column."""
    field, params = column["sourceField"], column.get("params", {})
    kind = column["operationType"]
    if kind == "terms":
        return {"terms": {"field": field, "size": params["size"]}}
    if kind == "date_histogram":
        return {"auto_date_histogram": {"field": field, "buckets": 50}}
    if kind in {"median", "percentile"}:
        percents = [params.get("percentile", 50)]
        return {"percentiles": {"field": field, "percents": percents}}
    assert (kind, field) == ("count", "___records___")
    return {"filter": kql(column.get("filter", {"query": ""})["query"])}


def asked(panel: Line) -> Line:
    """The aggregations of a panel, bucket in bucket, the metrics innermost."""
    state = panel["embeddableConfig"]["attributes"]["state"]
    (layer,) = state["datasourceStates"]["formBased"]["layers"].values()
    columns = [(key, layer["columns"][key]) for key in layer["columnOrder"]]
    aggs = {key: aggregation(column) for key, column in columns if not column["isBucketed"]}
    for key, column in reversed([column for column in columns if column[1]["isBucketed"]]):
        aggs = {key: {**aggregation(column), "aggs": aggs}}
    return aggs


def answer(client: Elasticsearch, index: str, panel: Line) -> Line:
    (view,) = {
        reference["id"] for reference in panel["embeddableConfig"]["attributes"]["references"]
    }
    response = client.search(
        index=index,
        size=0,
        query={"exists": {"field": VIEWS[view]["timeFieldName"]}},
        aggs=asked(panel),
        runtime_mappings=json.loads(VIEWS[view]["runtimeFieldMap"]),
    )
    assert response["_shards"]["failed"] == 0
    return dict(response["aggregations"])


@pytest.mark.parametrize("name", sorted(PANELS))
def test_a_panel_shows_something(client: Elasticsearch, index: str, name: str) -> None:
    for shown in answer(client, index, PANELS[name]).values():
        if "buckets" in shown:
            assert shown["buckets"], name
        elif "values" in shown:
            assert all(value is not None for value in shown["values"].values()), name
        else:
            assert shown["doc_count"] >= 0


def _table(client: Elasticsearch, index: str, name: str) -> dict[str, int]:
    (shown,) = answer(client, index, PANELS[name]).values()
    return {bucket["key"]: bucket["doc_count"] for bucket in shown["buckets"]}


def test_the_counts_are_those_of_the_articles(client: Elasticsearch, index: str) -> None:
    total = client.count(index=index)["count"]
    (received,) = answer(client, index, PANELS["articles-received"]).values()
    assert received["doc_count"] == total
    (failed,) = answer(client, index, PANELS["articles-failed"]).values()
    assert failed["doc_count"] == 1
    assert _table(client, index, "articles-by-state") == {"enriched": total - 1, "failed": 1}
    assert _table(client, index, "top-people")[PUTIN] == 5
    assert _table(client, index, "top-countries")["KP"] == 1
    assert _table(client, index, "top-quoted-people")[PUTIN] == 2
    assert _table(client, index, "top-keyphrases")["Verteidigungspakt"] == 3
    assert _table(client, index, "health-reasons") == {"zu oft": 1}


def test_delays_are_seconds(client: Elasticsearch, index: str) -> None:
    fields = json.loads(VIEWS["depesche-articles-received"]["runtimeFieldMap"])
    aggs = {name: {"stats": {"field": name}} for name in fields}
    delays = client.search(index=index, size=0, aggs=aggs, runtime_mappings=fields)["aggregations"]
    assert delays["searchable_after"]["max"] == 2.5
    # A failed article was never enriched: its time counts for nothing.
    assert delays["enriched_after"]["max"] == 0
    assert delays["enriched_after"]["count"] == delays["searchable_after"]["count"] - 1


@pytest.mark.parametrize("search", [line for line in LINES if line["type"] == "search"])
def test_saved_searches_run(client: Elasticsearch, index: str, search: Line) -> None:
    attributes = search["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    response = client.search(
        index=index,
        query=kql(source["query"]["query"]),
        sort=[{name: way} for name, way in attributes["sort"]],
        fields=attributes["columns"],
    )
    assert response["_shards"]["failed"] == 0
