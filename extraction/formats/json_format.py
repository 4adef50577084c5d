"""JSON, one object an article: Depesche's own, what it exports, ninjs; see ``docs/formats.md``."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from articles import parts
from articles.errors import Unreadable
from extraction.formats.draft import Draft
from extraction.formats.exported import is_exported, parts_of
from extraction.formats.format import Format, RawFile, on_text
from extraction.formats.release import Told, released, told_by
from extraction.formats.values import from_values
from extraction.formats.wire.ninjs import is_ninjs, read_ninjs

_ADVICE = "See docs/formats.md: one object with at least a headline, normally with a body too."
#: An article needs few; each becomes an object of 20 times its size in the file.
_MOST_BRACKETS = 50_000
#: Parts that say something of an article, and are nothing of it.
_DESCRIBING = ("subjects", "slugline", "genre", "modified", "version")
_NAMED_BY, _MOST_NAMES = ("name", "label", "title", "code", "id"), 10_000
_OBJECTS = re.compile(r"\s*(?:\[\s*)?\{")


def read_json(text: str) -> Draft:
    """Read one JSON object.

    Raises ``Unreadable`` if it is no JSON, no object, or not as ``articles.parts`` says. Unknown
    fields are named in a warning and left out.
    """
    whole, twice = _object(text)
    if is_ninjs(whole) and not is_exported(whole):
        return read_ninjs(whole, twice)
    whole, left_out = _fitting(whole)
    said = (*twice, *left_out)
    if is_exported(whole):
        told = Told(embargo=parts_of(whole).get("embargo_until") or None)
        return released(from_values("json", parts_of(whole), _ADVICE, said), told)
    return released(from_values("json", whole, _ADVICE, said), told_by(whole))


def _fitting(whole: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What describes an article as its parts are; what is not as they are is left out, and said.

    Other programs' files have names of their own there, and an article is none the worse for it.
    """
    describing = {name: _names_in(whole[name]) for name in _DESCRIBING if name in whole}
    if not describing:
        return whole, ()
    wrong = parts.faults(describing)
    unfit = [name for name in _DESCRIBING if name in wrong]
    said = ", ".join(f"{name!r} {wrong[name]}" for name in unfit)
    values = {**whole, **describing}
    kept = {name: value for name, value in values.items() if name not in unfit}
    return kept, (f"Left out: {said}.",) if said else ()


def _names_in(value: object) -> object:
    """Of objects, and of those in a list, the name; a version such as 1.5 as it is written."""
    if isinstance(value, list):
        return [_name(each) for each in value[:_MOST_NAMES]]
    return _name(value)


def _name(value: object) -> object:
    if isinstance(value, dict):
        return next((value[key] for key in _NAMED_BY if isinstance(value.get(key), str)), value)
    return str(value) if isinstance(value, float) and not value.is_integer() else value


def _recognises(file: RawFile) -> bool:
    """By its ending, and whatever is one object or one list of objects: no text is."""
    if file.ends_in(".json"):
        return True
    text = file.decoded.text
    if not (_OBJECTS.match(text) and text.rstrip().endswith(("}", "]"))) or _too_wide(text):
        return False
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    objects = value if isinstance(value, list) else [value]
    return all(isinstance(each, dict) for each in objects)


def _too_wide(text: str) -> bool:
    """Whether reading it as JSON would cost memory out of all proportion."""
    return text.count("[") + text.count("{") > _MOST_BRACKETS


def _object(text: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The object, and the warning for what it says twice: the last counts (RFC 8259, section 4)."""
    twice: list[str] = []

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        values = dict(pairs)
        twice.clear()  # the outermost is read last
        if len(values) < len(pairs):
            times = Counter(name for name, _ in pairs)
            twice.extend(name for name in times if times[name] > 1)
        return values

    if _too_wide(text):
        raise Unreadable(
            f"This JSON has more than {_MOST_BRACKETS:,} opening brackets: it is no article.",
            _ADVICE,
        )
    try:
        value = json.loads(text, object_pairs_hook=read)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise Unreadable(f"This is not valid JSON: {fault.msg} ({where}).", _ADVICE) from fault
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"This JSON cannot be read: {fault}.", _ADVICE) from fault
    if not isinstance(value, dict):
        raise Unreadable(f"The JSON is {parts.named(value)}, not an object.", _ADVICE)
    named = ", ".join(repr(name)[:60] for name in twice)
    return value, (f"Said twice, of which the last was taken: {named[:300]}.",) if twice else ()


FORMAT = Format(_recognises, on_text(read_json))
