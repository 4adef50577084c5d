"""The features of word forms as the student reads them: rows of hash tables, and vectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.vocab import Vocab
from thinc.api import NumpyOps

from extraction.tagging.brown import COLUMNS, BrownTable, form_features
from extraction.tagging.form_vectors import VectorTable


@dataclass(frozen=True)
class Forms:
    """``number`` of each form; ``rows`` (forms, columns, 4); ``vectors`` (forms, size)."""

    number: dict[str, int]
    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @classmethod
    def build(
        cls,
        words: Iterable[str],
        vocab: Vocab,
        tables: tuple[BrownTable, VectorTable],
        sizes: tuple[int, ...],
    ) -> Forms:
        """Compute the features of `extraction.tagging.brown`, hashed into tables of these sizes."""
        forms = sorted(set(words))
        orths = np.array([vocab.strings.add(form) for form in forms], dtype=np.uint64)
        features = form_features(vocab, orths, tables[0])
        ops = NumpyOps()
        columns = [
            ops.hash(np.ascontiguousarray(features[:, column]), 8 + column) % sizes[column]
            for column in range(len(COLUMNS))
        ]
        number = {form: at for at, form in enumerate(forms)}
        return cls(number, np.stack(columns, 1).astype(np.int64), tables[1].of(forms))

    def of(self, words: Iterable[str]) -> NDArray[np.int64]:
        return np.array([self.number[word] for word in words], dtype=np.int64)
