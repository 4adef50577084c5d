"""Cut words into the pieces of a SentencePiece unigram vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

_SPACE = "\u2581"
_UNKNOWN_PENALTY = 10.0
#: Words whose pieces a process keeps.
_KEPT = 50_000


@dataclass(frozen=True)
class Pieces:
    """The vocabulary: piece -> (id, logarithm of its probability); ids of the special ones."""

    scores: dict[str, tuple[int, float]]
    begin: int
    end: int
    pad: int
    unknown: int

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.scores))

    @cached_property
    def worst(self) -> float:
        """What an unknown character costs, as a logarithm."""
        return min(score for _, score in self.scores.values()) - _UNKNOWN_PENALTY

    @cached_property
    def of(self) -> Cutter:
        """Cut a word that follows a blank into its most probable pieces."""
        return Cutter(self)


class Cutter:
    """Pieces of words, those of the last ones kept. Of a long word, its first 100 characters."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._of = lru_cache(_KEPT)(self._cut)

    def __call__(self, word: str) -> tuple[int, ...]:
        return self._of(word[:100])

    def _cut(self, word: str) -> tuple[int, ...]:
        text, known, unknown = _SPACE + word, self._pieces.scores, self._pieces.unknown
        best = [(0.0, 0, 0)] + [(-1e30, 0, 0)] * len(text)  # score, start, piece
        for end in range(1, len(text) + 1):
            for start in range(max(0, end - self._pieces.longest), end):
                piece, score = known.get(text[start:end], (unknown, None))
                if score is None:
                    if end - start > 1:
                        continue
                    score = self._pieces.worst
                total = best[start][0] + score
                if total > best[end][0]:
                    best[end] = (total, start, piece)
        return _followed(best)


def _followed(best: list[tuple[float, int, int]]) -> tuple[int, ...]:
    """Return the pieces from the first to the last, by where each began."""
    pieces, at = [], len(best) - 1
    while at:
        _, at, piece = best[at]
        pieces.append(piece)
    return tuple(reversed(pieces))
