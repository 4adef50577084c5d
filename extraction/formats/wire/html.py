"""HTML that stands within news: in feeds, in ninjs, in NewsML-G2 -> paragraphs."""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from articles.errors import Unreadable
from extraction.formats.page.tree import refuse_long_tags
from extraction.formats.text_format import paragraphs
from extraction.formats.wire.texts import paragraphs_of
from extraction.formats.wire.tree import ADVICE

_MOST_TAGS = 100_000
_PARAGRAPH, _BLANK_LINES = re.compile(r"<[pP][\s>]"), re.compile(r"\n[ \t\r]*\n")
_TAG = re.compile(r"<[A-Za-z/!]")
#: ``a<b``, ``<anna@example.org>``: no tag, of which a parser would make one to the text's end.
_NO_TAG = re.compile(
    r"<(?=/?[A-Za-z][\w:-]*+[^<>=\"']*+(?:<|\Z))|<(?!/?[A-Za-z][\w:-]*+[\s/>]|[!?])"
)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_DEEPEST = 2_048


def html_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of HTML, or of plain text. Raises ``Unreadable``.

    Whole documents are read too; captions, scripts and notes are left out.
    """
    if text.count("<") > _MOST_TAGS:
        raise Unreadable(f"Its text has more than {_MOST_TAGS:,} tags: it is no article.", ADVICE)
    text = _NO_TAG.sub("&lt;", _CDATA.sub("", text))
    before, comment, rest = text.rpartition("<!--")
    if comment and "-->" not in rest:  # never ends: what is behind it is text
        text = before + rest
    if not _TAG.search(text):
        return paragraphs(unescape(text))
    if not _PARAGRAPH.search(text):  # as WordPress keeps it: an empty line parts paragraphs
        text = _BLANK_LINES.sub("\n<p>", text)
    refuse_long_tags(text)
    parser = etree.HTMLParser(
        no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(f"<html><body>{text}</body></html>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    if any(entry.level_name == "FATAL" for entry in parser.error_log):  # what follows is not there
        raise Unreadable(f"Its text has tags nested deeper than {_DEEPEST:,}.", ADVICE)
    return [] if root is None else paragraphs_of(root)
