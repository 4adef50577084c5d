"""PDF: words in the order in which people read them, whole, without what each page repeats."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.article import Published
from articles.errors import Unreadable
from extraction.confined.limits import NORMAL, Limits
from extraction.documents.layout import columns
from extraction.documents.pdf import read_pdf
from extraction.documents.words import Word
from extraction.formats.parse import parse
from tests.unit.extraction.documents.made import Placed, pdf, read_or_fault

#: Of a column 170 points wide, in Times at 10 points.
LINES = (
    *("Der Rat der Stadt hat am Mittwoch nach", "langer Debatte beschlossen, die Wahl-"),
    *("rechtsreform zu prüfen. Die Opposition", "kündigte an, gegen den Beschluss vor"),
    *("dem Verwaltungsgericht zu klagen, weil", "die Frist schon am Montag abgelaufen"),
)


def column(x: float, y: float, lines: tuple[str, ...], size: float = 10) -> list[Placed]:
    return [(x, y - 12 * n, size, line) for n, line in enumerate(lines)]


def page(number: int, *more: Placed) -> list[Placed]:
    return [(50, 780, 9, "Kölner Stadtbote"), (290, 20, 9, f"Seite {number}"), *more]


HEAD: list[Placed] = [
    (50, 740, 11, "Stadtentwicklung"),
    (50, 700, 26, "Neue Brücke über den Rhein"),
    (50, 676, 10, "19. Juni 2024"),
    (50, 660, 10, "Von Anna Muster"),
]
THREE = [
    *column(50, 630, LINES),
    *column(235, 628, ("war, und weil niemand gefragt wurde.", *LINES[:4])),
    *column(420, 630, ("Das Gericht entscheidet im Herbst.", "Bis dahin wird nicht gebaut.")),
]
INFO = "/Title(Microsoft Word - Dokument1)/Author(admin)/CreationDate(D:20260101)"


@pytest.mark.parametrize("order", ["columns", "rows", "any"])
def test_columns_are_read_one_after_the_other(order: str) -> None:
    placed = page(1, *HEAD, *THREE)
    if order == "rows":
        placed.sort(key=lambda each: (-each[1], each[0]))
    elif order == "any":
        Random(5).shuffle(placed)
    article = parse(pdf([placed], info=INFO), "a.pdf")
    assert (article.kicker, article.headline) == ("Stadtentwicklung", "Neue Brücke über den Rhein")
    assert article.published == Published("2024-06-19", "day")
    assert article.byline == ("Anna Muster",)
    text = " ".join(f"{article.lead} {article.body}".split())
    start = (
        "Der Rat der Stadt hat am Mittwoch nach langer Debatte beschlossen, die Wahlrechtsreform"
    )
    assert start in text
    assert "abgelaufen war, und weil niemand gefragt wurde." in text
    assert text.endswith("Bis dahin wird nicht gebaut.")
    assert "Seite" not in text
    assert "\n" not in article.body.replace("\n\n", "")
    assert article.source.format == "pdf"


def test_what_pages_repeat_is_no_text_and_a_paragraph_goes_on_behind_it() -> None:
    pages = [page(1, *HEAD, *column(50, 630, LINES[:2])), page(2, *column(50, 740, LINES[2:]))]
    article = parse(pdf(pages), "a.pdf")
    whole = f"{article.lead}{article.body}"
    assert "Wahlrechtsreform" in whole
    assert "Stadtbote" not in whole
    assert "Seite" not in whole


def test_paragraphs_by_gap_indent_and_size() -> None:
    lines = [
        *column(50, 700, LINES[:3]),
        (62, 664, 10, "Ein Einzug beginnt einen Absatz, der in"),
        *column(50, 652, ("dieser Zeile weitergeht und dann noch",)),
        (50, 620, 13, "Zwischentitel"),
        *column(50, 600, LINES[3:]),
        (50, 540, 10, "Nach einer Lücke beginnt ein anderer."),
    ]
    blocks = read_pdf(pdf([lines]), NORMAL).blocks
    starts = [block.text.split()[0] for block in blocks]
    assert starts == ["Der", "Ein", "Zwischentitel", "kündigte", "Nach"]


def test_an_initial_beside_three_lines_belongs_to_its_word() -> None:
    lines = [
        (50, 676, 34, "D"),
        *column(78, 700, ("er Rat der Stadt hat am Mitt-", "woch beschlossen, dass er", "es tut.")),
        *column(50, 664, ("Darauf kam er zurück, als es",)),
    ]
    text = " ".join(block.text for block in read_pdf(pdf([lines]), NORMAL).blocks)
    assert text.split()[:3] == ["Der", "Rat", "der"]


def test_blanks_of_a_headline_are_no_gutter_and_its_hyphens_stay() -> None:
    """Large letters have blanks as wide as gutters; a hyphen is lower than its font is high."""
    head = [
        Word(text, left, left + 60, base, 30)
        for base in (700, 670, 640)
        for left, text in ((50, "ÖBB-Chef"), (122, "will"), (194, "Züge"))
    ]
    body = [
        Word(f"w{n}", 50 + 40 * n, 80 + 40 * n, 600 - 12 * m, 10)
        for m in range(9)
        for n in (0, 1, 2)
    ]
    read = [line.text for column in columns([*head, *body]) for line in column]
    assert read[:3] == ["ÖBB-Chef will Züge"] * 3


def test_a_page_that_is_broken_is_left_out_with_a_warning() -> None:
    data = pdf([page(1, *HEAD, *THREE), page(2, *THREE)])
    at = data.rindex(b"/Type/Page/")
    article = parse(data[:at] + b"/Type/Xage/" + data[at + 11 :], "a.pdf")
    assert article.source.warnings[0] == "Pages that are broken and were left out: 2."


@pytest.mark.parametrize(
    ("data", "reason", "advice"),
    [
        (pdf([[]]), "pages are blank", "print it"),
        (b"%PDF-1.7\n\xe2\xe3", "PDF is broken", "print it"),
        (pdf([[(50, 700, 10, "x")]] * 4), "4 pages, more than 3", "DEPESCHE_READER_PAGES"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, reason: str, advice: str) -> None:
    with pytest.raises(Unreadable, match=reason) as fault:
        parse(data, "a.pdf", limits=Limits(pages=3))
    assert advice in fault.value.advice


def test_an_encrypted_one_says_so() -> None:
    """Its key is none: no password opens it."""
    key = "<" + "41" * 32 + ">"
    encrypt = f"/Filter/Standard/V 2/R 3/Length 128/P -44/O {key}/U {key}"
    data = pdf([[(50, 700, 10, "x")]])
    data = data.replace(b"trailer<<", f"trailer<</ID[<41><41>]/Encrypt<<{encrypt}>>".encode())
    with pytest.raises(Unreadable, match="encrypted") as fault:
        parse(data, "a.pdf")
    assert "password" in fault.value.advice


def test_pages_without_text_are_named() -> None:
    article = parse(pdf([page(1, *HEAD, *THREE), []]), "a.pdf")
    assert "Pages without text, which are empty or images: 2." in article.source.warnings


WORDS = st.builds(
    Word,
    st.text("abc-", min_size=1, max_size=8),
    st.floats(0, 600),
    st.floats(0, 600),
    st.floats(0, 800),
    st.floats(0.1, 60),
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=40))
def test_no_word_of_a_page_is_lost_or_doubled(words: list[Word]) -> None:
    read = [word for lines in columns(words) for line in lines for word in line.text.split()]
    assert sorted(read) == sorted(word.text for word in words)


GOOD = pdf([page(1, *HEAD, *THREE)], info=INFO)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=6)), max_size=8))
def test_a_damaged_one_fails_with_a_reason_or_is_read(changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(GOOD)
    for at, change in changes:
        data[at : at + len(change)] = change
    read_or_fault(bytes(data), "a.pdf")
