"""The index's settings and mappings as plain data, made of the table of fields."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from articles.fields import FIELDS, Field, FieldType
from german.gender_forms import JAVA_PATTERNS

MAPPING_VERSION = 3

#: Longest keyword that is indexed, in characters. Lucene takes 32,766 bytes and UTF-8 needs at
#: most 4 a character, so no value can have its document rejected.
KEYWORD_CHARS = 8191

#: Kept free of stemming and stop words, for quoted phrases and for exact forms to rank first.
EXACT = "exact"

#: ``Pilot:innen``, once written in one way, stands for three words in one place.
_LETTERS = r"(\p{L}+)"
_ANALYSIS: dict[str, Any] = {
    "char_filter": {
        f"gender_forms_{number}": {
            "type": "pattern_replace",
            "pattern": pattern,
            "replacement": replacement,
        }
        for number, (pattern, replacement) in enumerate(JAVA_PATTERNS, 1)
    },
    "filter": {
        "both_genders": {
            "type": "pattern_capture",
            "preserve_original": True,
            "patterns": [
                rf"^{_LETTERS}:(?:innen|in$|r$|n$)",
                r"^(\p{L}+:in)nen$",
                r"^\p{L}+:innen(\p{L}{3,})$",
            ],
        },
        "without_colon": {
            "type": "pattern_replace",
            "pattern": rf"^{_LETTERS}:(innen\p{{L}}*|in|r|n)$",
            "replacement": "$1$2",
        },
        "german_stop": {"type": "stop", "stopwords": "_german_"},
        "german_light": {"type": "stemmer", "language": "light_german"},
    },
    "analyzer": {
        "german_news": {
            "type": "custom",
            "char_filter": ["gender_forms_1", "gender_forms_2"],
            "tokenizer": "standard",
            # Folded behind the German rules: `ü` is `u` and `ue`, and `Karadžić` is `Karadzic`.
            "filter": [
                "lowercase",
                "both_genders",
                "without_colon",
                "german_stop",
                "german_normalization",
                "asciifolding",
                "german_light",
                "remove_duplicates",
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


_TYPES: dict[FieldType, dict[str, Any]] = {
    # What a plain query searches; `.folded` is unstemmed and without umlauts.
    "all_text": {
        "type": "text",
        "analyzer": "german_news",
        "fields": {"folded": _unranked("name")},
    },
    "count": {"type": "integer"},
    "date": {"type": "date", "format": "strict_date_optional_time"},
    "days": {"type": "date_range", "format": "strict_date_optional_time"},
    "findable": _unranked("german_news", copy_to="text"),
    "headline": _text(raw=_keyword()),
    "keyword": _keyword(),
    "minhash": {"type": "keyword", "index": False},
    # `.name` finds `Wladimir Putin` by `putin`; gaps between values keep two names apart.
    "names": _keyword(fields={"name": _unranked("name")}),
    "number": {"type": "long"},
    "offset": {"type": "integer", "index": False, "doc_values": False},
    "point": {"type": "geo_point"},
    "quoted_text": _unranked("german_news"),
    "quotes": {"type": "nested"},
    "records": {"type": "object", "enabled": False},
    "signature": {"type": "keyword", "doc_values": False},
    "text": _text(),
    "vector": {
        "type": "dense_vector",
        "dims": 384,
        "similarity": "cosine",
        "index_options": {"type": "int8_hnsw"},
    },
}


def _properties(fields: Iterable[Field]) -> dict[str, Any]:
    """Return what the mapping says of each field; the parts of an object stand inside it."""
    properties: dict[str, Any] = {}
    for field in fields:
        *above, name = field.name.split(".")
        inside = properties
        for part in above:
            inside = inside.setdefault(part, {}).setdefault("properties", {})
        inside[name] = dict(_TYPES[field.type])
    return properties


_PROPERTIES = _properties(FIELDS)


def settings(shards: int = 1, replicas: int = 0, refresh_interval: str = "500ms") -> dict[str, Any]:
    """Return the index settings.

    The refresh interval is always set: without it Elasticsearch stops refreshing an index that
    nobody has searched for 30 seconds.
    """
    return {
        # Said, for else a template of others whose pattern fits our name would say it.
        "default_pipeline": "_none",
        "final_pipeline": "_none",
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
        # As with the pipelines. What is left out of it (`excludes`) `ready.py` looks for.
        "_source": {"enabled": True},
        "_routing": {"required": False},
        "_meta": {"version": MAPPING_VERSION, "sha256": fingerprint(), **meta},
        "properties": _PROPERTIES,
    }


def fingerprint() -> str:
    """Return a hash over everything that needs a rebuild when it changes."""
    content = json.dumps([_ANALYSIS, _PROPERTIES], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
