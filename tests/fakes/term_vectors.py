"""The terms of single documents, and in how many documents each is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.fakes.analysis import WORD, Json
from tests.fakes.analysis import terms as terms_of
from tests.fakes.fields import values
from tests.fakes.matching import Scope


def term_vectors(scope: Scope, id_: str, fields: Sequence[str]) -> Json:
    """What Elasticsearch says of the fields that the document has."""
    document = next((d for d in scope.documents if d.id == id_), None)
    if document is None:
        return {"_id": id_, "found": False}
    there = {path: scope.schema.terms(document, path) for path in fields}
    vectors = {path: _field(scope, path, placed) for path, placed in there.items() if placed}
    return {"_id": id_, "found": True, "term_vectors": vectors}


def of_no_document(asked: Json) -> Json:
    """What it says of a text that is in the request, of one field."""
    (path,) = asked["fields"]
    (text,) = values(asked["doc"], path)
    terms: dict[str, Any] = {}
    for place, word in enumerate(re.finditer(WORD, text)):
        start, end = (len(text[:at].encode("utf-16-le")) // 2 for at in word.span())
        for term in terms_of(word[0], asked["per_field_analyzer"][path]):
            token = {"position": place, "start_offset": start, "end_offset": end}
            terms.setdefault(term, {"tokens": []})["tokens"].append(token)
    return {"found": True, "term_vectors": {path: {"terms": terms}} if terms else {}}


def _field(scope: Scope, path: str, placed: Sequence[tuple[int, str]]) -> Json:
    holding = [{term for _, term in scope.schema.terms(d, path)} for d in scope.documents]
    terms: dict[str, Any] = {}
    for place, term in placed:
        known = terms.setdefault(term, {"doc_freq": sum(term in h for h in holding), "tokens": []})
        known["tokens"].append({"position": place})
    return {"field_statistics": {"doc_count": sum(map(bool, holding))}, "terms": terms}
