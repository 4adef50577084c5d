"""The Kibana objects that ship, read as Kibana reads them, and what it would find wrong.

``faults`` tells in sentences; nothing here starts a Kibana. The rules are those of Kibana's own
source: how references are looked up, which operation of Lens takes which type, what may be sorted
by, which columns a visualisation shows; the shapes are those of ``kibana_schemas``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import Any

from indexing.index import withdrawals
from indexing.index.mapping import mappings
from indexing.kibana_objects import SHIPPED_INDEX
from indexing.searching.kql_query import Known, fields_in, fields_of, query_of
from tests.kibana_schemas import wrong_attributes, wrong_inside

Line = dict[str, Any]

KIBANA = files("seeds") / "kibana"
FILES = {"de": "depesche.ndjson", "en": "depesche.en.ndjson"}
RECORDS = "___records___"
#: Elasticsearch's types by what Kibana calls them.
_KINDS = {
    **dict.fromkeys(("keyword",), "string"),
    **dict.fromkeys(("integer", "long", "double"), "number"),
    **dict.fromkeys(("date", "boolean", "geo_point"), ""),
}
#: What an operation of Lens is applied to, and the type of the column that comes of it.
_OPERATIONS: dict[str, tuple[set[str], str | None]] = {
    "terms": ({"string", "number", "boolean"}, "string"),
    "date_histogram": ({"date"}, "date"),
    "unique_count": ({"string", "number", "boolean", "date"}, "number"),
    "median": ({"number"}, "number"),
    "percentile": ({"number"}, "number"),
    "min": ({"number", "date"}, None),
    "max": ({"number", "date"}, None),
    "last_value": ({"string", "number", "boolean", "date"}, None),
}
_TRIGGERS = {"VALUE_CLICK_TRIGGER", "FILTER_TRIGGER", "SELECT_RANGE_TRIGGER"}
#: Newest model version of each type that 8.17 to 9.x can migrate on from.
MODELS = {
    "index-pattern": "8.0.0",
    "search": "10.5.0",
    "query": "10.1.0",
    "map": "8.4.0",
    "dashboard": "10.2.0",
}


def load(language: str = "de") -> list[Line]:
    """Return the objects of a language, as they are shipped."""
    text = (KIBANA / FILES[language]).read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def of_kind(lines: list[Line], kind: str) -> list[Line]:
    """Return the objects of one type."""
    return [line for line in lines if line["type"] == kind]


def panels(dashboard: Line) -> list[Line]:
    """Return the panels of a dashboard."""
    loaded: list[Line] = json.loads(dashboard["attributes"]["panelsJSON"])
    return loaded


def layers(panel: Line) -> list[Line]:
    """Return the layers of a panel of Lens."""
    state = panel["embeddableConfig"]["attributes"]["state"]
    return list(state["datasourceStates"]["formBased"]["layers"].values())


def controls(dashboard: Line) -> list[Line]:
    """Return the inputs of a dashboard's controls."""
    group = dashboard["attributes"].get("controlGroupInput") or {"panelsJSON": "{}"}
    return [each["explicitInput"] for each in json.loads(group["panelsJSON"]).values()]


def made_by(view: Line) -> dict[str, str]:
    """Return the fields that a data view makes, and their types."""
    made = json.loads(view["attributes"]["runtimeFieldMap"])
    return {name: field["type"] for name, field in made.items()}


def hidden_by(view: Line) -> list[str]:
    """Return the patterns of the fields that a data view leaves out of its documents."""
    return [entry["value"] for entry in json.loads(view["attributes"]["sourceFilters"])]


def known_to(view: Line) -> dict[str, Known]:
    """Return all fields that a data view knows: the mapping's, its own, the document's id."""
    own = {name: Known(kind) for name, kind in made_by(view).items()}
    mapped = withdrawals.PROPERTIES if of_withdrawals(view) else mappings()["properties"]
    return fields_of(mapped) | own | {"_id": Known("keyword")}


def of_withdrawals(view: Line) -> bool:
    """Whether a data view looks at what was withdrawn, not at articles."""
    return bool(view["attributes"]["title"] == withdrawals.name(SHIPPED_INDEX))


def beside_articles(views: Iterable[Line]) -> dict[str, str]:
    """Return the fields that data views know beside those of the articles, and their types."""
    known = {name: each for view in views for name, each in known_to(view).items()}
    mapped = fields_of(mappings()["properties"])
    return {name: each.type for name, each in known.items() if name not in mapped}


def queries(line: Line) -> Iterator[str]:
    """Yield all KQL of an object, in whatever depth."""
    if line["type"] in {"search", "dashboard"}:
        meta = json.loads(line["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
        yield meta["query"]["query"]
    if line["type"] == "query":
        yield line["attributes"]["query"]["query"]
    if line["type"] == "dashboard":
        for panel in (panel for panel in panels(line) if panel["type"] == "lens"):
            for layer in layers(panel):
                yield from (
                    c["filter"]["query"] for c in layer["columns"].values() if "filter" in c
                )


def faults(lines: list[Line]) -> list[str]:
    """Return what Kibana would refuse, show empty, or show wrongly."""
    views = {line["id"]: line for line in of_kind(lines, "index-pattern")}
    there = {(line["type"], line["id"]) for line in lines}
    told = [f"{line['id']}: {fault}" for line in lines for fault in _of_object(line, there)]
    for line in lines:
        found = _BY_KIND.get(line["type"], _nothing)(line, views)
        told += [f"{line['id']}: {fault}" for fault in found]
        told += [f"{line['id']}: {fault}" for kql in queries(line) for fault in _of_kql(kql, views)]
    return told


def _of_object(line: Line, there: set[tuple[str, str]]) -> Iterator[str]:
    if line.get("typeMigrationVersion") != MODELS.get(line["type"]):
        yield f"model version {line.get('typeMigrationVersion')}"
    if not line["attributes"].get("title"):
        yield "has no title"
    yield from wrong_attributes(line)
    names = [each["name"] for each in line["references"]]
    if len(names) != len(set(names)):
        yield "two references of one name"
    for each in line["references"]:
        if (each["type"], each["id"]) not in there:
            yield f"{each['type']} {each['id']} is not there"


def _of_kql(kql: str, views: Mapping[str, Line]) -> Iterator[str]:
    try:
        query_of(kql, "Europe/Berlin", beside_articles(views.values()))
    except Exception as error:  # noqa: BLE001 -- told with the others
        yield f"{kql}: {error}"


def _nothing(_: Line, __: Mapping[str, Line]) -> Iterator[str]:
    yield from ()


def _view(line: Line, _: Mapping[str, Line]) -> Iterator[str]:
    attributes, known = line["attributes"], known_to(line)
    if known.get(attributes["timeFieldName"], Known("")).type != "date":
        yield f"{attributes['timeFieldName']} is no date"
    for key in ("fieldFormatMap", "fieldAttrs"):
        made_anywhere = {"said", "website"}  # a label for a field of the other view does no harm
        yield from (
            f"{key}: {name}?"
            for name in json.loads(attributes[key])
            if name not in known.keys() | made_anywhere
        )
    for pattern in hidden_by(line):
        if not any(fnmatchcase(name, pattern) for name in known):
            yield f"hides {pattern}, which nothing is called"


def _search(line: Line, views: Mapping[str, Line]) -> Iterator[str]:
    attributes = line["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    ids = {each["name"]: each["id"] for each in line["references"]}
    if source["indexRefName"] not in ids:
        yield "its data view cannot be looked up"
        return
    view = views[ids[source["indexRefName"]]]
    yield from _asked(source["query"]["query"], view)
    for name in attributes["columns"]:
        yield from _readable(name, view)
    for name, way in attributes["sort"]:
        if known_to(view).get(name, Known("")).type not in {"date", "keyword", "integer"}:
            yield f"cannot be sorted by {name}"
        if way not in {"asc", "desc"}:
            yield f"sorted {way}"


def _readable(name: str, view: Line) -> Iterator[str]:
    if name not in known_to(view):
        yield f"there is no column {name}"
    for pattern in hidden_by(view):
        if fnmatchcase(name, pattern):
            yield f"shows {name}, which its data view hides"


def _asked(kql: str, view: Line) -> Iterator[str]:
    known = known_to(view)
    yield from (
        f"asks for {name}, which is not there" for name in fields_in(kql) if name not in known
    )


def _map(line: Line, views: Mapping[str, Line]) -> Iterator[str]:
    ids = {each["name"]: each["id"] for each in line["references"]}
    base, *above = json.loads(line["attributes"]["layerListJSON"])
    if base["sourceDescriptor"]["type"] != "EMS_TMS":
        yield "has no base map"
    for number, layer in enumerate(above, 1):
        source = layer["sourceDescriptor"]
        if source["indexPatternRefName"] != f"layer_{number}_source_index_pattern":
            yield f"layer {number} is looked up as {source['indexPatternRefName']}"
        known = known_to(views[ids[source["indexPatternRefName"]]])
        if known.get(source["geoField"], Known("")).type != "geo_point":
            yield f"{source['geoField']} is no point"


def _dashboard(line: Line, views: Mapping[str, Line]) -> Iterator[str]:
    yield from wrong_inside(line)
    yield from _grid(panels(line))
    if not line["attributes"]["timeRestore"] or not line["attributes"]["timeFrom"]:
        yield "has no time range of its own"
    for control in controls(line):
        kind = known_to(views[control["dataViewId"]]).get(control["fieldName"], Known("")).type
        if kind != "keyword":
            yield f"control over {control['fieldName']}, which is {kind or 'not there'}"
        name = f"controlGroup_{control['id']}:optionsListDataView"
        if name not in {each["name"] for each in line["references"]}:
            yield f"the data view of control {control['fieldName']} cannot be looked up"
    for panel in panels(line):
        found = [*_references(panel, line), *_drilldowns(panel)]
        if panel["type"] == "lens":
            found += _lens(panel, views)
        yield from (f"{panel['panelIndex']}: {fault}" for fault in found)


def _grid(all_panels: list[Line]) -> Iterator[str]:
    taken: set[tuple[int, int]] = set()
    for panel in all_panels:
        grid = panel["gridData"]
        rows, cells = range(grid["h"]), range(grid["w"])
        area = {(grid["x"] + x, grid["y"] + y) for x in cells for y in rows}
        if area & taken or max((x for x, _ in area), default=0) >= 48:
            yield f"{panel['panelIndex']} does not lie where it has room"
        taken |= area
    if len(taken) != 48 * (1 + max(y for _, y in taken)):
        yield "there are gaps between the panels"


def _references(panel: Line, dashboard: Line) -> Iterator[str]:
    """What a panel looks up, behind its own name, is what the dashboard has for it."""
    prefix = f"{panel['panelIndex']}:"
    has = {
        each["name"].removeprefix(prefix)
        for each in dashboard["references"]
        if each["name"].startswith(prefix)
    }
    needs = {
        f"drilldown:{event['action']['factoryId']}:{event['eventId']}:dashboardId"
        for event in _events(panel)
    }
    config = panel["embeddableConfig"]
    if "panelRefName" in panel:
        needs.add(panel["panelRefName"])
    elif panel["type"] == "lens":
        needs |= {each["name"] for each in config["attributes"]["references"]}
    elif panel["type"] == "links":
        needs |= {link["destinationRefName"] for link in config["attributes"]["links"]}
    if has != needs:
        yield f"looks up {sorted(needs)}, there are {sorted(has)}"


def _events(panel: Line) -> list[Line]:
    actions = panel["embeddableConfig"].get("enhancements", {}).get("dynamicActions", {})
    return list(actions.get("events", []))


def _drilldowns(panel: Line) -> Iterator[str]:
    for event in _events(panel):
        if not set(event["triggers"]) <= _TRIGGERS or not event["action"]["name"]:
            yield f"drilldown {event['eventId']} cannot be begun"
        if not event["action"]["config"]["useCurrentFilters"]:
            yield f"drilldown {event['eventId']} leaves the filter behind"


def _lens(panel: Line, views: Mapping[str, Line]) -> Iterator[str]:
    attributes = panel["embeddableConfig"]["attributes"]
    (view,) = {each["id"] for each in attributes["references"]}
    for layer in layers(panel):
        columns = layer["columns"]
        if sorted(columns) != sorted(layer["columnOrder"]):
            yield "columns without an order"
        buckets = [columns[key]["isBucketed"] for key in layer["columnOrder"]]
        if buckets != sorted(buckets, reverse=True):
            yield "a number stands before what it is counted by"
        for key, column in columns.items():
            yield from (f"{key}: {fault}" for fault in _column(column, columns, views[view]))
    for chart in attributes["state"]["visualization"].get("layers", []):
        order = layers(panel)[0]["columnOrder"]
        if order[0] != chart.get("splitAccessor", order[0]):
            yield "has other parts at each point in time"
    shown = _named_in(attributes["state"]["visualization"])
    if missing := set().union(*(layer["columns"] for layer in layers(panel))) - shown:
        yield f"computes {sorted(missing)} and does not show it"


def _named_in(state: Any) -> set[str]:
    """All texts of a visualisation's state; the ids of its columns are among them."""
    if isinstance(state, dict):
        return set().union(*map(_named_in, state.values()))
    if isinstance(state, list):
        return set().union(*map(_named_in, state))
    return {state} if isinstance(state, str) else set()


def _column(column: Line, columns: Mapping[str, Line], view: Line) -> Iterator[str]:
    operation, field = column["operationType"], column["sourceField"]
    yield from _asked(column.get("filter", {"query": ""})["query"], view)
    if field == RECORDS:
        if operation != "count":
            yield f"{operation} of all records"
        return
    known, (kinds, becomes) = known_to(view), _OPERATIONS[operation]
    kind = _kind(known.get(field, Known("")))
    if kind not in kinds:
        yield f"{operation} of {field}, which is {kind or 'not there'}"
    if column["dataType"] != (becomes or kind):
        yield f"is {column['dataType']} instead of {becomes or kind}"
    params = column.get("params", {})
    order = params.get("orderBy", {})
    if order.get("type") == "column" and columns.get(order["columnId"], column)["isBucketed"]:
        yield f"is ordered by {order['columnId']}, which is no number here"
    if operation == "last_value" and known.get(params["sortField"], Known("")).type != "date":
        yield f"the last by {params['sortField']}"


def _kind(known: Known) -> str:
    """What Kibana calls a field's type; Lens knows no field inside of nested objects."""
    if known.path:
        return ""
    return _KINDS.get(known.type, "") or (known.type if known.type in _KINDS else "")


_BY_KIND = {"index-pattern": _view, "search": _search, "map": _map, "dashboard": _dashboard}


def fields_used(dashboard: Line) -> set[str]:
    """Return the fields that a dashboard counts, filters and controls by."""
    used = {control["fieldName"] for control in controls(dashboard)}
    for panel in (panel for panel in panels(dashboard) if panel["type"] == "lens"):
        for layer in layers(panel):
            used |= {column["sourceField"] for column in layer["columns"].values()} - {RECORDS}
    return used | {name for kql in queries(dashboard) for name in fields_in(kql)}
