"""AsciiDoc: the title, the author, the day and the attributes of its head, and its text.

Only what a person reads is kept: no marks, addresses, pictures and comments. Nothing is included
from elsewhere. The language: https://docs.asciidoctor.org/asciidoc/latest/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from extraction.formats.clean import one_line
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile, on_text
from extraction.formats.markdown_format import renamed
from extraction.formats.text_format import lead_and_body, paragraphs
from extraction.formats.values import from_values

_ENDINGS = (".adoc", ".asciidoc")
_ADVICE = "Put a line `= Headline` at its head (docs/formats.md, AsciiDoc)."
_INCLUDED = "What it includes from other files was not read."
#: So many lines of a head are looked at.
_MOST_LINES = 200
_TITLE = re.compile(r"=[ \t]+(\S.*)")
_ATTRIBUTE = re.compile(r":(!?[\w][\w-]{0,60}!?):(?:[ \t]+(.*))?")
_AUTHOR = re.compile(r"[ \t]*+([^\W\d_][^<>;:=\n]{0,200}?)[ \t]*+(?:<[^<>]{0,200}>)?[ \t]*+")
_REVISION = re.compile(r"(?:v[\w.-]{1,20},?[ \t]*)?([^:\n]{0,60}\d{4}[^:\n]{0,30})?(?::.*)?")
#: What the language calls the parts that it has names of its own for.
_OWN = {"revdate": "date", "doctitle": "title", "subject": "kicker"}

_COMMENT = re.compile(r"//(?!/)")
_FENCE = re.compile(r"(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|--|[|,:!]={3,}|'{3,}|<{3,}|```\w*)")
_DROPPED = re.compile(
    r"(?:include|image|video|audio|toc|ifdef|ifndef|ifeval|endif|unimacro)::[^\s\[]{0,2000}\[.*\]\s*"
    r"|\[[^\]\[]{0,500}\]\s*|\[\[[^\]]{0,200}\]\]\s*"
)
_LEAD = re.compile(r"\[(?:\.lead|role=[\"']?lead[\"']?|abstract)\]\s*")
_SECTION = re.compile(r"(?:={2,6}|#{1,6})[ \t]+(\S.*)")
_ITEM = re.compile(
    r"\A[ \t]{0,20}(?:[*-]|\*{1,5}|\.{1,5}|\d{1,4}\.)[ \t]+(?:\[[ x*]\][ \t]+)?(?=\S)"
)
_BLOCK_TITLE = re.compile(r"\A\.(?=[^\s.])")
_BREAK = re.compile(r"[ \t]\+$")
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?:image|footnote|footnoteref|indexterm2?|anchor|icon|kbd|btn):"
            r"[^\s\[\]]{0,500}\[[^\[\]]{0,2000}\]"
        ),
        "",
    ),
    (re.compile(r"<<[^<>,\n]{1,200},([^<>\n]{1,500})>>"), r"\1"),
    (re.compile(r"<<([^<>,\n]{1,200})>>"), r"\1"),
    (
        re.compile(
            r"(?:link:|xref:|mailto:|https?://|ftp://)[^\s\[\]]{1,1000}"
            r"\[([^\[\],]{1,1000})[^\[\]]{0,500}\]"
        ),
        r"\1",
    ),
    (re.compile(r"(?:link:|xref:|mailto:)([^\s\[\]]{1,2000})\[\]"), r"\1"),
    (re.compile(r"((?:https?|ftp)://[^\s\[\]]{1,2000})\[\]"), r"\1"),
    (re.compile(r"\"`([^`\n]{1,2000})`\""), r"„\1“"),
    (re.compile(r"(\*\*|__|``|##)(?=\S)([^\n]{1,2000}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)\[[\w. -]{1,60}\]#([^#\n]{1,2000})#"), r"\1"),
    (re.compile(r"(?<![\w*_`#])([*_`#])(?=\S)([^\n]{1,2000}?)(?<=\S)\1(?!\w)"), r"\2"),
)
_REFERENCE = re.compile(r"\{([\w-]{1,60})\}")
#: One of these is in all that ``_INLINE`` and ``_REFERENCE`` find.
_ANY_INLINE = re.compile(r"[\[<*_`#{]")
#: A paragraph that is longer keeps its marks, and so do all of a text that has more: from each its
#: end is looked for anew.
_LONGEST_MARKED, _MOST_MARKS = 20_000, 20_000
_MARK = re.compile(r"[*_`#{]|link:|xref:|mailto:|://")
#: What is longer is put into no text: a few bytes would stand for a megabyte, again and again.
_LONGEST_SAID = 2_000


def read_asciidoc(text: str) -> Draft:
    """Read clean text. Raises ``Unreadable`` where it says nothing."""
    fields, rest = _head(text.lstrip("\n").split("\n"))
    values = renamed({_OWN.get(name, name): value for name, value in fields.items()})[0]
    lead, body = _texts(rest, fields)
    parts = paragraphs("\n\n".join(body))
    if "headline" not in values and parts:
        values["headline"] = one_line(parts.pop(0))
    if lead:
        values["lead"] = lead
    elif "lead" not in values:
        values["lead"], parts = lead_and_body(parts)
    values["body"] = "\n\n".join(parts)
    said = (_INCLUDED,) if any(line.startswith("include::") for line in rest) else ()
    return from_values("asciidoc", values, _ADVICE, said)


def _head(lines: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of the head, by their names in lower case, and the lines below it."""
    fields: dict[str, Any] = {}
    at = 0
    for at, line in enumerate(lines[:_MOST_LINES]):
        title = _TITLE.fullmatch(line)
        if title and "title" not in fields:
            fields["title"] = _inline(title[1][:_LONGEST_MARKED], {})
        elif attribute := _ATTRIBUTE.fullmatch(line):
            fields.setdefault(attribute[1].lower().strip("!"), (attribute[2] or "").strip())
        elif not line.strip() and ("title" in fields or not fields):
            return fields, lines[at + 1 :] if "title" in fields else lines
        elif not (_COMMENT.match(line) or not line.strip() or _signed(line, fields)):
            break
    else:
        at = min(len(lines), _MOST_LINES)
    return fields, lines[at:]


def _signed(line: str, fields: dict[str, Any]) -> bool:
    """Take the line of the authors, and below it that of the day, which stand below the title."""
    if "title" not in fields:
        return False
    revision = _REVISION.fullmatch(line)
    if revision and any(map(str.isdigit, line)):
        fields.setdefault("date", (revision[1] or "").strip(" ,"))
        return True
    authors = [match for name in line.split(";") if (match := _AUTHOR.fullmatch(name))]
    if "author" in fields or len(authors) != len(line.split(";")):
        return False
    fields["author"] = [match[1].replace("_", " ") for match in authors]
    return True


def _texts(lines: list[str], fields: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return what is marked as the lead, and the paragraphs that are not."""
    lead, body, marked = "", [], False
    most = _LONGEST_MARKED if _are_few(lines) else 0
    for block in _blocks(lines):
        if block.startswith("[") and _LEAD.fullmatch(block):
            marked = True
            continue
        text = _inline(block, fields) if len(block) <= most else block
        if marked and not lead:
            lead = text
        else:
            body.append(text)
        marked = False
    return lead, body


def _are_few(lines: list[str]) -> bool:
    """Tell a text with no more marks than a person sets."""
    return sum(1 for _ in _MARK.finditer("\n".join(lines))) <= _MOST_MARKS


def _blocks(lines: list[str]) -> Iterator[str]:
    """Yield paragraphs, headings, items and rows; and the mark of a lead as it is."""
    block: list[str] = []
    for line in _shown(lines):
        if _is_running(line):
            block.append(_BREAK.sub("", line))
            continue
        alone = _alone(line)
        if block and (alone is not None or not line.strip() or _ITEM.match(line)):
            yield "\n".join(block)
            block = []
        if alone is not None:
            yield alone
        elif line.strip():
            block.append(_BREAK.sub("", _BLOCK_TITLE.sub("", _ITEM.sub("", line, count=1))))
    if block:
        yield "\n".join(block)


def _alone(line: str) -> str | None:
    """Return what a heading, a row, or the mark of a lead says; None for another line."""
    first = line[:1]
    if first == "|":
        return " ".join(" ".join(line.split("|")).split())
    if first in {"=", "#"} and (section := _SECTION.fullmatch(line)):
        return section[1]
    return line if first == "[" and _LEAD.fullmatch(line) else None


def _is_running(line: str) -> bool:
    """Tell a line that can be nothing but text by what it begins with, as nearly all do."""
    return line[:1].isalpha() and "::" not in line


def _shown(lines: list[str]) -> Iterator[str]:
    """Yield the lines without comments, marks of blocks, and what is fetched from elsewhere."""
    commented = False
    for line in lines:
        if line.startswith("////"):
            commented = not commented
        elif commented or _COMMENT.match(line):
            continue
        elif not line or _is_running(line):
            yield line
        elif _ATTRIBUTE.fullmatch(line):
            continue
        elif _FENCE.fullmatch(line.rstrip()) or line.rstrip() == "+":
            yield ""
        elif _LEAD.fullmatch(line) or not _DROPPED.fullmatch(line):
            yield line


def _inline(text: str, fields: Mapping[str, Any]) -> str:
    if not _ANY_INLINE.search(text):
        return text
    for pattern, kept in _INLINE:
        text = pattern.sub(kept, text)
    return _REFERENCE.sub(lambda match: _said(fields, match), text)


def _said(fields: Mapping[str, Any], match: re.Match[str]) -> str:
    value = fields.get(match[1].lower())
    return value if isinstance(value, str) and len(value) <= _LONGEST_SAID else match[0]


def _recognises(file: RawFile) -> bool:
    """By its ending."""
    return file.ends_in(*_ENDINGS)


FORMAT = Format(_recognises, on_text(read_asciidoc))
