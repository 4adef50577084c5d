"""Text that takes long to be read: it is given up as a document is that takes its reader long."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable

import pytest

from articles.errors import TooSlow
from extraction.confined.limits import Limits
from extraction.formats.asciidoc_format import read_asciidoc
from extraction.formats.parse import parse

MEBIBYTE = 2**20
SECOND = Limits(seconds=1)


def _filled(piece: bytes, size: int) -> bytes:
    return piece * (size // len(piece))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"T\n\n" + _filled(b"ab-\ncd-\n", 8 * MEBIBYTE)),
        ("a.adoc", b"= T\n\n" + _filled(b"- a\n", 8 * MEBIBYTE)),
        ("a.md", b"# T\n\n" + _filled(b"<b>a</b> ", 8 * MEBIBYTE)),
        ("a.eml", b"From: a@b.de\nSubject: T\n\n" + _filled(b"a\n\n", 8 * MEBIBYTE)),
        ("a.json", json.dumps({"headline": "T", "body": "<b>a</b> " * 1_000_000}).encode()),
    ],
)
def test_text_has_the_seconds_of_computing_that_a_document_has(name: str, data: bytes) -> None:
    with pytest.raises(TooSlow, match="took more than 1 second of computing"):
        parse(data, name, limits=SECOND)
    assert parse(b"Ein Artikel\n\nMit Text.", name[:1], limits=SECOND).headline == "Ein Artikel"


def test_without_a_second_only_what_is_short_is_read() -> None:
    """Of a sender one of whose files took long already; see ``FileReader.read_all``."""
    none = Limits(seconds=0)
    assert parse(b"Ein Artikel\n\nMit Text.", "a.txt", limits=none).headline == "Ein Artikel"
    with pytest.raises(TooSlow, match="no time"):
        parse(b"Ein Artikel\n\n" + b"Mit Text. " * 10_000, "a.txt", limits=none)


@pytest.mark.parametrize("piece", ["a\n\n", "a\n", "- a\n", "|a |b\n", "== a\n\n", "ab-\ncd-\n"])
def test_of_asciidoc_a_short_line_is_looked_at_a_few_times(piece: str) -> None:
    lines = 1_000
    text = "= T\n\n" + piece * (lines // piece.count("\n"))
    assert _searches(lambda: read_asciidoc(text)) < 11 * lines


def _searches(work: Callable[[], object]) -> int:
    """How many times a pattern is looked for."""
    number = 0

    def count(_frame: object, event: str, called: object) -> None:
        nonlocal number
        number += event == "c_call" and isinstance(getattr(called, "__self__", None), re.Pattern)

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return number
