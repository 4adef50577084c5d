"""Workbooks for tests, as Excel and LibreOffice write them, as far as a reader looks."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

Cell = str | int | float | date
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WRITTEN = (2024, 6, 19, 14, 30, 0)


def packed(files: Mapping[str, str]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as whole:
        for name, text in files.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            whole.writestr(zipfile.ZipInfo(name, _WRITTEN), text, compress_type=kind)
    return target.getvalue()


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell]]], hidden: Sequence[str] = (), above: int = 0
) -> bytes:
    """A workbook; its texts are shared, as Excel has them. ``above``: empty rows."""
    shared: dict[str, int] = {}
    files = {
        "[Content_Types].xml": f"<Types xmlns='{_PACKAGE}/content-types'/>",
        "_rels/.rels": _relations(("a", "officeDocument", "xl/workbook.xml")),
        "xl/styles.xml": f"<styleSheet xmlns='{_MAIN}'><cellXfs><xf numFmtId='0'/>"
        "<xf numFmtId='14'/></cellXfs></styleSheet>",
    }
    listed, relations = (
        "",
        [("s", "styles", "styles.xml"), ("t", "sharedStrings", "sharedStrings.xml")],
    )
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = " state='hidden'" if name in hidden else ""
        listed += f"<sheet name='{name}' sheetId='{number}' r:id='r{number}'{state}/>"
        relations.append((f"r{number}", "worksheet", f"worksheets/{number}.xml"))
        cells = "".join(_row(at, row, shared) for at, row in enumerate(rows, 1 + above))
        files[f"xl/worksheets/{number}.xml"] = (
            f"<worksheet xmlns='{_MAIN}'><sheetData>{cells}</sheetData></worksheet>"
        )
    texts = "".join(f"<si><t xml:space='preserve'>{escape(text)}</t></si>" for text in shared)
    files["xl/sharedStrings.xml"] = f"<sst xmlns='{_MAIN}'>{texts}</sst>"
    files["xl/_rels/workbook.xml.rels"] = _relations(*relations)
    files["xl/workbook.xml"] = (
        f"<workbook xmlns='{_MAIN}' xmlns:r='{_OFFICE}'><sheets>{listed}</sheets></workbook>"
    )
    return packed(files)


def _row(number: int, row: Sequence[Cell], shared: dict[str, int]) -> str:
    cells = (_cell(f"{chr(65 + at)}{number}", cell, shared) for at, cell in enumerate(row))
    return f"<row r='{number}'>{''.join(cells)}</row>"


def _cell(place: str, cell: Cell, shared: dict[str, int]) -> str:
    if isinstance(cell, date):
        return f"<c r='{place}' s='1'><v>{(cell - date(1899, 12, 30)).days}</v></c>"
    if not isinstance(cell, str):
        return f"<c r='{place}'><v>{cell}</v></c>"
    number = shared.setdefault(cell, len(shared))
    return f"<c r='{place}' t='s'><v>{number}</v></c>" if cell else ""


def _relations(*relations: tuple[str, str, str]) -> str:
    each = "".join(
        f"<Relationship Id='{id_}' Type='{_OFFICE}/{kind}' Target='{target}'/>"
        for id_, kind, target in relations
    )
    return f"<Relationships xmlns='{_PACKAGE}/relationships'>{each}</Relationships>"


def ods(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of LibreOffice with one sheet."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell office:value-type='string'><text:p>{escape(cell)}</text:p>"
            "</table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(f"xmlns:{each}='{names}{each}:1.0'" for each in ("office", "table", "text"))
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f"<table:table table:name='A'>{cells}</table:table></office:spreadsheet>"
            "</office:body></office:document-content>",
        }
    )
