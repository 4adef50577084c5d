"""What Kibana asks Elasticsearch for a panel, a map or a saved search of the objects that ship."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from indexing.kibana_objects import looked_at, oldest
from indexing.searching.kql_query import query_of
from tests.kibana_articles import World
from tests.kibana_objects import (
    Line,
    beside_articles,
    layers,
    load,
    of_kind,
    of_withdrawals,
    panels,
    queries,
)

ZONE = "Europe/Berlin"
LINES = load()
VIEWS = {line["id"]: line for line in of_kind(LINES, "index-pattern")}
#: Fields that the data views make, and those of what was withdrawn, and their types.
MADE = beside_articles(VIEWS.values())
#: By their ids; those of Lens alone ask for anything by themselves.
PANELS: dict[str, Line] = {
    panel["panelIndex"]: panel
    for line in of_kind(LINES, "dashboard")
    for panel in panels(line)
    if panel["type"] == "lens"
}
SEARCHES = {line["id"]: line for line in of_kind(LINES, "search")}
#: What is chosen above a dashboard that is about names, as a click on one chooses it.
CHOSEN = {
    "depesche-entity": 'people: "Wladimir Putin"',
    "depesche-comparison": 'people: ("Wladimir Putin" or "Hans-Dietrich Genscher")',
}
#: Of a saved search so many are looked at one by one.
MOST_HITS = 500


def kql_of(column: Line) -> str:
    """Return the filter of a column of Lens, empty where it has none."""
    kql: str = column.get("filter", {"query": ""})["query"]
    return kql


def aggregation(column: Line) -> Line:
    """Return what Lens makes of a column, the bucket of its own filter around it."""
    field, params = column["sourceField"], column.get("params", {})
    match column["operationType"]:
        case "terms":
            return {"terms": {"field": field, "size": params["size"]}}
        case "date_histogram":
            by_year = {"calendar_interval": "1y", "min_doc_count": 1, "time_zone": ZONE}
            return {"date_histogram": {"field": field, **by_year}}
        case "count":
            made: Line = {}
        case "unique_count":
            made = {"cardinality": {"field": field}}
        case "median":
            made = {"percentiles": {"field": field, "percents": [50]}}
        case "percentile":
            made = {"percentiles": {"field": field, "percents": [params["percentile"]]}}
        case "last_value":
            # Kibana asks by `top_metrics`, which the Elasticsearch of these tests does not have.
            latest = {"sort": [{params["sortField"]: "desc"}], "size": 1, "_source": False}
            made = {"top_hits": {"docvalue_fields": [field], **latest}}
        case other:
            made = {other: {"field": field}}
    kept = {"filter": query_of(kql_of(column), ZONE, MADE)}
    return {**kept, "aggs": {"value": made}} if made else kept


def asked(layer: Line) -> Line:
    """Return the aggregations of a layer, bucket in bucket, the numbers innermost."""
    columns = [(key, layer["columns"][key]) for key in layer["columnOrder"]]
    aggs = {key: aggregation(column) for key, column in columns if not column["isBucketed"]}
    numbers = list(aggs)
    for key, column in reversed([column for column in columns if column[1]["isBucketed"]]):
        made = aggregation(column)
        order = column.get("params", {}).get("orderBy", {}).get("columnId")
        if order in numbers and "terms" in made:
            made["terms"]["order"] = {order: "desc"}
        aggs = {key: {**made, "aggs": aggs | {n: aggs[n] for n in numbers if n in aggs}}}
    return _ordered(aggs, layer)


def _ordered(aggs: Line, layer: Line) -> Line:
    """A bucket is ordered by a number that stands in it itself: Lens puts it there twice."""
    for made in aggs.values():
        inner = made.get("aggs", {})
        for key in made.get("terms", {}).get("order", {}):
            inner.setdefault(key, aggregation(layer["columns"][key]))
        if "terms" in made or "date_histogram" in made:
            _ordered(inner, layer)
    return aggs


def view_of(shown: Line) -> Line:
    """Return the data view that a panel of Lens, a saved search or a map looks at."""
    references = shown.get("references") or shown["embeddableConfig"]["attributes"]["references"]
    (view,) = {reference["id"] for reference in references}
    return VIEWS[view]


def seen(world: World, shown: Line) -> list[Line]:
    """Return the documents that its data view finds."""
    withdrawn = of_withdrawals(view_of(shown))
    return list(world.withdrawals) if withdrawn else world.seen


def answer(world: World, panel: Line, kql: str = "") -> Line:
    """Return what comes back for a panel of Lens, its aggregations, with ``kql`` above it."""
    (layer,) = layers(panel)
    return _aggregated(world, view_of(panel), asked(layer), kql)


def grid(world: World, map_: Line, precision: int, kql: str = "") -> dict[str, int]:
    """Return the articles in each tile (``zoom/x/y``) of a map."""
    layer = json.loads(map_["attributes"]["layerListJSON"])[1]["sourceDescriptor"]
    tiles = {"geotile_grid": {"field": layer["geoField"], "precision": precision, "size": 10_000}}
    buckets = _aggregated(world, view_of(map_), {"grid": tiles}, kql)["grid"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def _aggregated(world: World, view: Line, aggs: Mapping[str, Any], kql: str) -> Line:
    """Of the time from the archive's oldest article on, which a dashboard shows at first."""
    time = {"gte": oldest(world.client, world.index), "lte": "now+31d"}
    attributes = view["attributes"]
    dated = {"range": {attributes["timeFieldName"]: time}}
    response = world.client.search(
        index=looked_at(attributes["title"], world.index),
        size=0,
        query={"bool": {"filter": [dated, query_of(kql, ZONE, MADE)]}},
        aggs=aggs,
        runtime_mappings=json.loads(attributes["runtimeFieldMap"]),
    )
    assert response["_shards"]["failed"] == 0
    return dict(response["aggregations"])


def hits(world: World, search: Line, kql: str = "") -> tuple[int, list[Line]]:
    """Return how many documents a saved search finds, and the first ones with their columns."""
    (own,) = queries(search)
    view = view_of(search)["attributes"]
    response = world.client.search(
        index=looked_at(view["title"], world.index),
        query={"bool": {"filter": [query_of(each, ZONE, MADE) for each in (own, kql)]}},
        sort=[{name: way} for name, way in search["attributes"]["sort"]],
        fields=search["attributes"]["columns"],
        runtime_mappings=json.loads(view["runtimeFieldMap"]),
        track_total_hits=True,
        size=MOST_HITS,
    )
    return response["hits"]["total"]["value"], response["hits"]["hits"]
