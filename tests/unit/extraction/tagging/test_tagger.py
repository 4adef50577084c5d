"""From scores of tags to names."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.tagging.tagger import RELUCTANCE, decode, follows, names_of, reluctance

LABELS = 2
TAGS = 2 * LABELS + 1  # O, B-X, I-X, B-Y, I-Y
NO, B_X, I_X, B_Y, I_Y = range(TAGS)
ALLOWED = follows(LABELS)


def sure(*tags: int) -> np.ndarray:
    return np.eye(TAGS, dtype=np.float32)[list(tags)] * 5


def test_an_inner_tag_follows_its_own_kind_alone() -> None:
    assert ALLOWED[:, I_X].tolist() == [False, True, True, False, False]
    assert ALLOWED[:, B_Y].all()
    assert ALLOWED[:, NO].all()


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ((NO, B_X, I_X, NO), [(1, 3, 0)]),
        ((B_X, B_X, I_X, B_Y), [(0, 1, 0), (1, 3, 0), (3, 4, 1)]),
        ((B_Y, NO, B_Y), [(0, 1, 1), (2, 3, 1)]),
        ((NO, NO), []),
        ((), []),
    ],
)
def test_tags_make_names(tags: tuple[int, ...], names: list[tuple[int, int, int]]) -> None:
    assert list(names_of(np.array(tags, dtype=np.intp))) == names


def test_a_contradiction_is_settled_by_the_scores() -> None:
    scores = sure(NO, B_X, I_Y, NO)
    scores[1, B_Y] = 4.9
    assert decode(scores, ALLOWED).tolist() == [NO, B_Y, I_Y, NO]
    scores = sure(NO, I_X, NO)
    scores[1, B_X] = 4.9
    assert decode(scores, ALLOWED).tolist() == [NO, B_X, NO]


def test_organisations_need_more_than_the_others() -> None:
    lost = reluctance(["LOC", "ORG"])
    assert lost.tolist() == [0, 0, 0, RELUCTANCE["ORG"], RELUCTANCE["ORG"]]
    scores = np.zeros((1, TAGS), np.float32)
    scores[0, B_Y] = RELUCTANCE["ORG"] / 2
    assert decode(scores, ALLOWED).tolist() == [B_Y]
    assert decode(scores - lost, ALLOWED).tolist() == [NO]


def test_no_words_have_no_tags() -> None:
    assert decode(np.zeros((0, TAGS), np.float32), ALLOWED).tolist() == []


@settings(max_examples=60)
@given(st.lists(st.lists(st.floats(-5, 5, width=32), min_size=TAGS, max_size=TAGS), max_size=5))
def test_every_sequence_of_tags_is_possible_and_most_are_the_best(rows: list[list[float]]) -> None:
    scores = np.array(rows, dtype=np.float32).reshape(-1, TAGS)
    tags = decode(scores, ALLOWED).tolist()
    assert all(ALLOWED[a, b] for a, b in itertools.pairwise([NO, *tags]))
    if all(scores.argmax(axis=1) != NO):  # one stretch: searched as a whole
        possible = (
            sequence
            for sequence in itertools.product(range(TAGS), repeat=len(scores))
            if all(ALLOWED[a, b] for a, b in itertools.pairwise([NO, *sequence]))
        )
        best = max(sum(scores[i, t] for i, t in enumerate(s)) for s in possible)
        assert sum(scores[i, t] for i, t in enumerate(tags)) == pytest.approx(best, abs=1e-4)
