"""The committed Kibana objects: whole, in step with their sources, true to the mapping."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from copy import deepcopy
from fnmatch import fnmatchcase
from typing import Any

import pytest

from articles.fields import FIELDS, KINDS, seen_in
from indexing.index import withdrawals
from seeds.kibana import compile as compiler
from seeds.kibana import layout
from tests import kibana_objects as objects
from tests.kibana_objects import FILES, KIBANA, Line, load, of_kind, panels

LANGUAGES = pytest.mark.parametrize("language", FILES)
INDEX = compiler.INDEX_REFERENCE
NAMES = {"people", "organisations", "places", "quoted_people", "dateline_place"}


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return load()


def one(lines: list[Line], key: str) -> Line:
    (found,) = [line for line in lines if line["id"] == key]
    return found


@LANGUAGES
def test_kibana_finds_nothing_wrong(language: str) -> None:
    assert objects.faults(load(language)) == []


def _panel(lines: list[Line], dashboard: str, change: Callable[[list[Line]], None]) -> None:
    line = one(lines, dashboard)
    loaded = panels(line)
    change(loaded)
    line["attributes"]["panelsJSON"] = json.dumps(loaded)


def _lens(change: Callable[[Line], None]) -> Callable[[list[Line]], None]:
    """Change the columns of the first table that has names."""

    def changed(loaded: list[Line]) -> None:
        tables = [p for p in loaded if p["type"] == "lens" and objects._events(p)]
        change(objects.layers(tables[0])[0]["columns"])

    return lambda lines: _panel(lines, "depesche-overview", changed)


def _attribute(key: str, **attributes: Any) -> Callable[[list[Line]], None]:
    return lambda lines: one(lines, key)["attributes"].update(attributes)


def _first_panel(change: Callable[[Line], Any]) -> Callable[[list[Line]], None]:
    return lambda lines: _panel(lines, "depesche-overview", lambda loaded: change(loaded[0]))


def _first_link(change: Callable[[Line], Any]) -> Callable[[list[Line]], None]:
    return _first_panel(lambda p: change(p["embeddableConfig"]["attributes"]["links"][0]))


def _comparison(change: Callable[[Line], Any]) -> Callable[[list[Line]], None]:
    def changed(loaded: list[Line]) -> None:
        change(objects.layers(next(p for p in loaded if p["type"] == "lens"))[0])

    return lambda lines: _panel(lines, "depesche-comparison", changed)


def _first_event(change: Callable[[Line], Any]) -> Callable[[list[Line]], None]:
    def changed(loaded: list[Line]) -> None:
        change(next(event for panel in loaded for event in objects._events(panel)))

    return lambda lines: _panel(lines, "depesche-overview", changed)


def _first_control(change: Callable[[Line], Any]) -> Callable[[list[Line]], None]:
    def changed(lines: list[Line]) -> None:
        group = one(lines, "depesche-overview")["attributes"]["controlGroupInput"]
        loaded = json.loads(group["panelsJSON"])
        change(next(iter(loaded.values())))
        group["panelsJSON"] = json.dumps(loaded)

    return changed


def _filtered(columns: Line, kql: str) -> None:
    next(iter(columns.values()))["filter"] = {"query": kql, "language": "kuery"}


def _search_for(kql: str) -> Callable[[list[Line]], None]:
    source = {"query": {"query": kql, "language": "kuery"}, "filter": [], "indexRefName": INDEX}
    meta = {"searchSourceJSON": json.dumps(source)}
    return _attribute("depesche-articles-newest", kibanaSavedObjectMeta=meta)


def _terms(columns: Line) -> Line:
    return next(c for c in columns.values() if c["operationType"] == "terms")


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda lines: lines.remove(one(lines, "depesche-entity")), "is not there"),
        (_search_for("restored: true"), "asks for restored, which is not there"),
        (_lens(lambda columns: _filtered(columns, "purged: true")), "asks for purged"),
        (lambda lines: lines.remove(one(lines, "depesche-articles-newest")), "is not there"),
        (lambda lines: one(lines, "depesche-overview")["references"].pop(3), "looks up"),
        (lambda lines: one(lines, "depesche-overview")["attributes"].pop("title"), "no title"),
        (
            lambda lines: one(lines, "depesche-articles-newest")["attributes"]["columns"].append(
                "x"
            ),
            "no column x",
        ),
        (
            lambda lines: one(lines, "depesche-articles-newest")["attributes"]["columns"].append(
                "minhash"
            ),
            "hides",
        ),
        (
            lambda lines: one(lines, "depesche-articles-newest")["attributes"].update(
                sort=[["body", "desc"]]
            ),
            "cannot be sorted by body",
        ),
        (
            lambda lines: one(lines, "depesche-articles")["attributes"].update(
                timeFieldName="agency"
            ),
            "is no date",
        ),
        (
            lambda lines: one(lines, "depesche-query-said")["attributes"]["query"].update(
                query="quotes.text: Tag"
            ),
            "in braces",
        ),
        (_lens(lambda columns: _terms(columns).update(sourceField="body")), "terms of body"),
        (_lens(lambda columns: _terms(columns).update(sourceField="quotes.speaker")), "not there"),
        (_lens(lambda columns: _terms(columns).update(dataType="number")), "instead of string"),
        (
            _lens(lambda columns: _terms(columns)["params"]["orderBy"].update(columnId="gone")),
            "ordered by gone",
        ),
        (
            lambda lines: _panel(
                lines, "depesche-overview", lambda p: p[0]["gridData"].update(w=40)
            ),
            "gaps",
        ),
        (_comparison(lambda layer: layer["columnOrder"].reverse()), "a number stands before"),
        (
            _comparison(lambda layer: layer["columnOrder"].insert(0, layer["columnOrder"].pop(1))),
            "other parts at each point in time",
        ),
        (_attribute("depesche-overview", foo=1), "Kibana 8.19: dashboard.foo is not known"),
        (_attribute("depesche-overview", timeRestore="true"), "Kibana 9.x: dashboard.timeRestore"),
        (_attribute("depesche-overview", refreshInterval={"pause": True}), "value is missing"),
        (_attribute("depesche-articles-newest", columns="headline"), "search.columns is no list"),
        (_attribute("depesche-articles-newest", viewMode="list"), "viewMode is 'list'"),
        (_attribute("depesche-articles-newest", sampleSize=0), "sampleSize is 0"),
        (_attribute("depesche-query-said", filters=None), "query.filters is no list"),
        (_attribute("depesche-query-said", language="kuery"), "query.language is not known"),
        (_attribute("depesche-map-places", bounds={}), "map.bounds is not known"),
        (_attribute("depesche-articles", allowNoIndex=1), "index-pattern.allowNoIndex is 1"),
        (_attribute("depesche-overview", optionsJSON='{"useMargins": 1}'), "options.useMargins"),
        (_first_panel(lambda p: p["gridData"].update(w=0)), "grid.w is 0"),
        (_first_panel(lambda p: p["gridData"].update(i="other")), "grid.i is 'other'"),
        (
            _first_panel(lambda p: p["embeddableConfig"].update(title="x" * 501)),
            "no Text(most=500)",
        ),
        (_first_link(lambda link: link.update(type="dashboard")), "type is 'dashboard'"),
        (_first_link(lambda link: link.update(destinationRefName="gone")), "destination is None"),
        (_first_link(lambda link: link["options"].update(newTab=True)), "newTab is not known"),
        (_first_event(lambda e: e.update(triggers=["CLICK"])), "trigger is 'CLICK'"),
        (_first_event(lambda e: e["action"].update(factoryId="URL")), "dashboard_id is None"),
        (_first_control(lambda c: c.update(type="timeSlider")), "is 'timeSlider'"),
        (_first_control(lambda c: c.update(width="huge")), "width is 'huge'"),
        (
            _first_control(lambda c: c["explicitInput"].update(searchTechnique="contains")),
            "search_technique is 'contains'",
        ),
        (_first_control(lambda c: c["explicitInput"].update(size=3)), "size is not known"),
    ],
)
def test_what_kibana_would_refuse_is_found(
    lines: list[Line], broken: Callable[[list[Line]], Any], told: str
) -> None:
    copy = deepcopy(lines)
    broken(copy)
    assert any(told in fault for fault in objects.faults(copy)), objects.faults(copy)


def test_ids_are_unique_and_data_views_come_first(lines: list[Line]) -> None:
    assert len({(line["type"], line["id"]) for line in lines}) == len(lines)
    kinds = [line["type"] for line in lines]
    assert kinds == sorted(
        kinds, key=["index-pattern", "search", "query", "map", "dashboard"].index
    )
    assert kinds.count("dashboard") == 7


def test_both_languages_are_the_same_objects_with_other_titles() -> None:
    german, english = load("de"), load("en")
    alike = [
        [(line["type"], line["id"], [r["id"] for r in line["references"]]) for line in lines]
        for lines in (german, english)
    ]
    assert alike[0] == alike[1]
    titles = [line["attributes"]["title"] for line in german if line["type"] == "dashboard"]
    assert titles[0] == "Depesche: Überblick"
    assert all(
        g["attributes"]["title"] != e["attributes"]["title"]
        for g, e in zip(german, english, strict=True)
        if g["type"] == "dashboard"
    )


def test_every_article_is_in_every_view_dated_or_not(lines: list[Line]) -> None:
    times = {v["id"]: v["attributes"]["timeFieldName"] for v in of_kind(lines, "index-pattern")}
    assert times == {
        "depesche-articles": "shown_at",
        "depesche-articles-received": "received_at",
        "depesche-withdrawals": "at",
    }


def test_no_machinery_is_shown_and_all_that_is_read_is(lines: list[Line]) -> None:
    read = {"headline", "kicker", "lead", "body", "url", "quotes", "said", "published"}
    read |= {field.name for view in ("show", "charts") for field in seen_in(view)} - {"dates"}
    views = of_kind(lines, "index-pattern")
    for view in (view for view in views if not objects.of_withdrawals(view)):
        hidden = objects.hidden_by(view)
        match = fnmatchcase
        assert not {name for name in read for pattern in hidden if match(name, pattern)}
        machinery = {"signature", "minhash", "parts", "text", "mentions", "meaning", "history"}
        assert {n for n in machinery if any(match(n, p) for p in hidden)} == machinery
        assert machinery <= {field.name for field in FIELDS}


def test_of_a_withdrawal_only_what_people_read_is_shown(lines: list[Line]) -> None:
    (view,) = [each for each in of_kind(lines, "index-pattern") if objects.of_withdrawals(each)]
    shown = withdrawals.PROPERTIES.keys() - objects.hidden_by(view)
    assert shown == {"id", "at", "reason", "who", "site", "purged", "restored"}
    assert shown == json.loads(view["attributes"]["fieldAttrs"]).keys()


def test_kibana_does_not_complain_where_nothing_was_ever_withdrawn(lines: list[Line]) -> None:
    """An archive that an older Depesche has made has no index of withdrawals."""
    quiet = [
        v["id"] for v in of_kind(lines, "index-pattern") if v["attributes"].get("allowNoIndex")
    ]
    assert quiet == ["depesche-withdrawals"]


def test_every_list_of_articles_has_the_links_to_their_sources(lines: list[Line]) -> None:
    for search in of_kind(lines, "search"):
        of_articles = search["references"][0]["id"] != "depesche-withdrawals"
        assert ("url" in search["attributes"]["columns"]) == of_articles, search["id"]


def test_countries_are_shown_by_their_names() -> None:
    for language, name in (("de", "Österreich"), ("en", "Austria")):
        view = one(load(language), "depesche-articles")
        shown = json.loads(view["attributes"]["fieldFormatMap"])["countries"]["params"]
        names = {entry["key"]: entry["value"] for entry in shown["lookupEntries"]}
        assert names["AT"] == name
        assert names["NO"] in {"Norwegen", "Norway"}
        assert names.keys() == compiler.countries_in("de").keys()


def test_from_every_name_a_click_leads_to_its_dashboard(lines: list[Line]) -> None:
    for dashboard in of_kind(lines, "dashboard"):
        if dashboard["id"] == "depesche-entity":
            continue
        for panel in (panel for panel in panels(dashboard) if panel["type"] == "lens"):
            columns = [c for layer in objects.layers(panel) for c in layer["columns"].values()]
            terms = {c["sourceField"] for c in columns if c["operationType"] == "terms"}
            leads = {r["id"] for r in dashboard["references"] if "drilldown" in r["name"]}
            assert bool(terms & NAMES) == bool(objects._events(panel)), panel["panelIndex"]
            assert leads <= {"depesche-entity"}


def test_the_dashboards_show_what_a_desk_asks_for(lines: list[Line]) -> None:
    charts = {"published_day", *(field.name for field in seen_in("charts"))}
    wanted = {
        "depesche-overview": {*charts, "enrichment.state", "subjects", "language"},
        "depesche-entity": charts,
        "depesche-comparison": {"published_day", *(KINDS[k].name for k in KINDS)} - {"misc"},
        "depesche-quotes": {"quoted_people", "quotes", "quotes.kind"},
        "depesche-map": {"countries", "places", "locations"},
        "depesche-stories": {"story", "agency", "headline.raw", "shown_at"},
        "depesche-health": {
            *(
                "received_at",
                "enrichment.state",
                "enrichment.error",
                "version",
                "changed",
                "website",
            ),
            *("date_problem", "searchable_after", "enriched_after", "published_day"),
            *("source.site", "at", "reason", "who", "purged", "restored"),
        },
    }
    for key, fields in wanted.items():
        assert fields <= objects.fields_used(one(lines, key)), key


@LANGUAGES
def test_every_filter_of_a_metric_reaches_its_column(language: str) -> None:
    """A panel without its filter counts everything, and nobody sees that it does."""
    sources = [compiler.read(f"{name}.yaml") for name in compiler.DASHBOARDS]
    wanted = sorted(
        panel[key]
        for s in sources
        for r in s["rows"]
        for panel in r["panels"]
        for key in ("count", "only")
        if panel.get(key)
    )
    found = [
        column["filter"]["query"]
        for dashboard in of_kind(load(language), "dashboard")
        for panel in panels(dashboard)
        if panel["type"] == "lens"
        for layer in objects.layers(panel)
        for column in layer["columns"].values()
        if "filter" in column and column["operationType"] != "last_value"
    ]
    assert sorted(found) == wanted
    assert len(wanted) >= 12


def test_the_saved_search_of_today_is_of_today(lines: list[Line]) -> None:
    today = one(lines, "depesche-articles-today")
    assert today["attributes"]["timeRange"] == {"from": "now/d", "to": "now"}


def test_the_files_were_compiled_from_these_sources() -> None:
    """Fails after an edit of a source without ``make kibana`` having been run."""
    assert (KIBANA / "sources.sha256").read_text("utf-8") == compiler.fingerprint()


@LANGUAGES
def test_compiling_again_gives_the_same_bytes(language: str) -> None:
    if importlib.util.find_spec("kb_dashboard_core"):
        assert compiler.linted() == []
        assert compiler.compiled(language) == (KIBANA / FILES[language]).read_text("utf-8")
    plain = compiler.plain_objects(language)
    assert plain == load(language)[: len(plain)]


def test_a_row_that_is_too_wide_or_a_text_without_translation_is_refused() -> None:
    assert layout._widths([None, 10, None]) == [19, 10, 19]
    assert layout._widths([None] * 5) == [10, 10, 10, 9, 9]
    for wrong in ([30, 20], [48, None], [10, 10]):
        with pytest.raises(ValueError, match="a row of 48"):
            layout._widths(wrong)
    with pytest.raises(KeyError, match="Nowhere"):
        compiler.titled([{"title": "Nowhere"}], {"Here": "Hier"})
