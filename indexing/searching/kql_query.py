"""The query that Kibana makes of KQL, for our mapping.

What Kibana lets pass in silence, a field that there is none of, is said here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import translate
from typing import Any

from articles.errors import UsageError
from indexing.index.mapping import mappings
from indexing.searching.kql import Is, Joined, Nested, Node, Not, Range, Value, parse

Query = dict[str, Any]

#: Signs that mean something in Elasticsearch's own language of queries.
_RESERVED = re.compile(r"""[-+=&|><!(){}\[\]^"~*?:\\/]""")


@dataclass(frozen=True, slots=True)
class Known:
    """A field: its type in Elasticsearch, and the nested object that it is a part of."""

    type: str
    path: str = ""


Fields = Mapping[str, Known]


def fields_of(properties: Mapping[str, Any], above: str = "", path: str = "") -> dict[str, Known]:
    """Return all fields of a mapping's ``properties``, those in objects and beside others too."""
    known: dict[str, Known] = {}
    for name, entry in properties.items():
        full = f"{above}{name}"
        known[full] = Known(entry.get("type", "object"), path)
        inner = full if entry.get("type") == "nested" else path
        for part in ("properties", "fields"):
            known |= fields_of(entry.get(part, {}), f"{full}.", inner)
    return known


def query_of(kql: str, zone: str, more: Mapping[str, str] | None = None) -> Query:
    """Return the query of ``kql``, whose dates are of the time zone ``zone`` (IANA).

    ``more``: fields that are made while one asks, and their types. Raises :class:`UsageError` where
    it cannot be read, names a field that there is none of, or one of quotes outside of ``{}``.
    """
    made = {name: Known(kind) for name, kind in (more or {}).items()}
    known = fields_of(mappings()["properties"]) | made
    node = parse(kql)
    return _Translator(known, zone).query(node) if node else {"match_all": {}}


def fields_in(kql: str) -> list[str]:
    """Return the names of the fields that ``kql`` asks for, as in the mapping."""
    return list(_named(parse(kql)))


def _named(node: Node | None, path: str = "") -> list[str]:
    match node:
        case Is(field=field) if field is not None:
            return [path + field.text]
        case Range(field=field):
            return [path + field.text]
        case Nested(path=own, query=query):
            return [path + own.text, *_named(query, f"{path}{own.text}.")]
        case Not(query=query):
            return _named(query, path)
        case Joined(queries=queries):
            return [name for query in queries for name in _named(query, path)]
    return []


@dataclass(frozen=True, slots=True)
class _Translator:
    fields: Fields
    zone: str
    path: str = ""

    def query(self, node: Node) -> Query:
        match node:
            case Joined(operator, queries):
                made = [self.query(query) for query in queries]
                return {"bool": {"filter": made}} if operator == "and" else _one_of(made)
            case Not(query):
                return {"bool": {"must_not": [self.query(query)]}}
            case Nested(path, query):
                return self._nested(path.text, query)
            case Is(field, value):
                if field is None:
                    return _anywhere(value)
                return _one_of([self._is(name, value) for name in self._names(field)])
            case Range(field, operator, value):
                bounds: dict[str, Any] = {operator: value.constant}
                return _one_of([self._range(name, bounds) for name in self._names(field)])

    def _nested(self, path: str, query: Node) -> Query:
        full = f"{self.path}.{path}" if self.path else path
        if full not in self.fields or self.fields[full].type != "nested":
            raise UsageError(f"KQL: {full!r} has no objects that braces could ask for")
        inside = _Translator(self.fields, self.zone, full).query(query)
        return {"nested": {"path": full, "query": inside, "score_mode": "none"}}

    def _names(self, field: Value) -> list[str]:
        """The fields that a name stands for; several where it has a ``*``."""
        name = f"{self.path}.{field.text}" if self.path else field.text
        pattern = re.compile(translate(name) if field.wild else re.escape(name))
        names = [each for each in self.fields if pattern.fullmatch(each)]
        if not names:
            near = get_close_matches(name, self.fields, 1)
            raise UsageError(
                f"KQL: there is no field {name!r}" + "".join(f"; {n!r}?" for n in near)
            )
        if apart := [each for each in names if self.fields[each].path != self.path]:
            raise UsageError(self._apart(apart[0]))
        return names

    def _apart(self, name: str) -> str:
        path = self.fields[name].path
        if path:
            return f"KQL: {name!r} is asked for in braces: {path}: {{ … }}"
        return f"KQL: {name!r} is no part of {self.path!r}"

    def _range(self, name: str, bounds: Mapping[str, Any]) -> Query:
        in_zone = self.fields[name].type == "date" and not _is_epoch(bounds)
        return {"range": {name: {**bounds, **({"time_zone": self.zone} if in_zone else {})}}}

    def _is(self, name: str, value: Value) -> Query:
        kind = self.fields[name].type
        if value.parts == ("", ""):
            return {"exists": {"field": name}}
        if value.wild and kind == "keyword":
            return {"wildcard": {name: {"value": _escaped(value)}}}
        if value.wild:
            return {"query_string": {"fields": [name], "query": _escaped(value)}}
        if kind == "date":
            return self._range(name, {"gte": value.constant, "lte": value.constant})
        if value.constant is None:
            raise UsageError(f"KQL: what has no {name!r} is found by: not {name}: *")
        if kind == "keyword":
            return {"term": {name: {"value": value.constant}}}
        return {"match_phrase" if value.quoted else "match": {name: value.constant}}


def _one_of(queries: list[Query]) -> Query:
    return {"bool": {"should": queries, "minimum_should_match": 1}}


def _anywhere(value: Value) -> Query:
    """Words without a field: in those that the index names for that."""
    if value.parts == ("", ""):
        return {"match_all": {}}
    if value.wild:
        return {"query_string": {"query": _escaped(value)}}
    kind = "phrase" if value.quoted else "best_fields"
    return {"multi_match": {"type": kind, "query": value.constant, "lenient": True}}


def _escaped(value: Value) -> str:
    return "*".join(_RESERVED.sub(r"\\\g<0>", part) for part in value.parts)


def _is_epoch(bounds: Mapping[str, Any]) -> bool:
    """Whether it is a number of milliseconds, which has no time zone."""
    return all(str(bound).isdecimal() for bound in bounds.values())
