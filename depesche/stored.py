"""A document of the index, back as the article and what was read out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, TypeVar, cast, get_args

from articles.article import (
    Article,
    DateMention,
    Enrichment,
    Location,
    Mention,
    Precision,
    Published,
    Quote,
    Source,
)
from articles.fields import BY_NAME, FIELDS

T = TypeVar("T")

_TEXTS_OF_SOURCE = ("path", "name", "sha256", "format", "encoding")

#: Attributes of the model that have another name in the index.
_NAMES = {"key": "id"} | {
    field.attribute: field.name
    for field in FIELDS
    if field.of and field.attribute not in {"", *BY_NAME}
}
_RECORDS: dict[str, type[Any]] = {
    "mentions": Mention,
    "quotes": Quote,
    "dates": DateMention,
    "located": Location,
}


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article of the archive.

    ``state`` is ``pending``, ``enriched`` or ``failed``, ``pipeline`` what enriched it, ``error``
    why that failed; ``version`` which of the article's texts it is,
    ``corrected_by_hand`` which of its fields a person has set. ``enrichment`` is empty until
    it is enriched; its vector ``meaning`` stays in the index. ``received_at`` and ``indexed_at``
    are ISO 8601.
    """

    id: str
    state: str
    article: Article
    enrichment: Enrichment
    story: str = ""
    pipeline: str = ""
    error: str = ""
    received_at: str = ""
    indexed_at: str = ""
    version: int = 1
    corrected_by_hand: tuple[str, ...] = ()

    @property
    def source(self) -> Source:
        """Where the article came from."""
        return self.article.source


def to_stored(document: Mapping[str, Any]) -> StoredArticle:
    """Return a document, as :func:`indexing.searching.search.get` gives it, with types.

    What an older pipeline wrote with fewer fields than today's is left out: `reenrich` reads it
    again.
    """
    mark = document.get("enrichment") or {}
    return StoredArticle(
        id=document["id"],
        state=mark.get("state") or "",
        article=_article(document),
        enrichment=_enrichment(document),
        story=document.get("story") or "",
        pipeline=mark.get("pipeline") or "",
        error=mark.get("error") or "",
        received_at=document.get("received_at") or "",
        indexed_at=document.get("indexed_at") or "",
        version=document.get("version") or 1,
        corrected_by_hand=tuple(document.get("corrected_by_hand") or ()),
    )


def _article(document: Mapping[str, Any]) -> Article:
    values = _values(Article, document)
    published, precision = document.get("published"), document.get("published_precision")
    known = published and precision in get_args(Precision)
    values["published"] = (
        Published(published, cast("Precision", precision)) if published and known else None
    )
    source = dict.fromkeys(_TEXTS_OF_SOURCE, "") | {"bytes": 0}
    values["source"] = Source(**source | _values(Source, document.get("source") or {}))
    return Article(**{"headline": ""} | values)


def _enrichment(document: Mapping[str, Any]) -> Enrichment:
    values = _values(Enrichment, document)
    for name, kind in _RECORDS.items():
        values[name] = _records(kind, _several(document.get(name)))
    points = _several(document.get("locations"))
    values["locations"] = tuple((point["lat"], point["lon"]) for point in points)
    return Enrichment(**values)


def _several(value: Any) -> Sequence[Mapping[str, Any]]:
    """Return a list of objects; an array of one may stand in the index without brackets."""
    return [value] if isinstance(value, Mapping) else value or ()


def _records(kind: type[T], records: Sequence[Mapping[str, Any]]) -> tuple[T, ...]:
    needed = {field.name for field in fields(kind) if field.default is MISSING}  # type: ignore[arg-type]
    return tuple(
        kind(**_values(kind, record)) for record in records if needed.issubset(record.keys())
    )


def _values(kind: type[Any], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of ``kind`` that the record has; lists become tuples."""
    named = [(field, _NAMES.get(field.name, field.name)) for field in fields(kind)]
    return {
        field.name: _value(field, record[name])
        for field, name in named
        if record.get(name) is not None or (name in record and field.default is MISSING)
    }


def _value(field: Field[Any], value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    # An array of one may stand in the index without brackets.
    return (value,) if isinstance(field.default, tuple) and isinstance(value, str) else value
