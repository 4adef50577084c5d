"""Depesche's own JSON format: one object, one article; see ``docs/formats.md``."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from articles import parts
from articles.errors import Unreadable
from extraction.formats.clean import clean, one_line
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile, on_text
from extraction.formats.markup import without_markup
from extraction.formats.mojibake import unmixed
from extraction.formats.published import PublicationDate, read_published
from extraction.formats.text_format import fit_headline, paragraphs

_ADVICE = "See docs/formats.md: one object with at least a headline, normally with a body too."
#: Those that people have written, which may hold tags, entities and letters encoded twice.
_WRITTEN = frozenset(parts.NAMES - {"published", "language", "url", "id"})
#: An article needs few; each becomes an object of 20 times its size in the file.
_MOST_BRACKETS = 50_000
_MOST_SAID = 20
_OBJECTS = re.compile(r"\s*(?:\[\s*)?\{")
_NO_BODY = "There is no body."


def read_json(text: str) -> Draft:
    """Read one JSON object.

    Raises ``Unreadable`` if it is no JSON, no object, or not as ``articles.parts`` says. Unknown
    fields are named in a warning and left out.
    """
    whole, twice = _object(text)
    values, mended = _mended(whole)
    long_headline = one_line(_text(values, "headline"))
    if not long_headline:
        raise Unreadable("The headline holds nothing that can be read.", _ADVICE)
    headline = fit_headline(long_headline)
    body = paragraphs(_text(values, "body"))
    if headline != long_headline:
        body.insert(0, long_headline)
    written = _short(values, "published")
    date = read_published(written) if written else PublicationDate(None)
    return Draft(
        "json",
        headline,
        kicker=one_line(_text(values, "kicker")),
        lead="\n\n".join(paragraphs(_text(values, "lead"))),
        body="\n\n".join(body),
        published=date.published,
        date_problem=date.problem,
        source_id=_source_id(values),
        url=_short(values, "url"),
        language=_short(values, "language"),
        dateline_places=_list(values, "dateline_places"),
        agencies=_list(values, "agencies"),
        byline=_list(values, "byline"),
        warnings=twice + mended + date.warnings + _unknown(values) + (() if body else (_NO_BODY,)),
    )


def _recognises(file: RawFile) -> bool:
    """By its ending, and whatever is one object or one list of objects: no text is."""
    if file.path.lower().endswith(".json"):
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
    if wrong := parts.faults(value):
        faults = (f"{name!r} {fault}." for name, fault in wrong.items())
        raise Unreadable(" ".join(faults), _ADVICE)
    named = ", ".join(repr(name)[:60] for name in twice)
    return value, (f"Said twice, of which the last was taken: {named[:300]}.",) if twice else ()


def _mended(values: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the values with their running texts and names as a person reads them; warnings."""
    warnings: list[str] = []

    def read(value: object) -> object:
        if isinstance(value, list):
            return [read(item) for item in value]
        if not isinstance(value, str):
            return value
        once, mixed = unmixed(value)
        plain, marked = without_markup(clean(once))
        warnings.extend((*mixed, *marked))
        return plain

    plain = {name: read(value) if name in _WRITTEN else value for name, value in values.items()}
    return plain, _first(list(dict.fromkeys(warnings)))


def _first(warnings: list[str]) -> tuple[str, ...]:
    """Return no more of them than a person reads: a list may have a hundred thousand values."""
    if len(warnings) <= _MOST_SAID:
        return tuple(warnings)
    return (*warnings[:_MOST_SAID], f"And {len(warnings) - _MOST_SAID:,} more such warnings.")


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    return "" if value is None else clean(value)


def _short(values: dict[str, Any], name: str) -> str | None:
    return one_line(_text(values, name)) or None


def _list(values: dict[str, Any], name: str) -> tuple[str, ...] | None:
    value = values.get(name)
    if value is None:
        return None
    items = [value] if isinstance(value, str) else value
    lines = (one_line(clean(item)) for item in items)
    return tuple(dict.fromkeys(line for line in lines if line))


def _source_id(values: dict[str, Any]) -> str | None:
    value = parts.id_of(values.get("id"))
    return None if value is None else one_line(clean(value)) or None


def _unknown(values: dict[str, Any]) -> tuple[str, ...]:
    unknown = ", ".join(repr(name)[:60] for name in values if name not in parts.NAMES)
    return (f"Unknown fields were left out: {unknown[:300]}.",) if unknown else ()


FORMAT = Format(_recognises, on_text(read_json))
