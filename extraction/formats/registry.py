"""The formats that are read. A new one is a module with a ``FORMAT``, and a line here.

A plain tuple and no discovery of modules: the order decides, and a reader can see it.
"""

from __future__ import annotations

from extraction.formats import (
    asciidoc_format,
    binary,
    headed_format,
    html_format,
    iptc_format,
    json_format,
    mail,
    markdown_format,
    mhtml_format,
    news_xml_format,
    no_article,
    office,
    text_format,
)
from extraction.formats.format import Format, RawFile

#: The first that recognises a file reads it: what knows its files for certain stands before
#: ``binary``, which refuses what is not text, and before those that guess by the content.
FORMATS: tuple[Format, ...] = (
    office.FORMAT,
    news_xml_format.FORMAT,
    binary.FORMAT,
    html_format.FORMAT,
    mhtml_format.FORMAT,
    iptc_format.FORMAT,
    mail.FORMAT,
    markdown_format.FORMAT,
    asciidoc_format.FORMAT,
    headed_format.FORMAT,
    no_article.FORMAT,
    json_format.FORMAT,
    text_format.FORMAT,
)


def format_of(file: RawFile) -> Format:
    """Return the format of ``file``; raises ``Unreadable`` if its bytes are no text."""
    return next(format_ for format_ in FORMATS if format_.recognises(file))
