"""Pages of the web, as browsers and programs save them: HTML and XHTML."""

from __future__ import annotations

import re
from dataclasses import replace

from articles.errors import Unreadable
from extraction.formats.decode import Decoded, decode
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile
from extraction.formats.page.article import read_article
from extraction.formats.page.tree import ADVICE
from extraction.formats.saved_page import ENDINGS, is_assets_folder
from extraction.formats.values import from_values

_HEAD = 4_096
_CAPTURED = (
    "The date is that on which the page was captured ({}), since it names none;"
    " it may be another than that of publication."
)
_BEGINS = re.compile(
    rb"(?i)\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,1000}-->\s*)?(?:<!doctype\s+html|<html)[\s>]",
    re.DOTALL,
)
_TAG = re.compile(rb"<(?:!--|[a-zA-Z][^<>]{0,1000}>)")
_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})")


def read_page(file: RawFile) -> tuple[Draft, ...]:
    """Read a page. Raises ``Unreadable`` where it holds no article."""
    folder = file.path.rpartition("/")[0].rpartition("/")[2]
    if is_assets_folder(folder):
        raise Unreadable(
            f"This page is in the folder {folder[:80]!r}, which belongs to a saved page.",
            "Drop the saved page alone; if it is an article, drop it outside of that folder.",
        )
    return (draft_of("html", decode(file.data, declared_in(file.data))),)


def draft_of(format_: str, decoded: Decoded, address: str = "", captured: str = "") -> Draft:
    """Return the article of a page. Raises ``Unreadable``.

    ``captured``: when it was fetched, which is its date where it names none.
    """
    page = read_article(decoded.text, address)
    values, said = page.values, (*decoded.warnings, *page.warnings)
    if captured and not values["published"]:
        values, said = {**values, "published": captured}, (*said, _CAPTURED.format(captured))
    draft = from_values(format_, values, ADVICE, said)
    return replace(draft, encoding=decoded.encoding, partial=page.partial)


def declared_in(data: bytes) -> str:
    """Return the charset that a page names for itself, "" where it names none."""
    match = _CHARSET.search(data[:_HEAD])
    return match[1].decode("ascii", "ignore") if match else ""


def is_page(data: bytes) -> bool:
    """Whether the bytes begin as a page does."""
    return _BEGINS.match(_plain_head(data)) is not None


def _plain_head(data: bytes) -> bytes:
    """Without byte order marks and the NUL bytes of UTF-16."""
    head = data[:_HEAD]
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\x00", b"")


def _recognises(file: RawFile) -> bool:
    """By its first bytes; by its ending where there is a tag."""
    if file.ends_in(".json", ".eml", ".mhtml", ".mht"):
        return False
    return is_page(file.data) or (
        file.ends_in(*ENDINGS) and _TAG.search(_plain_head(file.data)) is not None
    )


FORMAT = Format(_recognises, read_page)
