"""A mail with attachments is itself and each of them, and nothing that holds no text."""

from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.containers import mail
from extraction.containers.member import Limits, Member, Sample
from extraction.containers.registry import kind_of
from extraction.formats.parse import parse
from tests.linear import assert_linear
from tests.unit.extraction.containers.test_containers import members, zipped
from tests.unit.extraction.documents.made import docx, paragraph

TEXT = "Der Rat hat beschlossen.\n\nDie Brücke wird gebaut.\n"
DOCX = docx([paragraph("Neue Brücke in Köln", "Title"), paragraph("Der Rat hat es beschlossen.")])


def written(*attached: tuple[str, bytes], text: str = TEXT, within: str = "") -> bytes:
    message = EmailMessage()
    message["Subject"] = "Größere Brücke"
    message["From"] = "Jörg Müller <j@example.org>"
    message["Message-ID"] = "<7@example.org>"
    message["Date"] = "Thu, 20 Jun 2024 08:00:00 +0200"
    if text:
        message.set_content(text)
        message.add_alternative(f"<p>{text}</p>", subtype="html")
    for name, data in attached:
        message.add_attachment(data, "application", "octet-stream", filename=name)
    if within:
        inner = EmailMessage()
        inner["Subject"] = within
        inner.set_content(TEXT)
        message.add_attachment(inner)
    return message.as_bytes()


def kind(path: str, data: bytes) -> str:
    known = kind_of(Sample(path, data[:4096], data[-4096:], lambda most: data[:most]))
    return known.name if known else ""


def test_a_mail_and_what_is_attached_to_it_are_documents_of_their_own() -> None:
    whole = written(("Bericht.docx", DOCX), ("logo.png", b"x"), within="Weitergeleitet")
    assert kind("a.eml", whole) == "a mail with attachments"
    own, report, logo, forwarded = members("a.eml", whole)
    assert (own.name, report.name, forwarded.name) == ("mail.eml", "Bericht.docx", "attached-3.eml")
    assert logo == Member("logo.png", left=True)
    assert report.data == DOCX
    article = parse(own.data, f"a.eml/{own.name}")
    assert (article.key, article.headline) == ("s-7@example.org", "Größere Brücke")
    assert article.lead == "Der Rat hat beschlossen."
    assert not article.source.warnings, "what is attached is no loss any more"
    assert kind(own.name, own.data) == "", "it is not unpacked again"
    assert parse(forwarded.data, "a.eml/b.eml").headline == "Weitergeleitet"


@pytest.mark.parametrize("path", ["a.eml", "a.EML", "gesichert"])
def test_a_mail_is_one_file_unless_something_is_attached_that_may_be_read(path: str) -> None:
    assert kind(path, written()) == ""
    assert kind(path, written(("logo.png", b"x"), ("karte.vcf", b"BEGIN:VCARD"))) == ""
    assert kind(path, written(("ohne Ende", b"\x89PNG\r\n\x1a\n"))) == ""
    assert kind("a.json", written(("a.txt", b"Text"))) == "a mail with attachments"
    assert kind(path, written(("a.txt", b"Text"))) == "a mail with attachments"
    assert kind(path, written(("a.zip", zipped({"a.txt": b"A"})))) == "a mail with attachments"


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        *[("image/png", "a.txt"), ("text/calendar", "a"), ("application/pgp-signature", "a.txt")],
        *[("application/octet-stream", name) for name in ("smime.p7s", "a.ICS", "winmail.dat")],
        *[("audio/mpeg", "a"), ("video/mp4", "a"), ("font/ttf", "a"), ("text/vcard", "a")],
    ],
)
def test_what_holds_no_text_by_its_kind_is_left_alone(type_: str, name: str) -> None:
    message = EmailMessage()
    message.set_content("Text")
    message.add_attachment(b"x", *type_.split("/"), filename=name)
    assert kind("a.eml", message.as_bytes()) == ""


def test_what_fails_with_a_reason_is_not_left_alone() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    _, member = members("a.eml", written(("Bericht.doc", old)))
    assert member.data == old


def test_a_mail_without_text_is_its_attachments_alone() -> None:
    assert [m.name for m in members("a.eml", written(("a.docx", DOCX), text=""))] == ["a.docx"]


def test_pieces_of_the_text_are_no_attachments_and_nothing_is_no_file() -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = "Brücke", "a@example.org"
    message.set_content("Eins.\n\nZwei.")
    message.add_attachment("<p>Drei.", subtype="html", filename="ATT00001.htm")
    message.add_attachment(b"", "application", "octet-stream")
    message.add_attachment(b"Text", "application", "octet-stream", filename="a.txt")
    own, nothing, text = members("a.eml", message.as_bytes())
    assert (nothing.left, text.name) == (True, "a.txt")
    article = parse(own.data, "a.eml/mail.eml")
    assert (article.lead, article.body) == ("Eins.", "Zwei.\n\nDrei.")


def test_names_lead_nowhere_and_none_is_had_twice() -> None:
    names = ["../../etc/a.txt", "..\\b.txt", ".c.txt", "a.txt", "mail.eml", ""]
    told = members("a.eml", written(*((name, b"Text") for name in names)))
    assert [member.name for member in told] == [
        *("mail.eml", "a.txt", "b.txt", "c.txt", "2-a.txt", "2-mail.eml", "attached-6.bin"),
    ]


def test_an_attachment_above_the_limit_costs_itself_alone() -> None:
    data = written(("a.txt", b"A" * 9_000), ("b.txt", b"B"))
    with pytest.raises(Unreadable, match="larger than the limit"):
        members("a.eml", data, Limits(member_bytes=5_000))
    _, first, second = mail.members_of(data, 5_000)
    assert "'a.txt' is larger than the limit of 5,000 bytes" in first.fault
    assert second.data == b"B"


def test_mails_in_mails_that_were_coded_once_more_are_read() -> None:
    raw = (
        b"From: a@example.org\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        b"U3ViamVjdDogSW5uZW4KClRleHQuCg==\n--b--\n"
    )
    (inner,) = members("a.eml", raw)
    assert parse(inner.data, "a.eml").headline == "Innen"


def test_members_are_the_same_each_time() -> None:
    data = written(("a.docx", DOCX), within="Innen")
    assert members("a.eml", data) == members("a.eml", data)


WHOLE = written(("a.docx", DOCX), ("b.txt", b"Text"), within="Innen")


@given(
    st.integers(0, len(WHOLE)),
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=5),
)
def test_cut_or_broken_it_is_read_or_refused(end: int, flips: list[tuple[int, int]]) -> None:
    raw = bytearray(WHOLE)
    for at, byte in flips:
        raw[at] = byte
    data = bytes(raw[:end])
    if kind("a.eml", data):
        with suppress(Unreadable):
            for member in members("a.eml", data):
                assert member.name.strip("/.")


@pytest.mark.parametrize("piece", [";a", ';"";', "; a=b"])
@pytest.mark.parametrize("kind", ["multipart/mixed", "text/plain"])
def test_a_field_that_tells_of_the_parts_is_looked_at_in_linear_time(kind: str, piece: str) -> None:
    """Before anybody knows what the file is: whatever takes long there holds its neighbours."""
    head = b"From: a@b.example\nSubject: Pakt\nMIME-Version: 1.0\nX: multipart/\n"

    def look(more: str) -> None:
        data = head + f'Content-Type: {kind}; "{more}\n\nText'.encode()
        kind_of(Sample("a.eml", data, data, lambda most: data[:most]))

    assert_linear(look, piece, length=400_000)
