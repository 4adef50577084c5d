"""Vectors of word forms, learned elsewhere: what a large encoder thinks of a word by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extraction.tagging.kinship import key, relatives

#: One step of an int8 value; vectors have a variance of about one, ±4 is kept.
STEP = 1 / 32
#: How much of the vector a form gets that borrows it from a relative.
_BORROWED = 0.7


@dataclass(frozen=True, slots=True)
class VectorTable:
    """``values`` (forms, size), int8 in steps of ``STEP``, in the order of the sorted ``keys``."""

    keys: NDArray[np.uint32]
    values: NDArray[np.int8]

    @classmethod
    def build(cls, forms: Iterable[str], vectors: NDArray[np.float32]) -> VectorTable:
        """Round the vectors; of forms with the same key the first one stays."""
        keys = np.fromiter(map(key, forms), dtype=np.uint32)
        distinct, first = np.unique(keys, return_index=True)
        rounded = np.clip(np.rint(vectors[first] / STEP), -127, 127).astype(np.int8)
        return cls(distinct, rounded)

    @property
    def width(self) -> int:
        """Size of what ``of`` returns: the vector and how far it is the form's own."""
        return int(self.values.shape[1]) + 1

    def of(self, forms: Sequence[str]) -> NDArray[np.float32]:
        """Return (forms, width): own vectors, those of relatives, or zeros."""
        rows = self._rows(forms)
        own = np.where(rows < 0, 0.0, 1.0).astype(np.float32)
        for index, row in self._borrowed(forms, rows):
            rows[index], own[index] = row, _BORROWED
        vectors = np.zeros((len(forms), self.width), np.float32)
        if len(self.keys):
            vectors[:, :-1] = self.values[rows]
            vectors[:, :-1] *= (own * STEP)[:, None]
        vectors[:, -1] = own
        return vectors

    def _rows(self, forms: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each form, -1 where there is none."""
        if not len(self.keys):
            return np.full(len(forms), -1)
        keys = np.fromiter(map(key, forms), dtype=np.uint32, count=len(forms))
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, at, -1)

    def _borrowed(self, forms: Sequence[str], rows: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
        """Yield form and row of the nearest relative for the forms that have no row."""
        asked: list[str] = []
        owner: list[int] = []
        for index in np.flatnonzero(rows < 0).tolist():
            kin = [form for _, form in relatives(forms[index])]
            asked += kin
            owner += [index] * len(kin)
        known = self._rows(asked)
        nearest = {owner[at]: int(known[at]) for at in np.flatnonzero(known >= 0)[::-1].tolist()}
        return nearest.items()
