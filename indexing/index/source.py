"""How documents are read: whatever another client wrote, no field holds what it cannot.

Elasticsearch takes a list where one value belongs, a number where a text does, and anything inside
an object that is not searched. Whoever reads documents reads them by this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from math import isfinite
from typing import Any, NamedTuple, get_type_hints

from articles.article import (
    Article,
    ByHand,
    Copy,
    DateMention,
    Enrichment,
    Location,
    Mention,
    Quote,
    Version,
)
from articles.fields import FIELDS, Field

#: What is kept of a value, ``None`` if nothing; and whether that is all of it.
_Kept = tuple[Any, bool]
_Check = Callable[[Any], _Kept]

_RECORDS: dict[str, type[Any]] = {
    "mentions": Mention,
    "quotes": Quote,
    "dates": DateMention,
    "located": Location,
    "history": Version,
    "by_hand": ByHand,
    "copies": Copy,
}
_LISTS = {
    "source.warnings",
    "changed",
    "earlier",
    "known_as",
    "corrected_by_hand",
    "foreign.en",
    "foreign.fr",
    "foreign.other",
} | {
    field.name
    for field in FIELDS
    for kind in (Article, Enrichment)
    for attribute in fields(kind)
    if attribute.name == (field.attribute or field.name) and attribute.default == ()
}
#: What Depesche itself writes as null.
_NULL = "enrichment.error"
#: Beyond these a number is none of an index's, and an object none that anybody wrote in earnest.
_LARGEST, _DEEPEST = 2**63, 20
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Read(NamedTuple):
    """A document's fields as they may be, and the names of those that were not so."""

    source: dict[str, Any]
    wrong: list[str]


def source_of(hit: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``_source`` of a hit or a document; what its fields cannot hold is left out."""
    return read(hit).source


def read(hit: Mapping[str, Any]) -> Read:
    """Return the same with the names of the fields of which something was left out."""
    source, wrong = hit.get("_source"), list[str]()
    whole = _object(source if isinstance(source, Mapping) else {}, "", wrong)
    return Read(whole, wrong)


def _object(values: Mapping[str, Any], above: str, wrong: list[str]) -> dict[str, Any]:
    """Check the fields of a document, or of one of the objects in it."""
    kept: dict[str, Any] = {}
    for name, value in values.items():
        path = above + name
        if not above and f"{name}." in _objects():
            if isinstance(value, Mapping):
                kept[name] = _object(value, f"{name}.", wrong)
            elif value is not None:
                wrong.append(name)
        elif value is not None:
            checked, whole = _checks().get(path, _anything)(value)
            kept |= {} if checked is None else {name: checked}
            wrong += [] if whole else [path]
        elif path == _NULL:
            kept[name] = None
    return kept


def _anything(value: Any) -> _Kept:
    """What this program does not know, a newer one may have written."""
    return (value, True) if _can_be_written(value) else (None, False)


def _text(value: Any) -> _Kept:
    return (value, True) if is_text(value) else (None, False)


def _number(value: Any) -> _Kept:
    return (value, True) if _is_whole(value) else (None, False)


def _count(value: Any) -> _Kept:
    return (value, True) if _is_whole(value) and value >= 0 else (None, False)


def _texts(value: Any) -> _Kept:
    """An array of one may stand in the index without brackets."""
    return _those(value, is_text)


def _points(value: Any) -> _Kept:
    return _those(
        value,
        lambda point: (
            isinstance(point, Mapping) and all(map(_is_number, map(point.get, ("lat", "lon"))))
        ),
    )


def _records_of(kind: type[Any]) -> _Check:
    """Objects whose values are as those of ``kind``; older ones may lack some."""
    hints = get_type_hints(kind)
    checks = {name: _check_of(hints[name]) for name in hints}
    known = {field.name for field in fields(kind)}

    def is_sound(item: Any) -> bool:
        return (
            isinstance(item, Mapping)
            and all(item.get(name) is None or checks[name](item[name]) for name in known)
            and (known.issuperset(item) or _can_be_written(item))
        )

    return lambda value: _those(value, is_sound)


def _those(value: Any, is_sound: Callable[[Any], bool]) -> _Kept:
    items = value if isinstance(value, list) else [value]
    sound = [item for item in items if is_sound(item)]
    return (sound or None if len(sound) < len(items) else sound), len(sound) == len(items)


def is_text(value: Any) -> bool:
    """Half a pair of surrogates is no text: nothing could write it."""
    return isinstance(value, str) and (value.isascii() or not _SURROGATE.search(value))


def _is_whole(value: Any) -> bool:
    """What counts or is a place: of ``1.5`` the index makes 1, and the document keeps it."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST


def _is_number(value: Any) -> bool:
    """What Elasticsearch calls a ``long`` or a ``double``: ``1e999`` is none, and is no JSON."""
    return _is_whole(value) or (isinstance(value, float) and isfinite(value))


def _can_be_written(value: Any, deepest: int = _DEEPEST) -> bool:
    """Whether it is JSON again, without any text that nothing could write."""
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        return deepest > 0 and all(_can_be_written(item, deepest - 1) for item in value)
    return value is None or isinstance(value, bool) or is_text(value) or _is_number(value)


def _check_of(hint: Any) -> Callable[[Any], bool]:
    if hint in (int, int | None):
        return _is_whole
    return _is_number if hint == float | None else is_text


@cache
def _objects() -> frozenset[str]:
    """``source.`` and ``enrichment.``"""
    inside = {f"{field.name.partition('.')[0]}." for field in FIELDS if "." in field.name}
    return frozenset(inside - {f"{name}." for name in _RECORDS})


@cache
def _checks() -> dict[str, _Check]:
    return {field.name: _check(field) for field in FIELDS}


def _check(field: Field) -> _Check:
    if field.name in _RECORDS:
        return _records_of(_RECORDS[field.name])
    if field.type == "point":
        return _points
    if field.type == "count":
        return _count
    if field.type in {"number", "offset"}:
        return _number
    if field.type in {"days", "vector"}:  # nobody reads them out of a document
        return _anything
    return _texts if field.name in _LISTS else _text
