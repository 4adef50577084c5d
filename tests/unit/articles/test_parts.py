"""The parts of an article: one schema for files and messages, and the published form of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from articles.parts import LONGEST_VALUE, NAMES, PARTS, faults, id_of, schema
from extraction.formats.draft import Draft

PUBLISHED = Path(__file__).parents[3] / "docs" / "article.schema.json"
TYPES: dict[str, Any] = {
    "null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "integer": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    ),
}


def valid(rule: Mapping[str, Any], value: Any) -> bool:
    """Whether a value fits a JSON Schema, of which these words alone are known."""
    known = {"type", "anyOf", "items", "maxLength", "pattern", "description"}
    assert set(rule) <= known
    if "anyOf" in rule:
        return any(valid(other, value) for other in rule["anyOf"])
    types = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    if not any(TYPES[name](value) for name in types):
        return False
    if isinstance(value, list):
        return all(valid(rule["items"], item) for item in value)
    if not isinstance(value, str):
        return True
    fits = len(value) <= rule.get("maxLength", len(value))
    return fits and re.search(rule.get("pattern", ""), value) is not None


def test_the_published_schema_is_the_current_one() -> None:
    """Else: ``depesche schema > docs/article.schema.json``."""
    assert json.loads(PUBLISHED.read_text("utf-8")) == schema()


def test_every_part_has_its_place_in_a_draft_and_a_line_about_it() -> None:
    attributes = {field.name for field in fields(Draft)}
    renamed = {"id": "source_id", "embargo_until": "embargo"}
    assert {renamed.get(name, name) for name in NAMES} <= attributes
    assert len(NAMES) == len(PARTS) == 17
    assert all(part.about for part in PARTS)


WORDS = st.text(max_size=4) | st.sampled_from(["x" * LONGEST_VALUE, "x" * (LONGEST_VALUE + 1)])
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS
ANY = SIMPLE | st.lists(SIMPLE, max_size=3) | st.dictionaries(st.text(max_size=2), SIMPLE)


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), ANY, max_size=4))
def test_the_schema_and_the_check_are_of_one_mind(values: dict[str, Any]) -> None:
    published = schema()
    wrong = {
        name
        for name, rule in published["properties"].items()
        if name in values and not valid(rule, values[name])
    }
    wrong |= {name for name in published["required"] if name not in values}
    assert set(faults(values)) == wrong


def test_a_number_and_its_digits_are_one_id() -> None:
    assert id_of(7) == id_of("7") == id_of(7.0) == "7"
    assert id_of(None) is None
