"""Markdown, with front matter in YAML or TOML or without: what static sites and notes are kept in.

Fields go by the names that Hugo, Jekyll, Eleventy, Pandoc, Obsidian and German editors give them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from articles.errors import Unreadable
from extraction.formats.clean import clean, one_line
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile, on_text
from extraction.formats.markup import without_markup
from extraction.formats.release import released, told_by
from extraction.formats.text_format import lead_and_body, paragraphs
from extraction.formats.toml import read_toml
from extraction.formats.values import from_values

_ADVICE = "Mend what stands between the fences at its head (docs/formats.md, Markdown)."
#: Front matter is a few lines; what is longer costs its parser time out of all proportion.
_LONGEST = 20_000
#: So many characters take its parser seconds where somebody means it.
_LONGEST_MARKED = 200_000
_MARKS_STAY = f"It is longer than {_LONGEST_MARKED:,} characters: its marks were left in the text."
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
_FRONT = re.compile(r"(?P<fence>---|\+\+\+)[ \t]*\n")
_KEY = re.compile(r"\w[\w -]{0,40}:(?:\s.*)?|\s*-\s.*|[ \t]+\S.*|#.*|\w[\w.-]{0,40}\s*=\s*\S.*")
#: A key that only programs read: ``title:``, ``date =``; ``Eilmeldung:`` is a line of a text.
_LOW_KEY = re.compile(r"(?:[a-z][\w.-]{0,40}|Title|Date|Author|Titel|Datum|Autor)\s*[:=].*")
#: How a part of an article is called there, the surest name first.
NAMED: Mapping[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "titel", "überschrift", "schlagzeile"),
    "kicker": ("kicker", "dachzeile", "spitzmarke", "overline"),
    "lead": (
        *("lead", "vorspann", "teaser", "description", "beschreibung", "summary", "abstract"),
        *("excerpt", "subtitle", "untertitel", "subheadline"),
    ),
    "published": (
        *("published", "date", "datum", "publishdate", "published_at", "pubdate", "publish_date"),
        *("date_published", "created", "erschienen"),
    ),
    "byline": ("byline", "author", "authors", "autor", "autoren", "autorin", "von"),
    "agencies": ("agency", "agencies", "agentur", "agenturen"),
    "url": ("url", "canonical", "canonical_url", "canonicalurl", "source_url", "link", "quelle"),
    "language": ("language", "lang", "sprache", "locale"),
    "id": ("id", "guid", "uid", "uuid", "docid"),
    "dateline_places": ("dateline_places", "ort", "orte", "dateline"),
    "slugline": ("slugline",),
    "subjects": (
        *("subjects", "subject", "tags", "keywords", "schlagworte", "schlagwörter", "stichworte"),
        *("themen", "thema", "categories", "category", "kategorien", "rubrik", "ressort"),
    ),
    "genre": ("genre", "textsorte", "darstellungsform"),
    "modified": (
        *("modified", "lastmod", "last_modified", "last_modified_at", "modified_at", "updated"),
        *("date_modified", "geändert", "aktualisiert"),
    ),
    "version": ("version",),
}
_LISTS = ("byline", "agencies", "dateline_places", "subjects", "genre")
#: What is one line of several there: ``Schlagworte: Hafen, Schleuse``.
_LISTED = re.compile(r"(?<!\s)\s*+[,;]\s*+")


def read_markdown(text: str) -> Draft:
    """Read clean text. Raises ``Unreadable`` where the front matter is none, or nothing is said."""
    matter, rest = parted(text)
    fields = _fields(matter) if matter else {}
    values, left_out = renamed(fields)
    texts, said = without_markup(clean(plain_text(rest)))
    parts = paragraphs(texts)
    if isinstance(lead := values.get("lead"), str):
        values["lead"] = plain_text(lead)
    if "headline" not in values and parts:
        values["headline"] = one_line(parts.pop(0))
    elif parts and one_line(parts[0]) == one_line(str(values.get("headline"))):
        parts.pop(0)  # the title once more, as a heading
    if "lead" not in values:
        values["lead"], parts = lead_and_body(parts)
    values["body"] = "\n\n".join(parts)
    stay = (_MARKS_STAY,) if len(rest) > _LONGEST_MARKED else ()
    draft = from_values("markdown", values, _ADVICE, (*left_out, *said, *stay))
    return released(draft, told_by(fields))


def plain_text(markdown: str) -> str:
    """Return running text: paragraphs parted by empty lines, without marks, addresses, images.

    What is longer than any article keeps its marks.
    """
    if len(markdown) > _LONGEST_MARKED:
        return markdown
    tokens = _parser().parse(markdown)
    return "\n\n".join(part for part in _blocks(tokens) if part.strip())


@cache
def _parser() -> MarkdownIt:
    """Return the one that reads all: to make it takes as long as to read a short text."""
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def parted(text: str) -> tuple[str, str]:
    """Return the front matter with its first fence, and the text behind it; "" where none is."""
    opened = _FRONT.match(text)
    if opened is None:
        return "", text
    at, lines = opened.end(), text[opened.end() : opened.end() + _LONGEST].split("\n")
    keys = False
    for line in lines:
        if line.rstrip() in _FENCES[opened["fence"]]:
            end = at + len(line)
            return (text[: at - 1], text[end:]) if keys else ("", text)
        if line.strip() and not _KEY.fullmatch(line):
            return "", text
        keys = keys or bool(_LOW_KEY.fullmatch(line))
        at += len(line) + 1
    return "", text


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    row: list[str] | None = None
    for token in tokens:
        if token.type == "inline":
            inline = "".join(map(_inline, token.children or ()))
            if row is None:
                yield inline
            else:
                row.append(inline)
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield " ".join(row)
            row = None
        elif token.type in {"fence", "code_block", "html_block"}:
            yield token.content


def _inline(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return "\n"
    return token.content if token.type in {"text", "code_inline", "html_inline"} else ""


def _fields(matter: str) -> dict[str, Any]:
    """Read what stands between the fences. Raises ``Unreadable``."""
    fence, _, content = matter.partition("\n")
    try:
        read = read_toml(content) if fence.startswith("+") else _yaml(content)
    except (ValueError, yaml.YAMLError, RecursionError) as fault:
        said = one_line(str(fault))[:200]
        raise Unreadable(f"Its front matter cannot be read: {said}.", _ADVICE) from fault
    if not isinstance(read, dict):
        raise Unreadable("Its front matter holds no names with values.", _ADVICE)
    return read


def _yaml(content: str) -> Any:
    """All values as they are written: ``no`` is a word, ``2024-06-19`` is read as all dates are."""
    return yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506  (makes strings alone)


def renamed(fields: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the parts of an article by their own names, and a warning for what is none."""
    given = {str(name).lower(): value for name, value in fields.items()}
    values: dict[str, Any] = {}
    for part, names in NAMED.items():
        found = [value for name in names if (value := _value(given.get(name), part))]
        if found:  # tags and categories are both what it is about; of other names the surest counts
            values[part] = [*chain(*found)] if part == "subjects" else found[0]
    known = {name for names in NAMED.values() for name in names}
    unknown = ", ".join(repr(name)[:60] for name in given if name not in known)
    said = f"Fields of the front matter that are no part of an article: {unknown[:300]}."
    return values, (said,) if unknown else ()


def _value(value: Any, part: str) -> Any:
    """Return text, or texts where a part has several; empty for what is neither.

    Lists in lists are not followed: aliases of YAML could make any number of one of them.
    """
    texts = [text for each in value if (text := _line(each))] if isinstance(value, list) else []
    if part == "subjects" and isinstance(value, str):
        return [text for text in _LISTED.split(value.strip()) if text]
    if part in _LISTS:
        return texts or [text for text in (_line(value),) if text]
    return " ".join(texts) or _line(value)


def _line(value: Any) -> str:
    """Return the text of a plain value, or of the name that an object has."""
    if isinstance(value, dict):
        value = value.get("name", "")
    if value is None or isinstance(value, bool | list | dict):
        return ""
    return str(value).strip()


def _recognises(file: RawFile) -> bool:
    """By its ending; or by front matter, where no article looks so."""
    if file.ends_in(*_ENDINGS):
        return True
    return not file.ends_in(".json") and parted(file.decoded.text)[0] != ""


FORMAT = Format(_recognises, on_text(read_markdown))
