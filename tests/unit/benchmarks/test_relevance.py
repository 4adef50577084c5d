"""The relevance set itself, and what an order of articles is worth."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.relevance.judged import OVER_WIKINEWS, averaged, blind, judged, scores
from indexing.searching.syntax import parse

RELEVANT = st.dictionaries(st.sampled_from("abcdefghijklmn"), st.integers(1, 3), min_size=1)


def test_the_set_has_enough_queries_in_ten_classes_each_asked_once() -> None:
    queries = judged()
    assert len(queries) >= 140
    assert len({one.query for one in queries}) == len(queries)
    classes = Counter(one.kind for one in queries)
    assert len(classes) == 10
    assert min(classes.values()) >= 12


def test_every_query_can_be_read_and_has_graded_articles() -> None:
    for one in judged():
        parse(one.query)
        assert one.relevant
        assert set(one.relevant.values()) <= {1, 2, 3}


def test_the_blind_set_is_asked_once_and_looks_for_something() -> None:
    queries = blind(OVER_WIKINEWS)
    assert len({each.query for each in queries}) == len(queries) == 160
    assert min(Counter(each.kind for each in queries).values()) >= 5
    for each in queries:
        parse(each.query)
        assert each.targets
        assert set(each.relevant.values()) <= {0, 1, 2, 3}


def test_the_best_order_is_worth_one_and_none_nothing() -> None:
    relevant = {"a": 3, "b": 1}
    assert scores(["a", "b", "x"], relevant) == (1.0, 1.0, 1.0)
    assert scores([], relevant) == (0.0, 0.0, 0.0)
    assert scores(["x", "y", "z", "v", "w", "a"], relevant)[:2] == (0.0, 0.0)


def test_ndcg_is_what_the_definition_says() -> None:
    assert scores(["x", "a"], {"a": 2}).ndcg_10 == pytest.approx(0.63093, abs=1e-5)


@given(RELEVANT, st.permutations("abcdefghijklmnopq"))
def test_no_order_is_worth_more_than_the_best(relevant: dict[str, int], found: list[str]) -> None:
    best = scores(sorted(relevant, key=lambda id_: -relevant[id_]), relevant).ndcg_10
    order = scores(found, relevant).ndcg_10
    assert best == pytest.approx(1)
    assert order is not None
    assert 0 <= order <= 1 + 1e-9


def test_what_is_looked_for_decides_and_without_grades_no_order_is_measured() -> None:
    assert scores(["a", "b"], {}, {"b"}) == (0.0, 1.0, None)
    assert scores(["a"], {"a": 1}, {"b"}) == (0.0, 0.0, 1.0)
    assert averaged([scores(["b"], {}, {"b"}), scores(["a"], {"a": 1})]) == (1.0, 1.0, 1.0)
    assert averaged([scores(["b"], {}, {"b"})]).ndcg_10 is None


def test_the_mean_is_taken_column_by_column() -> None:
    one, other = scores(["a"], {"a": 1}), scores(["x"], {"a": 1})
    assert averaged([one, other]) == (0.5, 0.5, 0.5)
