"""Pages that a browser saved as one file."""

from __future__ import annotations

import quopri
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.formats.parse import parse

FIRST = "Der erste Absatz des Textes ist lang genug, um nicht für eine Zeile am Rand zu gelten."
SECOND = "Ein zweiter Absatz folgt, und auch er sagt mehr, als in eine Überschrift passen würde."
PAGE = f"<html><body><h1>Größe</h1><p>{FIRST}</p><p>{SECOND}</p></body></html>"
HEAD = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://bote.example/pakt-1\r\n"
    "Subject: Etwas\r\nDate: Wed, 19 Jun 2024 12:00:00 -0000\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="----M--"\r\n\r\n'
)


def saved(markup: str = PAGE, charset: str = "utf-8", *, more: str = "") -> bytes:
    page = quopri.encodestring(markup.encode(charset)).decode()
    style = "\r\n".join(f"--farbe-{n}: red;" for n in range(12_000))
    return (
        f"{HEAD}------M--\r\nContent-Type: text/html; charset={charset}\r\n"
        f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{page}\r\n"
        f"------M--\r\nContent-Type: text/css\r\n\r\n{style}\r\n"
        f"------M--\r\nContent-Type: text/html\r\n\r\n<p>Ein Rahmen.</p>\r\n{more}------M----\r\n"
    ).encode()


@pytest.mark.parametrize("path", ["a.mhtml", "a.MHT", "a.eml.txt", "a"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_the_first_page_is_the_article(path: str, charset: str) -> None:
    article = parse(saved(charset=charset), path)
    assert (article.source.format, article.headline) == ("mhtml", "Größe")
    assert (article.lead, article.body) == (FIRST, SECOND)
    assert article.url == "https://bote.example/pakt-1"
    assert article.date_problem == "missing"  # the head tells when it was saved, not published


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"From: <Saved by Blink>\nContent-Type: text/plain\n\nText", "no page"),
        (HEAD.encode() + b"------M--\r\nContent-Type: text/html\r\n\r\n\r\n------M----", "empty"),
        (HEAD.encode() * 300, "parts"),
    ],
)
def test_what_holds_no_page_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        parse(data, "a.mhtml")


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_broken_files_are_refused_and_nothing_else(data: bytes) -> None:
    with suppress(Unreadable):
        parse(HEAD.encode() + b"------M--\r\nContent-Type: text/html\r\n\r\n" + data, "a.mht")
