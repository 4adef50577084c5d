"""The vectors of word forms that a process has met, so that none is computed again.

A vector depends on the form alone, and the forms met first are the frequent ones: they stay, and
what comes after the memory is full is computed each time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Orths = NDArray[np.uint64]
Vectors = NDArray[np.float32]


class FormMemory:
    """Keeps up to ``limit`` vectors; with 0, as for training, none."""

    def __init__(self, limit: int = 0) -> None:
        self.limit = limit
        self._rows: dict[int, int] = {}
        self._vectors: Vectors = np.empty((0, 0), np.float32)

    def of(self, orths: Orths, compute: Callable[[Orths], Vectors]) -> Vectors:
        """Return (forms, width): the vectors of distinct forms, given by their hashes.

        ``compute`` is asked for those that are not kept.
        """
        if not self.limit:
            return compute(orths)
        rows = np.fromiter((self._rows.get(o, -1) for o in orths.tolist()), np.int64, len(orths))
        unknown = np.flatnonzero(rows < 0)
        if not len(unknown):
            return self._vectors[rows]
        computed = compute(orths[unknown])
        vectors = np.empty((len(orths), computed.shape[1]), np.float32)
        known = np.flatnonzero(rows >= 0)
        vectors[known] = self._vectors[rows[known]] if len(known) else 0
        vectors[unknown] = computed
        self._keep(orths[unknown], computed)
        return vectors

    def _keep(self, orths: Orths, vectors: Vectors) -> None:
        first = len(self._rows)
        last = min(self.limit, first + len(orths))
        if not self._vectors.size:  # pages are taken from the system only as they are filled
            self._vectors = np.empty((self.limit, vectors.shape[1]), np.float32)
        self._vectors[first:last] = vectors[: last - first]
        self._rows.update(zip(orths[: last - first].tolist(), range(first, last), strict=True))
