"""Names on disk: deterministic, bounded by the file system's 255 bytes, never overwriting."""

from __future__ import annotations

import hashlib
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
    return _fit(path.stem, f"~{digest}{path.suffix[:32]}")


def failed_path(relative: str) -> str:
    """A path on which no name means 'the reason of another file'."""
    parts = PurePath(relative).parts
    return str(PurePath(*(_no_reason(part) for part in parts)))


def _no_reason(name: str) -> str:
    return _fit(name.removesuffix(".json"), "~.json") if name.endswith(REASON) else name


def _fit(stem: str, ending: str) -> str:
    """``stem + ending``; a stem beyond the file system's limit is cut, with its hash at the end."""
    room = NAME_BYTES - len(os.fsencode(ending))
    whole = os.fsencode(stem)
    if len(whole) <= room:
        return stem + ending
    ending = f"~{hashlib.sha256(whole).hexdigest()[:12]}{ending}"
    while len(os.fsencode(stem)) > NAME_BYTES - len(os.fsencode(ending)):
        stem = stem[:-1]
    return stem + ending
