"""Whether what two articles share is what they are about, or text that a source puts everywhere.

A notice that the text is gone, the end of a teaser, an imprint can be most of an article, or all of
it. What tells them from a copy is the headline: of 850 German Wikinews articles 848 have content
words of their headline in their text, half of them more than three quarters of them; of 80 words
of another article nine in ten have none.

All that has to be known of an article for it is some bytes beside its sketch: the words of its
headline, which of them its text has, and, so that the other's can be looked up, a Bloom filter
(1970) of the text's words.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Iterable, Sequence, Set
from typing import NamedTuple

import numpy as np

from extraction.story.shingles import checksums
from german.function_words import content_words
from german.tokens import runs

#: Words are compared by so many letters, for their endings; shorter ones say little.
_STEM, _SHORTEST = 5, 4
#: So much of what an article's text has of its headline must be in the other's text.
_ENOUGH = 0.5
#: Both texts must have so much of one headline.
_TOLD = 0.5
#: So much must two headlines share to stand for one another.
_ALIKE = 0.6
#: One word alone may be in a notice, or in another headline, by chance.
_SEVERAL = 2
#: What a source puts everywhere is not most of a text of more words than that.
_LONGEST = 300
#: Words of a headline that count.
_TITLE = 16
#: Bits of the filter for each word, and bits that each word sets: one in 40 strangers seems there.
_BITS, _SET = 8, 4
_HEAD = struct.Struct("<BH")


class Matter(NamedTuple):
    """What an article is about: hashes of its headline's words, and a filter of its text's words.

    ``told`` are the words of ``title`` that the text has, in its beginning if it is long.
    ``words`` is empty where it is so long that it can be about nothing else.
    """

    title: Set[int]
    told: Set[int]
    words: bytes


def matter_of(headline: str, row: Sequence[str]) -> str:
    """Return the matter of an article with a headline and these words as base64; "" without one."""
    title = sorted(_stems(content_words(runs(headline.casefold()))), key=_hash)[:_TITLE]
    if not title:
        return ""
    text = _stems(row[:_LONGEST])
    told = sum(1 << at for at, word in enumerate(title) if word in text)
    kept = _filter(text) if len(row) <= _LONGEST else b""
    head = _HEAD.pack(len(title), told) + struct.pack(f"<{len(title)}I", *map(_hash, title))
    return base64.b64encode(head + kept).decode("ascii")


def decode_matter(encoded: str) -> Matter | None:
    """Read it; ``None`` if there is none, or it is broken."""
    try:
        raw = base64.b64decode(encoded, validate=True)
        count, told = _HEAD.unpack_from(raw)
        title = struct.unpack_from(f"<{count}I", raw, _HEAD.size)
    except (binascii.Error, ValueError, struct.error):
        return None
    in_text = frozenset(word for at, word in enumerate(title) if told >> at & 1)
    return Matter(frozenset(title), in_text, raw[_HEAD.size + 4 * count :])


class Kinship(NamedTuple):
    """How two articles that share most of a text are related: neither, where little can be told."""

    same_matter: bool
    other_matter: bool


def kinship(a: Matter | None, b: Matter | None) -> Kinship:
    """Tell whether two articles that share most of a text share what they are about.

    So it is where their headlines are alike. Else both texts must have most of what each has of its
    own headline, and much of one headline. Without both headlines, and of two long texts, nothing
    can be told, and what they share is enough. Where both texts have neither headline, they surely
    are about different matters.
    """
    if a is None or b is None or not (a.words or b.words) or _alike(a.title, b.title):
        return Kinship(same_matter=True, other_matter=False)
    shares = _Share.of(a, b), _Share.of(b, a)
    kept = [share.kept for share in shares]
    same = all(k or not s.told for k, s in zip(kept, shares, strict=True))
    return Kinship(same and any(share.enough for share in shares), not any(kept))


class _Share(NamedTuple):
    """Of the words of an article's headline those in its own text, and those in both texts."""

    title: int
    told: int
    shared: int

    @classmethod
    def of(cls, own: Matter, other: Matter) -> _Share:
        shared = [word for word in own.told if not other.words or _holds(other.words, word)]
        return cls(len(own.title), len(own.told), len(shared))

    @property
    def kept(self) -> bool:
        return self.shared >= max(_ENOUGH * self.told, min(_SEVERAL, self.told), 1)

    @property
    def enough(self) -> bool:
        return self.kept and self.shared >= max(_TOLD * self.title, min(_SEVERAL, self.title))


def _alike(a: Set[int], b: Set[int]) -> bool:
    if a == b:
        return True
    least = min(len(a), len(b))
    return len(a & b) >= max(_ALIKE * least, min(_SEVERAL, least))


def _stems(row: Iterable[str]) -> set[str]:
    return {word[:_STEM] for word in row if len(word) >= _SHORTEST}


def _hash(stem: str) -> int:
    return zlib.crc32(stem.encode())


def _filter(stems: Set[str]) -> bytes:
    hashes = np.fromiter(checksums([*stems]), np.int64, len(stems))
    bits = np.zeros(max(1, len(hashes)) * _BITS, np.bool_)
    first, step = hashes & 0xFFFF, hashes >> 16 | 1
    for nth in range(_SET):
        bits[(first + nth * step) % len(bits)] = True
    return np.packbits(bits, bitorder="little").tobytes()


def _holds(kept: bytes, value: int) -> bool:
    """Look a hash of 32 bits up, by double hashing (Kirsch, Mitzenmacher 2006)."""
    first, step, size = value & 0xFFFF, value >> 16 | 1, len(kept) * 8
    places = ((first + nth * step) % size for nth in range(_SET))
    return all(kept[place >> 3] >> (place & 7) & 1 for place in places)
