"""Articles and what was read out of them, as Elasticsearch documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from extraction.article import Article, Enrichment, Published
from indexing.dates import span


def to_document(article: Article, received_at: str, indexed_at: str) -> dict[str, Any]:
    """Return ``article`` as a document whose enrichment is pending.

    The times are ISO 8601 and are stored as given. Fields that the article lacks are left out.
    """
    fields: dict[str, Any] = {
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
        "source": {**asdict(article.source), "warnings": list(article.source.warnings)},
        "received_at": received_at,
        "indexed_at": indexed_at,
        "enrichment": {"state": "pending", "attempts": 0},
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def enrichment_fields(enrichment: Enrichment, pipeline: str, at: str) -> dict[str, Any]:
    """Return the partial update that makes a document enriched.

    Every array is there, empty ones too: what an older pipeline wrote is replaced as a whole.
    """
    return {
        "people": list(enrichment.people),
        "organisations": list(enrichment.organisations),
        "places": list(enrichment.places),
        "misc": list(enrichment.misc),
        "mentions": [asdict(mention) for mention in enrichment.mentions],
        "enrichment": {"state": "enriched", "pipeline": pipeline, "at": at, "error": None},
    }


def _published(published: Published | None) -> dict[str, Any]:
    if published is None:
        return {}
    return {
        "published": published.value,
        "published_precision": published.precision,
        "published_range": span(published.value),
    }
