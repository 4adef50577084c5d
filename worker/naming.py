"""Names on disk: deterministic, bounded by the file system's 255 bytes, never overwriting."""

from __future__ import annotations

import os
from pathlib import PurePath

NAME_BYTES = 255
REASON = ".reason.json"


def reason_name(name: str) -> str:
    """The reason file beside a failed file."""
    return _fit(name, REASON)


def distinct_name(name: str, digest: str) -> str:
    """Another name for a file whose own is taken by other bytes; the same bytes, the same name."""
    path = PurePath(name)
    return _fit(path.stem, f"~{digest[:12]}{path.suffix[:32]}")


def failed_name(name: str) -> str:
    """A failed file must not carry a name that means 'the reason of another one'."""
    return _fit(name.removesuffix(".json"), "~.json") if name.endswith(REASON) else name


def _fit(stem: str, ending: str) -> str:
    """``stem + ending``, the stem cut (by whole characters) to the file system's limit."""
    room = NAME_BYTES - len(os.fsencode(ending))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + ending
