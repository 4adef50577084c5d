"""Articles and what was read out of them, as Elasticsearch documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any

from articles.article import Article, DateMention, Enrichment, Published, Quote, Source
from articles.fields import FIELDS
from indexing.index.dates import span
from indexing.index.foreign import ROOT, foreign_texts

#: Of mentions, quotes, dates and names each the first so many are kept with a document. A text with
#: more is no article, and Elasticsearch would refuse the write again and again for want of memory.
MOST = 20_000
#: Of `2024-06-19T12:00:00+02:00` the day, and the time without its offset.
_DAY, _LOCAL = 10, 19


def to_document(article: Article, received_at: str, indexed_at: str) -> dict[str, Any]:
    """Return ``article`` as a document whose enrichment is pending.

    The times are ISO 8601 and are stored as given. Fields that the article lacks are left out.
    """
    document: dict[str, Any] = {
        **_fields_of("article", article),
        "source": _source(article.source),
        "received_at": received_at,
        "shown_at": _shown_at(article.published, received_at),
        "indexed_at": indexed_at,
        "enrichment": {"state": "pending", "attempts": 0},
    }
    document[ROOT] = foreign_texts(document)
    return {name: value for name, value in document.items() if value not in (None, "", [], {})}


def enrichment_fields(
    enrichment: Enrichment, pipeline: str, at: str, request: int = 0
) -> dict[str, Any]:
    """Return the partial update that makes a document enriched.

    Every array is there, empty ones too: what an older pipeline wrote is replaced as a whole.
    ``request`` is the number of that for which it was read again, if it was.
    """
    document = _fields_of("enrichment", enrichment)
    if not enrichment.meaning:  # a vector has all its dimensions, or is not there
        del document["meaning"]
    state = {"state": "enriched", "pipeline": pipeline, "at": at, "error": None}
    again = {"request": request} if request else {}
    return {**document, "enrichment": {**state, **again}}


def published_fields(published: Published | None) -> dict[str, Any]:
    """Return what a document has of a date of publication; None where it has nothing."""
    made = {field.name: _MADE[field.name] for field in FIELDS if field.part == "published"}
    return {name: make(published) for name, make in made.items()}


def _fields_of(of: str, origin: Article | Enrichment) -> dict[str, Any]:
    """Return the fields that the table makes of attributes of ``origin``."""
    return {
        field.name: _MADE.get(field.name, _plain)(getattr(origin, field.attribute or field.name))
        for field in FIELDS
        if field.of == of
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _source(source: Source) -> dict[str, Any]:
    known = {**_record(source), "warnings": list(source.warnings)}
    return {k: v for k, v in known.items() if v or k not in {"version", "site"}}


def _record(thing: Any) -> dict[str, Any]:
    return _records([thing])[0]


def _records(things: Sequence[Any]) -> list[dict[str, Any]]:
    """Return flat dataclasses of one kind as dicts; ``asdict`` would copy each value deeply."""
    names = [field.name for field in fields(things[0])] if things else []
    return [{name: getattr(thing, name) for name in names} for thing in things]


def _first_records(things: Sequence[Any]) -> list[dict[str, Any]]:
    return _records(things[:MOST])


def _first(names: Sequence[str]) -> list[str]:
    return list(names[:MOST])


def _said_or_nothing(flag: bool) -> bool | None:
    return flag or None


def _points(places: Iterable[tuple[float, float]]) -> list[dict[str, float]]:
    return [{"lat": latitude, "lon": longitude} for latitude, longitude in places]


def _quoted(quotes: Iterable[Quote]) -> list[str]:
    """Return the people who are quoted, most often quoted first."""
    speakers = Counter(quote.speaker for quote in quotes if quote.speaker_label == "PER")
    return [name for name, _ in speakers.most_common(MOST)]


def _ranges(dates: Sequence[DateMention]) -> list[dict[str, str]]:
    """Return each range of days once, in the order of the text."""
    known = dict.fromkeys((date.first, date.last) for date in dates[:MOST] if date.first)
    return [{"gte": first, "lte": last} for first, last in known]


def _value(published: Published | None) -> str | None:
    return published.value if published else None


def _precision(published: Published | None) -> str | None:
    return published.precision if published else None


def _span(published: Published | None) -> dict[str, str] | None:
    """The range by the local clock: without an offset Elasticsearch compares it as it is."""
    return span(published.value[:_LOCAL]) if published else None


def _shown_at(published: Published | None, received_at: str) -> str:
    return published.value if published and not published.doubted else received_at


def _day(published: Published | None) -> str | None:
    return published.value[:_DAY] if published and not published.doubted else None


def _or_none(text: str) -> str | None:
    return text or None


#: How a field is made whose attribute is neither a text nor a list of them.
_MADE: dict[str, Callable[[Any], Any]] = {
    "published": _value,
    "published_precision": _precision,
    "published_range": _span,
    "published_day": _day,
    "partial": _said_or_nothing,
    "subjects": _first,
    "genre": _first,
    "people": _first,
    "organisations": _first,
    "places": _first,
    "misc": _first,
    "locations": _points,
    "located": _records,
    "quotes": _first_records,
    "quoted_people": _quoted,
    "dates": _first_records,
    "mentioned_dates": _ranges,
    "mentions": _first_records,
    "unread": _or_none,
}
