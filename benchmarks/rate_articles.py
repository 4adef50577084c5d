"""The same job by libraries alone: from a file's bytes to headline, paragraphs and date.

``json.loads`` gives a tree and no article. What somebody has to write besides, who wants what a
reader gives, is here, as short as it can be: no wrong encodings, no broken dates, no warnings, no
embargoes, no fields that are missing or of another type. So it is the least that the job costs.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import import_module

Article = tuple[str, list[str], datetime]
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\ufeff]")
_BLANK_LINES = re.compile(r"\n\s*\n")


def _article(headline: str, paragraphs: Iterable[str], written: str) -> Article:
    parts = [part for paragraph in paragraphs if (part := _plain(paragraph).strip())]
    return " ".join(_plain(headline).split()), parts, _date(written)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", _CONTROLS.sub("", html.unescape(text)))


def _date(written: str) -> datetime:
    """As somebody does who does not know how it is written."""
    date: datetime = import_module("dateutil.parser").parse(written)
    return date


def _of_row(row: Mapping[str, str]) -> Article:
    return _article(row["headline"], _BLANK_LINES.split(row["body"]), row["published"])


def _of_json(data: bytes) -> object:
    value = json.loads(data)
    return [_of_row(row) for row in value] if isinstance(value, list) else _of_row(value)


def _of_lines(data: bytes) -> object:
    return [_of_row(json.loads(line)) for line in data.splitlines()]


def _of_csv(data: bytes) -> object:
    return [_of_row(row) for row in csv.DictReader(io.StringIO(data.decode(), newline=""))]


def _of_workbook(data: bytes) -> object:
    book = import_module("python_calamine").CalamineWorkbook.from_filelike(io.BytesIO(data))
    names, *rows = book.get_sheet_by_index(0).to_python()
    return [_of_row(dict(zip(names, map(str, row), strict=True))) for row in rows]


def _of_markdown(data: bytes) -> object:
    _, head, text = data.decode().split("---\n", 2)
    told = import_module("yaml").safe_load(head)
    page = import_module("markdown_it").MarkdownIt().render(text)
    return _article(told["title"], _texts(page), str(told["date"]))


def _of_ninjs(data: bytes) -> object:
    value = json.loads(data)
    return _article(value["headline"], _texts(value["body_html"]), value["versioncreated"])


def _of_nitf(data: bytes) -> object:
    root = import_module("lxml.etree").fromstring(data)
    paragraphs = ("".join(each.itertext()) for each in root.iter("p"))
    return _article(root.findtext(".//hl1"), paragraphs, root.find(".//date.issue").get("norm"))


def _of_newsml(data: bytes) -> object:
    root = import_module("lxml.etree").fromstring(data)
    paragraphs = ("".join(each.itertext()) for each in root.iter("{*}p"))
    written = root.findtext(".//{*}versionCreated")
    return _article(root.findtext(".//{*}headline"), paragraphs, written)


def _texts(page: str) -> Iterable[str]:
    return (each.text_content() for each in import_module("lxml.html").fromstring(page).iter("p"))


#: By the name of a way.
ARTICLES: Mapping[str, Callable[[bytes], object]] = {
    "json": _of_json,
    "json list": _of_json,
    "jsonl": _of_lines,
    "csv": _of_csv,
    "xlsx": _of_workbook,
    "markdown": _of_markdown,
    "ninjs": _of_ninjs,
    "nitf": _of_nitf,
    "newsml-g2": _of_newsml,
}
