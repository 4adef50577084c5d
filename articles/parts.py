"""The parts of an article as a JSON file or a message gives them: one schema for both.

It is made of the table of fields. What is beyond a schema (whether a date can be read, an address
is one, a language exists) is judged when the article is read, and costs a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from articles.fields import FIELDS, Given

#: Longest value of a part that is no text, in characters.
LONGEST_VALUE = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """One of them: ``about`` tells in a line what is meant."""

    name: str
    given: Given
    about: str


#: The source's own id is no field: it becomes the key of the document.
_ID = Part("id", "id", "the source's own id, unique over all sources; it becomes the key")
PARTS: tuple[Part, ...] = (
    *(Part(field.part, field.given, field.about) for field in FIELDS if field.given),
    _ID,
)
NAMES: frozenset[str] = frozenset(part.name for part in PARTS)
REQUIRED = "headline"

_EXPECTED: dict[Given, str] = {
    "text": "a string",
    "line": "a string",
    "lines": "a list of strings or one string",
    "id": "a string or a whole number",
}


def faults(values: Mapping[str, object]) -> dict[str, str]:
    """Return what is wrong with each part: ``{"id": "must be a string …, not a list"}``.

    ``None`` is the same as a missing part. Names that are no part are not looked at.
    """
    given = ((part, values.get(part.name)) for part in PARTS)
    wrong = {
        part.name: _fault(part, value)
        for part, value in given
        if value is not None or part.name == REQUIRED
    }
    return {name: fault for name, fault in wrong.items() if fault}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an article by its parts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An article for Depesche",
        "description": "The content of a JSON file, and the arguments of the task ingest.article. "
        "null is the same as a missing value. In a file, other names are left out with a warning; "
        "a message with others is refused.",
        "type": "object",
        "properties": {part.name: _described(part) for part in PARTS},
        "required": [REQUIRED],
        "additionalProperties": False,
    }


def id_of(value: object) -> str | None:
    """Return the source's own id as text; 7 and ``"7"`` are the same, and so is 7.0 in JSON."""
    if isinstance(value, float):
        value = int(value)
    return None if value is None else str(value)


def _fault(part: Part, value: object) -> str:
    if part.name == REQUIRED and (value is None or (isinstance(value, str) and not value.strip())):
        return "is missing or empty"
    if not _fits(part.given, value):
        return f"must be {_EXPECTED[part.given]}, not {named(value)}"
    if part.given != "text" and any(_too_long(item) for item in _items(value)):
        return f"is longer than {LONGEST_VALUE} characters"
    return ""


def _fits(given: Given, value: object) -> bool:
    if isinstance(value, str):
        return True
    if given == "lines":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return given == "id" and _is_whole(value)


def _is_whole(value: object) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _too_long(item: object) -> bool:
    return isinstance(item, str) and len(item) > LONGEST_VALUE


def named(value: object) -> str:
    """Return what a JSON value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, list) and (others := [item for item in value if type(item) is not str]):
        return f"a list with {named(others[0])} in it"
    names = {bool: "true or false", int: "a number", float: "a number", str: "a string"}
    return names.get(type(value), "a list" if isinstance(value, list) else "an object")


def _described(part: Part) -> dict[str, Any]:
    return {**_type(part), "description": part.about}


def _type(part: Part) -> dict[str, Any]:
    if part.name == REQUIRED:
        return {"type": "string", "pattern": r"\S"}
    line = {"type": "string", "maxLength": LONGEST_VALUE}
    if part.given == "lines":
        return {"anyOf": [{"type": "array", "items": line}, line, {"type": "null"}]}
    if part.given == "id":
        return {**line, "type": ["string", "integer", "null"]}
    return {**(line if part.given == "line" else {}), "type": ["string", "null"]}
