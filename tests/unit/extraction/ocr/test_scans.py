"""PDFs of pictures: read by tesseract where it is installed, else failed with what to do.

What is about calling it is tried with stand-ins on the PATH, everywhere; the rest where it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from articles.article import Published
from articles.errors import ArticleFault, TooSlow, Unreadable
from extraction.confined import server
from extraction.confined.limits import NORMAL, Limits
from extraction.formats.parse import parse
from extraction.ocr import tesseract
from tests.unit.extraction.documents.made import of_pictures, pdf, scan
from tests.unit.extraction.formats.test_pdf import HEAD, LINES, column, page

SCAN = scan(pdf([[(50, 700, 12, "Text")]]), 20)
MIXED_TEXT = [*page(1, *HEAD, *column(50, 630, LINES))]
#: What it answers to the question for its languages; to a picture it answers what is added.
LANGUAGES = 'if [ "$1" = --list-langs ]; then echo deu; exit; fi\n'
WORD = (
    "<span class='ocr_line' title='bbox 0 0 90 40; baseline 0 -8; x_size 40; x_descenders 8;"
    " x_ascenders 12'><span class='ocrx_word' title='bbox 0 0 90 40; x_wconf 91'>Wort</span>"
)

Program = Callable[[str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Put a stand-in where tesseract is looked for."""

    def put(script: str) -> None:
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return put


def fault(data: bytes, limits: Limits = NORMAL) -> ArticleFault:
    with pytest.raises(ArticleFault) as raised:
        parse(data, "a.pdf", limits=limits)
    return raised.value


def test_without_it_a_scan_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said = fault(SCAN)
    assert isinstance(said, Unreadable)
    assert "a scan), which cannot be read here: tesseract is not installed" in said.reason
    assert "apt install tesseract-ocr tesseract-ocr-deu" in said.advice
    assert "depesche retry" in said.advice
    assert "ocrmypdf -l deu" in said.advice


def test_without_german_it_is_as_if_it_were_not_there(program: Program) -> None:
    program("echo eng")
    assert "has no German (deu)" in fault(SCAN).reason


def test_one_that_does_not_start_is_none(program: Program) -> None:
    program("exit 127")
    assert "does not work: it ended with 127" in fault(SCAN).reason


def test_what_it_reads_is_the_article_and_a_warning_says_so(program: Program) -> None:
    program(LANGUAGES + f'echo "{WORD}"')
    article = parse(SCAN, "a.pdf")
    assert article.headline == "Wort"
    assert article.source.warnings[0] == ("Read by OCR (tesseract), which is sure of 91 %: page 1.")


def test_it_gets_the_page_as_a_picture_in_german(program: Program) -> None:
    program(
        LANGUAGES
        + 'read kind width height most; [ "$kind $width $height $most" = "P5 2500 3334 255" ]'
        ' || exit 9; case "$*" in "stdin stdout -l deu --dpi 300 "*) ;; *) exit 8;; esac\n'
        f'[ "$OMP_THREAD_LIMIT" = 1 ] || exit 7; echo "{WORD}"'
    )
    assert parse(SCAN, "a.pdf").headline == "Wort"


@pytest.mark.parametrize("answer", ["", "echo 'no hOCR'", "printf '\\377\\000<span class='"])
def test_garbage_is_no_text(program: Program, answer: str) -> None:
    program(LANGUAGES + answer)
    said = fault(SCAN)
    assert isinstance(said, Unreadable)
    assert "OCR finds no words" in said.reason


def test_a_crash_costs_the_file_alone(program: Program) -> None:
    program(LANGUAGES + "exit 139")
    assert "OCR fails on page 1: it ended with 139" in fault(SCAN).reason


def test_one_that_says_too_much_is_ended(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    program(LANGUAGES + "while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done")
    read_ = server._LONGEST
    monkeypatch.setattr(server, "_LONGEST", min(read_, 1 << 16))
    assert "said more than anybody reads" in fault(SCAN).reason


def test_one_that_never_ends_is_ended(program: Program) -> None:
    program(LANGUAGES + "while :; do :; done")
    begin = time.monotonic()
    said = fault(SCAN, Limits(ocr_seconds=1))
    assert isinstance(said, TooSlow)
    assert "longer than 1 seconds" in said.reason
    assert "DEPESCHE_READER_OCR_SECONDS" in said.advice
    assert time.monotonic() - begin < 60


def test_more_pages_than_it_may_read_are_not_begun(program: Program) -> None:
    program(LANGUAGES + "exit 1")
    said = fault(of_pictures([(2, 2, b"abcd")] * 3), Limits(ocr_pages=2))
    assert "on 3 pages: OCR reads 2 at most" in said.reason
    assert "DEPESCHE_READER_OCR_PAGES" in said.advice


def test_switched_off_it_says_so(program: Program) -> None:
    program("exit 1")
    assert "switched off (DEPESCHE_READER_OCR_PAGES=0)" in fault(SCAN, Limits(ocr_pages=0)).reason


def test_a_pdf_with_text_is_read_without_its_scans(program: Program) -> None:
    program("exit 1")
    data = with_picture(pdf([MIXED_TEXT, []]))
    article = parse(data, "a.pdf")
    assert article.headline == "Neue Brücke über den Rhein"
    assert article.source.warnings[0] == "Pages without text, which are empty or images: 2."
    assert article.source.warnings[1].startswith("No OCR: ")


def test_what_a_scanner_has_stamped_on_a_page_is_no_text(program: Program) -> None:
    program("echo eng")
    said = fault(of_pictures([(2, 2, b"abcd")] * 2, "Scanned with a scanner"))
    assert "images of its pages and no text" in said.reason
    program(LANGUAGES + f'echo "{WORD}"')
    article = parse(of_pictures([(2, 2, b"abcd")], "Scanned with a scanner"), "a.pdf")
    assert (article.headline, article.body) == ("Wort", "")


def with_picture(data: bytes) -> bytes:
    """Return the PDF with a stroke on its last page, which is otherwise empty."""
    return data.replace(
        b"<</Length 0>>stream\nendstream", b"<</Length 16>>stream\n0 0 9 9 re f   \nendstream"
    )


@pytest.fixture
def installed() -> None:
    """CI has none: what it reads is tried where it is."""
    try:
        tesseract.tesseract()
    except tesseract.Missing as fault:
        pytest.skip(str(fault))


@pytest.mark.usefixtures("installed")
def test_a_scan_is_read_as_the_page_was() -> None:
    pages = [
        page(1, *HEAD, *column(50, 630, LINES), *column(235, 630, LINES)),
        page(2, *column(50, 740, LINES)),
    ]
    article = parse(scan(pdf(pages)), "a.pdf")
    assert (article.kicker, article.headline) == ("Stadtentwicklung", "Neue Brücke über den Rhein")
    assert article.published == Published("2024-06-19", "day")
    assert article.byline == ("Anna Muster",)
    text = f"{article.lead} {article.body}"
    assert text.count("langer Debatte beschlossen, die Wahlrechtsreform zu prüfen.") == 3
    assert "Seite" not in text
    assert "Stadtbote" not in text


@pytest.mark.usefixtures("installed")
def test_pages_with_text_and_scans_are_one_article() -> None:
    whole = parse(pdf([MIXED_TEXT]), "a.pdf")
    data = with_picture(pdf([MIXED_TEXT, []]))  # a black square, in which there is no word
    article = parse(data, "a.pdf")
    assert article.body == whole.body
    assert "OCR finds no words" in article.source.warnings[1]
