"""Sketches of articles, and whether two of them tell the same story."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from extraction.story.matter import Kinship, Matter, decode_matter, kinship, matter_of
from extraction.story.minhash import (
    Sketch,
    band_keys,
    decode,
    encode,
    encode_equal,
    minima,
    text_digest,
)
from extraction.story.shingles import shingles, words
from german.tokens import runs

#: Texts of fewer words are the same story only if all words are equal.
SHORTEST = 20
#: The share of the shorter article's shingles that the longer one must have. Articles of their
#: own on one event share up to 0.4; copies with every fifth word changed still about 0.6.
SHARED = 0.6
#: Two articles of one story share that much of the shorter one at least, however they met in it.
#: At 0.4 copies of copies, both much changed, were kept apart (of 29,479 right pairs 240).
LEAST = 0.3
#: Between the sketch of a text and the matter of its article.
_BESIDE = "."


class Signature(NamedTuple):
    """What a document keeps: ``bands`` to be found by (a terms query), ``minhash`` to verify.

    ``minhash`` is a sketch of the text and, behind a dot, what tells the article's matter
    (:mod:`extraction.story.matter`); of an article without a headline the sketch alone.
    """

    bands: tuple[str, ...]
    minhash: str


def signature(text: Mapping[str, object] | str) -> Signature:
    """Return the signature of an article's fields or of a plain text; empty if it has no words.

    42 bands of 10 hex digits and a sketch of 344 characters; for a short text a sketch of 28 and a
    band, with a headline two.
    """
    row = words(text)
    if not row:
        return Signature((), "")
    headline = "" if isinstance(text, str) else str(text.get("headline") or "")
    matter = f"{_BESIDE}{encoded}" if (encoded := matter_of(headline, row)) else ""
    hashes = shingles(row)
    if len(row) < SHORTEST:
        digest = text_digest(row)
        keys = (f"ff{digest[:8].hex()}", *_titled(headline, row))
        return Signature(keys, encode_equal(digest) + matter)
    least = minima(hashes)
    return Signature(band_keys(least), encode(len(hashes), least) + matter)


def is_current(fields: Mapping[str, object], minhash: str) -> bool:
    """Tell whether the minhash of an article tells its matter; those of 0.1.0 did not."""
    return _BESIDE in minhash or not fields.get("headline")


def _titled(headline: str, row: list[str]) -> tuple[str, ...]:
    """Return the key of a short text under its headline: a notice alone is in very many."""
    return (f"fe{text_digest([*runs(headline.casefold()), *row])[:8].hex()}",) if headline else ()


def similarity(a: str, b: str) -> float:
    """Estimate from two minhashes the share of the shorter article's shingles that both have.

    Containment, not Jaccard's index: a copy that was cut to half its length is still all of it
    in the whole one. The standard error is about 0.05. 0 if one of them cannot be read.
    """
    return _shared(a, b, min)


def share_of_longer(a: str, b: str) -> float:
    """Estimate likewise the share of the longer article's shingles that both have.

    More than half of an article can be that of one other only, if those have nothing in common.
    """
    return _shared(a, b, max)


def same_story(a: str, b: str) -> bool:
    """Tell whether two minhashes are of near-identical articles on one matter."""
    return similarity(a, b) >= SHARED and (a == b or _kinship(a, b).same_matter)


def unlike(a: str, b: str) -> bool:
    """Tell whether two minhashes are of articles that cannot be in one story.

    They share little, or nothing but what a source puts under everything.
    """
    return similarity(a, b) < LEAST or (a != b and _kinship(a, b).other_matter)


def _shared(a: str, b: str, size: Callable[[int, int], int]) -> float:
    first, second = _decoded(a), _decoded(b)
    if first is None or second is None:
        return 0.0
    if first.digest or second.digest:
        return float(first.digest == second.digest)
    jaccard = float(np.count_nonzero(first.minima == second.minima)) / len(first.minima)
    shared = jaccard / (1 + jaccard) * (first.size + second.size)
    return min(1.0, shared / max(1, size(first.size, second.size)))


@lru_cache(maxsize=4_096)
def _decoded(minhash: str) -> Sketch | None:
    return decode(minhash.partition(_BESIDE)[0])


@lru_cache(maxsize=16_384)
def _kinship(a: str, b: str) -> Kinship:
    return kinship(_matter(a), _matter(b))


@lru_cache(maxsize=4_096)
def _matter(minhash: str) -> Matter | None:
    return decode_matter(minhash.partition(_BESIDE)[2])
