"""Compile the Kibana objects from their sources beside this file into ``depesche.ndjson``.

Needs Python 3.12 and ``kb-dashboard-core`` (``make kibana``); users need neither, for the
result is committed. The same sources always give the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
DASHBOARDS = ("overview.yaml", "entity.yaml", "health.yaml")
SOURCES = ("data_views.yaml", "searches.yaml", *DASHBOARDS)
#: Reaches back over a whole archive: Kibana's own default of 15 minutes would show nothing.
WHOLE_ARCHIVE = {"from": "now-30y", "to": "now"}
INDEX_REFERENCE = "kibanaSavedObjectMeta.searchSourceJSON.index"

SavedObject = dict[str, Any]


def read(name: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((HERE / name).read_text("utf-8"))
    return entries


def saved_object(
    kind: str, version: str, key: str, attributes: dict[str, Any], references: list[dict[str, str]]
) -> SavedObject:
    """One line of the file. ``version`` is the model version that Kibana migrates on from."""
    return {
        "type": kind,
        "id": key,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": version,
    }


def data_view(entry: dict[str, Any]) -> SavedObject:
    attributes = {
        "title": entry["title"],
        "name": entry["name"],
        "timeFieldName": entry["time_field"],
        "fields": "[]",
        "fieldAttrs": "{}",
        "fieldFormatMap": json.dumps(entry.get("field_formats", {}), sort_keys=True),
        "runtimeFieldMap": json.dumps(runtime_fields(entry), sort_keys=True),
        # Offsets of every mention: for programs, and a wall of numbers in Discover.
        "sourceFilters": json.dumps([{"value": "mentions*"}]),
    }
    return saved_object("index-pattern", "8.0.0", entry["id"], attributes, [])


def runtime_fields(entry: dict[str, Any]) -> dict[str, Any]:
    runtime = entry.get("runtime_fields", {})
    return {
        name: {"type": field["type"], "script": {"source": field["source"]}}
        for name, field in runtime.items()
    }


def search(entry: dict[str, Any]) -> SavedObject:
    source = {
        "query": {"query": entry["kql"], "language": "kuery"},
        "filter": [],
        "indexRefName": INDEX_REFERENCE,
    }
    attributes = {
        "title": entry["title"],
        "description": entry["description"],
        "columns": entry["columns"],
        "sort": [[entry["sort"], "desc"]],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": True,
        "timeRange": {"from": entry["from"], "to": "now"} if "from" in entry else WHOLE_ARCHIVE,
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
    }
    reference = {"type": "index-pattern", "id": entry["data_view"], "name": INDEX_REFERENCE}
    return saved_object("search", "10.5.0", entry["id"], attributes, [reference])


def dashboards(name: str) -> list[SavedObject]:
    # By name, because no type checker or test environment of the project has it installed.
    compiler = importlib.import_module("kb_dashboard_core.dashboard_compiler")
    loaded = compiler.load(str(HERE / name))
    rendered = [compiler.render(each).model_dump(by_alias=True) for each in loaded]
    filters = dict(metric_filters(yaml.safe_load((HERE / name).read_text("utf-8"))))
    return [dashboard(each, filters) for each in rendered]


def metric_filters(source: Any) -> Iterator[tuple[str, str]]:
    """The KQL of every metric that has a filter, by the metric's id."""
    if isinstance(source, dict) and "aggregation" in source and "filter" in source:
        yield source["id"], source["filter"]["kql"]
    elif isinstance(source, dict | list):
        for inner in source.values() if isinstance(source, dict) else source:
            yield from metric_filters(inner)


def filtered(panel: dict[str, Any], filters: dict[str, str]) -> dict[str, Any]:
    """Give the columns their filters: kb-dashboard-core 0.4.1 reads them and leaves them out."""
    if panel["type"] == "lens":
        state = panel["embeddableConfig"]["attributes"]["state"]
        for layer in state["datasourceStates"]["formBased"]["layers"].values():
            for key in filters.keys() & layer["columns"].keys():
                layer["columns"][key]["filter"] = {"query": filters[key], "language": "kuery"}
    return panel


def dashboard(rendered: dict[str, Any], filters: dict[str, str]) -> SavedObject:
    attributes = rendered["attributes"]
    loaded = json.loads(attributes["panelsJSON"])
    panels = [filtered(by_reference(panel), filters) for panel in loaded]
    attributes["panelsJSON"] = json.dumps(panels)
    version = rendered["typeMigrationVersion"]
    return saved_object("dashboard", version, rendered["id"], attributes, rendered["references"])


def by_reference(panel: dict[str, Any]) -> dict[str, Any]:
    """Name a panel's reference the way Kibana looks it up.

    Kibana strips ``<panelIndex>:`` from the dashboard's reference names before it compares them
    with ``panelRefName``; kb-dashboard-core 0.4.1 leaves the prefix on. The inline id goes,
    because on import only the reference is rewritten.
    """
    if "panelRefName" in panel:
        panel["panelRefName"] = panel["panelRefName"].removeprefix(f"{panel['panelIndex']}:")
        panel["embeddableConfig"].pop("savedObjectId", None)
    return panel


def compiled() -> str:
    objects = [data_view(entry) for entry in read("data_views.yaml")]
    objects += [search(entry) for entry in read("searches.yaml")]
    objects += [each for name in DASHBOARDS for each in dashboards(name)]
    lines = (json.dumps(each, sort_keys=True, ensure_ascii=False) for each in objects)
    return "".join(f"{line}\n" for line in lines)


def fingerprint() -> str:
    """The sources' digests, kept beside the result so that a test sees a forgotten compile."""
    digests = ((hashlib.sha256((HERE / name).read_bytes()).hexdigest(), name) for name in SOURCES)
    return "".join(f"{digest}  {name}\n" for digest, name in digests)


def main() -> None:
    (HERE / "depesche.ndjson").write_text(compiled(), "utf-8")
    (HERE / "sources.sha256").write_text(fingerprint(), "utf-8")
    sys.stdout.write("wrote depesche.ndjson and sources.sha256\n")


if __name__ == "__main__":
    main()
