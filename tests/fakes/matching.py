"""Which documents a query finds, and how well: the part of the query language that is used here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz.distance import OSA

from tests.fakes.analysis import Json, terms
from tests.fakes.fields import Document, Schema
from tests.fakes.intervals import rule, spans, wildcard
from tests.fakes.refused import Refused
from tests.fakes.times import instant

#: None: not found.
Score = float | None
#: That one query may ask for.
MOST_TERMS = 65_536


_DEEPEST = 30


@dataclass(frozen=True)
class Scope:
    """What a query is asked of: the mapping and all documents that can be searched."""

    schema: Schema
    documents: Sequence[Document]
    memory: dict[str, Any] = field(default_factory=dict)

    def score(self, query: Json, document: Document) -> Score:
        """How well the query finds the document."""
        ((kind, body),) = query.items()
        if kind not in _KINDS:
            raise Refused(400, "parsing_exception", f"unknown query [{kind}]")
        depth = self.memory["depth"] = self.memory.get("depth", 0) + 1
        try:
            if depth > _DEEPEST:
                said = f"The nested depth of the query exceeds the maximum, {_DEEPEST}"
                raise Refused(400, "x_content_parse_exception", said)
            return _KINDS[kind](self, body, document)
        finally:
            self.memory["depth"] -= 1

    def hits(self, query: Json, document: Document) -> bool:
        """Whether it does."""
        return self.score(query, document) is not None

    def matching(self, query: Json) -> list[Document]:
        """All documents that it finds."""
        return [document for document in self.documents if self.hits(query, document)]


def enough(wanted: int | str, count: int) -> int:
    """Return how many of ``count`` clauses must fit, from Elasticsearch's way to say so."""
    text = str(wanted)
    if "<" in text:
        limit, _, text = text.partition("<")
        if count <= int(limit):
            return count
    if text.endswith("%"):
        return int(count * int(text[:-1]) / 100)
    number = int(text)
    return count + number if number < 0 else number


def _list(body: Any) -> list[Json]:
    return body if isinstance(body, list) else [body]


def _bool(scope: Scope, body: Json, document: Document) -> Score:
    must, keep = _list(body.get("must", [])), _list(body.get("filter", []))
    should, never = _list(body.get("should", [])), _list(body.get("must_not", []))
    if any(scope.hits(clause, document) for clause in never):
        return None
    if not all(scope.hits(clause, document) for clause in keep):
        return None
    scores = [scope.score(clause, document) for clause in must]
    optional = [score for clause in should if (score := scope.score(clause, document)) is not None]
    least = body.get("minimum_should_match", 0 if must or keep or not should else 1)
    if None in scores or len(optional) < enough(least, len(should)):
        return None
    return sum(score or 0.0 for score in [*scores, *optional])


def _dis_max(scope: Scope, body: Json, document: Document) -> Score:
    scores = [s for clause in body["queries"] if (s := scope.score(clause, document)) is not None]
    rest = body.get("tie_breaker", 0.0)
    return max(scores) + rest * (sum(scores) - max(scores)) if scores else None


def _constant(scope: Scope, body: Json, document: Document) -> Score:
    return float(body.get("boost", 1.0)) if scope.hits(body["filter"], document) else None


def _yes(condition: bool) -> Score:
    return 1.0 if condition else None


def _term(scope: Scope, body: Json, document: Document) -> Score:
    ((path, wanted),) = body.items()
    how = wanted if isinstance(wanted, dict) else {"value": wanted}
    known = [str(value) for value in scope.schema.values(document, path)]
    if how.get("case_insensitive"):
        return _yes(str(how["value"]).lower() in [name.lower() for name in known])
    return _yes(str(how["value"]) in known)


def _terms(scope: Scope, body: Json, document: Document) -> Score:
    ((path, wanted),) = body.items()
    if len(wanted) > MOST_TERMS:
        reason = f"The number of terms [{len(wanted)}] has exceeded the allowed maximum"
        raise Refused(400, "query_shard_exception", reason)
    return _yes(any(value in wanted for value in scope.schema.values(document, path)))


def _ids(scope: Scope, body: Json, document: Document) -> Score:
    return _yes(document.id in body["values"])


def _exists(scope: Scope, body: Json, document: Document) -> Score:
    return _yes(bool(scope.schema.values(document, body["field"])))


def _range(scope: Scope, body: Json, document: Document) -> Score:
    ((path, limits),) = body.items()
    if path == "_seq_no":
        return _yes(limits["gt"] < document.seq_no <= limits.get("lte", float("inf")))
    if set(limits) <= {"gte", "lte"} and all(isinstance(end, int) for end in limits.values()):
        least, most = limits.get("gte", float("-inf")), limits.get("lte", float("inf"))
        return _yes(any(least <= value <= most for value in scope.schema.values(document, path)))
    low, high = _limits(limits)
    for value in scope.schema.values(document, path):
        first, last = _limits(value) if isinstance(value, dict) else (instant(str(value)),) * 2
        whole = limits.get("relation") == "within"
        if (first >= low and last <= high) if whole else (first <= high and last >= low):
            return 1.0
    return None


def _limits(limits: Json) -> tuple[float, float]:
    """First and last millisecond."""
    low, high = float("-inf"), float("inf")
    if "gte" in limits:
        low = instant(limits["gte"])
    if "gt" in limits:
        low = instant(limits["gt"], late=True) + 1
    if "lt" in limits:
        high = instant(limits["lt"]) - 1
    if "lte" in limits:
        high = instant(limits["lte"], late=True)
    return low, high


def _match(scope: Scope, body: Json, document: Document) -> Score:
    ((path, wanted),) = body.items()
    how = wanted if isinstance(wanted, dict) else {"query": wanted}
    asked = list(dict.fromkeys(terms(how["query"], scope.schema.asks(path))))
    if not asked:
        return _yes(how.get("zero_terms_query") == "all")
    known = [term for _, term in scope.schema.terms(document, path)]
    like = _like if how.get("fuzziness") else _same
    counts = [sum(like(term, other) for other in known) for term in asked]
    least = len(asked) if how.get("operator") == "and" else 1
    if "minimum_should_match" in how:
        least = enough(how["minimum_should_match"], len(asked))
    if sum(map(bool, counts)) < max(least, 1):
        return None
    boost: float = how.get("boost", 1.0)
    return boost * sum(count / (count + 1) for count in counts)


def _same(term: str, other: str) -> bool:
    return term == other


def _like(term: str, other: str) -> bool:
    edits = 0 if len(term) < 3 else 1 if len(term) < 6 else 2
    return OSA.distance(term, other, score_cutoff=edits) <= edits


def _match_phrase(scope: Scope, body: Json, document: Document, *, prefix: bool = False) -> Score:
    ((path, wanted),) = body.items()
    how = wanted if isinstance(wanted, dict) else {"query": wanted}
    asked = terms(how["query"], scope.schema.asks(path))
    known = scope.schema.terms(document, path)
    places = spans(
        known, asked, ordered=not how.get("slop"), gaps=how.get("slop", 0), prefix=prefix
    )
    return float(how.get("boost", 1.0)) if places else None


def _phrase_prefix(scope: Scope, body: Json, document: Document) -> Score:
    return _match_phrase(scope, body, document, prefix=True)


def _wildcard(scope: Scope, body: Json, document: Document) -> Score:
    ((path, wanted),) = body.items()
    pattern = wildcard(wanted["value"])
    return _yes(any(pattern.fullmatch(term) for _, term in scope.schema.terms(document, path)))


def _regexp(scope: Scope, body: Json, document: Document) -> Score:
    ((path, wanted),) = body.items()
    pattern = wanted["value"] if isinstance(wanted, dict) else wanted
    known = scope.schema.terms(document, path)
    return _yes(any(re.fullmatch(pattern, term) for _, term in known))


#: What a query over several fields says of each of them.
_OF_EACH = ("query", "operator", "slop", "minimum_should_match")


def _multi_match(scope: Scope, body: Json, document: Document) -> Score:
    fields = [
        (name, float(boost or 1)) for name, _, boost in (f.partition("^") for f in body["fields"])
    ]
    kind = body.get("type", "best_fields")
    how = {key: body[key] for key in _OF_EACH if key in body}
    if kind == "cross_fields":
        ways = [[{"match": {name: word}} for name, _ in fields] for word in how["query"].split()]
        return _yes(all(any(scope.hits(w, document) for w in way) for way in ways))
    name = "match_phrase" if kind == "phrase" else "match"
    each = [(boost, scope.score({name: {path: how}}, document)) for path, boost in fields]
    scores = [boost * score * body.get("boost", 1.0) for boost, score in each if score is not None]
    rest = body.get("tie_breaker", 0.0)
    return max(scores) + rest * (sum(scores) - max(scores)) if scores else None


def _nested(scope: Scope, body: Json, document: Document) -> Score:
    return _yes(bool(inner(scope, body, document)))


def inner(scope: Scope, body: Json, document: Document) -> list[Document]:
    """Return the nested documents that are found, each under its own number."""
    path = body["path"]
    single = [
        Document(str(n), {path: part}) for n, part in enumerate(document.source.get(path) or ())
    ]
    return replace(scope, documents=single).matching(body["query"])


def _intervals(scope: Scope, body: Json, document: Document) -> Score:
    ((path, wanted),) = body.items()
    return _yes(bool(rule(scope.schema, document, path, wanted)))


def _more_like_this(scope: Scope, body: Json, document: Document) -> Score:
    (like,) = (other["_id"] for other in body["like"])
    key = f"like {like}"
    if key not in scope.memory:
        scope.memory[key] = _telling(scope, body, like)
    asked: list[tuple[str, str]] = scope.memory[key]
    both = [pair for pair in asked if pair in _all_terms(scope.schema, document, body["fields"])]
    least = max(1, enough(body["minimum_should_match"], len(asked)))
    return float(len(both)) if len(both) >= least else None


def _telling(scope: Scope, body: Json, like: str) -> list[tuple[str, str]]:
    """The rarest terms of a document that others have, too."""
    every = [_all_terms(scope.schema, document, body["fields"]) for document in scope.documents]
    own = next(t for t, document in zip(every, scope.documents, strict=True) if document.id == like)
    counts = {pair: sum(pair in document for document in every) for pair in own}
    known = [pair for pair, count in counts.items() if count >= body["min_doc_freq"]]
    return sorted(known, key=lambda pair: (counts[pair], pair))[: body["max_query_terms"]]


def _all_terms(schema: Schema, document: Document, fields: Iterable[str]) -> set[tuple[str, str]]:
    return {(name, term) for name in fields for _, term in schema.terms(document, name)}


_KINDS: dict[str, Callable[[Scope, Any, Document], Score]] = {
    "bool": _bool,
    "dis_max": _dis_max,
    "constant_score": _constant,
    "match_all": lambda scope, body, document: 1.0,
    "match_none": lambda scope, body, document: None,
    "term": _term,
    "terms": _terms,
    "ids": _ids,
    "exists": _exists,
    "range": _range,
    "match": _match,
    "match_phrase": _match_phrase,
    "match_phrase_prefix": _phrase_prefix,
    "wildcard": _wildcard,
    "regexp": _regexp,
    "multi_match": _multi_match,
    "nested": _nested,
    "intervals": _intervals,
    "more_like_this": _more_like_this,
}


def lucene(pattern: str) -> re.Pattern[str]:
    """Return a regular expression of Lucene's, which always means the whole term."""
    return re.compile(rf"(?:{pattern})\Z")
