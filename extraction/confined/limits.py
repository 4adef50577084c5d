"""What a file may take of its reader: most of it is of binary formats alone."""

from __future__ import annotations

from dataclasses import dataclass

from articles.limits import MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one file. Beyond any of them it fails, alone and with that as its reason.

    ``seconds`` of computing; of waiting, eight times as many. ``memory``: bytes beyond those of a
    reader that reads nothing. Of an archive: at most so many ``members``, each at most so many
    ``unpacked`` bytes, all together too, and none above ``ratio`` times its packed bytes.
    ``depth`` of elements in each other, ``pages`` of a document. Of scans ``ocr_pages`` at most are
    read by OCR, 0: none, in ``ocr_seconds`` of waiting, all together.
    """

    seconds: int = 30
    memory: int = 1024 * MEBIBYTE
    unpacked: int = 256 * MEBIBYTE
    members: int = 10_000
    ratio: int = 200
    depth: int = 200
    pages: int = 2_000
    ocr_pages: int = 100
    ocr_seconds: int = 300


NORMAL = Limits()
