"""What Kibana's panels ask for, asked of a real Elasticsearch, and counted by hand beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from benchmarks.samples import samples, text_of
from extraction.tagging import pipeline
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.index.released import ReadersClient, readable
from indexing.kibana_objects import oldest
from indexing.searching.kql_query import query_of
from indexing.searching.search import Query, search
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.write import create
from tests.kibana_objects import RECORDS, Line, layers, load, made_by, of_kind, panels, queries

ZONE = "Europe/Berlin"
LINES = load()
VIEWS = {line["id"]: line for line in of_kind(LINES, "index-pattern")}
MADE = {name: kind for view in VIEWS.values() for name, kind in made_by(view).items()}
PANELS: dict[str, Line] = {
    panel["panelIndex"]: panel
    for line in of_kind(LINES, "dashboard")
    for panel in panels(line)
    if panel["type"] == "lens"
}
PAGE = (Path(__file__).parents[2] / "docs" / "kibana.md").read_text("utf-8")
RECEIVED, INDEXED = "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:02.500+00:00"
PAKT = "2024-06-19-verteidigungspakt"
#: Beside the samples, which are all dated, enriched and of one text: what else a panel counts.
OTHERS: dict[str, Line] = {
    "failed": {
        "headline": "Kaputt",
        "received_at": RECEIVED,
        "shown_at": RECEIVED,
        "indexed_at": INDEXED,
        "date_problem": "missing",
        "enrichment": {"state": "failed", "error": "zu oft", "at": INDEXED},
    },
    "pending": {
        "headline": "Ohne Datum",
        "url": "https://www.example.org/sport/1",
        "received_at": RECEIVED,
        "shown_at": RECEIVED,
        "indexed_at": RECEIVED,
        "date_problem": "ambiguous",
        "language": "en",
        "unread": ["language"],
        "subjects": ["Sport"],
        "source": {"format": "json", "warnings": ["The date may be two days."]},
        "enrichment": {"state": "pending", "attempts": 0},
    },
    "held": {
        "headline": "Noch nicht",
        "embargo_until": "2099-01-01T00:00:00Z",
        "received_at": RECEIVED,
        "shown_at": "1970-01-01",
        "indexed_at": RECEIVED,
        "people": ["Wladimir Putin"],
        "enrichment": {"state": "pending", "attempts": 0},
    },
}


def _documents() -> dict[str, Line]:
    """The samples, enriched as they are by a worker; a copy of one, which was corrected."""
    articles, nlp = samples(), pipeline.load()
    enriched = pipeline.read(nlp, map(text_of, articles.values()))
    documents = {
        name: to_document(article, RECEIVED, INDEXED)
        | {**enrichment_fields(enrichment, "p1", INDEXED), "story": name}
        for (name, article), enrichment in zip(articles.items(), enriched, strict=True)
    }
    corrected = {"version": 2, "changed": ["headline"], "agency": ["ap"]}
    return {**documents, "copy": {**documents[PAKT], **corrected}, **OTHERS}


@pytest.fixture(scope="module")
def documents() -> dict[str, Line]:
    return _documents()


@pytest.fixture(scope="module")
def index(client: Elasticsearch, documents: Mapping[str, Line]) -> Iterator[str]:
    alias = f"kibana-{uuid4().hex}"
    create_index(client, alias)
    fates = create(client, alias, list(documents.items()))
    assert {fate.result for fate in fates} == {"created"}
    client.indices.refresh(index=alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


@pytest.fixture(scope="module")
def seen(documents: Mapping[str, Line]) -> list[Line]:
    """What readers see, by hand."""
    return [document for key, document in documents.items() if key != "held"]


# By hand.


def values(document: Line, name: str) -> list[Any]:
    """What a document has in a field, each once; ``headline.raw`` is the headline."""
    if name in BY_HAND:
        return BY_HAND[name](document)
    value: Any = document
    for part in name.removesuffix(".raw").split("."):
        value = value.get(part) if isinstance(value, dict) else None
    listed = value if isinstance(value, list) else [value]
    kept = [each for each in listed if each is not None]
    return [each for number, each in enumerate(kept) if each not in kept[:number]]


def _seconds(document: Line, until: str | None) -> list[float]:
    if not until:
        return []
    came = datetime.fromisoformat(document["received_at"])
    return [(datetime.fromisoformat(until) - came).total_seconds()]


def _site(document: Line) -> list[str]:
    host = urlsplit(document.get("url", "")).hostname
    return [host.removeprefix("www.")] if host else []


def _enriched(document: Line) -> list[float]:
    state = document["enrichment"]
    return _seconds(document, state["at"] if state["state"] == "enriched" else None)


def _said(document: Line) -> list[str]:
    return [f"{q['speaker'] or '–'}: {q['text']}" for q in document.get("quotes", [])]


BY_HAND: dict[str, Callable[[Line], list[Any]]] = {
    "searchable_after": lambda document: _seconds(document, document["indexed_at"]),
    "enriched_after": _enriched,
    "site": _site,
    "said": _said,
}


def _is(name: str, value: str) -> Callable[[Line], bool]:
    return lambda document: value in values(document, name)


def _has(name: str) -> Callable[[Line], bool]:
    return lambda document: bool(values(document, name))


FOUND: dict[str, Callable[[Line], bool]] = {
    "": lambda _: True,
    **{f"enrichment.state: {s}": _is("enrichment.state", s) for s in ("enriched", "pending")},
    "enrichment.state: failed": _is("enrichment.state", "failed"),
    "not published_day: *": lambda document: not values(document, "published_day"),
    "quotes: { kind: * }": _has("quotes"),
    "quotes: { kind: * } and not quoted_people: *": lambda document: (
        bool(values(document, "quotes")) and not values(document, "quoted_people")
    ),
    "locations: *": _has("locations"),
    "places: * and not locations: *": lambda document: (
        bool(values(document, "places")) and not values(document, "locations")
    ),
    "version >= 2": lambda document: document.get("version", 1) >= 2,
    '"headline.raw": *': _has("headline"),
}


# As Kibana asks.


def filter_of(column: Line) -> str:
    kql: str = column.get("filter", {"query": ""})["query"]
    return kql


def aggregation(column: Line) -> Line:
    """What Lens makes of a column, the bucket of its own filter around it."""
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
    kept = {"filter": query_of(filter_of(column), ZONE, MADE)}
    return {**kept, "aggs": {"value": made}} if made else kept


def asked(layer: Line) -> Line:
    """The aggregations of a layer, bucket in bucket, the numbers innermost."""
    columns = [(key, layer["columns"][key]) for key in layer["columnOrder"]]
    aggs = {key: aggregation(column) for key, column in columns if not column["isBucketed"]}
    numbers = list(aggs)
    for key, column in reversed([column for column in columns if column[1]["isBucketed"]]):
        made = aggregation(column)
        order = column.get("params", {}).get("orderBy", {}).get("columnId")
        if order in numbers and "terms" in made:
            made["terms"]["order"] = {order: "desc"}
        aggs = {key: {**made, "aggs": aggs | {n: aggs[n] for n in numbers if n in aggs}}}
    return aggs


def answer(client: Elasticsearch, index: str, panel: Line) -> Line:
    (layer,) = layers(panel)
    (view,) = {r["id"] for r in panel["embeddableConfig"]["attributes"]["references"]}
    time = VIEWS[view]["attributes"]["timeFieldName"]
    response = client.search(
        index=readable(index),
        size=0,
        query={"range": {time: {"gte": oldest(client, index), "lte": "now+31d"}}},
        aggs=_ordered(asked(layer), layer),
        runtime_mappings=json.loads(VIEWS[view]["attributes"]["runtimeFieldMap"]),
    )
    assert response["_shards"]["failed"] == 0
    return dict(response["aggregations"])


def _ordered(aggs: Line, layer: Line) -> Line:
    """A bucket is ordered by a number that stands in it itself: Lens puts it there twice."""
    for made in aggs.values():
        inner = made.get("aggs", {})
        for key in made.get("terms", {}).get("order", {}):
            inner.setdefault(key, aggregation(layer["columns"][key]))
        if "terms" in made or "date_histogram" in made:
            _ordered(inner, layer)
    return aggs


def differences(shown: Line, layer: Line, order: Sequence[str], seen: Sequence[Line]) -> list[str]:
    """What an answer has that was counted otherwise by hand."""
    key, *rest = order
    column = layer["columns"][key]
    if not column["isBucketed"]:
        return [
            f"{number}: {shown[number]}"
            for number in order
            if not _same(shown[number], layer["columns"][number], seen)
        ]
    field, told = column["sourceField"], []
    own = _years if column["operationType"] == "date_histogram" else values
    counted = Counter(value for document in seen for value in own(document, field))
    buckets = shown[key]["buckets"]
    for bucket in buckets:
        name = bucket["key_as_string"][:4] if own is _years else bucket["key"]
        among = [document for document in seen if name in own(document, field)]
        if bucket["doc_count"] != len(among):
            told.append(f"{name}: {bucket['doc_count']} instead of {len(among)}")
        told += differences(bucket, layer, rest, among)
    if len(buckets) < min(len(counted), column.get("params", {}).get("size", len(counted))):
        told.append(f"{len(buckets)} of {len(counted)}")
    return told


def _years(document: Line, field: str) -> list[str]:
    zone = ZoneInfo(ZONE)
    dates = [str(value) for value in values(document, field)]
    whole = [date if len(date) > 10 else f"{date}-01-01"[:10] for date in dates]
    instants = [datetime.fromisoformat(date) for date in whole]
    return [str((i.astimezone(zone) if i.tzinfo else i).year) for i in instants]


def _same(shown: Line, column: Line, seen: Sequence[Line]) -> bool:
    among = [document for document in seen if FOUND[filter_of(column)](document)]
    field = column["sourceField"]
    if field == RECORDS:
        return bool(shown["doc_count"] == len(among))
    found = sorted(value for document in among for value in values(document, field))
    match column["operationType"]:
        case "unique_count":
            return bool(shown["value"]["value"] == len(set(found)))
        case "last_value":
            (top,) = shown["value"]["hits"]["hits"]
            newest = max(document["shown_at"] for document in among)
            latest = [d for d in among if d["shown_at"] == newest]
            return top["fields"][field] in [values(document, field) for document in latest]
        case "median" | "percentile":
            (value,) = shown["value"]["values"].values()
            return not found or found[0] <= value <= found[-1]
        case _:
            wanted = found[0] if column["operationType"] == "min" else found[-1]
            return bool(shown["value"]["value_as_string"].startswith(wanted[:10]))


@pytest.mark.parametrize("name", sorted(PANELS))
def test_a_panel_counts_as_one_counts_by_hand(
    client: Elasticsearch, index: str, seen: list[Line], name: str
) -> None:
    (layer,) = layers(PANELS[name])
    shown = answer(client, index, PANELS[name])
    assert differences(shown, layer, layer["columnOrder"], seen) == []


def test_the_oldest_article_begins_the_time_range(client: Elasticsearch, index: str) -> None:
    """The one of 1970 is held, and nobody is to know of it."""
    assert oldest(client, index) == "1990-01-01T00:00:00.000Z"
    with pytest.raises(UsageError, match="There is no index"):
        oldest(client, "nowhere")


def test_a_map_shows_the_articles_with_places(
    client: Elasticsearch, index: str, seen: list[Line]
) -> None:
    (line,) = of_kind(LINES, "map")
    field = json.loads(line["attributes"]["layerListJSON"])[1]["sourceDescriptor"]["geoField"]
    grid = {"geotile_grid": {"field": field, "precision": 3, "size": 10_000}}
    found = client.search(index=readable(index), size=0, aggs={"grid": grid})
    buckets = found["aggregations"]["grid"]["buckets"]
    assert len(buckets) > 3
    most = max(bucket["doc_count"] for bucket in buckets)
    assert most <= sum(map(FOUND["locations: *"], seen)) <= sum(b["doc_count"] for b in buckets)


@pytest.mark.parametrize("search", of_kind(LINES, "search"), ids=lambda line: line["id"])
def test_a_saved_search_finds_and_shows(
    client: Elasticsearch, index: str, seen: list[Line], search: Line
) -> None:
    (kql,) = queries(search)
    view = VIEWS[search["references"][0]["id"]]["attributes"]
    response = client.search(
        index=readable(index),
        query=query_of(kql, ZONE, MADE),
        sort=[{name: way} for name, way in search["attributes"]["sort"]],
        fields=search["attributes"]["columns"],
        runtime_mappings=json.loads(view["runtimeFieldMap"]),
        size=100,
    )
    found = response["hits"]["hits"]
    assert len(found) == sum(map(FOUND[kql], seen))
    if "said" in search["attributes"]["columns"]:
        by_id = {hit["_id"]: hit["fields"]["said"] for hit in found}
        (pact,) = [d for d in seen if d.get("story") == PAKT and "version" not in d]
        assert by_id[PAKT] == sorted(set(_said(pact)))


QUESTIONS = re.findall(
    r"^### (\d+)\. .*?^```kql\n(.*?)\n```\n+.*?\*\*(\d+)", PAGE, re.MULTILINE | re.DOTALL
)


def test_the_handbook_asks_ten_questions() -> None:
    assert [int(number) for number, _, _ in QUESTIONS] == list(range(1, 11))
    saved = [kql for line in of_kind(LINES, "query") for kql in queries(line)]
    assert [kql for _, kql, _ in QUESTIONS] == saved


@pytest.mark.parametrize(("number", "kql", "promised"), QUESTIONS)
def test_a_question_finds_what_the_handbook_promises(
    client: Elasticsearch, index: str, number: str, kql: str, promised: str
) -> None:
    """Promised is what the samples give: what stands beside them here counts for nothing."""
    beside = {"ids": {"values": [*OTHERS, "copy"]}}
    query = {"bool": {"must": query_of(kql, ZONE, MADE), "must_not": beside}}
    found = client.search(index=readable(index), query=query, size=100)["hits"]["hits"]
    assert len(found) == int(promised), (number, [hit["_id"] for hit in found])


def test_kql_limits_a_search_of_ours(client: Elasticsearch, index: str) -> None:
    """So a figure of a dashboard can be checked from the shell (``search --kql``)."""
    kql = "quotes: { speaker.name: reuter } and agency.folded: DPA"
    found = search(ReadersClient.of(client), index, Query("Verteidigungspakt", kql=kql))
    assert [hit.id for hit in found.hits] == [PAKT]
    assert search(client, index, Query("Hochwasser", kql=kql)).total == 0


@pytest.mark.parametrize(
    ("kql", "found"),
    [
        ("agency.folded: DPA", True),
        ("agency: DPA", False),
        ("people.folded: WLADIMIR PUTIN", True),
        ("dateline_place.folded: (seoul and MOSKAU)", True),
        ("people.folded: kim*un", True),
    ],
)
def test_what_people_type_is_found_in_any_case(
    client: Elasticsearch, index: str, kql: str, found: bool
) -> None:
    query = {"bool": {"filter": [query_of(kql, ZONE), {"ids": {"values": [PAKT]}}]}}
    assert client.count(index=readable(index), query=query)["count"] == int(found)
