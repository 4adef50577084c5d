"""Heads and feet that pages repeat, and their numbers: they are no text of the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from extraction.documents.layout import Line, line_of, on_line, on_lines
from extraction.documents.words import Word

#: So many lines from the top and from the foot may be one.
_EDGE = 3
#: On so many pages, and on such a part of them (left and right ones may differ).
_LEAST, _SHARE = 2, 0.3
_LONGEST = 120
_NUMBER = r"\d{1,4}(?:\s*(?:von|of|/|\|)\s*\d{1,4})?"
_PAGE = re.compile(
    rf"(?i)[-–—·|\s]*(?:(?:seite|blatt|page|s\.)\s*)?{_NUMBER}[-–—·|\s]*|[^\n]*\b(?:seite|page)\s+"
    rf"{_NUMBER}\b[^\n]{{0,40}}|[^\n]{{0,60}}\s[|–—]\s*{_NUMBER}|{_NUMBER}\s+[|–—]\s[^\n]{{0,60}}"
)


def without_running(pages: Sequence[list[Word]]) -> list[list[Word]]:
    """Return the pages' words without heads, feet and numbers of pages."""
    edges = [_edges(words) for words in pages]
    times = Counter(key for edge in edges for key in {_key(line.text) for line in edge})
    least = max(_LEAST, _SHARE * len(pages))
    return [
        _without(words, [line for line in edge if _is_running(line.text, times, least)])
        for words, edge in zip(pages, edges, strict=True)
    ]


def _edges(words: list[Word]) -> list[Line]:
    """Return the first and last lines of a page; of a short one no more than its outermost."""
    lines = on_lines(words)
    most = min(_EDGE, max(1, len(lines) // 6)) if len(lines) > 1 else 0
    return [line_of(line) for line in (*lines[:most], *lines[len(lines) - most :])]


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()).casefold())


def _is_running(text: str, times: Mapping[str, int], least: float) -> bool:
    if len(text) > _LONGEST:
        return False
    return times[_key(text)] >= least or _PAGE.fullmatch(text.strip()) is not None


def _without(words: list[Word], running: Sequence[Line]) -> list[Word]:
    bases = {line.base for line in running}
    if not bases:
        return words
    kept = [word for word in words if not any(on_line(word, base) for base in bases)]
    return kept or words
