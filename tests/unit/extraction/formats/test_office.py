"""Documents of word processors become articles; hostile ones fail with a reason, each alone."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.article import Published
from articles.errors import Unreadable
from extraction.confined.limits import NORMAL, Limits
from extraction.documents.docx import read_docx
from extraction.documents.paper import Block, Paper, paper_of
from extraction.formats.binary import is_office
from extraction.formats.papers import article_values, is_person
from extraction.formats.parse import parse
from tests.unit.extraction.documents.made import docx, epub, odt, packed, paragraph, read_or_fault

CORE = (
    "<dc:title>Microsoft Word - Dokument1</dc:title><dc:creator>Anna Muster</dc:creator>"
    "<dcterms:created>2013-12-23T23:15:00Z</dcterms:created>"
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="a1"><w:name w:val="Dachzeile"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="Mein Stil"/><w:basedOn w:val="a3"/>'
    '</w:style><w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>'
)
TEXT = ["Der Rat der Stadt hat am Mittwoch beschlossen zu bauen.", "Gebaut wird ab dem Frühjahr."]


def test_a_word_document_is_an_article() -> None:
    styled = [
        *(paragraph("Stadtentwicklung", "a1"), paragraph("Neue Brücke in Köln", "a2")),
        *(paragraph("Köln, den 19. Juni 2024"), paragraph("Von Ben Bauer und Ute Groß")),
        *(paragraph("Der Vorspann steht hier.", "Vorspann"), *map(paragraph, TEXT)),
    ]
    article = parse(docx(styled, core=CORE, styles=STYLES), "a.docx")
    assert (article.kicker, article.headline) == ("Stadtentwicklung", "Neue Brücke in Köln")
    assert article.lead == "Der Vorspann steht hier."
    assert article.published == Published("2024-06-19", "day")
    assert article.byline == ("Ben Bauer", "Ute Groß")
    assert article.body.split("\n\n") == ["Von Ben Bauer und Ute Groß", *TEXT]
    assert (article.source.format, article.source.warnings) == ("docx", ())


def test_without_styles_it_is_read_as_people_write() -> None:
    article = parse(docx([paragraph(t) for t in ("Neue Brücke in Köln", *TEXT)], core=CORE), "a.x")
    assert article.headline == "Neue Brücke in Köln"
    assert (article.lead, article.body) == (TEXT[0], TEXT[1])
    assert article.byline == ("Anna Muster",)
    assert article.published == Published("2013-12-23", "day")
    assert "properties (created)" in article.source.warnings[0]


def test_what_is_deleted_hidden_or_said_twice_is_not_of_the_text() -> None:
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    odd = (
        "<w:p><w:pPr><w:rPr><w:vanish/></w:rPr><w:tabs><w:tab/></w:tabs></w:pPr>"
        f"{run.format('Der ')}"
        f"<w:del><w:r><w:delText>alte</w:delText></w:r></w:del><w:ins>{run.format('neue ')}</w:ins>"
        f"<w:moveFrom>{run.format('weg')}</w:moveFrom><w:hyperlink>{run.format('Text')}</w:hyperlink>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r><w:r><w:instrText>HYPER</w:instrText>"
        "<w:tab/><w:t>mit</w:t><w:noBreakHyphen/><w:t>Tab</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>!</w:t></w:r></w:p>"
    )
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Köln", "3:2"))
    box = f"<w:p><w:r><w:txbxContent>{paragraph('Im Kasten')}</w:txbxContent></w:r></w:p>"
    read = read_docx(docx([odd, f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>", box]), NORMAL)
    texts = [block.text for block in read.blocks]
    assert texts == ["Der neue Text\tmit-Tab!", "Köln 3:2", "Im Kasten"]


def test_its_main_part_may_have_any_name() -> None:
    rels = '<R><Relationship Type="x/officeDocument" Target="/word/d2.xml"/></R>'
    body = '<d xmlns:w="w"><w:p><w:t>Hier</w:t></w:p></d>'
    read = read_docx(packed({"_rels/.rels": rels, "word/d2.xml": body}), NORMAL)
    assert read.blocks == [Block("text", "Hier")]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx([], more={"word/document.xml": BOMB}), "entities of its own"),
        (docx([], more={"word/document.xml": OUTSIDE}), "entities of its own"),
        (docx(["<w:p>" * 300 + "</w:p>" * 300]), "nested deeper than 200"),
        (docx(["<w:p>"]), "XML is broken"),
        (docx([paragraph("0" * 3_000_000)]), "as a bomb does"),
        (docx([paragraph("a")], more={f"word/{n}": "" for n in range(11)}), "more than 10"),
        (docx([paragraph("a")])[:-30], "broken"),
        (docx([]), "holds no text"),
        (packed({"[Content_Types].xml": "", "word/x": "x"}), "has no 'word/document.xml'"),
    ],
)
def test_hostile_and_broken_ones_fail_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as fault:
        parse(data, "a.docx", limits=Limits(members=10))
    assert fault.value.advice


def test_names_that_lead_out_are_never_opened() -> None:
    """Nothing is unpacked to a disk: such a member is one that nobody asks for."""
    out = {"../../etc/cron.d/x": "x", "/etc/passwd": "x", "word/../../x": "x"}
    data = docx([paragraph("Ein Titel"), paragraph(TEXT[0])], more=out)
    assert parse(data, "a.docx").body == TEXT[0]
    rels = '<R><Relationship Type="/officeDocument" Target="../../etc/passwd"/></R>'
    with_rels = docx([paragraph("Ein Titel")], more={"_rels/.rels": rels})
    assert parse(with_rels, "a.docx").headline == "Ein Titel"


def test_members_that_lie_in_each_other_are_a_bomb() -> None:
    data = bytearray(packed({"word/document.xml": "x" * 5_000, "word/b": "y" * 5_000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 20 : at + 24] = (10**6).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="lie in each other"):
        parse(bytes(data), "a.docx")


def test_what_is_encrypted_says_what_to_do() -> None:
    data = bytearray(docx([paragraph("a")]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            data[at + offset] |= 1
    with pytest.raises(Unreadable, match="encrypted"):
        parse(bytes(data), "a.docx")


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (["Ressort", "19.06.2024", *TEXT], ("", "Ressort", "2024-06-19")),
        (["Veröffentlicht am 19.06.2024", "Titel", *TEXT], ("", "Titel", "2024-06-19")),
        (["Titel", "Berlin, 3. Juni 2024", *TEXT], ("", "Titel", "2024-06-03")),
        (["Titel", "19. Juni 2024 | Von Anna Muster", *TEXT], ("", "Titel", "2024-06-19")),
        (["Titel", "Im Juni 2024 kam er.", *TEXT], ("", "Titel", None)),
        (["Titel", *TEXT, "1.1.2020"], ("", "Titel", None)),
        ([" date 2024-06-19 Russland : Der Pakt", *TEXT], ("Russland", "Der Pakt", "2024-06-19")),
    ],
)
def test_heads_as_people_write_them(
    blocks: list[str], expected: tuple[str, str, str | None]
) -> None:
    values, _ = article_values(Paper([Block("text", text) for text in blocks]))
    article = parse(docx([paragraph(text) for text in blocks]), "a.docx")
    date = article.published.value if article.published else None
    assert (article.kicker, article.headline, date) == expected
    assert values["headline"] == expected[1]


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Neue Brücke", "Neue Brücke"), ("Dokument1", None), ("brücke.indd", None), ("", None)],
)
def test_a_title_of_the_properties_counts_where_no_line_is_one(
    title: str, expected: str | None
) -> None:
    long = "Der Rat der Stadt hat am Mittwoch beschlossen, dass gebaut wird. " * 4
    values, _ = article_values(Paper([Block("text", long)], {"title": title}))
    assert values["headline"] == (expected or long.strip())


@pytest.mark.parametrize(
    ("author", "is_one"),
    [
        *(("Anna Muster", True), ("Karl-Heinz von der Au", True), ("admin", False)),
        *(
            ("Redaktion Köln", False),
            ("Microsoft Office User", False),
            ("Anna", False),
            ("", False),
        ),
    ],
)
def test_an_author_is_a_person(author: str, is_one: bool) -> None:
    assert is_person(author) is is_one


TEXTS = st.lists(st.text(max_size=6), max_size=3)
ANYTHING = st.none() | st.booleans() | st.text(max_size=3) | TEXTS
NAMES = st.sampled_from(["blocks", "properties", "warnings", "wrapped", "title"])


@given(st.dictionaries(NAMES, ANYTHING | st.lists(ANYTHING) | st.dictionaries(NAMES, ANYTHING)))
def test_whatever_a_reader_says_is_a_paper_or_none(said: dict[str, object]) -> None:
    with suppress(ValueError):
        read = paper_of(said)
        assert all(isinstance(block.text, str) for block in read.blocks)


LINES = st.text(st.sampled_from("Aaäß .-\n\t|:"), max_size=40)
KINDS = st.sampled_from(["title", "subtitle", "kicker", "lead", "date", "heading1", "text"])


@given(st.lists(st.builds(Block, KINDS, LINES), max_size=12), st.booleans(), LINES)
def test_no_letter_of_a_document_is_lost(blocks: list[Block], wrapped: bool, title: str) -> None:
    values, _ = article_values(Paper(blocks, {"title": title}, wrapped=wrapped))
    parts = "".join(str(values.get(part, "")) for part in ("kicker", "headline", "lead", "body"))
    letters = [letter for block in blocks for letter in block.text if letter.isalpha()]
    made_up = len([letter for letter in title if letter.isalpha()])
    assert 0 <= len([letter for letter in parts if letter.isalpha()]) - len(letters) <= made_up


GOOD = docx([paragraph("Ein Titel"), *map(paragraph, TEXT)], core=CORE, styles=STYLES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.binary(max_size=4)), max_size=6))
def test_a_damaged_document_fails_with_a_reason_or_is_read(
    changes: list[tuple[int, bytes]],
) -> None:
    data = bytearray(GOOD)
    for at, change in changes:
        data[at : at + len(change)] = change
    read_or_fault(bytes(data), "a.docx")


ODT = odt(
    '<text:sequence-decls/><text:p>Stadtentwicklung</text:p><text:p text:style-name="P1">Neue'
    " <text:span>Brücke</text:span><text:s/>in\n Köln</text:p><text:p>19. Juni 2024</text:p>"
    f"<text:p>{TEXT[0]}<text:note><text:p>Fußnote</text:p></text:note></text:p>"
    '<text:h text:outline-level="2">Zwischentitel</text:h>'
    "<text:tracked-changes><text:p>gelöscht</text:p></text:tracked-changes>"
    "<table:table-row><table:table-cell><text:p>Köln</text:p></table:table-cell>"
    "<table:table-cell><text:p>3:2</text:p></table:table-cell></table:table-row>",
    styles='<style:style style:name="P1" style:family="paragraph"'
    ' style:parent-style-name="Mein_20_Stil"/>',
    meta="<meta:initial-creator>Anna Muster</meta:initial-creator><dc:date>2024-06-20</dc:date>",
    more={
        "styles.xml": '<s xmlns:style="urn:style"><style:style style:name="Mein_20_Stil"'
        ' style:display-name="Mein Stil" style:family="paragraph" style:parent-style-name="Title"/>'
        "</s>"
    },
)


def test_an_opendocument_text_is_an_article() -> None:
    article = parse(ODT, "a.odt")
    assert (article.kicker, article.headline) == ("Stadtentwicklung", "Neue Brücke in Köln")
    assert article.published == Published("2024-06-19", "day")
    assert article.lead == TEXT[0]
    assert article.body.split("\n\n") == ["Zwischentitel", "Köln 3:2"]
    assert (article.byline, article.source.format) == (("Anna Muster",), "odt")


def test_an_encrypted_opendocument_text_says_so() -> None:
    more = {"META-INF/manifest.xml": "<m><encryption-data/></m>"}
    with pytest.raises(Unreadable, match="encrypted"):
        parse(odt("", more=more), "a.odt")


RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\info{\title Der Br\'fcckenbau}"
    rb"{\author Anna Muster}{\creatim\yr2024\mo6\dy9\hr3}}{\pict\jpegblip ffd8ff}"
    rb"\b Neue Br\'fccke in K\u246?ln\b0\par Der Rat hat es \u8222?so\u8220? beschlossen.\par\par"
    rb" Gebaut wird ab M\'e4rz.\par}"
)


def test_rich_text_is_an_article() -> None:
    article = parse(RTF, "a.rtf")
    assert article.headline == "Neue Brücke in Köln"
    assert article.lead == "Der Rat hat es „so“ beschlossen."
    assert article.body == "Gebaut wird ab März."
    assert article.published == Published("2024-06-09", "day")
    assert (article.byline, article.source.format) == (("Anna Muster",), "rtf")


BOOK = epub(
    [
        "<h1>Neue Brücke</h1><p>Erstes&nbsp;Kapitel,\n  ein Satz.<br/>Noch eine Zeile.</p>",
        "<nav><p>Inhalt</p></nav><div>Ohne Absatz.</div><p>Zweites Kapitel.</p>",
    ],
    meta="<dc:title>Das Brückenbuch</dc:title><dc:creator>Anna Muster</dc:creator>"
    "<dc:date>2024-06-19</dc:date><dc:language>de-AT</dc:language>",
)


def test_a_book_is_one_article() -> None:
    article = parse(BOOK, "a.epub")
    assert article.headline == "Das Brückenbuch"
    text = [article.lead, *article.body.split("\n\n")]
    assert text[-2:] == ["Ohne Absatz.", "Zweites Kapitel."]
    assert "Erstes\xa0Kapitel, ein Satz.\nNoch eine Zeile." in text
    assert article.published == Published("2024-06-19", "day")
    assert (article.byline, article.source.format) == (("Anna Muster",), "epub")


def test_an_old_word_document_that_is_broken_says_what_to_do() -> None:
    with pytest.raises(Unreadable, match="old Office document is broken") as fault:
        parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc")
    assert "docx" in fault.value.advice


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([ODT, RTF, BOOK]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=6),
)
def test_other_damaged_ones_too(data: bytes, changes: list[tuple[float, bytes]]) -> None:
    damaged = bytearray(data)
    for at, change in changes:
        start = int(at * (len(data) - 1))
        damaged[start : start + len(change)] = change
    read_or_fault(bytes(damaged), "a.bin")


def test_no_document_is_unpacked_as_an_archive() -> None:
    assert all(is_office(data, data) for data in (GOOD, ODT, BOOK))
    data = packed({"word/a.txt": "Text"})
    assert not is_office(data, data)
