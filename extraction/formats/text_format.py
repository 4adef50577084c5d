"""The main text format, and plain text without a header line."""

from __future__ import annotations

import re
from dataclasses import replace

from articles.errors import Unreadable
from extraction.formats.byline import read_byline
from extraction.formats.clean import one_line
from extraction.formats.dateline import read_dateline
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile, on_text
from extraction.formats.header import Header, read_header, without_date
from extraction.formats.markup import without_markup
from german.sentences import sentences

LONGEST_HEADLINE = 300
_BLANK_LINES = re.compile(r"\n\s*\n")
_NO_HEADLINE = "The header names no headline; the first line of the text was taken."
_NO_TEXT = "There is a headline, but no text."


def read_text(text: str) -> Draft:
    """Read clean text with or without a header line, and with or without tags and entities.

    Raises ``Unreadable`` if there is a header line but neither a headline nor a text, or no text
    but tags.
    """
    plain, said = without_markup(text)
    if said and not plain.strip():
        raise Unreadable(
            "The file holds tags and nothing between them.",
            "Save its text as plain text with the headline as its first line.",
        )
    draft = _read(plain.strip())
    return replace(draft, warnings=(*said, *draft.warnings)) if said else draft


def _read(text: str) -> Draft:
    line, _, rest = text.partition("\n")
    header = read_header(line)
    if header is None:
        return _draft("plain", without_date(line), rest)
    if header.headline:
        return _draft("text", header, rest)
    line, _, rest = rest.strip().partition("\n")
    if not line:
        raise Unreadable(
            "The file holds a header, but no headline and no text.",
            "Write the headline behind the date and the text below it.",
        )
    warnings = (*header.warnings, _NO_HEADLINE)
    headless = replace(header, headline=one_line(line), warnings=warnings)
    return _draft("text", headless, rest)


def paragraphs(text: str) -> list[str]:
    """Split at empty lines; line ends inside a paragraph stay as they are."""
    return [part for raw in _BLANK_LINES.split(text) if (part := raw.strip())]


def fit_headline(line: str) -> str:
    """Return ``line``, or its first sentence or words if it is too long for a headline."""
    if len(line) <= LONGEST_HEADLINE:
        return line
    start = line[: LONGEST_HEADLINE - 1]
    spans = sentences(start)
    if len(spans) > 1:
        return start[: spans[0].end]
    return start.rpartition(" ")[0].rstrip(" ,;:–-") + "…" if " " in start else start + "…"


def _draft(name: str, header: Header, rest: str) -> Draft:
    parts = paragraphs(rest)
    headline = fit_headline(header.headline)
    if headline == header.headline:
        lead, body = lead_and_body(parts)
    else:
        lead, body = "", [header.headline, *parts]
    warnings = header.warnings if body else (*header.warnings, _NO_TEXT)
    return Draft(
        name,
        headline,
        kicker=header.kicker,
        lead=lead,
        body="\n\n".join(body),
        published=header.published,
        date_problem=header.date_problem,
        warnings=warnings,
    )


def lead_and_body(parts: list[str]) -> tuple[str, list[str]]:
    """The lead is the first paragraph, unless it is the only one or opens with a dateline.

    A byline above the lead moves to the head of the body, so that the lead is only a lead.
    """
    byline, parts = _take_byline(parts)
    if len(parts) > 1 and not read_dateline(parts[0]):
        return parts[0], [*byline, *parts[1:]]
    return "", [*byline, *parts]


def _take_byline(parts: list[str]) -> tuple[list[str], list[str]]:
    byline = read_byline(parts[0]) if parts else None
    if not byline:
        return [], parts
    line, rest = parts[0][: byline.end].strip(), parts[0][byline.end :]
    return [line], [rest, *parts[1:]] if rest else parts[1:]


def _recognises(_file: RawFile) -> bool:
    """Whatever no other format takes is read as text."""
    return True


FORMAT = Format(_recognises, on_text(read_text))
