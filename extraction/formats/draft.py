"""What a format reader hands on: the parts of an article before its key is known."""

from __future__ import annotations

from dataclasses import dataclass

from articles.article import Published
from extraction.formats.published import DateProblem


@dataclass(frozen=True, slots=True)
class Draft:
    """Clean texts and what the format itself says; ``None`` means: not said.

    ``published`` is as the source writes it: a time of day with the offset that stands there, if
    one does; ``date_problem`` why nothing could be made of it (``unreadable``, ``ambiguous``).
    ``partial``: the file holds a part of the article alone.
    ``modified``: when it was last changed, where that is another time than ``published``.
    ``embargo``: until when it may not be published. ``format`` is what
    ``Source.format`` calls it, ``encoding`` what the bytes were decoded with.
    """

    format: str
    headline: str
    kicker: str = ""
    lead: str = ""
    body: str = ""
    published: Published | None = None
    date_problem: DateProblem = ""
    source_id: str | None = None
    url: str | None = None
    language: str | None = None
    dateline_places: tuple[str, ...] | None = None
    agencies: tuple[str, ...] | None = None
    byline: tuple[str, ...] | None = None
    subjects: tuple[str, ...] = ()
    slugline: str = ""
    genre: tuple[str, ...] = ()
    version: str = ""
    modified: Published | None = None
    warnings: tuple[str, ...] = ()
    partial: bool = False
    embargo: Published | None = None
    encoding: str = ""
