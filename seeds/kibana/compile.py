"""Compile the Kibana objects from their sources beside this file: a file for each language.

``python -m seeds.kibana.compile`` needs Python 3.12 and ``kb-dashboard-core`` (``make kibana``);
users need neither, for the results are committed. The same sources always give the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from seeds.kibana import layout, maps

HERE = Path(__file__).parent
#: language -> the file that is loaded into Kibana
FILES = {"de": "depesche.ndjson", "en": "depesche.en.ndjson"}
#: In the order of the links between them.
DASHBOARDS = ("overview", "entity", "comparison", "quotes", "places", "stories", "state")
SOURCES = (
    *("data_views.yaml", "searches.yaml", "queries.yaml", "maps.yaml", "titles.yaml"),
    *("countries.en.yaml", "layout.py", "maps.py", "compile.py"),
    *(f"{name}.yaml" for name in DASHBOARDS),
)
COUNTRIES = HERE.parents[1] / "extraction" / "geography" / "data" / "countries.txt"
#: What is shown at first; Kibana's own default of 15 minutes would show nothing. `depesche kibana
#: import` puts the archive's oldest year in the place of the 30. A date may lie 31 days ahead.
TIME_RANGES = {
    "archive": {"from": "now-30y", "to": "now+31d"},
    "day": {"from": "now-24h", "to": "now"},
    "today": {"from": "now/d", "to": "now"},
}
INDEX_REFERENCE = "kibanaSavedObjectMeta.searchSourceJSON.index"
#: Under these keys of a source stands what people read.
_READ = frozenset({"name", "title", "description", "label", "content", "layer"})

SavedObject = dict[str, Any]


def read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))


def titled(source: Any, titles: Mapping[str, str] | None) -> Any:
    """Return ``source`` with everything people read in another language.

    Raises ``KeyError`` where a text has no translation. None leaves the texts as they are.
    """
    if titles is None or not isinstance(source, dict | list):
        return source
    if isinstance(source, list):
        return [titled(each, titles) for each in source]
    return {
        key: titles[value] if key in _READ and isinstance(value, str) else titled(value, titles)
        for key, value in source.items()
    }


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


def data_view(entry: dict[str, Any], countries: Mapping[str, str]) -> SavedObject:
    formats = {
        # The address of the source as a link that opens in another tab.
        "url": {"id": "url", "params": {"type": "a", "openLinkInCurrentTab": False}},
        "countries": {
            "id": "static_lookup",
            "params": {"lookupEntries": [{"key": k, "value": v} for k, v in countries.items()]},
        },
    }
    labels = {each["field"]: {"customLabel": each["label"]} for each in entry["labels"]}
    shown = {name: each for name, each in formats.items() if name in labels}
    attributes = {
        "title": entry["index"],
        "name": entry["name"],
        "timeFieldName": entry["time_field"],
        "fields": "[]",
        "fieldAttrs": json.dumps(labels, sort_keys=True, ensure_ascii=False),
        "fieldFormatMap": json.dumps(shown, sort_keys=True, ensure_ascii=False),
        "runtimeFieldMap": json.dumps(runtime_fields(entry), sort_keys=True, ensure_ascii=False),
        "sourceFilters": json.dumps([{"value": name} for name in entry["hidden"]]),
    }
    if entry.get("may_be_missing"):
        attributes["allowNoIndex"] = True
    return saved_object("index-pattern", "8.0.0", entry["id"], attributes, [])


def runtime_fields(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"type": field["type"], "script": {"source": field["source"]}}
        for name, field in entry.get("runtime_fields", {}).items()
    }


def countries_in(language: str) -> dict[str, str]:
    """ISO 3166-1 code -> name; the German ones are those by which articles' places are known."""
    if language != "de":
        names: dict[str, str] = read(f"countries.{language}.yaml")
        return names
    lines = COUNTRIES.read_text("utf-8").splitlines()
    rows = [line.split("|") for line in lines if line and not line.startswith("#")]
    return {code: name for code, name, *_ in rows}


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
        "timeRange": TIME_RANGES[entry.get("time_range", "archive")],
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
    }
    reference = {"type": "index-pattern", "id": entry["data_view"], "name": INDEX_REFERENCE}
    return saved_object("search", "10.5.0", entry["id"], attributes, [reference])


def query(entry: dict[str, Any]) -> SavedObject:
    """A saved query: the question as it stands in docs/kibana.md, to be opened above any panel."""
    attributes = {
        "title": entry["title"],
        "description": entry["description"],
        "query": {"query": entry["kql"], "language": "kuery"},
        "filters": [],
    }
    return saved_object("query", "10.1.0", entry["id"], attributes, [])


def map_(entry: dict[str, Any]) -> SavedObject:
    attributes = maps.attributes({**entry, "time_range": TIME_RANGES["archive"]})
    reference = {"type": "index-pattern", "id": entry["data_view"], "name": maps.REFERENCE}
    return saved_object("map", "8.4.0", entry["id"], attributes, [reference])


def laid_out(titles: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """The dashboards in the language of kb-dashboard-core."""
    sources = [read(f"{name}.yaml") for name in DASHBOARDS]
    links = [{"label": source["name"], "dashboard": source["id"]} for source in sources]
    return [
        titled(layout.dashboard({**s, "time_range": TIME_RANGES[s["time_range"]]}, links), titles)
        for s in sources
    ]


def model_of(source: dict[str, Any]) -> Any:
    """A dashboard as kb-dashboard-core has it, without maps, which it does not know."""
    # By name, because no type checker or test environment of the project has it installed.
    config = importlib.import_module("kb_dashboard_core.dashboard.config")
    known = [panel for panel in source["panels"] if "map" not in panel]
    return config.Dashboard.model_validate({**source, "panels": known})


def linted() -> list[str]:
    """What kb-dashboard's linter warns of in the dashboards; its hints (``info``) are not all ours.

    One rule is none for us: it wants each dashboard filtered to a data stream of metrics.
    """
    importlib.import_module("dashboard_lint.rules")
    runner = importlib.import_module("dashboard_lint.runner").LintRunner()
    found = runner.run([model_of(source) for source in laid_out(None)])
    return [
        f"{each.dashboard_name}, {each.panel_title}: {each.message} ({each.rule_id})"
        for each in found
        if each.severity in {"error", "warning"} and each.rule_id != "dashboard-dataset-filter"
    ]


def dashboards(titles: Mapping[str, str] | None) -> list[SavedObject]:
    compiler = importlib.import_module("kb_dashboard_core.dashboard_compiler")
    return [rendered(each, compiler.render) for each in laid_out(titles)]


def rendered(source: dict[str, Any], render: Any) -> SavedObject:
    """One dashboard; its maps are set in behind."""
    dumped = render(model_of(source)).model_dump(by_alias=True)
    attributes, filters = dumped["attributes"], dict(metric_filters(source))
    panels = [by_reference(panel) for panel in json.loads(attributes["panelsJSON"])]
    for key, column in columns_of(panels):
        mended(column, filters.get(key))
    for panel in panels:
        parts_first(panel)
    references = dumped["references"]
    for panel in (panel for panel in source["panels"] if "map" in panel):
        panels.append(map_panel(panel))
        name = f"{panel['id']}:panel_{panel['id']}"
        references.append({"type": "map", "id": panel["map"], "name": name})
    attributes["panelsJSON"] = json.dumps(panels, ensure_ascii=False)
    version = dumped["typeMigrationVersion"]
    return saved_object("dashboard", version, dumped["id"], attributes, references)


def map_panel(panel: dict[str, Any]) -> dict[str, Any]:
    key = panel["id"]
    return {
        "type": "map",
        "panelIndex": key,
        "panelRefName": f"panel_{key}",
        "gridData": {**panel["position"], **panel["size"], "i": key},
        "embeddableConfig": {"title": panel["title"], "enhancements": {}},
    }


def metric_filters(source: Any) -> Iterator[tuple[str, str]]:
    """The KQL of every metric that has a filter, by the metric's id."""
    if isinstance(source, dict) and "aggregation" in source and "filter" in source:
        yield source["id"], source["filter"]["kql"]
    elif isinstance(source, dict | list):
        for inner in source.values() if isinstance(source, dict) else source:
            yield from metric_filters(inner)


def columns_of(panels: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for panel in panels:
        if panel["type"] == "lens":
            state = panel["embeddableConfig"]["attributes"]["state"]
            for layer in state["datasourceStates"]["formBased"]["layers"].values():
                yield from layer["columns"].items()


def mended(column: dict[str, Any], kql: str | None) -> None:
    """Give a column its filter and its type.

    kb-dashboard-core 0.4.1 reads the filter and leaves it out, and takes every metric for a number;
    the latest headline is a text, and the first of some times is a time.
    """
    if kql is not None:
        column["filter"] = {"query": kql, "language": "kuery"}
    if column["operationType"] == "last_value":
        column |= {"dataType": "string", "scale": "ordinal"}
        column["params"]["showArrayValues"] = False
    if column["operationType"] in {"min", "max"}:
        column |= {"dataType": "date", "scale": "interval"}


def parts_first(panel: dict[str, Any]) -> None:
    """Have a chart's parts be those that are most over the whole time.

    Lens counts in the order of the columns. kb-dashboard-core 0.4.1 puts the time first, by which
    each point in time has parts of its own: ten lines become as many as there are names.
    """
    if panel["type"] == "lens":
        state = panel["embeddableConfig"]["attributes"]["state"]
        layers = state["datasourceStates"]["formBased"]["layers"]
        for shown in state["visualization"].get("layers", []):
            if part := shown.get("splitAccessor"):
                order = layers[shown["layerId"]]["columnOrder"]
                order.sort(key=lambda column: column != part)


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


def plain_objects(language: str) -> list[SavedObject]:
    """All but the dashboards, what is referred to first."""
    titles = titles_in(language)
    countries = countries_in(language)
    return [
        *(data_view(entry, countries) for entry in titled(read("data_views.yaml"), titles)),
        *(search(entry) for entry in titled(read("searches.yaml"), titles)),
        *(query(entry) for entry in titled(read("queries.yaml"), titles)),
        *(map_(entry) for entry in titled(read("maps.yaml"), titles)),
    ]


def titles_in(language: str) -> dict[str, str] | None:
    """English text -> the same in ``language``; None for English, in which the sources are."""
    return read("titles.yaml") if language == "de" else None


def compiled(language: str) -> str:
    objects = [*plain_objects(language), *dashboards(titles_in(language))]
    lines = (json.dumps(each, sort_keys=True, ensure_ascii=False) for each in objects)
    return "".join(f"{line}\n" for line in lines)


def fingerprint() -> str:
    """The sources' digests, kept beside the result so that a test sees a forgotten compile."""
    digests = ((hashlib.sha256((HERE / name).read_bytes()).hexdigest(), name) for name in SOURCES)
    return "".join(f"{digest}  {name}\n" for digest, name in digests)


def main() -> None:
    if warned := linted():
        sys.exit("\n".join(warned))
    for language, name in FILES.items():
        (HERE / name).write_text(compiled(language), "utf-8")
    (HERE / "sources.sha256").write_text(fingerprint(), "utf-8")
    sys.stdout.write(f"wrote {', '.join(FILES.values())} and sources.sha256\n")


if __name__ == "__main__":
    main()
