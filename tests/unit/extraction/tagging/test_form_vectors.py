"""Vectors of word forms: own, borrowed, none."""

from __future__ import annotations

import numpy as np
import pytest

from extraction.tagging.form_vectors import VectorTable

VECTORS = np.array([[1.0, -2.0], [0.5, 0.25], [9.0, 0.0]], dtype=np.float32)
TABLE = VectorTable.build(["Berlin", "Treffen", "Putin"], VECTORS)


def test_a_form_has_its_own_vector() -> None:
    assert TABLE.width == 3
    assert TABLE.of(["Berlin"]).tolist() == [[1.0, -2.0, 1.0]]


def test_large_values_are_cut() -> None:
    assert TABLE.of(["Putin"])[0, 0] == pytest.approx(127 / 32)


@pytest.mark.parametrize(
    ("form", "row"),
    [("BERLIN", 0), ("Berlins", 0), ("Außenministertreffen", 1), ("Nato-Treffen", 1)],
)
def test_a_relative_lends_less_than_its_vector(form: str, row: int) -> None:
    assert TABLE.of([form])[0] == pytest.approx([*(0.7 * VECTORS[row]), 0.7])


def test_other_forms_have_none() -> None:
    assert not TABLE.of(["Kiew", "", ","]).any()
    assert VectorTable.build([], VECTORS[:0]).of(["Berlin"]).tolist() == [[0.0, 0.0, 0.0]]
