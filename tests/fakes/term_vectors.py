"""The terms of single documents, and in how many documents each is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakes.analysis import Json
from tests.fakes.matching import Scope


def term_vectors(scope: Scope, id_: str, fields: Sequence[str]) -> Json:
    """What Elasticsearch says of the fields that the document has."""
    document = next((d for d in scope.documents if d.id == id_), None)
    if document is None:
        return {"_id": id_, "found": False}
    there = {path: scope.schema.terms(document, path) for path in fields}
    vectors = {path: _field(scope, path, placed) for path, placed in there.items() if placed}
    return {"_id": id_, "found": True, "term_vectors": vectors}


def _field(scope: Scope, path: str, placed: Sequence[tuple[int, str]]) -> Json:
    holding = [{term for _, term in scope.schema.terms(d, path)} for d in scope.documents]
    terms: dict[str, Any] = {}
    for place, term in placed:
        known = terms.setdefault(term, {"doc_freq": sum(term in h for h in holding), "tokens": []})
        known["tokens"].append({"position": place})
    return {"field_statistics": {"doc_count": sum(map(bool, holding))}, "terms": terms}
