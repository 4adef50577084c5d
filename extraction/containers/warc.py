"""Archives of the web (WARC, ISO 28500; WACZ): each page that was answered is a saved page.

Its member is the page as a browser saves it (MHTML), with its address and when it was captured.
Requests, pictures, redirects, what is there a second time and home pages are left alone.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from articles.errors import Unreadable
from extraction.containers.archive import METHODS, Frugal, Outcome, refuse_disk, unpacked
from extraction.containers.member import Kind, Member, Opened, Sample, numbered, too_long
from extraction.containers.names import safe_name
from extraction.formats.packed_names import packed

ENDINGS = (".warc", ".warc.gz", ".wacz")
_MAGIC, _GZIP = b"WARC/", b"\x1f\x8b"
_PAGES = ("text/html", "application/xhtml+xml")
_LONGEST_VALUE, _PIECE = 2_000, 1 << 16
_LONGER = "record {:,} is longer than it says of itself: its end was not read"
_AGAIN = "Fetch it again, or drop the pages that are in it."
_FAULTS = (
    *(EOFError, OSError, ValueError, LookupError, zlib.error, zipfile.BadZipFile),
    *(AttributeError, TypeError),  # of its reader, which takes fields for given
)


def _is_warc(sample: Sample) -> bool:
    packed_so = sample.head.startswith(_GZIP) and sample.ends_in(".warc.gz")
    return packed_so or sample.head.startswith(_MAGIC)


def _is_wacz(sample: Sample) -> bool:
    if not sample.head.startswith(b"PK\x03\x04"):
        return False
    archive = packed(sample.head, sample.tail)
    return sample.ends_in(".wacz") or (
        "datapackage.json" in archive.names and archive.has_below("archive/")
    )


def _warc(opened: Opened, outcome: Outcome | None = None) -> Iterator[Member]:
    head = opened.stream.read(2)
    opened.stream.seek(0)
    yield from _pages(unpacked(opened, outcome) if head == _GZIP else opened)


def _wacz(opened: Opened) -> Iterator[Member]:
    """What is none of its archives (indexes, lists of pages) is left alone.

    All of them together unpack in proportion to the whole file.
    """
    size = opened.stream.seek(0, io.SEEK_END)
    opened.stream.seek(0)
    outcome = Outcome(lambda: size, opened.limits.ratio)
    try:
        with zipfile.ZipFile(cast("BinaryIO", Frugal(opened.stream))) as whole:
            for info in whole.infolist():
                name = safe_name(info.filename)
                if name.startswith("archive/") and name.lower().endswith(ENDINGS[:2]):
                    if info.compress_type not in METHODS:
                        raise NotImplementedError(f"{name!r} is packed in a way that is not read")
                    with whole.open(info) as file:
                        stream = _Counted(cast("BinaryIO", file), outcome)
                        inner = replace(opened, path=name, stream=cast("BinaryIO", stream))
                        for member in _warc(inner, outcome):
                            yield replace(member, name=f"{name}/{member.name}")
                elif name and not info.is_dir():
                    yield Member(name, left=True)
    except (*_FAULTS, NotImplementedError, RuntimeError) as fault:
        refuse_disk(fault)
        raise Unreadable(f"It is no whole web archive: {fault}.", _AGAIN) from fault


class _Counted:
    """A file of an archive, what is read of which is counted."""

    def __init__(self, file: BinaryIO, outcome: Outcome) -> None:
        self.read, self.seek, self.tell = outcome.of(file), file.seek, file.tell


def _pages(opened: Opened) -> Iterator[Member]:
    from warcio.exceptions import ArchiveLoadFailed  # here, for few files are any

    from extraction.containers.web_records import records_of

    number, most, strays = 0, opened.limits.member_bytes, 0
    try:
        records = records_of(opened.stream)
        for record in records:
            if records.err_count > strays:
                yield Member(numbered(number, "rest"), fault=_LONGER.format(number))
            strays, number = records.err_count, number + 1
            yield _page(record, numbered(number, "mhtml"), most)
            _to_its_end(record)
        if records.err_count > strays:
            yield Member(numbered(number, "rest"), fault=_LONGER.format(number))
    except (*_FAULTS, ArchiveLoadFailed) as fault:
        refuse_disk(fault)
        said = f"It is no whole web archive, behind record {number:,}: {fault}"
        raise Unreadable(f"{said[:300]}.", _AGAIN) from fault


def _page(record: Any, name: str, most: int) -> Member:
    """The page of a record; of what is none, that it is left alone."""
    from extraction.containers.web_records import body_of

    fields = record.http_headers
    if record.rec_type != "response" or fields is None or fields.get_statuscode() != "200":
        return Member(name, left=True)
    address = _line(record.rec_headers.get_header("WARC-Target-URI"))
    kind = _line(fields.get_header("Content-Type"))
    if not kind.lower().startswith(_PAGES) or _is_home(address):
        return Member(name, left=True)
    page = body_of(record, most)
    head = _head(address, kind, _line(record.rec_headers.get_header("WARC-Date")))
    if page is None or len(page) + len(head) > most:
        return Member(name, fault=too_long(f"the page {address[:200]}", most))
    return Member(name, head + page)


def _head(address: str, kind: str, captured: str) -> bytes:
    lines = (
        f"Snapshot-Content-Location: {address}",
        f"WARC-Date: {captured}",
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
        "Content-Transfer-Encoding: binary",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace")


def _line(value: str | None) -> str:
    return " ".join((value or "").split())[:_LONGEST_VALUE].strip("<>")


def _is_home(address: str) -> bool:
    """Whether it is a site's first page, which is never an article."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.path in {"", "/"} and not parts.query


def _to_its_end(record: Any) -> None:
    """Pass over what is left of it. Raises ``EOFError`` where it is cut off."""
    while record.raw_stream.read(_PIECE):
        pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise EOFError("it is cut off")


WARC = Kind("a web archive", _is_warc, _warc, doubted=False)
WACZ = Kind("a web archive (WACZ)", _is_wacz, _wacz, doubted=False, whole=True)
