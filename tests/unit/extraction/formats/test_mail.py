"""Mails: subject, sender, date and the best text become an article; what is no mail stays text."""

from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage, Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.formats import mail
from extraction.formats.format import RawFile
from extraction.formats.mail import file_name
from extraction.formats.mail_page import lead_and_body_of
from extraction.formats.mail_parser import parsed
from extraction.formats.parse import parse
from tests.linear import assert_linear

HEAD = (
    "From: Pressestelle des Landtags <p@example.org>\nTo: b@example.org\nSubject: Neuer Pakt\n"
    "Date: Wed, 19 Jun 2024 23:30:00 +0200\nMessage-ID: <7@example.org>\n"
)
TEXT = "Der Landtag hat beschlossen.\n\nDie Abgeordneten stimmten zu.\n"
MACHINE = f"Received: from mail.example.org (mail.example.org [192.0.2.1])\n\tby mx\n{HEAD}"


def written(html: str = "", attached: str = "", text: str = TEXT) -> bytes:
    message = EmailMessage()
    message["Subject"] = "WG: Größere Brücke in Köln"
    message["From"] = "Jörg Müller <j@example.org>"
    message["Date"] = "Thu, 20 Jun 2024 08:00:00 +0200"
    if text:
        message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html") if text else message.set_content(
            html, subtype="html"
        )
    if attached:
        message.add_attachment(b"%PDF-", "application", "pdf", filename=attached)
    return message.as_bytes()


@pytest.mark.parametrize("path", ["a.eml", "a.EML", "gesichert.txt", "ohne-endung"])
@pytest.mark.parametrize("head", [HEAD, MACHINE])
def test_a_mail_is_known_by_its_ending_or_its_head(path: str, head: str) -> None:
    article = parse(f"{head}\n{TEXT}".encode(), path)
    assert (article.source.format, article.headline) == ("mail", "Neuer Pakt")
    assert article.lead == "Der Landtag hat beschlossen."
    assert article.body == "Die Abgeordneten stimmten zu."
    assert article.byline == ("Pressestelle des Landtags",)
    assert article.published is not None
    assert article.published.value == "2024-06-19T23:30:00+02:00"
    assert article.key == "s-7@example.org"


def test_words_in_the_head_are_decoded_and_marks_of_answers_go() -> None:
    article = parse(written(), "a.eml")
    assert article.headline == "Größere Brücke in Köln"
    assert article.byline == ("Jörg Müller",)
    assert article.source.encoding == "utf-8"


def test_plain_text_is_taken_before_html_and_html_without_its_tags() -> None:
    html = "<html><head><title>Nein</title></head><body><p>Ein Satz.</p><p>Noch einer.</p></body>"
    assert parse(written(html=html), "a.eml").lead == "Der Landtag hat beschlossen."
    article = parse(written(html=html, text=""), "a.eml")
    assert (article.lead, article.body) == ("Ein Satz.", "Noch einer.")


def test_what_is_attached_is_named_and_a_signature_goes() -> None:
    article = parse(written(attached="Gutachten.pdf", text=f"{TEXT}\n-- \nJörg Müller\n"), "a.eml")
    assert "Gutachten.pdf" in article.source.warnings[-1]
    assert "Müller" not in article.body


def test_other_charsets_and_encodings_are_read() -> None:
    head = f"{HEAD}MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\n"
    raw = f"{head}Content-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe aus K=F6ln\n"
    assert parse(raw.encode(), "a.eml").body == "Grüße aus Köln"
    wrong = head.replace("iso-8859-1", "klingonisch").encode() + b"\nGr\xfc\xdfe aus K\xf6ln\n"
    assert parse(wrong, "a.eml").body == "Grüße aus Köln"


def test_without_a_subject_the_first_line_is_the_headline() -> None:
    raw = HEAD.replace("Subject: Neuer Pakt\n", "") + "\nEine Zeile\nund mehr\n\nEin Absatz.\n"
    article = parse(raw.encode(), "a.eml")
    assert article.headline == "Eine Zeile"
    assert any("no subject" in said for said in article.source.warnings)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            b"From a@b Wed Jun 19 12:00:00 2024\n\nx\nFrom a@b Wed Jun 19 12:01:00 2024\n\ny\n",
            "box",
        ),
        (HEAD.encode() + b"Content-Type: image/png\n\nx\n", "holds no text"),
        (b"X: boundary=\n" * 300 + b"\nText\n", "in each other"),
        (b"X: boundary \t*0*=\n" * 300 + b"\nText\n", "in each other"),
        (HEAD.encode() + b"Content-Type: multipart/mixed" + b";a" * 9_000 + b"\n\nx", "2,500"),
        (HEAD.encode() + b"X: boundary=x\n\n" + b"\n--x\n" * 10_001, "10,000 parts"),
        (b"", "holds no text"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        parse(data, "a.eml")
    assert raised.value.advice


@pytest.mark.parametrize(
    "text",
    [
        "From: wo aus gesehen\n\nEin Text.",
        "Subjekt: ein Wort der Grammatik\nEin Text.",
        "Pakt geschlossen\n\nFrom: a@example.org\nTo: b@example.org\n\nZitat.",
    ],
)
def test_an_article_that_looks_a_little_like_a_mail_is_none(text: str) -> None:
    assert parse(text.encode(), "a.txt").source.format == "plain"


@given(st.binary(max_size=400), st.sampled_from(["", HEAD, "Content-Type: multipart/mixed; a=\n"]))
def test_whatever_the_bytes_are_it_is_read_or_refused(data: bytes, head: str) -> None:
    with suppress(Unreadable):
        parse(head.encode() + data, "a.eml")


# No signs that look like a text which was encoded twice: such text is mended. No two
# blanks in a row: between encoded words Python's writer loses them.
@given(st.text("abcxyzäöüßABCÄÖÜ 123", max_size=60).map(lambda words: " ".join(words.split())))
def test_what_was_written_as_a_mail_comes_out(words: str) -> None:
    message = EmailMessage()
    message["Subject"] = f"Über {words}"
    message.set_content(f"Der Text.\n\n{words}")
    (draft,) = mail.read_mail(RawFile("a.eml", message.as_bytes()))
    assert draft.headline.split() == f"Über {words}".split()
    assert "Der Text." in (draft.lead, draft.body)


SENTENCE = "Die Stadt {} sperrt die Brücke am Samstag, wie die Verwaltung am Montag mitteilte."
PARAGRAPHS = [SENTENCE.format(place) for place in ("Köln", "Bonn", "Trier")]


@pytest.mark.parametrize(
    "markup",
    [
        "<p>{}</p><p>{}</p><p>{}</p>",
        "<div dir=ltr>{}<br><br>{}<br />\n<br>{}</div><div class=x>--&nbsp;<br>Anna</div>",
        (
            "<table><tr><td><a href=x>Im Browser ansehen</a></td></tr><tr><td>"
            "<h1>Brücke in Köln</h1>"
            "<p>{}</p><p>{}</p></td></tr><tr><td>{}</td></tr>"
            "<tr><td><a href=x>Impressum</a> | <a href=y>Abmelden</a></td></tr></table>"
        ),
        "<p class=MsoNormal>{}<o:p></o:p></p><p>{}</p><p>{}</p><p>-- </p><p>Anna</p>",
    ],
    ids=["plain", "empty-lines", "tables", "word"],
)
def test_a_mail_in_html_is_read_as_a_page(markup: str) -> None:
    html = f"<html><head><title>x</title></head><body>{markup.format(*PARAGRAPHS)}</body></html>"
    article = parse(written(html=html, text=""), "a.eml")
    assert article.headline == "Größere Brücke in Köln"
    assert "\n\n".join(filter(None, (article.lead, article.body))) == "\n\n".join(PARAGRAPHS)


def test_a_heading_that_says_more_than_the_subject_is_kept() -> None:
    html = "<h1>Sperrung am Samstag</h1>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    article = parse(written(html=html, text=""), "a.eml")
    assert article.headline == "Größere Brücke in Köln"
    assert article.lead.startswith("Sperrung am Samstag\n\nDie Stadt Köln")


def test_what_a_page_reader_takes_for_furniture_is_text_all_the_same() -> None:
    html = f"<footer><p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></footer>"
    article = parse(written(html=html, text=""), "a.eml")
    assert (article.lead, article.body) == (PARAGRAPHS[0], PARAGRAPHS[1])


@pytest.mark.parametrize("piece", ["<body", "<br ", ">--&nbsp;"])
def test_time_grows_with_the_html_alone(piece: str) -> None:
    assert_linear(lambda markup: lead_and_body_of(markup, "Titel"), piece, length=100_000)


def _parts(kind: str, *parts: Message) -> Message:
    whole = MIMEMultipart(kind)
    for part in parts:
        whole.attach(part)
    return whole


def _named(part: Message, name: str, how: str = "attachment") -> Message:
    part.add_header("Content-Disposition", how, filename=name)
    return part


def _text(text: str, kind: str = "plain") -> Message:
    return MIMEText(text, kind, "utf-8")


PICTURE = _named(MIMEImage(b"x", "png"), "bild.png", "inline")


@pytest.mark.parametrize(
    "mail",
    [
        _parts("mixed", _text("Eins.\n\nZwei."), PICTURE, _text("Drei.")),
        _parts(
            "alternative",
            _text(" "),
            _parts("mixed", _text("<p>Eins.<p>Zwei.", "html"), PICTURE, _text("<p>Drei.", "html")),
        ),
        _parts(
            "mixed",
            _text("Eins.\n\nZwei."),
            PICTURE,
            _named(_text("<p>Drei.", "html"), "ATT00001.htm"),
        ),
        _parts(
            "mixed",
            _parts("alternative", _text("Eins.\n\nZwei."), _text("<p>Eins.<p>Zwei.", "html")),
            PICTURE,
            _parts("alternative", _text("Drei."), _text("<p>Drei.", "html")),
        ),
        _parts(
            "related",
            _parts("alternative", _text("Eins.\n\nZwei.\n\nDrei."), _text("<p>Eins.", "html")),
            PICTURE,
        ),
    ],
    ids=["plain", "html alone", "of Exchange", "alternatives", "related"],
)
def test_a_text_in_pieces_is_whole(mail: Message) -> None:
    mail["Subject"], mail["From"] = "Brücke frei", "a@example.org"
    article = parse(mail.as_bytes(), "a.eml")
    assert (article.lead, article.body) == ("Eins.", "Zwei.\n\nDrei.")


def test_of_very_many_pieces_the_first_are_read_and_it_is_said() -> None:
    mail = _parts("mixed", *(_text(f"Absatz {number}.") for number in range(60)))
    mail["Subject"], mail["From"] = "Brücke frei", "a@example.org"
    article = parse(mail.as_bytes(), "a.eml")
    assert article.body.endswith("Absatz 49.")
    assert "in more than 50 pieces" in article.source.warnings[0]


@pytest.mark.parametrize(
    "told",
    [
        b'filename="=?UTF-8?Q?Pr=C3=BCfung_der?= =?UTF-8?Q?_Br=C3=BCcke=2Epdf?="',
        b"filename*=UTF-8''Pr%C3%BCfung%20der%20Br%C3%BCcke.pdf",
        'filename="Prüfung der Brücke.pdf"'.encode(),
        'filename="Prüfung der Brücke.pdf"'.encode("cp1252"),
    ],
    ids=["words", "RFC 2231", "UTF-8", "Windows-1252"],
)
def test_names_of_attachments_are_read_however_they_are_written(told: bytes) -> None:
    part = parsed(b"Content-Type: application/pdf\nContent-Disposition: attachment; " + told)
    assert file_name(part) == "Prüfung der Brücke.pdf"
