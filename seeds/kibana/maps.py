"""A map as Kibana keeps it: a base map, and the articles on it, near ones drawn as one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

#: Of the first layer above the base map, as Kibana numbers them.
REFERENCE = "layer_1_source_index_pattern"


def attributes(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a saved object of type ``map``."""
    state = {
        "zoom": source["zoom"],
        "center": {"lat": source["latitude"], "lon": source["longitude"]},
        "query": {"query": "", "language": "kuery"},
        "filters": [],
        "timeFilters": source["time_range"],
        "refreshConfig": {"isPaused": True, "interval": 0},
    }
    return {
        "title": source["title"],
        "description": source["description"],
        "layerListJSON": json.dumps([_base_map(), _clusters(source)], ensure_ascii=False),
        "mapStateJSON": json.dumps(state),
        "uiStateJSON": json.dumps({"isLayerTOCOpen": False, "openTOCDetails": []}),
    }


def _base_map() -> dict[str, Any]:
    """Elastic's own; where it cannot be reached the circles stand on an empty ground."""
    return {
        "id": "base",
        "type": "EMS_VECTOR_TILE",
        "sourceDescriptor": {
            "type": "EMS_TMS",
            "isAutoSelect": True,
            "lightModeDefault": "road_map_desaturated",
        },
        "style": {"type": "EMS_VECTOR_TILE", "color": ""},
        **_seen(None),
    }


def _clusters(source: Mapping[str, Any]) -> dict[str, Any]:
    """One circle for what lies together, as large as there are articles, with their number."""
    return {
        "id": "clusters",
        "type": "GEOJSON_VECTOR",
        "sourceDescriptor": {
            "id": f"{source['id']}-source",
            "type": "ES_GEO_GRID",
            "geoField": source["field"],
            "requestType": "point",
            "resolution": "COARSE",
            "metrics": [{"type": "count", "label": source["layer"]}],
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "indexPatternRefName": REFERENCE,
        },
        "style": {"type": "VECTOR", "isTimeAware": True, "properties": _style()},
        "joins": [],
        **_seen(source["layer"]),
    }


def _seen(label: str | None) -> dict[str, Any]:
    return {"label": label, "minZoom": 0, "maxZoom": 24, "alpha": 0.85, "visible": True}


def _style() -> dict[str, Any]:
    counted = {"field": {"name": "doc_count", "origin": "source"}}
    scaled = {**counted, "fieldMetaOptions": {"isEnabled": True, "sigma": 3}}
    return {
        "symbolizeAs": {"options": {"value": "circle"}},
        "fillColor": {
            "type": "DYNAMIC",
            "options": {**scaled, "color": "Blues", "type": "ORDINAL"},
        },
        "lineColor": {"type": "STATIC", "options": {"color": "#16406c"}},
        "lineWidth": {"type": "STATIC", "options": {"size": 1}},
        "iconSize": {"type": "DYNAMIC", "options": {**scaled, "minSize": 7, "maxSize": 32}},
        "labelText": {"type": "DYNAMIC", "options": counted},
        "labelColor": {"type": "STATIC", "options": {"color": "#000000"}},
        "labelSize": {"type": "STATIC", "options": {"size": 13}},
        "labelBorderColor": {"type": "STATIC", "options": {"color": "#ffffff"}},
        "labelBorderSize": {"options": {"size": "SMALL"}},
    }
