"""The index's settings and mappings as plain data: version 2."""

from __future__ import annotations

import hashlib
import json
from typing import Any

MAPPING_VERSION = 2

#: Longest keyword that is indexed, in characters. Lucene takes 32,766 bytes and UTF-8 needs at
#: most 4 a character, so no value can have its document rejected.
KEYWORD_CHARS = 8191

#: Kept free of stemming and stop words, for quoted phrases and for exact forms to rank first.
EXACT = "exact"

_ANALYSIS: dict[str, Any] = {
    "filter": {
        "german_stop": {"type": "stop", "stopwords": "_german_"},
        "german_light": {"type": "stemmer", "language": "light_german"},
    },
    "analyzer": {
        "german_news": {
            "type": "custom",
            "tokenizer": "standard",
            # Folded behind the German rules: `ü` is `u` and `ue`, and `Karadžić` is `Karadzic`.
            "filter": [
                "lowercase",
                "german_stop",
                "german_normalization",
                "asciifolding",
                "german_light",
            ],
        },
        "exact": {"type": "custom", "tokenizer": "standard", "filter": ["lowercase"]},
        "name": {
            "type": "custom",
            "tokenizer": "standard",
            "filter": ["lowercase", "german_normalization", "asciifolding"],
        },
    },
}


def _keyword(**more: Any) -> dict[str, Any]:
    return {"type": "keyword", "ignore_above": KEYWORD_CHARS, **more}


def _text(**subfields: Any) -> dict[str, Any]:
    exact = {"type": "text", "analyzer": EXACT}
    return {
        "type": "text",
        "analyzer": "german_news",
        "copy_to": "text",
        "fields": {EXACT: exact, **subfields},
    }


def _unranked(analyzer: str, **more: Any) -> dict[str, Any]:
    """Text that is filtered by and ranks nothing, so that it needs no lengths (norms).

    They are dear: quotes are documents of their own inside the index, so that only some of its
    documents have any text, and merging looks up the lengths of each word's documents one by one.
    """
    return {"type": "text", "analyzer": analyzer, "norms": False, **more}


def _names() -> dict[str, Any]:
    # `.name` finds `Wladimir Putin` by `putin`; gaps between values keep two names apart.
    return _keyword(fields={"name": _unranked("name")})


def _object(**properties: Any) -> dict[str, Any]:
    return {"properties": properties}


_DATE = {"type": "date", "format": "strict_date_optional_time"}
_DATE_RANGE = {"type": "date_range", "format": "strict_date_optional_time"}
_SWITCHED_OFF = {"type": "object", "enabled": False}
_STORED = {"type": "integer", "index": False, "doc_values": False}

_PROPERTIES: dict[str, Any] = {
    "headline": _text(raw=_keyword()),
    "kicker": _text(),
    "lead": _text(),
    "body": _text(),
    # Words that the text does not spell: parts of its compounds, its nouns' singulars.
    "parts": _unranked("german_news", copy_to="text"),
    # What a plain query searches: all of the above. `.folded` is unstemmed and without umlauts.
    "text": {
        "type": "text",
        "analyzer": "german_news",
        "fields": {"folded": _unranked("name")},
    },
    "published": _DATE,
    "published_precision": _keyword(),
    "published_range": _DATE_RANGE,
    "dateline_place": _keyword(),
    "agency": _keyword(),
    "byline": _keyword(),
    "language": _keyword(),
    "url": _keyword(),
    "people": _names(),
    "organisations": _names(),
    "places": _names(),
    "misc": _names(),
    "countries": _keyword(),
    "locations": {"type": "geo_point"},
    "quotes": {
        "type": "nested",
        "properties": {
            "text": _unranked("german_news"),
            "kind": _keyword(),
            "speaker": _names(),
            "speaker_label": _keyword(),
            "cue": _keyword(),
            "field": _keyword(),
            "start": _STORED,
            "end": _STORED,
        },
    },
    "quoted_people": _names(),
    "mentioned_dates": _DATE_RANGE,
    "keyphrases": _keyword(),
    "story": _keyword(),
    # Near-identical articles share a key of ``signature``; ``minhash`` tells how alike they are.
    "signature": {"type": "keyword", "doc_values": False},
    "minhash": {"type": "keyword", "index": False},
    # Of headline, lead and the body's beginning; only where DEPESCHE_MEANING is on.
    "meaning": {
        "type": "dense_vector",
        "dims": 384,
        "similarity": "cosine",
        "index_options": {"type": "int8_hnsw"},
    },
    "mentions": _SWITCHED_OFF,
    "dates": _SWITCHED_OFF,
    "located": _SWITCHED_OFF,
    "source": _object(
        path=_keyword(),
        name=_keyword(),
        sha256=_keyword(),
        bytes={"type": "long"},
        format=_keyword(),
        encoding=_keyword(),
        warnings=_keyword(),
    ),
    "received_at": _DATE,
    "indexed_at": _DATE,
    "enrichment": _object(
        state=_keyword(),
        pipeline=_keyword(),
        at=_DATE,
        attempts={"type": "integer"},
        error=_keyword(),
    ),
}


def settings(shards: int = 1, replicas: int = 0, refresh_interval: str = "500ms") -> dict[str, Any]:
    """Return the index settings.

    The refresh interval is always set: without it Elasticsearch stops refreshing an index that
    nobody has searched for 30 seconds.
    """
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": refresh_interval,
        "mapping.nested_objects.limit": 100_000,
        "analysis": _ANALYSIS,
    }


def mappings(**meta: Any) -> dict[str, Any]:
    """Return the mappings; ``meta`` is kept in the index beside their version and hash."""
    return {
        "dynamic": "strict",
        "_meta": {"version": MAPPING_VERSION, "sha256": fingerprint(), **meta},
        "properties": _PROPERTIES,
    }


def fingerprint() -> str:
    """Return a hash over everything that needs a rebuild when it changes."""
    content = json.dumps([_ANALYSIS, _PROPERTIES], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
