"""Which column of a table is which part of an article: by its heading, or as a person says.

``columns.toml`` beside the table, or in a folder above it, up to the inbox::

    headline = "Titel"
    body = "Volltext"
    published = "Erschienen am"
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from articles import parts
from articles.errors import Unreadable
from extraction.formats.exported import MARKS
from extraction.formats.toml import read_toml

FILE = "columns.toml"
#: Beside the parts of an article: what tells an export from other tables, and holds rows back.
_KEPT = frozenset({*MARKS, "embargo", "embargo_until", "embargoed", "pubstatus", "sperrfrist"})
#: Headings as spreadsheets, databases and content systems write them, the likelier first.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "headline": ("headline", "überschrift", "ueberschrift", "schlagzeile", "titel", "title"),
    "body": (
        *("body", "volltext", "fliesstext", "fließtext", "artikeltext", "text", "inhalt"),
        *("fulltext", "full_text", "content", "artikel", "article"),
    ),
    "kicker": ("kicker", "dachzeile", "spitzmarke", "oberzeile"),
    "lead": ("lead", "vorspann", "teaser", "anreisser", "anreißer", "summary", "description"),
    "published": (
        *("published", "published_at", "datum", "erscheinungsdatum", "veröffentlicht"),
        *("veroeffentlicht", "erschienen", "date", "publication_date", "pubdate"),
    ),
    "id": ("id", "artikel_id", "article_id", "artikelnummer", "guid"),
    "url": ("url", "link", "adresse", "web", "canonical_url", "permalink"),
    "byline": ("byline", "autor", "autoren", "autorin", "verfasser", "author", "authors"),
    "agencies": ("agencies", "agency", "agentur", "agenturen"),
    "dateline_places": ("dateline_places", "dateline_place", "ortsmarke"),
    "language": ("language", "sprache", "lang"),
    "subjects": (
        *("subjects", "schlagworte", "schlagwörter", "schlagwoerter", "stichworte", "stichwörter"),
        *("themen", "keywords", "tags", "ressort", "rubrik"),
    ),
    "slugline": ("slugline",),
    "genre": ("genre", "textsorte", "darstellungsform"),
    "modified": ("modified", "geändert", "geaendert", "aktualisiert", "updated", "last_modified"),
    "version": ("version", "source.version"),
}
#: As many as spreadsheets have.
_MOST = 16_384
_AGAIN = "Mend the table and drop it again."
_ADVICE = (
    f'Name the columns in a file {FILE} beside it, for example `headline = "Titel"` and '
    '`body = "Text"` (docs/formats.md), and drop the table again.'
)


def columns_of(headings: Sequence[str], told: bytes | None) -> dict[int, str]:
    """Return the part that each column is, by the column's place; others are left out.

    Raises ``Unreadable`` where none is the headline, or where ``told`` (the bytes of a
    ``columns.toml``) is none or names a column that is not there.
    """
    if len(headings) > _MOST:
        raise Unreadable(f"It has more than {_MOST:,} columns: no table of articles has.", _AGAIN)
    plain = [heading.strip().casefold() for heading in headings]
    chosen = _known(plain) if told is None else _told(plain, headings, told)
    if parts.REQUIRED not in chosen.values():
        named = ", ".join(repr(heading.strip())[:40] for heading in headings[:20])
        raise Unreadable(f"None of its columns is known as the headline: {named}.", _ADVICE)
    return _kept(plain) | chosen


def _kept(plain: Sequence[str]) -> dict[int, str]:
    kept = {place: name for place, name in enumerate(plain) if name in _KEPT}
    if twice := next((name for name, times in Counter(kept.values()).items() if times > 1), ""):
        raise Unreadable(f"Two of its columns are called {twice!r}: which of them counts?", _AGAIN)
    return kept


def _known(plain: Sequence[str]) -> dict[int, str]:
    chosen: dict[int, str] = {}
    for part, names in _HEADINGS.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is not None and place not in chosen:
            chosen[place] = part
    return chosen


def _told(plain: Sequence[str], headings: Sequence[str], told: bytes) -> dict[int, str]:
    chosen: dict[int, str] = {}
    for part, heading in _read(told).items():
        if part not in parts.NAMES:
            known = ", ".join(sorted(parts.NAMES))
            raise Unreadable(f"{FILE} names {part!r}: there are {known}.", f"Mend {FILE}.")
        if isinstance(heading, dict | list):
            raise Unreadable(f"What {FILE} says of {part!r} is no heading.", f"Mend {FILE}.")
        wanted = str(heading).strip().casefold()
        if wanted not in plain:
            there = ", ".join(repr(name.strip())[:40] for name in headings[:20])
            raise Unreadable(
                f"{FILE} names the column {heading!r}, and there are {there}.", f"Mend {FILE}."
            )
        if (other := chosen.get(place := plain.index(wanted))) is not None:
            raise Unreadable(
                f"{FILE} names the column {heading!r} twice, as {other} and as {part}.",
                f"Mend {FILE}.",
            )
        chosen[place] = part
    return chosen


def _read(told: bytes) -> dict[str, object]:
    try:
        return read_toml(told.decode())
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{FILE} cannot be read: {error}.", f"Mend {FILE}.") from error
