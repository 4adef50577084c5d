"""A small document of each kind, for the first reading of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

_PARTS: Mapping[str, Mapping[str, str]] = {
    "docx": {
        "docProps/core.xml": "<core><title>Titel</title></core>",
        "word/styles.xml": "<styles><style styleId='x'><name val='y'/></style></styles>",
        "word/document.xml": "<d><p><pStyle val='x'/><r><t>Text</t></r></p></d>",
    },
    "odt": {
        "meta.xml": "<meta><title>Titel</title></meta>",
        "styles.xml": "<styles/>",
        "content.xml": "<c><style name='P1' family='paragraph'/><p style-name='P1'>Text</p></c>",
    },
    "epub": {
        "META-INF/container.xml": "<c><rootfile full-path='p'/></c>",
        "p": "<p><title>Titel</title><item id='a' href='a'/><itemref idref='a'/></p>",
        "a": "<body><p>Text</p></body>",
    },
}
_RTF = rb"{\rtf1\ansi\ansicpg1252{\info{\title Titel}{\author A}}Titel\par Gr\'fc\'dfe\u252?\par}"
#: Two lines and a heading, with the least that a PDF must have.
_PDF = (
    b"%PDF-1.4\n"
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 92>>stream\n"
    b"BT /F 20 Tf 20 250 Td (Titel) Tj /F 10 Tf 0 -30 Td (Eine Zeile) Tj"
    b" 0 -12 Td (und Text.) Tj ET\n"
    b"endstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>endobj\n"
    b"6 0 obj<</Title(Titel)/CreationDate(D:20240619)>>endobj\n"
    b"trailer<</Root 1 0 R/Info 6 0 R>>\n%%EOF\n"
)


_SHEET = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": "<Relationships><Relationship Id='a' Target='xl/workbook.xml' Type='http://"
    "schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument'/>"
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": "<Relationships><Relationship Id='a' Target='worksheets/a.xml'"
    " Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet'/>"
    "</Relationships>",
    "xl/workbook.xml": "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    " xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets>"
    "<sheet name='A' sheetId='1' r:id='a'/></sheets></workbook>",
    "xl/styles.xml": "<styleSheet><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"
    "</styleSheet>",
    "xl/worksheets/a.xml": "<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>Titel"
    "</t></is></c><c r='B1' s='1'><v>45462</v></c></row></sheetData></worksheet>",
}


def workbook() -> bytes:
    """Return the bytes of a workbook with a row: a title and a day."""
    return _packed(_SHEET)


def samples() -> dict[str, bytes]:
    """Return the bytes of each by its kind."""
    return {"pdf": _PDF, "rtf": _RTF, **{kind: _packed(parts) for kind, parts in _PARTS.items()}}


def _packed(parts: Mapping[str, str]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()
