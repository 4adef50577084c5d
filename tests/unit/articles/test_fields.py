"""The table of fields: whole, without contradictions, in step with what articles hold."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from articles.article import Article, Enrichment, Label
from articles.fields import (
    BY_NAME,
    FIELDS,
    FILTERS,
    KINDS,
    LABELS,
    PAGES,
    Kind,
    RuleKind,
    View,
    seen_in,
    with_a_hit,
)
from indexing.searching.results import Hit
from indexing.searching.similar import _FIELDS, _NAMES
from indexing.searching.syntax import DATES
from indexing.writing.stored import _CONTEXT, MARKS

ORIGINS = {"article": Article, "enrichment": Enrichment}


def test_names_are_unique_and_objects_come_before_their_parts() -> None:
    assert len(BY_NAME) == len(FIELDS)
    for position, field in enumerate(FIELDS):
        parent = BY_NAME.get(field.name.rpartition(".")[0])
        assert parent is None or FIELDS.index(parent) < position


@pytest.mark.parametrize("of", ORIGINS)
def test_every_attribute_is_kept_in_a_field_and_every_field_has_its_attribute(of: str) -> None:
    """An attribute without a field would be lost between extraction and index."""
    attributes = {field.name for field in fields(ORIGINS[of])}
    apart = {"key", "source"}  # the document's id, and an object whose parts are fields
    used = {field.attribute or field.name for field in FIELDS if field.of == of}
    assert used == attributes - apart


def test_a_filter_has_one_field_and_is_no_date() -> None:
    filters = [name for field in FIELDS for name in field.filters]
    assert len(set(filters)) == len(filters) == len(FILTERS)
    assert not {*filters} & {*DATES}
    assert {field.type for field in FILTERS.values()} <= {"names", "keyword", "term"}


def test_kinds_and_labels_are_those_of_their_types() -> None:
    assert set(KINDS) == set(LABELS) == set(get_args(RuleKind))
    assert set(LABELS.values()) == set(get_args(Label))
    assert set(PAGES) == set(get_args(Kind)) < set(KINDS)
    # A page asks for names by the filter of its kind.
    assert all(FILTERS[kind] is field for kind, field in PAGES.items())


def test_what_is_counted_can_be_counted() -> None:
    for view in ("facets", "charts"):
        assert {field.type for field in seen_in(view)} <= {"names", "keyword", "term"}


def test_each_view_shows_fields_and_an_export_keeps_the_order_of_the_table() -> None:
    for view in get_args(View):
        assert seen_in(view)
    assert list(seen_in("export")) == [field for field in FIELDS if "export" in field.views]
    assert [field.name for field in seen_in("facets")][:1] == ["people"], "names come first"


def test_a_hit_has_a_place_for_all_that_stands_with_it() -> None:
    assert {field.name for field in with_a_hit()} <= {field.name for field in fields(Hit)}


def test_what_is_read_back_of_a_document_is_a_field() -> None:
    assert {*_CONTEXT, *MARKS, *_FIELDS, *_NAMES} <= BY_NAME.keys()
