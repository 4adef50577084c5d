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
from extraction.formats.release import released, told_by
from extraction.formats.values import from_values
from extraction.formats.wire.ninjs import is_ninjs, read_ninjs

_ADVICE = "See docs/formats.md: one object with at least a headline, normally with a body too."
#: An article needs few; each becomes an object of 20 times its size in the file.
_MOST_BRACKETS = 50_000
_OBJECTS = re.compile(r"\s*(?:\[\s*)?\{")


def read_json(text: str) -> Draft:
    """Read one JSON object.

    Raises ``Unreadable`` if it is no JSON, no object, or not as ``articles.parts`` says. Unknown
    fields are named in a warning and left out.
    """
    whole, twice = _object(text)
    if is_exported(whole):
        whole = parts_of(whole)
    elif is_ninjs(whole):
        return read_ninjs(whole, twice)
    else:
        return released(from_values("json", whole, _ADVICE, twice), told_by(whole))
    return from_values("json", whole, _ADVICE, twice)


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
        times = Counter(name for name, _ in pairs)
        twice[:] = [name for name in times if times[name] > 1]  # the outermost is read last
        return dict(pairs)

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
