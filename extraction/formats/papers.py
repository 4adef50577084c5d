"""The blocks of a document (Word, PDF …) -> the named parts of an article. Pure.

What is what is told by styles and sizes where there are any, else by how people write: kicker,
headline, date and byline stand at the head, one short line each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extraction.documents import paper
from extraction.documents.paper import Block, Paper
from extraction.formats.byline import read_byline
from extraction.formats.clean import clean, one_line
from extraction.formats.header import read_header
from extraction.formats.text_format import LONGEST_HEADLINE, lead_and_body
from extraction.language import GERMAN, UNKNOWN, language_of
from german.dates import read_date
from german.first_names import first_names
from german.line_ends import whole_words

#: So many blocks are the head, in which headline, date and byline are looked for.
_HEAD = 8
_LONGEST_KICKER, _LONGEST_LINE = 80, 120
_ENDED = (".", "!", "?", ":", ";", ",")
#: Titles that programs make up.
_MADE_UP = re.compile(
    r"(?i)\A(?:microsoft \w+ ?[-–]|(?:dokument|document|unbenannt|untitled|ohne titel|präsentation)"
    r"\s*\d*\Z|\S+\.(?:docx?|odt|rtf|pdf|indd|qx[dp]|pages|txt|tex|html?|pmd)\Z|\W*\Z)"
)
_BEFORE_DATE = re.compile(
    r"(?i)\A(?:(?:stand|datum|date|(?:veröffentlicht|erschienen)(?: am)?|ausgabe vom|vom)\s*:?\s+"
    r"|(?-i:[A-ZÄÖÜ])[\w./ -]{1,30},\s*(?:den\s+)?)"
)
_PARTED = re.compile(r"\s+[|•·]\s+")
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*")
_NAME_LENGTHS = range(2, 5)
_MENDED = "Words that were broken at the end of a line were put together: {}."
_OF_PROPERTIES = (
    "The date is that of the document's properties ({}), since its text names none at its head;"
    " it may be another than that of publication."
)


@dataclass(slots=True)
class _Head:
    """What was taken out of the first blocks."""

    kicker: str = ""
    published: str = ""
    byline: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)


def article_values(read: Paper) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the parts that ``articles.parts`` names, and warnings. ``headline`` may be empty."""
    blocks, mended = _unwrapped(read) if read.wrapped else (list(read.blocks), ())
    blocks = [Block(b.kind, text) for b in blocks if (text := clean(b.text).strip())]
    values, rest = _with_header(blocks) or _with_headline(blocks, read.properties.get("title", ""))
    body_lead, body = ("", rest) if values.get("lead") else lead_and_body(rest)
    values |= {"lead": values.get("lead") or body_lead, "body": "\n\n".join(body)}
    said = _completed(values, body, read.properties)
    kept = {name: value for name, value in values.items() if value or name == "headline"}
    return kept, (*read.warnings, *mended, *said)


def _with_header(blocks: Sequence[Block]) -> tuple[dict[str, Any], list[str]] | None:
    """Return the parts where the first line is one of the main format (docs/formats.md)."""
    header = read_header(blocks[0].text) if blocks else None
    if header is None or not header.headline:
        return None
    date = header.published.value if header.published else ""
    values = {"headline": header.headline, "kicker": header.kicker, "published": date}
    return values, [block.text for block in blocks[1:]]


def _with_headline(blocks: Sequence[Block], title: str) -> tuple[dict[str, Any], list[str]]:
    at = _headline(blocks, title)
    if at is None:
        headline, before, after = one_line(title), [], list(blocks)
    else:
        headline = one_line(blocks[at].text)
        before, after = list(blocks[:at]), list(blocks[at + 1 :])
    head = _Head()
    rest = [*_taken(before, head), *_taken(after[:_HEAD], head, behind=True), *after[_HEAD:]]
    values = {
        "headline": headline,
        "kicker": head.kicker,
        "published": head.published,
        "byline": head.byline,
        "lead": "\n\n".join(head.lead),
    }
    return values, [block.text for block in rest]


def _headline(blocks: Sequence[Block], title: str) -> int | None:
    """Return which block is the headline; None where only the properties' ``title`` is one."""
    head = range(min(_HEAD, len(blocks)))
    for kind in (paper.TITLE, paper.HEADING1):
        if (at := next((at for at in head if blocks[at].kind == kind), None)) is not None:
            return at
    believed = "" if _MADE_UP.match(title.strip()) else one_line(title)
    if believed:
        same = (at for at in head if one_line(blocks[at].text).casefold() == believed.casefold())
        if (at := next(same, None)) is not None:
            return at
    lines = (at for at in head if blocks[at].kind in {paper.TEXT, paper.HEADING, paper.SUBTITLE})
    at = next((at for at in lines if not (_date(blocks[at].text) or _is_byline(blocks[at]))), None)
    if believed and (at is None or len(blocks[at].text) > LONGEST_HEADLINE // 2):
        return None
    return at


def _taken(blocks: Sequence[Block], head: _Head, *, behind: bool = False) -> list[Block]:
    """Move to ``head`` what is none of the running text; return the rest.

    Behind the headline only what stands before the first paragraph of the text is looked at,
    unless its style tells.
    """
    rest: list[Block] = []
    for number, block in enumerate(blocks):
        before_text = not behind or not rest or (len(rest) == 1 and len(blocks) > 1)
        last = not behind and number == len(blocks) - 1
        if not _takes(block, head, before_text=before_text, may_be_kicker=last):
            rest.append(block)
    return rest


def _takes(block: Block, head: _Head, *, before_text: bool, may_be_kicker: bool) -> bool:
    if block.kind == paper.KICKER and not head.kicker:
        head.kicker = one_line(block.text)
    elif block.kind == paper.SUBTITLE and before_text and _takes_line(block, head):
        return True
    elif block.kind in {paper.LEAD, paper.SUBTITLE}:
        head.lead.append(block.text)
    elif block.kind == paper.BYLINE:
        head.byline += _names(block.text)
    elif before_text and _takes_line(block, head):
        return True
    elif may_be_kicker and not head.kicker and _may_be_kicker(block):
        head.kicker = one_line(block.text)
    else:
        return False
    return True


def _takes_line(block: Block, head: _Head) -> bool:
    """Take a line that holds a date and nothing else, or a date and a byline parted by a bar."""
    if block.kind not in {paper.TEXT, paper.DATE, paper.HEADING, paper.SUBTITLE} or head.published:
        return False
    parts = _PARTED.split(one_line(block.text))
    date = next((part for part in parts if _date(part)), "")
    others = [part for part in parts if part != date]
    names = [name for part in others if (byline := read_byline(part)) for name in byline.names]
    if not date or (others and not names):
        return False
    head.published = _date(date)
    head.byline += names
    return True


def _date(line: str) -> str:
    """Return the date that a line is, without what stands before it; "" where it is none."""
    if len(line) > _LONGEST_LINE or not any(map(str.isdigit, line)):
        return ""
    for text in (line, _BEFORE_DATE.sub("", line, count=1)):
        written = text.strip(" .|–-")
        read = read_date(written)
        exact = read.published is not None and read.published.precision in {"day", "second"}
        if exact and not read.part:
            return written
    return ""


def _is_byline(block: Block) -> bool:
    byline = read_byline(block.text)
    return byline is not None and byline.end >= len(block.text)


def _may_be_kicker(block: Block) -> bool:
    text = one_line(block.text)
    short = len(text) <= _LONGEST_KICKER and not text.endswith(_ENDED)
    return short and any(map(str.isalpha, text)) and not _is_byline(block)


def _first_line(text: str) -> int:
    """Return where a date or byline ends that has a line of its own, though no gap below it."""
    if byline := read_byline(text):
        return byline.end
    line, end, _ = text.partition("\n")
    return len(line) + 1 if end and _date(line) else 0


def _names(text: str) -> list[str]:
    byline = read_byline(text)
    parts = re.split(r"\s*[,;]\s*|\s+und\s+", re.sub(r"(?i)\A(?:von|by|text)\s*:?\s+", "", text))
    return list(byline.names) if byline else [one_line(part) for part in parts if part.strip()]


def _completed(values: dict[str, Any], body: Sequence[str], known: dict[str, str]) -> list[str]:
    """Put what the properties of the document say where its text is silent; return warnings."""
    if known.get("language"):
        values["language"] = known["language"]
    if not values.get("byline"):
        in_text = body and read_byline(body[0])
        author = one_line(known.get("author", ""))
        values["byline"] = [author] if not in_text and is_person(author) else None
    if values.get("published"):
        return []
    name = next((name for name in ("created", "modified") if _day(known.get(name, ""))), "")
    if not name:
        return []
    values["published"] = _day(known[name])
    return [_OF_PROPERTIES.format(name)]


def _day(written: str) -> str:
    """Return the day of a time in ISO 8601; that a file was made at an hour says nothing."""
    day = written[:10]
    return day if re.fullmatch(r"(?:19|20)\d\d-\d\d-\d\d", day) else ""


def is_person(author: str) -> bool:
    """Tell a full name with a first name that is one from ``Redaktion`` or ``admin``."""
    words = author.split()
    named = len(words) in _NAME_LENGTHS and all(map(_NAME.fullmatch, words))
    first = words[0].partition("-")[0] if words else ""
    return named and words[0][0].isupper() and words[-1][0].isupper() and first in first_names()


def _unwrapped(read: Paper) -> tuple[list[Block], tuple[str, ...]]:
    """Return the blocks with lines of their page put together, and words that were broken there."""
    texts = {str(at): clean(block.text) for at, block in enumerate(read.blocks)}
    number = 0
    if language_of("\n\n".join(texts.values())) in (GERMAN, UNKNOWN):
        texts, number = whole_words(texts)
    blocks: list[Block] = []
    for block, text in zip(read.blocks, texts.values(), strict=True):
        cut = _first_line(text) if block.kind in {paper.TEXT, paper.SUBTITLE} else 0
        parts = [part for part in (text[:cut], text[cut:]) if part]
        blocks += [replace(block, text=part.replace("\n", " ")) for part in parts]
    return blocks, (_MENDED.format(number),) if number else ()
