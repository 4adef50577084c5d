"""Vectors of word forms are computed once, and are the same as without a memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.tagging import brown, pipeline
from extraction.tagging.form_memory import FormMemory, Orths, Vectors

WIDTH = 3


def _vectors(orths: Orths) -> Vectors:
    return np.outer(orths, np.arange(1, WIDTH + 1)).astype(np.float32) + np.float32(0.5)


@given(
    st.integers(0, 12),
    st.lists(st.lists(st.integers(0, 30), unique=True, min_size=1), max_size=6),
)
def test_a_vector_is_its_form_s_own_whatever_was_kept(limit: int, batches: list[list[int]]) -> None:
    memory = FormMemory(limit)
    for batch in batches:
        orths = np.array(sorted(batch), np.uint64)
        assert np.array_equal(memory.of(orths, _vectors), _vectors(orths))


def test_only_what_is_not_kept_is_computed() -> None:
    asked: list[list[int]] = []

    def compute(orths: Orths) -> Vectors:
        asked.append(orths.tolist())
        return _vectors(orths)

    memory = FormMemory(3)
    for batch in ([1, 2], [2, 3, 4], [1, 3, 4], [1, 2, 3]):
        memory.of(np.array(batch, np.uint64), compute)
    assert asked == [[1, 2], [3, 4], [4]]


def test_a_pipeline_that_remembers_finds_what_one_without_finds() -> None:
    """The second reading takes all vectors from memory; rounding may differ, names may not."""
    text = "Bundeskanzlerin Angela Merkel reiste nach Dessau zum Umweltbundesamt. " * 3
    remembering, forgetting = pipeline.load(), pipeline.load()
    for _, component in forgetting.pipeline:
        brown.keep_forms(component.model, 0)  # type: ignore[attr-defined]
    docs = [remembering(text), remembering(text), forgetting(text)]
    first, *others = [[(e.start, e.end, e.label_) for e in doc.ents] for doc in docs]
    assert first
    assert others == [first, first]
    layers = [nlp.get_pipe("ner").model for nlp in (remembering, forgetting)]  # type: ignore[attr-defined]
    kept, fresh = (layer.predict([docs[2]])[0] for layer in layers)
    assert kept == pytest.approx(fresh, abs=1e-4)
