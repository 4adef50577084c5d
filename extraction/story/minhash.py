"""MinHash (Broder 1997): a few numbers that tell how many shingles two articles share."""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extraction.story.shingles import Hashes, mix

#: Hash functions: 42 bands of 3 rows. Two articles whose shingles' Jaccard index is J meet in a
#: band with probability 1-(1-J³)⁴²: 0.97 at 0.43, 0.005 at 0.05; of a
#: million articles on other things about 20 meet one.
BANDS, ROWS = 42, 3
SIZE = BANDS * ROWS
_AT_ONCE = 512
_MERSENNE = np.uint64(0x5851F42D4C957F2D)
_FORMAT = struct.Struct("<cI")
_EQUAL, _MINHASH = b"e", b"m"
_DIGEST = 16

Minima = NDArray[np.uint32]


class Sketch(NamedTuple):
    """What is compared of one article: its number of distinct shingles and their minima.

    ``digest`` in place of minima is that of a short text, which only an equal one matches.
    """

    size: int
    minima: NDArray[np.uint16]
    digest: bytes = b""


def minima(hashes: Hashes) -> Minima:
    """Return the least value of every hash function over the shingles, of which there are some."""
    factors, terms = _functions()
    least = np.full(SIZE, 0xFFFFFFFFFFFFFFFF, np.uint64)
    for at in range(0, len(hashes), _AT_ONCE):
        values = hashes[at : at + _AT_ONCE, None] * factors
        values += terms
        least = np.minimum(least, values.min(axis=0))
    return (least >> np.uint64(32)).astype(np.uint32)


def band_keys(least: Minima) -> tuple[str, ...]:
    """Return one key a band: two hex digits for the band, eight for its rows."""
    rows = least.reshape(BANDS, ROWS).astype(np.uint64)
    mixed = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        mixed = mix(mixed * _MERSENNE + rows[:, row])
    digits = (mixed >> np.uint64(32)).astype(">u4").tobytes().hex()
    return tuple(f"{band:02x}{digits[band * 8 : band * 8 + 8]}" for band in range(BANDS))


def text_digest(words: list[str]) -> bytes:
    """Return the digest by which equal short texts are known."""
    return hashlib.blake2b(" ".join(words).encode(), digest_size=_DIGEST).digest()


def encode(count: int, least: Minima) -> str:
    """Return the sketch as 344 characters of base64; half of each minimum's bits are enough."""
    low = (least & np.uint32(0xFFFF)).astype("<u2").tobytes()
    return base64.b64encode(_FORMAT.pack(_MINHASH, count) + low).decode("ascii")


def encode_equal(digest: bytes) -> str:
    """Return the sketch of a short text, 28 characters of base64."""
    return base64.b64encode(_FORMAT.pack(_EQUAL, 0) + digest).decode("ascii")


def decode(sketch: str) -> Sketch | None:
    """Read a sketch; ``None`` if it is empty, broken or of another size."""
    try:
        raw = base64.b64decode(sketch, validate=True)
        kind, count = _FORMAT.unpack_from(raw)
    except (binascii.Error, ValueError, struct.error):
        return None
    rest = raw[_FORMAT.size :]
    if kind == _EQUAL and len(rest) == _DIGEST:
        return Sketch(0, np.empty(0, np.uint16), rest)
    if kind == _MINHASH and len(rest) == SIZE * 2:
        return Sketch(count, np.frombuffer(rest, "<u2"))
    return None


@lru_cache(maxsize=1)
def _functions() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return odd factors and terms of multiply-shift hashing, the same in every process."""
    counter = np.arange(1, 2 * SIZE + 1, dtype=np.uint64) * _MERSENNE
    scattered = mix(counter)
    return scattered[:SIZE] | np.uint64(1), scattered[SIZE:]
