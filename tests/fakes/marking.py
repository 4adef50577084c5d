"""Highlights: the terms of a query between tags, in whole sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.analysis import WORD, Json, terms
from tests.fakes.fields import Document, Schema

_LEAVES = ("match", "match_phrase", "match_phrase_prefix")


def highlights(schema: Schema, about: Json, document: Document) -> dict[str, list[str]]:
    """Return the marked sentences by field; a field without a mark has none."""
    tags = about["pre_tags"][0], about["post_tags"][0]
    marked_fields = {
        name: list(_field(schema, document, name, how, tags))
        for name, how in about["fields"].items()
    }
    return {name: marked for name, marked in marked_fields.items() if marked}


def _field(
    schema: Schema, document: Document, name: str, how: Json, tags: tuple[str, str]
) -> Iterator[str]:
    wanted = list(_asked(schema, how["highlight_query"]))
    for text in schema.values(document, name):
        whole = not how["number_of_fragments"]
        for sentence in [text] if whole else re.split(r"(?<=[.!?])\s+|\n+", text):
            marked = re.sub(WORD, lambda m: _marked(schema, m[0], wanted, tags), sentence)
            if marked != sentence:
                yield marked
        if not wanted and (length := how.get("no_match_size")):
            yield text[:length]


def _asked(schema: Schema, query: Json) -> Iterator[tuple[str, str, bool]]:
    """Analyzer, term, and whether a beginning is enough."""
    for kind, body in query.items():
        if kind == "bool":
            for clause in body["should"]:
                yield from _asked(schema, clause)
        elif kind in _LEAVES:
            ((path, text),) = body.items()
            analyzer = schema.analyzer(path)
            yield from ((analyzer, term, "prefix" in kind) for term in terms(text, analyzer))


def _marked(
    schema: Schema, word: str, wanted: list[tuple[str, str, bool]], tags: tuple[str, str]
) -> str:
    for analyzer, term, beginning in wanted:
        own: Any = terms(word, analyzer)
        if any(other.startswith(term) if beginning else other == term for other in own):
            return f"{tags[0]}{word}{tags[1]}"
    return word
