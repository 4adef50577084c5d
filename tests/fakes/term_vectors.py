"""The terms of texts, and in how many documents each is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tests.fakes.analysis import WORD, Json
from tests.fakes.analysis import terms as terms_of
from tests.fakes.fields import Document, values
from tests.fakes.matching import Scope


def of_no_document(scope: Scope, asked: Json) -> Json:
    """What Elasticsearch says of the fields of a document that is in the request."""
    if "per_field_analyzer" in asked:
        return _of_text(asked)
    document = Document("", asked["doc"])
    there = {path: scope.schema.terms(document, path) for path in asked["fields"]}
    vectors = {path: _field(scope, path, placed) for path, placed in there.items() if placed}
    return {"found": True, "term_vectors": vectors}


def _of_text(asked: Json) -> Json:
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
