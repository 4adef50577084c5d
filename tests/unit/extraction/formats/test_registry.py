"""Which format reads a file, and what is refused by its first bytes."""

from __future__ import annotations

import gzip
import io
import pkgutil
import zipfile
from importlib import import_module

import pytest

from articles.errors import Unreadable
from extraction import formats
from extraction.formats import binary, json_format, office, text_format
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile, on_text
from extraction.formats.parse import parse
from extraction.formats.registry import FORMATS, format_of

JSON = b'{"headline": "Pakt", "body": "Text."}'


def test_every_module_with_a_format_is_in_the_registry() -> None:
    names = [module.name for module in pkgutil.iter_modules(formats.__path__)]
    modules = [import_module(f"extraction.formats.{name}") for name in names]
    declared = {id(module.FORMAT) for module in modules if hasattr(module, "FORMAT")}
    assert {id(format_) for format_ in FORMATS} == declared


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("a.json", b"Text", json_format.FORMAT),
        ("a.JSON", b"", json_format.FORMAT),
        ("a.txt", b"\n " + JSON, json_format.FORMAT),
        ("a.txt", b"[1]", text_format.FORMAT),
        ("a.txt", b'{"body": "x"}', json_format.FORMAT),
        ("a", b'[\n {"headline": "x"},\n {"headline": "y"}\n]', json_format.FORMAT),
        ("a.txt", b"[]", text_format.FORMAT),
        ("a.txt", b"{dpa} Berlin. {Ende}", text_format.FORMAT),
        ("a.txt", b" date 2024 K : H\n\nText.", text_format.FORMAT),
        ("a.json", b"%PDF-1.7", office.FORMAT),
        ("a.json", b"\x89PNG\r\n\x1a\n", binary.FORMAT),
    ],
)
def test_a_file_is_recognised_by_its_name_and_bytes(
    path: str, data: bytes, expected: Format
) -> None:
    assert format_of(RawFile(path, data)) is expected


def test_a_reader_of_text_says_what_was_odd_about_the_bytes_first() -> None:
    read = on_text(lambda text: Draft("toy", text, warnings=("The text is odd.",)))
    (draft,) = read(RawFile("a.toy", "Über".encode("cp1252")))
    assert (draft.headline, draft.encoding) == ("Über", "cp1252")
    assert "Windows-1252" in draft.warnings[0]
    assert draft.warnings[1:] == ("The text is odd.",)


def _zip_with(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, "x" * 5000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (_zip_with("xl/workbook.xml"), "Excel"),
        (_zip_with("a.txt"), "zip"),
        (gzip.compress(b"Text", mtime=0), "gzip"),
        (b"\x7fELF\x02\x01\x01\x00", "ELF"),
        (b"\x89PNG\r\n\x1a\n\x00", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"GIF89a\x01\x00", "GIF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "Office"),
        (b"<?xml version='1.0'?><feed>x</feed>", "XML"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "media"),
        (b"\x00\x00\x00\x18ftypmp42", "MP4"),
    ],
)
def test_binary_files_are_named_and_refused(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        parse(data, "a.txt")
    assert raised.value.advice
