"""What is refused: files known by their first bytes, each with what a person can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from articles.errors import Unreadable
from extraction.formats.ebcdic import is_ebcdic
from extraction.formats.format import Format, RawFile
from extraction.formats.html_format import is_page
from extraction.formats.office import packed_kind
from extraction.formats.packed_names import Packed, packed

_SAVE_AS_TEXT = "Save it as plain text (UTF-8, ending .txt) and drop that file."
_UNPACK = "Unpack it and drop the files inside, or pack them as ZIP or TAR."
_NO_TEXT = "Only text files belong in the inbox; transcribe it or leave it out."
_PICTURE = (
    "If it is a scanned page, put it into a PDF (`img2pdf FILE -o FILE.pdf`) and drop that,"
    " which tesseract reads; a photograph is no article: leave it out."
)

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", _PICTURE),
    (b"\xff\xd8\xff", "a JPEG image", _PICTURE),
    (b"GIF87a", "a GIF image", _PICTURE),
    (b"GIF89a", "a GIF image", _PICTURE),
    (b"II*\x00", "a TIFF image", _PICTURE),
    (b"MM\x00*", "a TIFF image", _PICTURE),
    (b"ID3\x03", "an MP3 recording", _NO_TEXT),
    (b"ID3\x04", "an MP3 recording", _NO_TEXT),
    (b"OggS\x00", "an Ogg recording", _NO_TEXT),
    (b"\x7fELF", "a program (ELF)", _NO_TEXT),
    (b"MZ\x90\x00", "a Windows program", _NO_TEXT),
    (b"\xca\xfe\xba\xbe", "a compiled program", _NO_TEXT),
    (b"SQLite format 3\x00", "an SQLite database", "Export its articles as text or JSON."),
)
_FOLDERS = (
    ("xl/", "an Excel workbook (.xlsx)"),
    ("ppt/", "a PowerPoint file (.pptx)"),
)
_XML = b"<?xml"
_EBCDIC = (
    "text of a mainframe (EBCDIC)",
    "Write it as UTF-8 (`iconv -f IBM273 -t UTF-8 FILE`; IBM037 where it is English), drop that.",
)


def is_office(head: bytes, tail: bytes) -> bool:
    """Whether a ZIP archive is an office's document, by the bytes at its beginning and its end."""
    archive = packed(head, tail)
    return bool(packed_kind(archive)) or any(_refused(archive))


def is_workbook(head: bytes, tail: bytes) -> bool:
    """Whether a ZIP archive is a workbook, whose rows are articles."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    archive = packed(head, tail)
    of_excel = "[Content_Types].xml" in archive.names and archive.has_below("xl/")
    return of_excel or b"opendocument.spreadsheet" in archive.mimetype


def _refused(archive: Packed) -> Iterator[tuple[str, str]]:
    if "[Content_Types].xml" in archive.names:
        yield from ((what, _SAVE_AS_TEXT) for way, what in _FOLDERS if archive.has_below(way))
    of_opendocument = {"content.xml", "META-INF/manifest.xml"} <= archive.names
    if b"opendocument" in archive.mimetype or of_opendocument:
        yield "an OpenDocument file", _SAVE_AS_TEXT


def _recognises(file: RawFile) -> bool:
    return any(_kinds(file.data))


def _refuse(file: RawFile) -> NoReturn:
    what, advice = next(_kinds(file.data))
    raise Unreadable(f"This is {what}, not a text file.", advice)


def holds_no_text(head: bytes) -> bool:
    """Whether a file is a picture, a recording or a program, by its first bytes."""
    return any(advice in (_NO_TEXT, _PICTURE) for _, advice in _kinds(head))


def _kinds(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield what the bytes are and what a person can do, the most precise first."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _refused(packed(data[:4096], data[-65_536:]))
        yield "a zip archive", _UNPACK
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        yield "a media file (RIFF)", _NO_TEXT
    if data[4:8] == b"ftyp":
        yield "a video or audio file (MP4)", _NO_TEXT
    yield from ((what, advice) for start, what, advice in _SIGNATURES if data.startswith(start))
    head = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(_XML) and not is_page(data):
        yield "an XML file", "Extract its running text and drop that."
    if is_ebcdic(data):
        yield _EBCDIC


FORMAT = Format(_recognises, _refuse)
