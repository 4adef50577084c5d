"""Rich Text Format (.rtf): its text by striprtf, and what its head says of it."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from articles.errors import Unreadable
from extraction.confined.limits import Limits
from extraction.documents import paper
from extraction.documents.paper import Block, Paper

_ADVICE = "Open it in the program it comes from, save it again and drop it again."
#: The head is at the beginning; a picture may have any number of megabytes behind it.
_HEAD = 100_000
_GROUP = r"\{\\%s\s((?:[^{}]|\{[^{}]*\}){1,2000})\}"
_TITLE, _AUTHOR = re.compile(_GROUP % "title"), re.compile(_GROUP % "author")
_TIME = r"\{\\%s\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})"
_CREATED, _MODIFIED = re.compile(_TIME % "creatim"), re.compile(_TIME % "revtim")
_PAGE = re.compile(r"\\ansicpg(\d{3,5})")


def read_rtf(data: bytes, limits: Limits) -> Paper:  # noqa: ARG001  (as all readers)
    """Raises ``Unreadable`` where it is broken."""
    source = data.decode("latin-1")
    lines = _text(source).split("\n")
    blocks = [Block(paper.TEXT, text) for line in lines if (text := line.strip(" \t|"))]
    return Paper(blocks, _properties(source[:_HEAD]))


def _text(source: str) -> str:
    try:
        return str(rtf_to_text(source, encoding="cp1252", errors="replace"))
    except (LookupError, ValueError, TypeError, AttributeError) as fault:
        said = f"This RTF document is broken: {type(fault).__name__}: {fault}."
        raise Unreadable(said[:300], _ADVICE) from fault


def _properties(head: str) -> dict[str, str]:
    page = _PAGE.search(head)
    start = rf"{{\rtf1\ansi\ansicpg{page[1]} " if page else r"{\rtf1\ansi "
    known: dict[str, str] = {}
    for name, pattern in (("title", _TITLE), ("author", _AUTHOR)):
        if group := pattern.search(head):
            known[name] = " ".join(_text(f"{start}{group[1]}}}").split())
    for name, pattern in (("created", _CREATED), ("modified", _MODIFIED)):
        if time := pattern.search(head):
            known[name] = f"{time[1]}-{int(time[2]):02}-{int(time[3]):02}"
    return known
