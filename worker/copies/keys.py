"""The key of a file's copy: its path below ``archive/``, so that any tool can put the files back.

What a key cannot hold is written ``%XX``, a byte each: control characters, bytes that are no UTF-8,
and ``%`` itself. A path that would be longer than a key, or a name in it, may be has its digest.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from urllib.parse import unquote_to_bytes

#: Bytes; S3 takes 1,024 with the prefix. Of one name, for stores that keep files as files.
LONGEST, LONGEST_NAME = 900, 255
#: No name in the archive has a dot in front that comes out of here.
LONG = ".long/"
_SPECIAL = re.compile(r"[%\x00-\x1f\x7f-\x9f\\]|[\ud800-\udfff]")


def key_of(relative: str) -> str:
    """The key of the file at that path, which may have any bytes."""
    text = os.fsencode(relative).decode("utf-8", "surrogateescape")
    key = _SPECIAL.sub(_escaped, text)
    too_long = len(key.encode()) > LONGEST or any(
        len(name.encode()) > LONGEST_NAME for name in key.split("/")
    )
    if too_long or key.startswith(LONG):
        return LONG + sha256(os.fsencode(relative)).hexdigest()
    return key


def path_of(key: str) -> str | None:
    """The path below ``archive/``; None where the key does not tell it."""
    return None if key.startswith(LONG) else os.fsdecode(unquote_to_bytes(key))


def _escaped(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))
