"""The index's settings and mappings as plain data, made of the table of fields."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from articles.fields import FIELDS, Field, FieldType
from german.gender_forms import JAVA_PATTERNS
from german.typed import BECOMES, CHARACTERS, GROUPS, JAVA_PARTS, pattern
from indexing.index import foreign

MAPPING_VERSION = 3

#: Longest keyword that is indexed, in characters. Lucene takes 32,766 bytes and UTF-8 needs at
#: most 4 a character, so no value can have its document rejected.
KEYWORD_CHARS = 8191

#: Kept free of stemming and stop words, for quoted phrases and for exact forms to rank first.
EXACT = "exact"

#: Beside a keyword that people type: the whole of it in any case, `Köln` and `koln` as one.
FOLDED = "folded"

#: What the pattern of typed forms leaves for the next filter to read: this and the sign.
_MARK = "\ue000"


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


def _mapped(table: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": "mapping",
        "mappings": [f"{_escaped(a)} => {_escaped(b)}" for a, b in table.items()],
    }


#: ``Pilot:innen``, once written in one way, stands for three words in one place.
_LETTERS = r"(\p{L}+)"
_GENDER_FORMS = {
    f"gender_forms_{number}": {
        "type": "pattern_replace",
        "pattern": pattern,
        "replacement": replacement,
    }
    for number, (pattern, replacement) in enumerate(JAVA_PATTERNS, 1)
}


def _typed(apostrophe: bool) -> dict[str, Any]:
    return {
        "type": "pattern_replace",
        "pattern": f"(?U){pattern(apostrophe)}",
        "replacement": _MARK + "".join(f"${number}" for number in range(1, GROUPS + 1)),
    }


#: ``3:2``, ``10.000``, ``50 %`` as one token each: in every text, and in every query for one.
#: Three passes, for a pass over the text is dear and the table of signs is not.
_TYPED = ("characters", "typed", "signs")
#: The same without the apostrophe, which English and French analysis has rules of its own for.
_TYPED_ABROAD = ("characters", "typed_abroad", "signs")
_TYPED_FILTERS = {
    "characters": _mapped(CHARACTERS),
    "typed": _typed(apostrophe=True),
    "typed_abroad": _typed(apostrophe=False),
    "signs": _mapped({_MARK + sign: becomes for sign, becomes in BECOMES.items()}),
}
#: Behind the name of an analyzer of texts: the one for queries. A text has the parts of its tokens
#: too (``moody`` beside ``moody_s``), a query for the whole asks for no part.
QUERY = "_query"


def _analyzers(
    name: str,
    filters: Sequence[str],
    char_filters: Sequence[str] = (),
    typed: Sequence[str] = _TYPED,
) -> dict[str, Any]:
    """Return the analyzer ``name`` of texts and that of queries; ``filters`` come last."""
    custom = {
        "type": "custom",
        "char_filter": [*char_filters, *typed],
        "tokenizer": "standard",
    }
    return {
        name: {**custom, "filter": ["lowercase", "parts_of_tokens", *filters]},
        f"{name}{QUERY}": {**custom, "filter": ["lowercase", *filters]},
    }


_ANALYSIS: dict[str, Any] = {
    "char_filter": {**_GENDER_FORMS, **_TYPED_FILTERS},
    "normalizer": {
        FOLDED: {
            "type": "custom",
            "filter": ["lowercase", "german_normalization", "asciifolding"],
        },
    },
    "filter": {
        **foreign.FILTERS,
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
        "parts_of_tokens": {
            "type": "pattern_capture",
            "preserve_original": True,
            "patterns": [JAVA_PARTS],
        },
        "german_stop": {"type": "stop", "stopwords": "_german_"},
        "german_light": {"type": "stemmer", "language": "light_german"},
    },
    "analyzer": {
        **_analyzers(
            "german_news",
            # Folded behind the German rules: `ü` is `u` and `ue`, and `Karadžić` is `Karadzic`.
            [
                "both_genders",
                "without_colon",
                "german_stop",
                "german_normalization",
                "asciifolding",
                "german_light",
                "remove_duplicates",
            ],
            ["gender_forms_1", "gender_forms_2"],
        ),
        **_analyzers(EXACT, []),
        **_analyzers("name", ["german_normalization", "asciifolding"]),
        **{
            key: analyzer
            for name, filters in foreign.ANALYZERS.items()
            for key, analyzer in _analyzers(name, filters, typed=_TYPED_ABROAD).items()
        },
    },
}


def _keyword(**more: Any) -> dict[str, Any]:
    return {"type": "keyword", "ignore_above": KEYWORD_CHARS, **more}


def _term(**subfields: Any) -> dict[str, Any]:
    """A keyword as it is written, to be counted, and once more to be found in any case."""
    folded = _keyword(normalizer=FOLDED, doc_values=False)
    return _keyword(fields={FOLDED: folded, **subfields})


def _text(**subfields: Any) -> dict[str, Any]:
    more = {EXACT: _analysed(EXACT), **subfields}
    return {**_analysed("german_news"), "copy_to": "text", "fields": more}


def _analysed(analyzer: str) -> dict[str, Any]:
    return {"type": "text", "analyzer": analyzer, "search_analyzer": f"{analyzer}{QUERY}"}


def _unranked(analyzer: str, **more: Any) -> dict[str, Any]:
    """Text that is filtered by and ranks nothing, so that it needs no lengths (norms).

    They are dear: quotes are documents of their own inside the index, so that only some of its
    documents have any text, and merging looks up the lengths of each word's documents one by one.
    """
    return {**_analysed(analyzer), "norms": False, **more}


def _foreign(language: str) -> dict[str, Any]:
    exact = _unranked(f"{language}_exact")
    return _unranked(f"{language}_news", fields={EXACT: exact})


_TYPES: dict[FieldType, dict[str, Any]] = {
    # What a plain query searches; `.folded` is unstemmed and without umlauts.
    "all_text": {**_analysed("german_news"), "fields": {"folded": _unranked("name")}},
    "count": {"type": "integer"},
    "date": {"type": "date", "format": "strict_date_optional_time"},
    "days": {"type": "date_range", "format": "strict_date_optional_time"},
    # Texts that were corrected: only `search --all-versions` asks for them.
    "earlier_texts": _unranked("german_news", fields={EXACT: _unranked(EXACT)}),
    "english": _foreign("english"),
    "findable": _unranked("german_news", copy_to="text"),
    "flag": {"type": "boolean"},
    "folded": _unranked("folded"),
    "french": _foreign("french"),
    "headline": _text(raw=_keyword()),
    "keyword": _keyword(),
    "minhash": {"type": "keyword", "index": False},
    # `.name` finds `Wladimir Putin` by `putin`; gaps between values keep two names apart.
    "names": _term(name=_unranked("name")),
    "number": {"type": "long"},
    "offset": {"type": "integer", "index": False, "doc_values": False},
    "point": {"type": "geo_point"},
    "quoted_text": _unranked("german_news"),
    "quotes": {"type": "nested"},
    "records": {"type": "object", "enabled": False},
    "signature": {"type": "keyword", "doc_values": False},
    "term": _term(),
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
        # What Kibana asks for words without a field: those that the command line searches.
        "query": {"default_field": ["text"]},
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
