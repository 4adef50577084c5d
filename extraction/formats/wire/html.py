"""HTML that stands within news: in feeds, in ninjs, in NewsML-G2 -> paragraphs."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from articles.errors import Unreadable
from extraction.formats.text_format import paragraphs
from extraction.formats.wire.texts import paragraphs_of
from extraction.formats.wire.tree import ADVICE

_MOST_TAGS = 100_000
_PARAGRAPH, _BLANK_LINES = re.compile(r"<[pP][\s>]"), re.compile(r"\n[ \t\r]*\n")
_TAG = re.compile(r"<[A-Za-z/!]")


def html_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of HTML, or of plain text. Raises ``Unreadable``.

    Whole documents are read too; captions, scripts and notes are left out.
    """
    if text.count("<") > _MOST_TAGS:
        raise Unreadable(f"Its text has more than {_MOST_TAGS:,} tags: it is no article.", ADVICE)
    if not _TAG.search(text):
        return paragraphs(unescape(text))
    if not _PARAGRAPH.search(text):  # as WordPress keeps it: an empty line parts paragraphs
        text = _BLANK_LINES.sub("\n<p>", text)
    parser = etree.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(f"<html><body>{text}</body></html>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    return [] if root is None else paragraphs_of(root)
