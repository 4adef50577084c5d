"""What Kibana's panels ask for, asked of a real Elasticsearch, and counted by hand beside it.

On the sample articles; ``python -m benchmarks.kibana --data DIR`` does the same on others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from depesche import Archive
from indexing.index.released import ReadersClient, readable
from indexing.kibana_objects import oldest
from indexing.searching.kql_query import query_of
from indexing.searching.search import Query, search
from tests.kibana_articles import OTHERS, PAKT, World, of_samples, world
from tests.kibana_by_hand import FOUND, differences, said, tiles, values
from tests.kibana_objects import Line, layers, of_kind, panels, queries
from tests.kibana_panels import (
    CHOSEN,
    LINES,
    MADE,
    PANELS,
    SEARCHES,
    ZONE,
    answer,
    grid,
    hits,
    seen,
)
from tests.kibana_shown import shown

DASHBOARDS = [line["id"] for line in of_kind(LINES, "dashboard")]
PICTURES = Path(__file__).parents[2] / "docs" / "kibana"
PAGE = (Path(__file__).parents[2] / "docs" / "kibana.md").read_text("utf-8")


def lens_of(dashboard: str) -> list[Line]:
    (line,) = [each for each in of_kind(LINES, "dashboard") if each["id"] == dashboard]
    return [panel for panel in panels(line) if panel["type"] == "lens"]


@pytest.fixture(scope="module")
def filled(client: Elasticsearch) -> Iterator[World]:
    with world(client, of_samples()) as made:
        yield made


@pytest.fixture(scope="module")
def index(filled: World) -> str:
    return filled.index


@pytest.mark.parametrize("name", sorted(PANELS))
def test_a_panel_counts_as_one_counts_by_hand(filled: World, name: str) -> None:
    (layer,) = layers(PANELS[name])
    answered = answer(filled, PANELS[name])
    assert differences(answered, layer, layer["columnOrder"], seen(filled, PANELS[name])) == []


@pytest.mark.parametrize("dashboard", DASHBOARDS)
def test_a_name_that_was_clicked_counts_in_every_panel(filled: World, dashboard: str) -> None:
    """The filter that a drilldown carries along."""
    assert sum("Wladimir Putin" in values(document, "people") for document in filled.seen) == 2
    for panel in lens_of(dashboard):
        (layer,) = layers(panel)
        answered = answer(filled, panel, 'people: "Wladimir Putin"')
        named = [d for d in seen(filled, panel) if "Wladimir Putin" in values(d, "people")]
        assert differences(answered, layer, layer["columnOrder"], named) == []


@pytest.mark.parametrize("kql", ["", *CHOSEN.values()])
def test_a_figure_of_a_dashboard_is_the_same_from_python(filled: World, kql: str) -> None:
    """A tile by `export`, bars by `timeline`, a table of names by `entities list`."""
    tile, bars, names = (shown(p, answer(filled, p, kql)) for p in lens_of("depesche-entity")[:3])
    archive = Archive(filled.client, filled.index)
    assert tile.rows == ((str(archive.export(Query(kql=kql)).total),),)
    course = archive.timeline(query=Query(kql=kql), interval="year")
    assert course
    counted = [(bucket.value, str(bucket.count)) for bucket in course.over_time]
    assert counted == [(time[:4], number) for time, number in bars.rows]
    ranked = archive.entities("person", size=25, kql=kql).names
    assert [(name.name, str(name.articles)) for name in ranked] == list(names.rows)


@pytest.mark.parametrize("dashboard", DASHBOARDS)
def test_a_picture_shows_what_comes_back(filled: World, dashboard: str) -> None:
    """``make pictures`` draws them anew."""
    file = PICTURES / f"{dashboard.removeprefix('depesche-')}.svg"
    drawn = unescape(file.read_text("utf-8"))
    for panel in lens_of(dashboard):
        what = shown(panel, answer(filled, panel, CHOSEN.get(dashboard, "")))
        assert f">{what.title[:8]}" in drawn
        if what.kind.startswith("lns") and what.rows:
            assert all(f">{cell[:8]}" in drawn for cell in what.rows[0]), what


def test_the_oldest_article_begins_the_time_range(client: Elasticsearch, index: str) -> None:
    """The one of 1970 is held, and nobody is to know of it."""
    assert oldest(client, index) == "1990-01-01T00:00:00.000Z"
    with pytest.raises(UsageError, match="There is no index"):
        oldest(client, "nowhere")


@pytest.mark.parametrize("precision", [3, 7])
def test_a_map_shows_the_articles_with_places(filled: World, precision: int) -> None:
    (line,) = of_kind(LINES, "map")
    shown = grid(filled, line, precision)
    assert shown == tiles(filled.seen, precision)
    assert len(shown) > 3


@pytest.mark.parametrize("name", SEARCHES)
def test_a_saved_search_finds_and_shows(filled: World, name: str) -> None:
    search = SEARCHES[name]
    (kql,) = queries(search)
    total, found = hits(filled, search)
    assert total == sum(map(FOUND[kql], seen(filled, search)))
    if "said" in search["attributes"]["columns"]:
        by_id = {hit["_id"]: hit["fields"]["said"] for hit in found}
        assert by_id[PAKT] == sorted(set(said(filled.documents[PAKT])))


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
    found = of_the_samples(client, index, kql)
    assert len(found) == int(promised), (number, found)


def of_the_samples(client: Elasticsearch, index: str, kql: str) -> list[str]:
    """The ids of what is found: what stands beside the samples here counts for nothing."""
    beside = {"ids": {"values": [*OTHERS, "copy"]}}
    query = {"bool": {"must": query_of(kql, ZONE, MADE), "must_not": beside}}
    hits = client.search(index=readable(index), query=query, size=100)["hits"]["hits"]
    return [hit["_id"] for hit in hits]


TABLE = PAGE.partition("| in KQL | finds |")[2].partition("\n\n")[0]
WORDS = re.findall(r"`([^`]+)` \((\d+)\)", TABLE)


def test_of_every_kind_of_word_the_handbook_says_how_often_it_is_found() -> None:
    asked = re.findall(r"`([\w.]+: [^`]+)`", TABLE)
    assert len(asked) > 15
    assert set(asked) <= {kql for kql, _ in WORDS}


@pytest.mark.parametrize(("kql", "promised"), WORDS)
def test_a_word_finds_what_the_handbook_promises(
    client: Elasticsearch, index: str, kql: str, promised: str
) -> None:
    found = of_the_samples(client, index, kql)
    assert len(found) == int(promised), found


ALERTS = re.findall(r"^\| ([^|]+) \| (?:`([^`]+)`|\(empty\)) \| `count`", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("alert", "kql"), ALERTS)
def test_an_alert_asks_for_what_it_is_called(
    client: Elasticsearch, filled: World, alert: str, kql: str
) -> None:
    wanted: dict[str, Callable[[Line], bool]] = {
        "a new article on somebody": lambda d: "Wladimir Putin" in values(d, "people"),
        "a correction of what you use": lambda d: (
            d.get("version", 1) >= 2 and "ap" in values(d, "agency")
        ),
        "enrichment fails": FOUND["enrichment.state: failed"],
        "nothing comes in": FOUND[""],
    }
    found = client.count(index=readable(filled.index), query=query_of(kql, ZONE, MADE))["count"]
    assert found == sum(map(wanted[alert], filled.seen)) > 0


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
