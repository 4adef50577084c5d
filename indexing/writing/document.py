"""Articles and what was read out of them, as Elasticsearch documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from articles.article import Article, DateMention, Enrichment, Published, Quote
from indexing.index.dates import span

#: Of mentions, quotes and dates each the first so many are kept with a document. A text with more
#: is no article, and Elasticsearch would refuse the write again and again for want of memory.
MOST = 20_000


def to_document(article: Article, received_at: str, indexed_at: str) -> dict[str, Any]:
    """Return ``article`` as a document whose enrichment is pending.

    The times are ISO 8601 and are stored as given. Fields that the article lacks are left out.
    """
    document: dict[str, Any] = {
        "headline": article.headline,
        "kicker": article.kicker,
        "lead": article.lead,
        "body": article.body,
        **_published(article.published),
        "dateline_place": list(article.dateline_places),
        "agency": list(article.agencies),
        "byline": list(article.byline),
        "language": article.language,
        "url": article.url,
        "signature": list(article.signature),
        "minhash": article.minhash,
        "parts": list(article.parts),
        "source": {**_record(article.source), "warnings": list(article.source.warnings)},
        "received_at": received_at,
        "indexed_at": indexed_at,
        "enrichment": {"state": "pending", "attempts": 0},
    }
    return {name: value for name, value in document.items() if value not in (None, "", [])}


def enrichment_fields(enrichment: Enrichment, pipeline: str, at: str) -> dict[str, Any]:
    """Return the partial update that makes a document enriched.

    Every array is there, empty ones too: what an older pipeline wrote is replaced as a whole.
    """
    return {
        "people": list(enrichment.people),
        "organisations": list(enrichment.organisations),
        "places": list(enrichment.places),
        "misc": list(enrichment.misc),
        "countries": list(enrichment.countries),
        "locations": [{"lat": lat, "lon": lon} for lat, lon in enrichment.locations],
        "located": _records(enrichment.located),
        "quotes": _records(enrichment.quotes[:MOST]),
        "quoted_people": _quoted(enrichment.quotes),
        "mentioned_dates": _ranges(enrichment.dates[:MOST]),
        "dates": _records(enrichment.dates[:MOST]),
        "keyphrases": list(enrichment.keyphrases),
        "mentions": _records(enrichment.mentions[:MOST]),
        **({"meaning": list(enrichment.meaning)} if enrichment.meaning else {}),
        "enrichment": {"state": "enriched", "pipeline": pipeline, "at": at, "error": None},
    }


def _record(thing: Any) -> dict[str, Any]:
    return _records([thing])[0]


def _records(things: Sequence[Any]) -> list[dict[str, Any]]:
    """Return flat dataclasses of one kind as dicts; ``asdict`` would copy each value deeply."""
    names = [field.name for field in fields(things[0])] if things else []
    return [{name: getattr(one, name) for name in names} for one in things]


def _quoted(quotes: Iterable[Quote]) -> list[str]:
    """Return the people who are quoted, most often quoted first."""
    speakers = Counter(quote.speaker for quote in quotes if quote.speaker_label == "PER")
    return [name for name, _ in speakers.most_common()]


def _ranges(dates: Iterable[DateMention]) -> list[dict[str, str]]:
    """Return each range of days once, in the order of the text."""
    known = dict.fromkeys((date.first, date.last) for date in dates if date.first)
    return [{"gte": first, "lte": last} for first, last in known]


def _published(published: Published | None) -> dict[str, Any]:
    if published is None:
        return {}
    return {
        "published": published.value,
        "published_precision": published.precision,
        "published_range": span(published.value),
    }
