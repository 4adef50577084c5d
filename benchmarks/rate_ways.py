"""The files of ``rates``, one in each format, and how libraries alone read them."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import mailbox
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from html import escape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

Read = Callable[[bytes], object]
_HEADLINE, _DAY, _AUTHOR = "Brücke über die Spree ist wieder frei", "2024-06-19", "Lena Huber"
_PARAGRAPH = (
    "Die Stadtwerke haben am Mittwoch die Arbeiten an der Brücke beendet. Der Verkehr fließt nach "
    "Angaben der Polizei wieder ohne Behinderungen, sagte eine Sprecherin in der Stadt am Abend."
)
_PARAGRAPHS = [f"{_PARAGRAPH} Absatz {number}." for number in range(16)]
_PLAIN = "\n\n".join(_PARAGRAPHS)
_HTML = "".join(f"<p>{paragraph}</p>" for paragraph in _PARAGRAPHS)
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Way:
    """A file, and who else reads it: first the library that the readers stand upon, then a rival.

    ``articles``: how many are in it. ``many``: it is a file of many, whose members are counted.
    """

    name: str
    path: str
    data: bytes
    others: Mapping[str, Read] = field(default_factory=dict)
    articles: int = 1
    many: bool = False

    def stream(self) -> BinaryIO:
        """Return its bytes as a file that is open."""
        return io.BufferedReader(io.BytesIO(self.data))


def ways() -> Iterator[Way]:
    """Yield them; a format whose library is not installed has none."""
    for make in (_texts, _news, _documents, _tables, _mails, _archives):
        for way in make():
            known = {who: read for who, read in way.others.items() if read is not _absent}
            yield Way(way.name, way.path, way.data, known, way.articles, way.many)


def _absent(_data: bytes) -> None:
    """Stands for a reader whose library is not installed."""


def _with(module: str, read: Callable[[Any, bytes], object]) -> Read:
    if find_spec(module) is None:
        return _absent
    loaded = import_module(module)
    return lambda data: read(loaded, data)


# Texts


def _texts() -> Iterator[Way]:
    front = f"---\ntitle: {_HEADLINE}\ndate: {_DAY}\nauthor: {_AUTHOR}\n---\n\n{_PLAIN}\n".encode()
    yield Way("markdown", "a.md", front, {"yaml, markdown-it": _markdown})
    value = {"headline": _HEADLINE, "published": _DAY, "byline": [_AUTHOR], "body": _PLAIN}
    yield Way("json", "a.json", json.dumps(value).encode(), {"json": json.loads})
    for name, text in (
        ("text", f" date {_DAY} Verkehr : {_HEADLINE}\n\n{_PLAIN}"),
        ("headed", f"Titel: {_HEADLINE}\nDatum: {_DAY}\nAutor: {_AUTHOR}\n\n{_PLAIN}"),
        ("asciidoc", f"= {_HEADLINE}\n{_AUTHOR}\nv1, {_DAY}\n\n{_PLAIN}"),
    ):
        path = "a.adoc" if name == "asciidoc" else "a.txt"
        yield Way(name, path, text.encode())


def _markdown(data: bytes) -> object:
    _, head, text = data.decode().split("---\n", 2)
    return import_module("yaml").safe_load(head), import_module("markdown_it").MarkdownIt().render(
        text
    )


# News


def _news() -> Iterator[Way]:
    item = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:a:1" version="1">'
        '<itemMeta><itemClass qcode="ninat:text"/><versionCreated>2024-06-19T15:10:00+02:00'
        '</versionCreated><pubStatus qcode="stat:usable"/></itemMeta><contentMeta>'
        f'<by>Von {_AUTHOR}</by><language tag="de"/><headline>{_HEADLINE}</headline></contentMeta>'
        '<contentSet><inlineXML contenttype="application/xhtml+xml"><html><body>'
        f"{_HTML}</body></html></inlineXML></contentSet></newsItem>"
    )
    nitf = (
        '<nitf><head><docdata><doc-id id-string="a"/><date.issue norm="20240619T143000Z"/>'
        f"</docdata></head><body><body.head><hedline><hl1>{_HEADLINE}</hl1></hedline></body.head>"
        f"<body.content>{_HTML}</body.content></body></nitf>"
    )
    lxml = {"lxml": _xml_texts}
    iptc = _with("NewsMLG2", lambda newsml, data: newsml.NewsMLG2Document(data).get_item())
    yield Way("newsml-g2", "a.xml", item.encode(), {"newsmlg2": iptc, **lxml})
    yield Way("nitf", "a.xml", nitf.encode(), lxml)
    ninjs = {"uri": "urn:a:1", "versioncreated": "2024-06-19T15:10:00+02:00"}
    ninjs |= {"headline": _HEADLINE, "body_html": _HTML}
    yield Way("ninjs", "a.json", json.dumps(ninjs).encode(), {"json, lxml": _ninjs_texts})
    wire = f"bdt0163 3 pl 226  dpa 0525\n\n{_HEADLINE} =\n\n{_PLAIN}\n\n191430 Jun 24\n"
    yield Way("iptc7901", "a.txt", wire.encode())
    entry = (
        f"<item><title>{_HEADLINE}</title><link>https://a.example/{{}}</link>"
        f"<description>{escape(_HTML)}</description></item>"
    )
    entries = [entry.format(number) for number in range(_ROWS)]
    head = '<rss version="2.0"><channel>'
    parser = _with("feedparser", lambda it, data: it.parse(data))
    one = _with("feedparser", lambda it, data: it.parse(head.encode() + data + b"</channel></rss>"))
    yield Way("rss", "a.xml", entries[0].encode(), {"feedparser": one, **lxml})
    feed = f"{head}{''.join(entries)}</channel></rss>".encode()
    rivals = {"feedparser": parser, "lxml": _items}
    yield Way("feed", "a.xml", feed, rivals, _ROWS, many=True)


def _xml_texts(data: bytes) -> object:
    from lxml import etree

    root = etree.fromstring(data)
    return [("".join(each.itertext()), dict(each.attrib)) for each in root.iter()][-1], [
        "".join(each.itertext()) for each in root.iter("{*}p")
    ]


def _ninjs_texts(data: bytes) -> object:
    from lxml import html

    value = json.loads(data)
    return value, [each.text_content() for each in html.fromstring(value["body_html"]).iter("p")]


def _items(data: bytes) -> object:
    from lxml import etree

    walk = etree.iterparse(io.BytesIO(data), tag="item")
    return sum(len({part.tag: part.text for part in item}) for _, item in walk)


# Documents


def _documents() -> Iterator[Way]:
    from benchmarks.typeset import typeset

    plain = [text.encode("cp1252").decode("cp1252") for text in _PARAGRAPHS]
    page = typeset(_HEADLINE, plain, 2, day="19. Juni 2024").data
    rivals = {"pdfium": _pdfium, "pdfplumber": _with("pdfplumber", _pdfplumber)}
    yield Way("pdf", "a.pdf", page, rivals)
    if find_spec("docx"):
        yield Way("docx", "a.docx", _docx(), {"python-docx": _with("docx", _docx_texts)})
    if find_spec("odf"):
        yield Way("odt", "a.odt", _odt(), {"odfpy": _with("odf.opendocument", _odt_texts)})
    if find_spec("ebooklib"):
        yield Way("epub", "a.epub", _epub(), {"ebooklib": _with("ebooklib.epub", _epub_texts)})
    yield Way("rtf", "a.rtf", _word_rtf(), {"striprtf": _with("striprtf.striprtf", _rtf_text)})


def _pdfium(data: bytes) -> object:
    from pypdfium2 import PdfDocument

    with PdfDocument(data) as document:
        return document.get_metadata_dict(), [
            page.get_textpage().get_text_bounded() for page in document
        ]


def _pdfplumber(pdfplumber: Any, data: bytes) -> object:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_text() for page in document.pages]


def _docx() -> bytes:
    document, out = import_module("docx").Document(), io.BytesIO()
    document.add_heading(_HEADLINE, 0)
    for text in _PARAGRAPHS:
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def _docx_texts(docx: Any, data: bytes) -> object:
    document = docx.Document(io.BytesIO(data))
    return document.core_properties.title, [
        (each.style.name, each.text) for each in document.paragraphs
    ]


def _odt() -> bytes:
    document, out = import_module("odf.opendocument").OpenDocumentText(), io.BytesIO()
    text = import_module("odf.text")
    style = import_module("odf.style")
    for number in range(40):  # as LibreOffice brings them along
        one = style.Style(name=f"Format_{number}", family="paragraph", parentstylename="Standard")
        one.addElement(style.ParagraphProperties(margintop="0cm", marginbottom="0.25cm"))
        one.addElement(style.TextProperties(fontname="Liberation Serif", fontsize="12pt"))
        document.styles.addElement(one)
    document.text.addElement(text.H(outlinelevel=1, text=_HEADLINE))
    for paragraph in _PARAGRAPHS:
        document.text.addElement(text.P(text=paragraph))
    document.save(out)
    return out.getvalue()


def _odt_texts(odf: Any, data: bytes) -> object:
    text, as_text = import_module("odf.text"), import_module("odf.teletype").extractText
    document = odf.load(io.BytesIO(data))
    return [as_text(each) for each in document.getElementsByType(text.P)]


def _epub() -> bytes:
    epub = import_module("ebooklib.epub")
    book, out = epub.EpubBook(), io.BytesIO()
    book.set_title(_HEADLINE)
    book.add_author(_AUTHOR)
    chapters = [
        epub.EpubHtml(title=_HEADLINE, file_name=f"{number}.xhtml", lang="de")
        for number in range(10)
    ]
    for chapter in chapters:
        chapter.content = f"<h1>{_HEADLINE}</h1>{_HTML}"
        book.add_item(chapter)
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    book.spine = ["nav", *chapters]
    epub.write_epub(out, book)
    return out.getvalue()


def _epub_texts(epub: Any, data: bytes) -> object:
    from lxml import html

    book = epub.read_epub(io.BytesIO(data))
    document = import_module("ebooklib").ITEM_DOCUMENT
    pages = [html.fromstring(item.get_content()) for item in book.get_items_of_type(document)]
    return book.title, [each.text_content() for page in pages for each in page.iter("p")]


def _word_rtf() -> bytes:
    """As Word writes it: tables of fonts and styles, and what each paragraph looks like."""
    fonts = "".join(rf"{{\f{n}\fbidi \fswiss\fcharset0\fprq2 Schrift {n};}}" for n in range(40))
    look = (
        r"\ql \li0\ri0\sa160\sl259\slmult1\widctlpar\wrapdefault\aspalpha\aspnum\faauto\adjustright"
        r"\rin0\lin0\itap0 \rtlch\fcs1 \af0\afs22\alang1025 \ltrch\fcs0 \f31506\fs22\lang1031"
        r"\langfe1033\cgrid\langnp1031\langfenp1033 "
    )
    styles = "".join(
        rf"{{\s{n}{look}\sbasedon0 \snext{n} \sqformat \spriority{n} Format {n};}}"
        for n in range(30)
    )
    lines = "".join(
        rf"\pard\plain \ltrpar{look}{{\rtlch\fcs1 \af0 \ltrch\fcs0 \insrsid4213376 {_rtf(text)}"
        "\r\n\\par }"
        for text in (_HEADLINE, *_PARAGRAPHS)
    )
    head = rf"{{\rtf1\adeflang1025\ansi\ansicpg1252\uc1{{\fonttbl{fonts}}}{{\stylesheet{styles}}}"
    return (rf"{head}{{\info{{\title {_rtf(_HEADLINE)}}}}}{lines}}}").encode()


def _rtf(text: str) -> str:
    return "".join(c if c.isascii() else rf"\'{c.encode('cp1252').hex()}" for c in text)


def _rtf_text(striprtf: Any, data: bytes) -> object:
    return striprtf.rtf_to_text(data.decode("cp1252"))


# Tables


def _rows() -> list[dict[str, str]]:
    return [
        {"id": f"row-{n}", "headline": f"{_HEADLINE} ({n})", "published": _DAY, "body": _PLAIN}
        for n in range(_ROWS)
    ]


def _tables() -> Iterator[Way]:
    rows = _rows()
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    yield _many("csv", "a.csv", out.getvalue().encode(), {"csv": _csv_rows})
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    yield _many(
        "jsonl", "a.jsonl", lines, {"json": lambda data: list(map(json.loads, data.splitlines()))}
    )
    yield _many("json list", "a.json", json.dumps(rows).encode(), {"json": json.loads})
    if find_spec("openpyxl"):
        rivals = {
            "calamine": _with("python_calamine", _calamine),
            "openpyxl": _with("openpyxl", _openpyxl),
        }
        yield _many("xlsx", "a.xlsx", _xlsx(rows), rivals)


def _many(name: str, path: str, data: bytes, others: Mapping[str, Read]) -> Way:
    return Way(name, path, data, others, _ROWS, many=True)


def _csv_rows(data: bytes) -> object:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def _xlsx(rows: list[dict[str, str]]) -> bytes:
    book, out = import_module("openpyxl").Workbook(), io.BytesIO()
    book.active.append(list(rows[0]))
    for row in rows:
        book.active.append(list(row.values()))
    book.save(out)
    return out.getvalue()


def _calamine(calamine: Any, data: bytes) -> object:
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_index(0).to_python()


def _openpyxl(openpyxl: Any, data: bytes) -> object:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return list(book.active.values)


# Mails


def _mails() -> Iterator[Way]:
    mail = _mail(0)
    rivals = {"email": _mail_texts, "mail-parser": _with("mailparser", _mailparser)}
    yield Way("mail", "a.eml", mail, rivals)
    line = b"From a@a.example Wed Jun 19 14:00:00 2024\n"
    box = b"".join(line + _mail(number) + b"\n" for number in range(_ROWS))
    place = Path(tempfile.mkdtemp(prefix="depesche-rates-")) / "a.mbox"
    place.write_bytes(box)

    def in_box(_data: bytes) -> object:
        return [each.get_payload(decode=True) for each in mailbox.mbox(place)]

    yield _many("mbox", "a.mbox", box, {"mailbox": in_box})
    outlook = Path(__file__).parents[1] / "seeds" / "formats" / "outlook.msg"
    rivals = {"oxmsg": _with("oxmsg", _oxmsg), "extract-msg": _with("extract_msg", _extract_msg)}
    yield Way("msg", "a.msg", outlook.read_bytes(), rivals, 1, many=True)


def _mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{_AUTHOR} <lena@a.example>", "redaktion@a.example"
    mail["Subject"], mail["Date"] = _HEADLINE, "Wed, 19 Jun 2024 14:00:00 +0200"
    mail["Message-ID"] = f"<{number}@a.example>"
    mail.set_content(_PLAIN)
    mail.add_alternative(f"<html><body>{_HTML}</body></html>", subtype="html")
    return bytes(mail)


def _mail_texts(data: bytes) -> object:
    mail = email.message_from_bytes(data, policy=email.policy.default)
    body = mail.get_body(("plain", "html"))
    assert body is not None  # noqa: S101  (it has one)
    return mail["subject"], mail["from"], mail["date"], body.get_content()


def _mailparser(mailparser: Any, data: bytes) -> object:
    mail = mailparser.parse_from_bytes(data)
    return mail.subject, mail.from_, mail.date, mail.text_plain


def _oxmsg(oxmsg: Any, data: bytes) -> object:
    mail = oxmsg.Message.load(io.BytesIO(data))
    return mail.subject, mail.sender, mail.sent_date, mail.body


def _extract_msg(extract_msg: Any, data: bytes) -> object:
    mail = extract_msg.openMsg(data)
    return mail.subject, mail.sender, mail.date, mail.body


# Archives


def _archives() -> Iterator[Way]:
    files = {
        f"mai/{n:03}.txt": f" date {_DAY} Verkehr : {_HEADLINE} ({n})\n\n{_PLAIN}".encode()
        for n in range(_ROWS)
    }
    yield _many("zip", "a.zip", _zip(files), {"zipfile": _zip_files})
    yield _many("tar.gz", "a.tar.gz", _tar(files.items()), {"tarfile": _tar_files})
    py7zr = import_module("py7zr")
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writef(io.BytesIO(data), name)
    yield _many("7z", "a.7z", out.getvalue(), {"py7zr": _7z_files})
    rivals = {"warcio": _warc_pages, "fastwarc": _with("fastwarc.warc", _fastwarc)}
    yield _many("warc", "a.warc.gz", _warc(), rivals)


def _zip(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _zip_files(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def _tar(files: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _tar_files(data: bytes) -> object:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r|gz") as archive:
        return [file.read() for info in archive if (file := archive.extractfile(info))]


def _7z_files(data: bytes) -> object:
    py7zr = import_module("py7zr")
    factory = import_module("py7zr.io").BytesIOFactory(1 << 30)
    with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
        archive.extractall(factory=factory)  # noqa: S202  (into memory)
    return [each.read() for each in factory.products.values()]


def _warc() -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    page = f"<!DOCTYPE html><html><body><h1>{_HEADLINE}</h1>{_HTML}</body></html>".encode()
    for number in range(_ROWS):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        address = f"https://a.example/artikel/{number}"
        record = writer.create_warc_record(
            address, "response", payload=io.BytesIO(page), http_headers=head
        )
        writer.write_record(record)
    return out.getvalue()


def _warc_pages(data: bytes) -> object:
    from warcio.archiveiterator import ArchiveIterator

    return [
        (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
        for record in ArchiveIterator(io.BytesIO(data))
        if record.rec_type == "response"
    ]


def _fastwarc(fastwarc: Any, data: bytes) -> object:
    return [record.reader.read() for record in fastwarc.ArchiveIterator(io.BytesIO(data))]
