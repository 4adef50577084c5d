"""Names on disk: deterministic, bounded by the file system's 255 bytes, never overwriting."""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import PurePath

NAME_BYTES = 255
REASON = ".reason.json"
BESIDE = "~"
_MARK = re.compile(r"~([0-9a-f]{12}|[0-9a-f]{64}(?:-[1-9][0-9]*)?)\Z")
_MARKED = re.compile(r"(?<=.)~[0-9a-f]{12}(?:[0-9a-f]{52})?\Z")


def reason_name(name: str) -> str:
    """The reason file beside a failed file."""
    return _fit(name, REASON)


def distinct_name(name: str, digest: str) -> str:
    """Another name for a file whose own is taken by other bytes; the same bytes, the same name."""
    path = PurePath(name)
    return _fit(path.stem, f"~{digest}{path.suffix[:32]}")


def dropped_name(relative: str, digest: str) -> str:
    """The path that an archived file of that digest was dropped under, as far as it tells.

    One whose name was taken has its digest in it; what was cut for its length stays as it is.
    """
    path = PurePath(relative)
    for mark in (f"~{digest[:12]}", f"~{digest}"):
        if path.stem.endswith(mark) and path.stem != mark:
            return str(path.with_name(path.stem.removesuffix(mark) + path.suffix))
    return relative


def first_name(relative: str) -> str:
    """The path whose place was taken, where a name looks as ``distinct_name`` makes them."""
    path = PurePath(relative)
    return str(path.with_name(_MARKED.sub("", path.stem) + path.suffix))


def name_beside(name: str) -> str:
    """Another name for a folder whose own a file has."""
    return _fit(name, BESIDE)


def names_of(wanted: str, digest: str) -> Iterator[str]:
    """The names that a file of that digest (SHA-256) gets: the first that no others have.

    Without end: whoever may drop files may drop some under each of the first of these.
    """
    yield wanted
    yield distinct_name(wanted, digest[:12])
    yield distinct_name(wanted, digest)
    for number in itertools.count(2):
        yield distinct_name(wanted, f"{digest}-{number}")


def begin_of_others(wanted: str) -> str:
    """How each but the first of ``names_of`` begins, whatever the digest and the number."""
    shortest, longest = "0" * 12, "1" * 64 + "-" + "1" * 9
    names = [distinct_name(wanted, each) for each in (shortest, longest)]
    return os.path.commonprefix(names)  # noqa: RUF071  (names, no paths)


def is_name_for(wanted: str, name: str) -> bool:
    """Whether it is one of ``names_of`` of some digest, but the first."""
    marked = _MARK.search(name.removesuffix(PurePath(wanted).suffix[:32]))
    return marked is not None and distinct_name(wanted, marked[1]) == name


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
    stem = stem[:NAME_BYTES]  # each has a byte at least; to cut a long one takes its square in time
    while len(os.fsencode(stem)) > NAME_BYTES - len(os.fsencode(ending)):
        stem = stem[:-1]
    return stem + ending
