"""From the short forms of our sources to dashboards in the language of kb-dashboard-core.

A dashboard is rows of panels; a row has a height, its panels share its 48 columns. What many
panels have in common (a table of names, a tile with a number) is said here once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

Panel = dict[str, Any]

COLUMNS = 48
#: How many names a table has.
TOP = 25
#: The dashboard that a click on a name leads to.
ENTITY = "depesche-entity"
#: Fields whose values are names with a dashboard of their own -> what one of them is called.
NAMES = {
    "people": "Person",
    "organisations": "Organisation",
    "places": "Place",
    "quoted_people": "Quoted",
    "dateline_place": "Place",
}


def dashboard(source: Mapping[str, Any], links: Sequence[Mapping[str, str]]) -> Panel:
    """Return a dashboard for kb-dashboard-core; ``links`` lead to all of them, first in it."""
    key, view = source["id"], source["view"]
    head: Panel = {"height": 3, "panels": [{"links": list(links)}]}
    panels = [
        each
        for number, (row, top) in enumerate(_tops([head, *source["rows"]]))
        for each in _row(row, top, number, key, view)
    ]
    return {
        "name": source["name"],
        "id": key,
        "description": source["description"],
        "time_range": source["time_range"],
        "settings": {"controls": {"label_position": "above", "chain_controls": True}},
        "controls": [
            _control(key, view, field, label) for field, label in source.get("controls", {}).items()
        ],
        "panels": panels,
    }


def _tops(rows: Sequence[Panel]) -> Iterator[tuple[Panel, int]]:
    heights = [row["height"] for row in rows]
    return zip(rows, accumulate(heights, initial=0), strict=False)


def _row(row: Panel, top: int, number: int, key: str, view: str) -> Iterator[Panel]:
    panels = row["panels"]
    widths = _widths([panel.get("w") for panel in panels])
    lefts = accumulate(widths, initial=0)
    for place, (panel, width, left) in enumerate(zip(panels, widths, lefts, strict=False)):
        own = {"id": f"{key}-{number}-{place}", **panel}
        own.pop("w", None)
        yield {
            "size": {"w": width, "h": row["height"]},
            "position": {"x": left, "y": top},
            **_expanded(own, own.get("view", view), key),
        }


def _widths(wanted: Sequence[int | None]) -> list[int]:
    """Return a width for each panel of a row; those that say none share what is left."""
    left = COLUMNS - sum(width or 0 for width in wanted)
    open_ones = sum(width is None for width in wanted)
    if left < open_ones or (left and not open_ones):
        raise ValueError(f"a row of {COLUMNS} columns cannot be {list(wanted)}")
    each, more = divmod(left, open_ones or 1)
    extra = iter([1] * more + [0] * COLUMNS)
    return [each + next(extra) if width is None else width for width in wanted]


def _expanded(panel: Panel, view: str, dashboard_id: str) -> Panel:
    """Write a short form out; every other panel is kb-dashboard-core's own already."""
    for form, write in _FORMS.items():
        if form in panel:
            rest = {name: panel[name] for name in ("id", "title", "description") if name in panel}
            return {**rest, **write(panel, view), **_drilldown(panel, dashboard_id)}
    lens = {"lens": {"data_view": view, **panel["lens"]}} if "lens" in panel else {}
    return {name: value for name, value in panel.items() if name != "view"} | lens


def _tile(panel: Panel, view: str) -> Panel:
    """``count``: a number, of all articles or of those that a KQL query finds."""
    metric = {"id": f"{panel['id']}-value", "aggregation": "count", "label": panel["title"]}
    if panel["count"]:
        metric["filter"] = {"kql": panel["count"]}
    if "of" in panel:
        metric |= {"aggregation": panel.get("as", "unique_count"), "field": panel["of"]}
    return {
        "hide_title": True,
        "lens": {"type": "metric", "data_view": view, "primary": metric},
    }


def _values(panel: Panel, view: str) -> Panel:
    """``values``: a table of a field's most frequent values, a click on which filters.

    With ``latest``, a date, the last one of each.
    """
    key, field = panel["id"], panel["values"]
    column = {
        "id": f"{key}-value",
        "type": "values",
        "field": field,
        "size": panel.get("size", TOP),
        "show_other_bucket": False,
        "label": panel.get("label") or NAMES[field],
        "appearance": {"one_click_filter": True},
    }
    counted = {"id": f"{key}-count", "aggregation": "count", "label": "Articles"}
    if "only" in panel:
        counted["filter"] = {"kql": panel["only"]}
    metrics = [counted]
    if "latest" in panel:
        last = {"id": f"{key}-last", "aggregation": "max", "field": panel["latest"]}
        metrics.append({**last, "label": "Last"})
    return {
        "lens": {
            "type": "datatable",
            "data_view": view,
            "breakdowns": [column],
            "metrics": metrics,
        }
    }


def _over_time(panel: Panel, view: str) -> Panel:
    """``over_time``: bars of articles by a date, or lines, in parts by a field where it says so."""
    key = panel["id"]
    lens: Panel = {
        "type": panel.get("as", "bar"),
        "data_view": view,
        "dimension": {
            "id": f"{key}-time",
            "type": "date_histogram",
            "field": panel["over_time"],
            "label": panel["label"],
        },
        "metrics": [{"id": f"{key}-count", "aggregation": "count", "label": "Articles"}],
    }
    if "by" in panel:
        part = {"type": "values", "field": panel["by"], "size": panel.get("size", 10)}
        label = panel.get("part") or NAMES[panel["by"]]
        lens["breakdown"] = {
            **part,
            "id": f"{key}-part",
            "label": label,
            "show_other_bucket": False,
        }
    return {"lens": lens}


def _delays(panel: Panel, view: str) -> Panel:
    """``delays``: the median and the 95th percentile of a field in seconds, by receipt."""
    key, field = panel["id"], panel["delays"]
    time = {"id": f"{key}-time", "type": "date_histogram", "field": "received_at"}
    median = {"id": f"{key}-median", "aggregation": "median", "field": field, "label": "Median"}
    most = {"id": f"{key}-p95", "aggregation": "percentile", "percentile": 95, "field": field}
    return {
        "lens": {
            "type": "line",
            "data_view": view,
            "dimension": {**time, "label": "Received"},
            "metrics": [median, {**most, "label": "95 of 100"}],
        }
    }


def _links(panel: Panel, _: str) -> Panel:
    """``links``: to the other dashboards, with the filters; each has a time range of its own."""
    items = [
        {**link, "id": f"{panel['id']}-{link['dashboard']}", "with_filters": True}
        for link in panel["links"]
    ]
    return {"links": {"layout": "horizontal", "items": [{**i, "with_time": False} for i in items]}}


def _search(panel: Panel, _: str) -> Panel:
    return {"search": {"saved_search_id": panel["search"]}}


_FORMS = {
    "count": _tile,
    "values": _values,
    "over_time": _over_time,
    "delays": _delays,
    "links": _links,
    "search": _search,
}


def _drilldown(panel: Panel, dashboard_id: str) -> Panel:
    """From a name to its dashboard, with this name and all filters; not from there to itself."""
    if panel.get("values", panel.get("by")) not in NAMES or dashboard_id == ENTITY:
        return {}
    leads = {
        "id": f"{panel['id']}-entity",
        "name": "All about this name",
        "dashboard": ENTITY,
        "with_filters": True,
        "with_time": True,
        "triggers": ["filter"],
    }
    return {"drilldowns": [leads]}


def _control(key: str, view: str, field: str, label: str) -> Panel:
    return {
        "id": f"{key}-control-{field}",
        "type": "options",
        "label": label,
        "field": field,
        "data_view": view,
        "match_technique": "contains",
        "fill_width": True,
    }
