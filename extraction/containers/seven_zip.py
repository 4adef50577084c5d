"""A 7z archive, whose files a confined process unpacks, a part after the other."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from extraction.confined.reading import read_confined
from extraction.containers.member import Kind, Member, Opened, Sample, too_long, whole
from extraction.containers.names import safe_name

ENDINGS = (".7z",)
_MAGIC = b"7z\xbc\xaf\x27\x1c"
_ADVICE = "Pack it again as ZIP, or drop the files inside it."


def _recognises(sample: Sample) -> bool:
    """By its first bytes."""
    return sample.head.startswith(_MAGIC)


def _members(opened: Opened) -> Iterator[Member]:
    data = whole(opened, "archive", _ADVICE)
    start = 0
    while True:
        said = read_confined("7z", data, opened.limits.reader, start)
        members, following = said.get("members"), said.get("following")
        for member in members if isinstance(members, list) else []:
            if name := safe_name(str(member.get("name"))):
                yield _member(name, member.get("data"), opened.limits.member_bytes)
        if not isinstance(following, int) or following <= start:
            left = said.get("left")
            break
        start = following
    yield from (Member(f"link-{n}", left=True) for n in range(left if type(left) is int else 0))


def _member(name: str, content: Any, most: int) -> Member:
    """What a reader says that has read what others wrote: it may be anything."""
    try:
        data = b64decode(content, validate=True) if isinstance(content, str) else None
    except binascii.Error:
        data = None
    if data is None or len(data) > most:
        return Member(name, fault=too_long(f"{name!r}", most))
    return Member(name, data)


KIND = Kind("a 7-Zip archive", _recognises, _members, whole=True)
