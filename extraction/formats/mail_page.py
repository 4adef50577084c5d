"""The text of a mail that is HTML: read as a page is, without what is around its text."""

from __future__ import annotations

import re
from html import escape

from articles.errors import Unreadable
from extraction.formats.markup import without_markup
from extraction.formats.page.article import read_article
from extraction.formats.text_format import lead_and_body, paragraphs

#: A page reader that leaves less than this part of the words took a text for furniture.
_LEAST_KEPT = 0.6
#: The mark of a signature (RFC 3676, 4.3), alone in its line.
_SIGNATURE = re.compile(r">\s*--(?:\s|&nbsp;)*<")
#: What is no tag ends at the next one: to look for its end from each again takes for ever.
_BODY = re.compile(r"(?i)<body[^<>]*>")
#: Mails are laid out by tables; those of pages hold rows.
_LAYOUT = re.compile(r"(?i)(</?)(?:table|thead|tbody|tfoot|tr)(?=[\s>/])")
_CELL = re.compile(r"(?i)(</?)t[dh](?=[\s>/])")
#: An empty line, as mail programs write it between paragraphs.
_EMPTY_LINE = re.compile(r"(?i)(?:<br\s*/?>\s*){2,}")
#: Stands for an empty line while a page is read, which knows none; letters that cannot
#: be seen would go there.
_GAP = "⁂¶⁂"
_GAPS = re.compile(rf"\s*{_GAP}\s*")
_HEADING = re.compile(r"(?i)<h[12][\s>]")


def lead_and_body_of(markup: str, headline: str) -> tuple[str, str]:
    """Return lead and body of a mail in HTML, whose subject is the ``headline``; "" where none.

    A heading that says something else than the subject opens the lead: nothing is lost.
    """
    start = _BODY.search(markup)
    shown = markup[start.end() :] if start else markup  # a title is not shown
    if signature := _SIGNATURE.search(shown):
        shown = shown[: signature.start() + 1]
    plain, _ = without_markup(shown)
    lead, body = _as_page(shown, headline)
    words = len(lead.split()) + len(body.split())
    if words < _LEAST_KEPT * len(plain.split()):
        lead, parts = lead_and_body(paragraphs(plain))
        return lead, "\n\n".join(parts)
    return lead, body


def _as_page(markup: str, headline: str) -> tuple[str, str]:
    blocks = _CELL.sub(r"\1p", _LAYOUT.sub(r"\1div", markup))
    blocks = _EMPTY_LINE.sub(f"{_GAP}<br>", blocks)
    title = "" if _HEADING.search(markup) else f"<title>{escape(headline)}</title>"
    try:
        values = read_article(f"{title}<body>{blocks}").values
    except Unreadable:  # a wall, a list: of a mail its text is taken all the same
        return "", ""
    heading, lead = str(values["headline"]), str(values["lead"])
    same = heading.casefold() in headline.casefold()
    opening = (str(values["kicker"]), "" if same else heading, lead)
    parts = "\n\n".join(filter(None, opening)), str(values["body"])
    lead, body = (_GAPS.sub("\n\n", part).strip() for part in parts)
    if not lead:
        lead, rest = lead_and_body(paragraphs(body))
        body = "\n\n".join(rest)
    return lead, body
