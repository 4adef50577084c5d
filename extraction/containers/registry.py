"""The containers that are unpacked. A new one is a module with a ``Kind``, and a line here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from extraction.containers import (
    archive,
    json_lines,
    json_list,
    mail,
    mbox,
    outlook,
    parquet,
    seven_zip,
    sheet,
    table,
    warc,
    wire_stream,
    xml_items,
)
from extraction.containers.archive import TAR, ZIP, is_packed, unpacked
from extraction.containers.member import Kind, Member, Opened, Sample, too_long

#: Those that are read from their beginning to their end, inside of what is packed too.
_STREAMED: tuple[Kind, ...] = (
    TAR,
    xml_items.FEED,
    xml_items.NEWS_MESSAGE,
    wire_stream.KIND,
    json_lines.KIND,
    json_list.KIND,
    mbox.KIND,
    table.KIND,
)


def _packed(opened: Opened) -> Iterator[Member]:
    """The one file in it; where that is a container itself, its members."""
    inner = unpacked(opened)
    head = cast("io.BufferedReader", inner.stream).peek()
    kind = _kind(_STREAMED, Sample(inner.name, head, head[-1:]))
    most = inner.limits.member_bytes
    if kind is None:
        data = inner.stream.read(most + 1)
        fault = too_long(f"{inner.name!r}", most) if len(data) > most else ""
        yield Member(inner.name, b"" if fault else data, fault)
        return
    above = "" if kind is TAR else f"{inner.name}/"
    for member in kind.members(inner):
        yield replace(member, name=above + member.name)


PACKED = Kind("a packed file", is_packed, _packed)
KINDS: tuple[Kind, ...] = (
    *(
        sheet.KIND,
        warc.WACZ,
        ZIP,
        warc.WARC,
        PACKED,
        *_STREAMED,
        seven_zip.KIND,
        parquet.KIND,
        mail.KIND,
        outlook.KIND,
    ),
)


_ENDINGS = (
    ".json",
    *xml_items.ENDINGS,
    *json_lines.ENDINGS,
    *table.ENDINGS,
    *mbox.ENDINGS,
    *sheet.ENDINGS,
    *seven_zip.ENDINGS,
    *parquet.ENDINGS,
    *warc.ENDINGS,
    *archive.PACKED_ENDINGS,
)


def is_named_so(path: str) -> bool:
    """Return whether a file may be a container by its name, which its bytes decide."""
    return path.lower().endswith(_ENDINGS)


def kind_of(sample: Sample) -> Kind | None:
    """Return what kind of container a file is; None where it is one article, or none."""
    return _kind(KINDS, sample)


def _kind(kinds: tuple[Kind, ...], sample: Sample) -> Kind | None:
    return next((kind for kind in kinds if kind.recognises(sample)), None)
