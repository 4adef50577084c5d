"""Suggested names, similar articles, versions of a story, exports: on a small archive."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.index import point_in_time
from indexing.searching.export import FIELDS, articles, fields_of, find, header, line
from indexing.searching.named import nearest_names
from indexing.searching.query import Query
from indexing.searching.similar import similar, versions
from indexing.searching.suggest import suggest
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from tests.hand_made import KIM, PAKT, PUTIN

Where = tuple[Elasticsearch, str]


@pytest.fixture
def where(client: Elasticsearch, index: str, ids: dict[str, str]) -> Where:
    return client, index


@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        ("put", "person", [(PUTIN, 5)]),
        ("wlad put", "person", [(PUTIN, 5)]),
        ("utin", "person", []),
        ("hassl", "person", []),
        ("haßl", "person", [("Birgit Haßler", 1)]),
        ("PJONG", "place", [("Pjöngjang", 1)]),
        ("sicherheits", "organisation", [("UN-Sicherheitsrat", 1)]),
        ("reuter", "quoted", [("Hanna Reuter", 1)]),
        ("...", "person", []),
    ],
)
def test_names_whose_words_begin_so(
    where: Where, text: str, kind: str, names: list[tuple[str, int]]
) -> None:
    assert suggest(*where, text, kind) == names


def test_the_most_frequent_come_first_and_no_more_than_asked_for(where: Where) -> None:
    assert suggest(*where, "k", "person", most=1) == [(KIM, 2)]
    with pytest.raises(UsageError, match="thing"):
        suggest(*where, "x", "thing")


@pytest.mark.parametrize(
    ("field", "name", "nearest"),
    [
        ("people", "Wladimr Putin", [("person", PUTIN)]),
        ("places", "Vladimir Putin", [("person", PUTIN)]),
        ("places", "Nordkoera", [("place", "Nordkorea")]),
        ("people", "Xaver Zwieselhuber", []),
    ],
)
def test_the_nearest_names_are_of_the_kind_asked_for_or_else_of_another(
    where: Where, field: str, name: str, nearest: list[tuple[str, str]]
) -> None:
    assert [(name_.kind, name_.name) for name_ in nearest_names(*where, field, name)] == nearest


def test_similar_are_others_on_the_same_matter_one_a_story(
    where: Where, ids: dict[str, str]
) -> None:
    alike = similar(*where, ids["hanoi"])
    assert alike[0].id in {ids[PAKT], ids["pakt-spaeter"]}
    assert ids["hanoi"] not in [article.id for article in alike]
    assert len({article.story for article in alike}) == len(alike)
    scores = [article.score for article in alike]
    assert scores == sorted(scores, reverse=True)
    assert len(similar(*where, ids["hanoi"], size=1)) == 1


def test_what_is_similar_is_found_beside_large_documents_that_seem_so(
    where: Where, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    """Elasticsearch never answered where it was asked for all terms of such ones at once."""
    client, index = where
    alike = [article.id for article in similar(*where, ids["hanoi"])]
    large = {"people": [PUTIN], "body": " ".join(f"wort{n}" for n in range(8_000))}
    for number in range(3):
        list(create(client, index, [(f"large-{number}", large)]))
    huge = {**large, "lead": "x" * 2_100_000}
    list(create(client, index, [("huge", huge)], refresh=True))
    fake.most = 2_000_000
    assert [article.id for article in similar(*where, ids["hanoi"])] == alike


def test_nothing_of_its_own_story_is_similar(where: Where, ids: dict[str, str]) -> None:
    assert ids["pakt-spaeter"] not in [article.id for article in similar(*where, ids[PAKT])]


def test_articles_without_a_story_stand_for_themselves(where: Where, ids: dict[str, str]) -> None:
    client, index = where
    for key in ("x1", "x2"):
        text = "Wladimir Putin ist in Hanoi empfangen worden und wirbt um Handel mit Öl, Getreide."
        document = {"headline": "Putin zu Gast in Hanoi", "body": text}
        names = {"people": [PUTIN], "places": ["Hanoi", "Russland"]}
        list(create(client, index, [(key, document | names)], refresh=True))
    alike = [article.id for article in similar(*where, ids["hanoi"])]
    assert {"x1", "x2"} <= set(alike)
    assert [article.id for article in versions(*where, "x1")] == ["x1"]
    assert "x1" not in [article.id for article in similar(*where, "x1")]


def test_one_that_shares_names_alone_is_not_similar(where: Where, ids: dict[str, str]) -> None:
    client, index = where
    other = {"headline": "Judo: Gürtel verliehen", "body": "Der Verband ehrt ihn am Abend."}
    names = {"people": [PUTIN], "places": ["Hanoi"], "keyphrases": ["Verteidigungspakt"]}
    list(create(client, index, [("x", other | names)], refresh=True))
    assert "x" not in [article.id for article in similar(*where, ids["hanoi"])]


def test_versions_are_all_of_a_story(where: Where, ids: dict[str, str]) -> None:
    expected = {ids[PAKT], ids["pakt-spaeter"]}
    for name in (PAKT, "pakt-spaeter"):
        copies = versions(*where, ids[name])
        assert {article.id for article in copies} == expected
        assert {article.story for article in copies} == {ids[PAKT]}
        assert {article.score for article in copies} == {0.0}


@pytest.mark.parametrize("size", [0, 1001])
def test_a_size_that_cannot_be(where: Where, ids: dict[str, str], size: int) -> None:
    with pytest.raises(UsageError, match="1000"):
        similar(*where, ids["hanoi"], size)


def test_an_article_that_is_not_there(where: Where) -> None:
    with pytest.raises(UsageError, match="t-0"):
        similar(*where, "t-0")
    with pytest.raises(UsageError, match="t-0"):
        versions(*where, "t-0")


def _exported(
    where: Where, query: Query, fields: tuple[str, ...] = ("id",)
) -> list[dict[str, object]]:
    hits = find(*where, query)
    pages = list(articles(*where, hits, fields))
    assert sum(map(len, pages)) == hits.total
    return [article for page in pages for article in page]


def test_an_export_has_every_copy_latest_first(where: Where, ids: dict[str, str]) -> None:
    exported = _exported(where, Query(people=("Putin",), size=1), ("id", "published"))
    assert {article["id"] for article in exported} == {
        ids[name] for name in (PAKT, "pakt-spaeter", "hanoi", "moskau", "wahl")
    }
    dates = [str(article["published"]) for article in exported]
    assert dates == sorted(dates, reverse=True)


def test_an_export_without_a_query_is_of_all_and_in_pages(
    where: Where, monkeypatch: pytest.MonkeyPatch, ids: dict[str, str]
) -> None:
    monkeypatch.setattr(point_in_time, "_PAGE", 4)
    assert {article["id"] for article in _exported(where, Query())} == set(ids.values())


def test_an_export_takes_words_and_names_as_a_search_does(where: Where) -> None:
    assert find(*where, Query("Hanoi Vietnam Getreide Raumschiff")).loosened
    whole = find(*where, Query("Hanoi Vietnam Getreide"))
    assert (whole.loosened, whole.total) == (False, 1)
    nothing = find(*where, Query("Xylophonist Quantenschaum Zwergwels"))
    assert (nothing.total, nothing.loosened) == (0, False)
    (unknown,) = find(*where, Query(people=("Wladimr Putin",))).did_you_mean
    assert unknown.nearest[0].name == PUTIN


def test_fields_of_objects_and_lists_are_reached(where: Where) -> None:
    (article,) = _exported(
        where, Query(places=("Hanoi",)), ("quotes.speaker", "source.path", "url", "mentions.role")
    )
    assert article["quotes.speaker"] == [PUTIN]
    assert article["source.path"] == "hanoi.txt"
    assert article["url"] is None
    assert article["mentions.role"] == ["Präsident", ""]


def test_every_field_of_the_full_export_can_be_named(where: Where) -> None:
    assert fields_of(",".join(FIELDS)) == FIELDS
    (article,) = _exported(where, Query(places=("Hanoi",)), FIELDS)
    raw = StringIO(header("csv", FIELDS) + line("csv", article))
    (row,) = csv.DictReader(raw)
    assert row["people"] == PUTIN
    assert row["places"] == "Hanoi; Russland; Nordkorea"
    assert json.loads(line("jsonl", article)) == article


@pytest.mark.parametrize("sign", "=+-@＝＋－＠﹦﹢﹣﹫−\t\r")
@pytest.mark.parametrize("before", ["", " ", "\u200b", "\ufeff ", "\xa0\n", "\xad"])
def test_no_cell_is_a_formula(before: str, sign: str) -> None:
    (cell,) = next(
        csv.reader(StringIO(line("csv", {"headline": f"{before}{sign}1+1"}), newline=""))
    )
    if before and sign in "\t\r":
        assert cell.lstrip("'") == f"{before}{sign}1+1"
    else:
        assert cell == f"'{before}{sign}1+1"


@given(st.text())
def test_a_cell_is_quoted_only_by_one_mark(text: str) -> None:
    (cell,) = next(csv.reader(StringIO(line("csv", {"headline": text}), newline="")))
    assert cell in {text, f"'{text}"}


@pytest.mark.parametrize("text", ["Er sagte = ja", "3-4", "–1", "’s war", "1 + 1", "„=“"])
def test_usual_cells_stay(text: str) -> None:
    assert line("csv", {"headline": text}) == f"{text}\r\n"
