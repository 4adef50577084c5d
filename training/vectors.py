"""Vectors of word forms: what the teacher makes of each frequent form by itself."""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from extraction.tagging.form_vectors import VectorTable
from training.tables import lookup
from training.teacher import FAST_BFLOAT16, Teacher, batches

#: The most probable forms without and with a capital letter.
SMALL, CAPITALS = 15_000, 85_000
_LONGEST = 40
#: Layer whose states are averaged over a form's pieces; and how many dimensions are kept of
#: those and of the last layer's.
MIDDLE = 6
MIDDLE_SIZE, LAST_SIZE = 48, 48

Floats = NDArray[np.float32]


def frequent_forms() -> list[str]:
    """Return the forms that get a vector, from the probabilities of spacy-lookups-data."""
    probability = lookup("prob")
    ranked = sorted(probability, key=lambda form: (-probability[form], form))
    forms = [
        f for f in ranked if len(f) <= _LONGEST and f.strip() == f and any(map(str.isalpha, f))
    ]
    capitals = [form for form in forms if form[0].isupper()]
    others = [form for form in forms if not form[0].isupper()]
    return sorted(others[:SMALL] + capitals[:CAPITALS])


def vector_table(teacher: Teacher, forms: Sequence[str]) -> VectorTable:
    """Encode each form by itself and keep the main directions of two layers."""
    middle, last = _encode(teacher, forms)
    vectors = np.concatenate([_main(middle, MIDDLE_SIZE), _main(last, LAST_SIZE)], axis=1)
    return VectorTable.build(forms, vectors)


@torch.no_grad()
def _encode(teacher: Teacher, forms: Sequence[str]) -> tuple[Floats, Floats]:
    """Return middle states, averaged over the pieces, and the last state of the first piece."""
    middle = np.zeros((len(forms), teacher.place.shape[1]), np.float32)
    last = np.zeros_like(middle)
    states: list[torch.Tensor] = []
    hook = teacher.layers[MIDDLE - 1].register_forward_hook(lambda *call: states.append(call[2]))
    for group, pieces, _ in batches(teacher.cut, [(form,) for form in forms], None):
        with torch.autocast("cpu", torch.bfloat16, enabled=FAST_BFLOAT16):
            final = teacher.hidden(pieces).float()
        own = ((pieces != teacher.cut.pad) & (pieces != teacher.cut.end)).float()[:, 1:, None]
        middle[group] = ((states.pop().float()[:, 1:] * own).sum(1) / own.sum(1)).numpy()
        last[group] = final[:, 1].numpy()
    hook.remove()
    return middle, last


def _main(states: Floats, size: int) -> Floats:
    """Project on the main directions; half whitened, with a variance of one on the whole."""
    centred = states - states.mean(axis=0)
    sample = random.Random(0).sample(range(len(centred)), min(len(centred), 30_000))
    spread, directions = np.linalg.eigh(np.cov(centred[sample].T))
    kept = directions[:, ::-1][:, :size] / spread[::-1][:size] ** 0.25
    projected = centred @ kept
    scaled: Floats = (projected / projected.std()).astype(np.float32)
    return scaled
