"""Mails that Outlook saved are mails, with what is attached to them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import TooSlow, Unreadable
from extraction.containers.member import Member
from extraction.formats.parse import parse
from tests.unit.extraction.containers.test_containers import kind, members
from tests.unit.extraction.documents.made import docx, paragraph
from tests.unit.extraction.documents.made_outlook import message, msg

BODY = "Der Rat hat beschlossen.\r\n\r\nDie Brücke wird gebaut.\r\n"
DOCX = docx([paragraph("Gutachten", "Title"), paragraph("Die Brücke hält.")])
WHOLE = msg("AW: Größere Brücke", BODY, {"Gutachten.docx": DOCX, "logo.png": b"x" * 900})


def test_a_mail_of_outlook_is_itself_and_what_is_attached() -> None:
    assert kind("a.msg", WHOLE) == "a mail of Outlook's"
    own, report, logo = members("a.msg", WHOLE)
    article = parse(own.data, f"a.msg/{own.name}")
    assert (article.source.format, article.headline) == ("mail", "Größere Brücke")
    assert (article.lead, article.body) == ("Der Rat hat beschlossen.", "Die Brücke wird gebaut.")
    assert article.byline == ("Anna Muster",)
    assert article.published is not None
    assert article.published.value == "2024-06-19T14:00:00+02:00"
    assert report == Member("Gutachten.docx", DOCX)
    assert logo == Member("logo.png", left=True)


def test_a_mail_within_the_mail_is_one_of_its_own() -> None:
    inner = message("Gutachten zur Brücke", BODY, {"Gutachten.docx": DOCX}, head=24)
    own, forwarded = members("a.msg", msg("WG: Gutachten", "Zur Kenntnis.", within=inner))
    assert (own.name, forwarded.name) == ("mail.eml", "attached-1.eml")
    assert kind(forwarded.name, forwarded.data) == "a mail with attachments"
    text, report = members(forwarded.name, forwarded.data)
    assert parse(text.data, "a.eml").headline == "Gutachten zur Brücke"
    assert report == Member("Gutachten.docx", DOCX)


def test_an_appointment_within_a_mail_is_left_alone() -> None:
    inner = message("Termin", "Um zehn.", kind="IPM.Appointment", head=24)
    own, appointment = members("a.msg", msg("WG: Termin", "Zur Kenntnis.", within=inner))
    assert (own.left, appointment.left) == (False, True)


def test_html_alone_is_read_as_a_page() -> None:
    text = "Der Rat der Stadt hat am Montag beschlossen, die Brücke zu erneuern."
    data = msg("Brücke", "", html=f"<html><body><p>{text}</p></body></html>")
    (own,) = members("a.msg", data)
    article = parse(own.data, "a.msg/mail.eml")
    assert text in (article.lead, article.body)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (msg("x", "y", kind="IPM.Contact"), "no mail of Outlook's but 'ipm.contact'"),
        (WHOLE[:1000], "broken"),
        (WHOLE[:8] + bytes(600), "broken"),
    ],
    ids=["contact", "cut", "zeros"],
)
def test_what_cannot_be_read_is_said(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        members("a.msg", data)
    assert raised.value.advice


def test_other_old_documents_are_none() -> None:
    assert kind("a.doc", WHOLE) == ""


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_cut_or_broken_it_is_read_or_refused(drawn: st.DataObject) -> None:
    raw = bytearray(WHOLE)
    for _ in range(drawn.draw(st.integers(0, 6))):
        raw[drawn.draw(st.integers(0, len(raw) - 1))] = drawn.draw(st.integers(0, 255))
    end = drawn.draw(st.one_of(st.just(len(raw)), st.integers(0, len(raw))))
    if kind("a.msg", bytes(raw[:end])):
        with suppress(Unreadable, TooSlow):
            members("a.msg", bytes(raw[:end]))
