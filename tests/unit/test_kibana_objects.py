"""The committed Kibana objects: whole, in step with their sources, true to the mapping."""

from __future__ import annotations

import importlib.util
import json
import re
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from articles.fields import seen_in
from indexing.index.mapping import mappings

KIBANA = files("seeds") / "kibana"
Line = dict[str, Any]

#: What a field must be for what Kibana does with it. `any` is only shown.
TERMS, DATE, NUMBER, SHOWN = "keyword", "date", "double", "any"


def load_lines() -> list[Line]:
    text = (KIBANA / "depesche.ndjson").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return load_lines()


@pytest.fixture(scope="module")
def compiler() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kibana_compile", str(KIBANA / "compile.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def of_kind(lines: list[Line], kind: str) -> list[Line]:
    return [line for line in lines if line["type"] == kind]


def panels(dashboard: Line) -> list[Line]:
    loaded: list[Line] = json.loads(dashboard["attributes"]["panelsJSON"])
    return loaded


def columns(panel: Line) -> list[Line]:
    state = panel["embeddableConfig"]["attributes"]["state"]
    layers = state["datasourceStates"]["formBased"]["layers"].values()
    return [column for layer in layers for column in layer["columns"].values()]


def kql_fields(kql: str) -> set[str]:
    return set(re.findall(r"([A-Za-z_][\w.]*)\s*:", kql))


def lens_uses(panel: Line) -> list[tuple[str, str]]:
    needed = {
        "terms": TERMS,
        "date_histogram": DATE,
        "count": SHOWN,
        "median": NUMBER,
        "percentile": NUMBER,
    }
    uses = []
    for column in columns(panel):
        if column["sourceField"] != "___records___":
            uses.append((column["sourceField"], needed[column["operationType"]]))
        kql = column.get("filter", {"query": ""})["query"]
        uses += [(name, SHOWN) for name in kql_fields(kql)]
    return uses


def dashboard_uses(dashboard: Line) -> list[tuple[str, str]]:
    lens = [
        use for panel in panels(dashboard) if panel["type"] == "lens" for use in lens_uses(panel)
    ]
    group = dashboard["attributes"].get("controlGroupInput") or {"panelsJSON": "{}"}
    controls = json.loads(group["panelsJSON"])
    return lens + [(each["explicitInput"]["fieldName"], TERMS) for each in controls.values()]


def search_uses(search: Line) -> list[tuple[str, str]]:
    attributes = search["attributes"]
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    shown = [*attributes["columns"], *kql_fields(source["query"]["query"])]
    return [(name, SHOWN) for name in shown] + [(name, DATE) for name, _ in attributes["sort"]]


def field_types(properties: Line | None = None, path: str = "") -> dict[str, str]:
    """The mapping, flat: `enrichment.state` -> `keyword`."""
    types: dict[str, str] = {}
    for name, field in (mappings()["properties"] if properties is None else properties).items():
        types[f"{path}{name}"] = field.get("type", "object")
        for inner in ("properties", "fields"):
            types |= field_types(field.get(inner, {}), f"{path}{name}.")
    return types


def runtime_types(lines: list[Line]) -> dict[str, str]:
    """The fields that the data views make."""
    views = of_kind(lines, "index-pattern")
    made = [json.loads(view["attributes"]["runtimeFieldMap"]) for view in views]
    return {name: field["type"] for each in made for name, field in each.items()}


def uses(lines: list[Line]) -> list[tuple[str, str]]:
    """Every field that an object names, with the type that its use needs."""
    found = [
        (view["attributes"]["timeFieldName"], DATE) for view in of_kind(lines, "index-pattern")
    ]
    found += [use for each in of_kind(lines, "search") for use in search_uses(each)]
    return found + [use for each in of_kind(lines, "dashboard") for use in dashboard_uses(each)]


def test_every_line_is_a_saved_object(lines: list[Line]) -> None:
    for line in lines:
        assert {"type", "id", "attributes", "references", "typeMigrationVersion"} <= line.keys()
        assert line["attributes"]["title"]


def test_ids_are_unique_and_what_is_referred_to_comes_first(lines: list[Line]) -> None:
    seen: set[tuple[str, str]] = set()
    for line in lines:
        assert all((each["type"], each["id"]) in seen for each in line["references"]), line["id"]
        assert (line["type"], line["id"]) not in seen
        seen.add((line["type"], line["id"]))
    assert [line["type"] for line in lines] == ["index-pattern"] * 2 + ["search"] * 5 + [
        "dashboard"
    ] * 3


def test_the_data_views_carry_the_name_that_import_replaces(lines: list[Line]) -> None:
    views = of_kind(lines, "index-pattern")
    assert {view["attributes"]["title"] for view in views} == {"articles-readable"}
    by_id = {view["id"]: view["attributes"]["timeFieldName"] for view in views}
    assert by_id["depesche-articles"] == "published"


def test_every_field_exists_with_a_type_that_its_use_needs(lines: list[Line]) -> None:
    types = field_types() | runtime_types(lines)
    for name, needed in uses(lines):
        assert name in types, f"{name} is not in the mapping"
        assert needed in (SHOWN, types[name]), f"{name} is {types[name]}, not {needed}"


def dashboard_of(lines: list[Line], key: str) -> Line:
    (found,) = [line for line in of_kind(lines, "dashboard") if line["id"] == key]
    return found


DASHBOARDS = pytest.mark.parametrize(
    "key", ["depesche-overview", "depesche-entity", "depesche-health"]
)


@DASHBOARDS
def test_each_panel_resolves_its_references_as_kibana_does(lines: list[Line], key: str) -> None:
    dashboard = dashboard_of(lines, key)
    for panel in panels(dashboard):
        prefix = f"{panel['panelIndex']}:"
        names = {
            each["name"].removeprefix(prefix)
            for each in dashboard["references"]
            if each["name"].startswith(prefix)
        }
        if panel["type"] == "lens":
            inner = panel["embeddableConfig"]["attributes"]["references"]
            assert names == {each["name"] for each in inner}
        else:
            assert names == {panel["panelRefName"]}


@DASHBOARDS
def test_a_runtime_field_is_asked_of_the_view_that_makes_it(lines: list[Line], key: str) -> None:
    made = {
        view["id"]: json.loads(view["attributes"]["runtimeFieldMap"]).keys()
        for view in of_kind(lines, "index-pattern")
    }
    names = runtime_types(lines).keys()
    for panel in panels(dashboard_of(lines, key)):
        if panel["type"] != "lens":
            continue
        (view,) = {each["id"] for each in panel["embeddableConfig"]["attributes"]["references"]}
        used = {name for name, _ in lens_uses(panel)} & names
        assert used <= made[view], panel["panelIndex"]


@DASHBOARDS
def test_the_panels_fill_the_grid_without_overlap(lines: list[Line], key: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels(dashboard_of(lines, key)):
        grid = panel["gridData"]
        rows, cells = range(grid["h"]), range(grid["w"])
        area = {(grid["x"] + x, grid["y"] + y) for x in cells for y in rows}
        assert not area & taken, panel["panelIndex"]
        taken |= area
    height = 1 + max(y for _, y in taken)
    assert taken == {(x, y) for x in range(48) for y in range(height)}


def test_the_dashboards_show_what_a_desk_asks_for(lines: list[Line]) -> None:
    names = {"published", *(field.name for field in seen_in("charts"))}
    health = "received_at enrichment.state enrichment.error enrichment.pipeline"
    wanted = {
        "depesche-overview": {*names, "enrichment.state"},
        "depesche-entity": names,
        "depesche-health": {*health.split(), "searchable_after", "enriched_after"},
    }
    tables = {
        "depesche-overview": "depesche-articles-newest",
        "depesche-entity": "depesche-articles-newest",
        "depesche-health": "depesche-articles-failed",
    }
    for key, fields in wanted.items():
        dashboard = dashboard_of(lines, key)
        used = {name for name, needed in dashboard_uses(dashboard) if needed != SHOWN}
        assert used == fields, key
        assert tables[key] in {each["id"] for each in dashboard["references"]}


def test_every_filter_of_a_metric_reaches_its_column(
    lines: list[Line], compiler: ModuleType
) -> None:
    """A panel without its filter counts everything, and nobody sees that it does."""
    wanted = {
        key: kql
        for name in compiler.DASHBOARDS
        for key, kql in compiler.metric_filters(compiler.read(name))
    }
    found = {
        key: column["filter"]["query"]
        for dashboard in of_kind(lines, "dashboard")
        for panel in panels(dashboard)
        if panel["type"] == "lens"
        for layer in panel["embeddableConfig"]["attributes"]["state"]["datasourceStates"][
            "formBased"
        ]["layers"].values()
        for key, column in layer["columns"].items()
        if "filter" in column
    }
    assert len(wanted) >= 7
    assert found == wanted


def test_the_saved_search_of_today_is_of_today(lines: list[Line]) -> None:
    (today,) = [each for each in lines if each["id"] == "depesche-articles-today"]
    assert today["attributes"]["timeRange"] == {"from": "now/d", "to": "now"}


def test_the_file_was_compiled_from_these_sources(compiler: ModuleType) -> None:
    """Fails after an edit of a source without `compile.py` having been run."""
    assert (KIBANA / "sources.sha256").read_text("utf-8") == compiler.fingerprint()


def test_compiling_again_gives_the_same_bytes(lines: list[Line], compiler: ModuleType) -> None:
    text = (KIBANA / "depesche.ndjson").read_text("utf-8")
    if importlib.util.find_spec("kb_dashboard_core"):
        assert compiler.compiled() == text
    plain = [compiler.data_view(entry) for entry in compiler.read("data_views.yaml")]
    plain += [compiler.search(entry) for entry in compiler.read("searches.yaml")]
    assert plain == lines[: len(plain)]


def test_the_questions_in_the_handbook_name_fields_that_exist() -> None:
    handbook = (Path(__file__).parents[2] / "docs/kibana.md").read_text("utf-8")
    questions = handbook.split("## Five questions")[1].split("## Changing")[0]
    kql = "\n".join(re.findall(r"```\n(.*?)```", questions, re.DOTALL))
    named = set(re.findall(r"([a-z_][\w.]*)\s*(?::|[<>])", kql))
    assert len(named) > 8
    types = field_types() | runtime_types(load_lines())
    assert {name for name in named if not {name, f"quotes.{name}"} & types.keys()} == set()
