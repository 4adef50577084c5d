"""An article that was read anew from its bytes: what differs, and what becomes of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.fields import FIELDS
from indexing.index.foreign import ROOT
from indexing.writing.by_hand import (
    Setting,
    as_source,
    is_to_be_read,
    pending,
    together,
    with_by_hand,
)
from indexing.writing.versions import SEEN, read_anew

Document = Mapping[str, Any]

#: What is made of an article's bytes.
_MADE = frozenset({*(f.name for f in FIELDS if f.of == "article"), ROOT}) - {"source.version"}
#: What is said of the bytes themselves, and of how they were read.
_SOURCE = ("format", "encoding", "version", "warnings")
#: By which its story is found.
_STORY = ("signature", "minhash")


@dataclass(frozen=True, slots=True)
class Reread:
    """``document`` is to be written, None where nothing differs.

    ``before`` has the fields that anybody sees and that were read otherwise, as they were (None:
    they were not): then it is a new version. Without any, only what nobody sees is made anew.
    """

    document: Document | None
    before: Mapping[str, Any]


def reread(old: Document, new: Document, settings: Sequence[Setting], at: str) -> Reread:
    """Compare a document with what its bytes are read as now.

    ``new`` is as ``indexing.writing.document`` makes it; ``settings`` are what was set by hand
    here; ``at`` is ISO 8601.
    """
    was, settings = as_source(old), together(settings, old)
    read = {name: value for name, value in was.items() if name not in _MADE}
    read |= {name: value for name, value in new.items() if name in _MADE}
    read["source"] = _source(was, new)
    before = {n: was.get(n) for n in SEEN if (was.get(n) or None) != (read.get(n) or None)}
    if not before and _same(old, with_by_hand(read, settings)):
        return Reread(None, {})
    if keys := list(dict.fromkeys([*was.get("known_as", ()), *new.get("known_as", ())])):
        read["known_as"] = keys
    made = with_by_hand(read, settings)
    if before:
        made = read_anew(old, made, before, at)
    others = any(old.get(name) != made.get(name) for name in _STORY)
    return Reread(pending(made) if others or is_to_be_read(old, made) else made, before)


def _same(was: Document, read: Document) -> bool:
    names = (*_MADE, "source")
    return all((was.get(name) or None) == (read.get(name) or None) for name in names)


def _source(old: Document, new: Document) -> dict[str, Any]:
    kept, read = dict(old.get("source") or {}), new.get("source") or {}
    for name in _SOURCE:
        kept.pop(name, None)
    return kept | {name: read[name] for name in _SOURCE if name in read}
