"""The places of a dateline as mentions: where a report was written is one of its places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.article import Mention
from extraction.formats.dateline import read_dateline
from extraction.text import Text


def dateline_mentions(text: Text) -> list[Mention]:
    """Return the places of the article's dateline, each where it stands at the head of the body.

    Those that an article only tells of, as JSON may, have no letters: their ``start`` and ``end``
    are 0.
    """
    dateline = read_dateline(text.body)
    head = text.body[: dateline.end] if dateline else ""
    return [_mention(place, head) for place in text.dateline_places if place]


def _mention(place: str, head: str) -> Mention:
    match = next((m for form in _forms(place) if (m := _search(form, head))), None)
    start, end = match.span() if match else (0, 0)
    return Mention("LOC", place, head[start:end], "body", start, end)


def _forms(place: str) -> Iterator[str]:
    """Yield ``Frankfurt am Main`` and ``Frankfurt``, which ``FRANKFURT/MAIN`` has."""
    yield place
    yield place.split(" ", maxsplit=1)[0]


def _search(place: str, head: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w){re.escape(place)}(?!\w)", head, re.IGNORECASE)
