"""The shapes of saved objects in Kibana 8.19 and 9.x, and what in ours is of another.

Names and types as they stand in Kibana's source (elastic/kibana on GitHub, read in November 2026);
the file is said beside each. What an import brings is brought up to date by Kibana (model versions)
and held against the shape of the newest; what a dashboard has inside is held against shapes of its
own when it is opened, since 9.4 strictly: a panel that does not fit is dropped with a warning.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Maybe:
    """What may be missing."""

    shape: Any


@dataclass(frozen=True, slots=True)
class Literal:
    """One of these values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text of no more than so many characters."""

    most: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number from ``least`` to ``most``."""

    least: float = float("-inf")
    most: float = float("inf")


@dataclass(frozen=True, slots=True)
class Some:
    """A list of no more than so many things of a shape."""

    shape: Any
    most: int = 10_000


#: Anything.
OPEN = object()
NUMBER = Number()


def wrong(value: Any, shape: Any, at: str = "") -> Iterator[str]:
    """Yield what in ``value`` is not of ``shape``; an object (``{}``) has no other keys."""
    match shape:
        case dict():
            yield from _wrong_keys(value, shape, at)
        case Some():
            yield from _wrong_list(value, shape, at)
        case Maybe():
            yield from wrong(value, shape.shape, at)
        case _:
            if shape is not OPEN and not _fits(value, shape):
                yield f"{at} is {value!r}, no {getattr(shape, '__name__', shape)}"


def _fits(value: Any, shape: Any) -> bool:
    match shape:
        case Literal():
            return value in shape.values
        case Text():
            return isinstance(value, str) and len(value) <= shape.most
        case Number():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and shape.least <= value <= shape.most
    return isinstance(value, shape)


def _wrong_keys(value: Any, shape: Mapping[str, Any], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at} is {value!r}, no object"
        return
    for key in value.keys() - shape.keys():
        yield f"{at}.{key} is not known"
    for key, inner in shape.items():
        if key in value:
            yield from wrong(value[key], inner, f"{at}.{key}")
        elif not isinstance(inner, Maybe):
            yield f"{at}.{key} is missing"


def _wrong_list(value: Any, shape: Some, at: str) -> Iterator[str]:
    if not isinstance(value, list) or len(value) > shape.most:
        yield f"{at} is no list of up to {shape.most}"
        return
    for number, each in enumerate(value):
        yield from wrong(each, shape.shape, f"{at}[{number}]")


_REFRESH = {"pause": bool, "value": NUMBER}
_TIMES = {"from": str, "to": str}
_SOURCE = {"searchSourceJSON": str}
_TEXTS = Some(str)

#: src/platform/plugins/shared/dashboard/server/dashboard_saved_object/schema/v1/v1.ts to v4/v4.ts.
#: Of version 1 the shape is closed (8.13 to 9.x); later ones have the same keys and some more.
_DASHBOARD = {
    "title": str,
    "description": Maybe(str),
    "kibanaSavedObjectMeta": Maybe({"searchSourceJSON": Maybe(str)}),
    "timeRestore": Maybe(bool),
    "timeFrom": Maybe(str),
    "timeTo": Maybe(str),
    "refreshInterval": Maybe(_REFRESH | {"display": Maybe(str), "section": Maybe(NUMBER)}),
    "controlGroupInput": Maybe(
        {
            "panelsJSON": Maybe(str),
            "controlStyle": Maybe(str),
            "chainingSystem": Maybe(str),
            "ignoreParentSettingsJSON": Maybe(str),
            "showApplySelections": Maybe(bool),  # from v2 on
        }
    ),
    "panelsJSON": Maybe(str),
    "optionsJSON": Maybe(str),
    "hits": Maybe(NUMBER),
    "version": Maybe(NUMBER),
}
_SECTIONS = {
    "sections": Maybe(
        Some({"title": str, "collapsed": Maybe(bool), "gridData": {"y": NUMBER, "i": str}})
    )
}
#: src/platform/plugins/shared/saved_search/server/saved_objects/schema_legacy.ts, version 5; from
#: 13 on (9.5) Kibana itself makes tabs of it, whose attributes are these but for ``title``,
#: ``description``, ``hits`` and ``version`` (schema.ts).
_SEARCH = {
    "title": str,
    "description": Maybe(str),
    "columns": Maybe(_TEXTS),
    "sort": Maybe(Some(Some(str, 2))),
    "grid": Maybe({"columns": Maybe(OPEN)}),
    "rowHeight": Maybe(NUMBER),
    "headerRowHeight": Maybe(NUMBER),
    "rowsPerPage": Maybe(NUMBER),
    "sampleSize": Maybe(Number(1, 10_000)),
    "hideChart": Maybe(bool),
    "breakdownField": Maybe(str),
    "kibanaSavedObjectMeta": _SOURCE,
    "isTextBasedQuery": Maybe(bool),
    "usesAdHocDataView": Maybe(bool),
    "timeRestore": Maybe(bool),
    "timeRange": Maybe(_TIMES),
    "refreshInterval": Maybe(_REFRESH),
    "viewMode": Maybe(Literal(("documents", "patterns", "aggregated"))),
    "hideAggregatedPreview": Maybe(bool),
    "visContext": Maybe(OPEN),
    "density": Maybe(Literal(("compact", "expanded", "normal"))),
    "hits": Maybe(NUMBER),
    "version": Maybe(NUMBER),
}
#: src/platform/plugins/shared/data/server/saved_objects/schemas/query.ts, version 1; version 2 adds
#: ``titleKeyword``, which Kibana fills in.
_QUERY = {
    "title": str,
    "description": Maybe(str),
    "query": {"language": str, "query": str},
    "filters": Maybe(Some(OPEN, 100)),
    "timefilter": Maybe(_TIMES | {"refreshInterval": Maybe(_REFRESH)}),
}
#: x-pack/platform/plugins/shared/maps/common/content_management/v1/cm_services.ts.
_MAP = {
    "title": str,
    "description": Maybe(str),
    "mapStateJSON": Maybe(str),
    "layerListJSON": Maybe(str),
    "uiStateJSON": Maybe(str),
}
#: src/platform/plugins/shared/data_views/common/content_management/v1/cm_services.ts.
_VIEW = {
    "title": str,
    "name": Maybe(str),
    "type": Maybe(str),
    "timeFieldName": Maybe(str),
    "sourceFilters": Maybe(str),
    "fields": Maybe(str),
    "typeMeta": Maybe(str),
    "fieldFormatMap": Maybe(str),
    "fieldAttrs": Maybe(str),
    "allowNoIndex": Maybe(bool),
    "runtimeFieldMap": Maybe(str),
    "allowHidden": Maybe(bool),
}
#: Kibana -> type -> shape of its attributes.
ATTRIBUTES: dict[str, dict[str, Line]] = {
    "8.19": {
        "dashboard": _DASHBOARD,
        "search": _SEARCH,
        "query": _QUERY,
        "map": _MAP,
        "index-pattern": _VIEW,
    },
    "9.x": {
        "dashboard": _DASHBOARD | _SECTIONS | {"projectRouting": Maybe(str)},
        "search": _SEARCH,
        "query": _QUERY,
        "map": _MAP,
        "index-pattern": _VIEW,
    },
}

#: src/platform/plugins/shared/dashboard/server/api/dashboard_state_schemas.ts: of all panels.
MOST_PANELS = 100
_GRID = {"x": NUMBER, "y": NUMBER, "w": Number(1, 48), "h": Number(1)}
_OPTIONS = {
    "hidePanelTitles": Maybe(bool),
    "useMargins": Maybe(bool),
    "syncColors": Maybe(bool),
    "syncTooltips": Maybe(bool),
    "syncCursor": Maybe(bool),
}
#: …/kbn-presentation-publishing-schemas: what a panel may have beside what is its own.
_TITLES = {"title": Maybe(Text(500)), "description": Maybe(Text(1_000)), "hide_title": Maybe(bool)}
#: …/kbn-dashboard-navigation-options-schema.
_WAY = {"open_in_new_tab": bool, "use_filters": bool, "use_time_range": bool}
#: src/platform/plugins/private/links/server/api/schemas.ts.
_LINKS = _TITLES | {
    "layout": Maybe(Literal(("horizontal", "vertical"))),
    "links": Some(
        {"label": Maybe(str), "type": Literal(("dashboardLink",)), "destination": str}
        | {"options": _WAY},
        100,
    ),
}
#: src/platform/plugins/shared/embeddable/server/drilldowns, dashboard/server/dashboard_drilldown.
_DRILLDOWN = _WAY | {"dashboard_id": str, "label": str, "trigger": Literal(("on_apply_filter",))}
#: src/platform/packages/shared/controls/controls-schemas/src/options_list_schema.ts.
_CONTROL = {
    "data_view_id": str,
    "field_name": str,
    "title": Maybe(str),
    "search_technique": Literal(("prefix", "wildcard", "exact")),
    "selected_options": Some(str),
    "sort": {"by": Literal(("_count", "_key")), "direction": Literal(("asc", "desc"))},
}
_CONTROL_PLACE = {"width": Literal(("small", "medium", "large")), "grow": bool, "order": NUMBER}
#: Name -> what it is called since 9.4, which Kibana makes of it when it reads
#: (…/links/common/embeddable/transforms/get_options.ts, embeddable/common/bwc, controls/common).
_RENAMED = {
    "openInNewTab": "open_in_new_tab",
    "useCurrentFilters": "use_filters",
    "useCurrentDateRange": "use_time_range",
    "hidePanelTitles": "hide_title",
    "dataViewId": "data_view_id",
    "fieldName": "field_name",
    "searchTechnique": "search_technique",
    "selectedOptions": "selected_options",
}
_WAY_DEFAULT = {"open_in_new_tab": False, "use_filters": True, "use_time_range": True}
#: Names of what begins a drilldown, before 9.4 and since.
_TRIGGERS = dict.fromkeys(
    ("FILTER_TRIGGER", "VALUE_CLICK_TRIGGER", "SELECT_RANGE_TRIGGER"), "on_apply_filter"
)
References = Mapping[str, str]


def wrong_attributes(line: Line) -> Iterator[str]:
    """Yield what in a saved object's attributes Kibana 8.19 or 9.x does not know or lacks."""
    for version, shapes in ATTRIBUTES.items():
        for fault in wrong(line["attributes"], shapes[line["type"]], line["type"]):
            yield f"Kibana {version}: {fault}"


def wrong_inside(dashboard: Line) -> Iterator[str]:
    """Yield what in a dashboard Kibana 9.x drops when it opens it."""
    attributes = dashboard["attributes"]
    ids = {each["name"]: each["id"] for each in dashboard["references"]}
    panels = json.loads(attributes["panelsJSON"])
    yield from wrong(panels, Some(OPEN, MOST_PANELS), "panels")
    yield from wrong(json.loads(attributes["optionsJSON"]), _OPTIONS, "options")
    for panel in panels:
        yield from _wrong_panel(panel, ids)
    group = attributes.get("controlGroupInput") or {"panelsJSON": "{}"}
    for key, control in json.loads(group["panelsJSON"]).items():
        yield from _wrong_control(key, control, ids)


def _wrong_panel(panel: Line, ids: References) -> Iterator[str]:
    key, config = panel["panelIndex"], panel["embeddableConfig"]
    own = {name.removeprefix(f"{key}:"): id_ for name, id_ in ids.items()}
    yield from wrong(panel["gridData"], _GRID | {"i": Literal((key,))}, f"{key}.grid")
    titles = {name: value for name, value in _renamed(config).items() if name in _TITLES}
    yield from wrong(titles, _TITLES, key)
    if panel["type"] == "links":
        yield from wrong(titles | _links(config["attributes"], own), _LINKS, key)
    for event in config.get("enhancements", {}).get("dynamicActions", {}).get("events", []):
        yield from wrong(_drilldown(event, own), _DRILLDOWN, f"{key}.drilldown")


def _links(attributes: Line, ids: References) -> Line:
    """Links as Kibana reads them; what it takes out of them itself is not there any more."""
    links = [
        {name: value for name, value in link.items() if name not in {"id", "order"}}
        for link in attributes["links"]
    ]
    for link in links:
        name = link.pop("destinationRefName", None)
        link |= {"destination": ids.get(name), "options": _way(link.get("options", {}))}
    return {"layout": attributes["layout"], "links": links}


def _drilldown(event: Line, ids: References) -> Line:
    action = event["action"]
    name = f"drilldown:{action['factoryId']}:{event['eventId']}:dashboardId"
    trigger = _TRIGGERS.get(event["triggers"][0], event["triggers"][0])
    read = {"dashboard_id": ids.get(name), "label": action["name"], "trigger": trigger}
    return read | _way(action["config"])


def _wrong_control(key: str, control: Line, ids: References) -> Iterator[str]:
    """A control's data view is looked up by its name, and shows nothing where it is not found."""
    place = {name: control.get(name) for name in _CONTROL_PLACE}
    yield from wrong(place, _CONTROL_PLACE, key)
    yield from wrong(control["type"], Literal(("optionsListControl",)), key)
    config = _renamed(control["explicitInput"])
    config["data_view_id"] = ids.get(f"controlGroup_{key}:optionsListDataView")
    yield from wrong({name: v for name, v in config.items() if name != "id"}, _CONTROL, key)


def _way(options: Line) -> Line:
    return _WAY_DEFAULT | _renamed(options)


def _renamed(config: Line) -> Line:
    return {_RENAMED.get(name, name): value for name, value in config.items()}
