"""The names of members: paths below the container, and nowhere else, that every disk can hold."""

from __future__ import annotations

import os
import re
from hashlib import sha256

_NAME_BYTES = 200
#: Bytes and names of a member's path.
LONGEST, DEEPEST = 1_500, 30
_DRIVE = re.compile(r"[A-Za-z]:(?=/)")
#: Folders and a name that say nothing but what they are called, none beginning with a point.
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]*+(?:/[A-Za-z0-9_][A-Za-z0-9_. -]*+)*+")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}\Z")


def safe_name(written: str) -> str:
    """Return the path of a member; empty where the name is that of nothing.

    No part of it is ``..``, none is longer than a file's name may be. What is cut gets a hash of
    the whole, so that different names stay different.
    """
    if _is_plain(written):
        return written
    plain = _DRIVE.sub("", written.replace("\\", "/").replace("\0", ""))
    parts = [part for part in plain.split("/") if part not in {"", ".", ".."}]
    if not parts:
        return ""
    whole = "/".join(_fit(part) for part in parts)
    if len(parts) > DEEPEST or len(_bytes(whole)) > LONGEST:
        return _fit(f"{_digest(whole)}-{parts[-1]}")
    return whole


def _is_plain(written: str) -> bool:
    """Whether nothing has to be done to it, as to nearly all."""
    short = len(written) <= _NAME_BYTES and written.count("/") < DEEPEST
    return short and _PLAIN.fullmatch(written) is not None


def _fit(name: str) -> str:
    known = _bytes(name)
    if len(known) <= _NAME_BYTES and os.fsdecode(known) == name:
        return name
    suffix = match.group() if (match := _SUFFIX.search(name)) else ""
    kept = known[:100].decode("utf-8", "ignore")
    return f"{kept}~{_digest(name)}{suffix}"


def _bytes(name: str) -> bytes:
    """As the disk has it; what no name can hold is replaced, and the name is another one then."""
    try:
        return os.fsencode(name)
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace")


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
