"""Text as mainframes write it (EBCDIC), told by its bytes: no decoder of ours reads it."""

from __future__ import annotations

_SAMPLE, _LEAST = 4_096, 32
_BLANK, _OTHER_BLANK = 0x40, 0x20
#: a-i, j-r, s-z, small and capital; digits, and the marks that all of its code pages share.
_LETTERS = bytes(
    (
        *(*range(0x81, 0x8A), *range(0x91, 0x9A), *range(0xA2, 0xAA)),
        *(*range(0xC1, 0xCA), *range(0xD1, 0xDA), *range(0xE2, 0xEA)),
    )
)
_AND_OTHERS = bytes((*range(0xF0, 0xFA), *b"\x40\x4b\x4d\x5d\x5e\x60\x61\x6b\x7a\x7d\x7f"))
_LEAST_LETTERS, _LEAST_KNOWN, _LEAST_BLANKS = 0.4, 0.75, 0.03


def is_ebcdic(data: bytes) -> bool:
    """Tell text of which nearly all is letters, digits and blanks in EBCDIC, and no UTF-8.

    What is that in Latin-1 or Cyrillic has blanks of its own (0x20), which is none there.
    """
    sample = data[:_SAMPLE]
    if len(sample) < _LEAST or sample.isascii():
        return False
    letters, known = _share(sample, _LETTERS), _share(sample, _LETTERS + _AND_OTHERS)
    blanks = sample.count(_BLANK)
    return (
        letters >= _LEAST_LETTERS
        and known >= _LEAST_KNOWN
        and blanks >= _LEAST_BLANKS * len(sample)
        and blanks > 10 * sample.count(_OTHER_BLANK)
    )


def _share(sample: bytes, codes: bytes) -> float:
    return 1 - len(sample.translate(None, codes)) / len(sample)
