"""English and French articles of our own, to be found among German ones, and queries for them.

All were written for this, the queries in other forms than the articles have and before any answer
was seen.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.relevance.judged import Judged
from extraction.formats.parse import parse
from indexing.writing.document import to_document

_SET = Path(__file__).with_name("languages.json")
_NOW = "2026-01-01T00:00:00+00:00"
_PARTS = ("headline", "lead", "body")


def foreign_documents() -> dict[str, dict[str, Any]]:
    """Return the English and French articles by id, as intake would write them."""
    texts = {each["id"]: {part: each[part] for part in _PARTS} for each in _read("articles")}
    files = {id_: json.dumps(text).encode() for id_, text in texts.items()}
    return {id_: to_document(parse(file, f"{id_}.json"), _NOW, _NOW) for id_, file in files.items()}


def foreign_queries() -> list[Judged]:
    """Return the queries, class by class; they have targets and no grades."""
    return [
        Judged(query["query"], query["class"], frozenset(query["targets"]), {})
        for query in _read("queries")
    ]


def _read(what: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(_SET.read_text(encoding="utf-8"))[what]
    return read
