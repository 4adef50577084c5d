"""Which articles are in another language, and what of them stands a second time."""

import pytest

from indexing.index import foreign
from indexing.index.foreign import field_of, foreign_texts
from indexing.index.mapping import mappings, settings


@pytest.mark.parametrize(
    ("language", "field"),
    [
        ("de", ""),
        ("und", ""),
        (None, ""),
        ("en", "foreign.en"),
        ("fr", "foreign.fr"),
        ("pl", "foreign.other"),
    ],
)
def test_each_language_has_its_field_and_german_none(language: str | None, field: str) -> None:
    assert field_of(language) == field


def test_every_field_is_in_the_mapping_and_has_an_analysis() -> None:
    fields = mappings()["properties"][foreign.ROOT]["properties"]
    assert {f"{foreign.ROOT}.{name}" for name in fields} == {*map(field_of, ("en", "fr", "xx"))}
    known = settings()["analysis"]["analyzer"]
    for about in fields.values():
        every = [about, *about.get("fields", {}).values()]
        assert {each["analyzer"] for each in every} <= known.keys()


def test_texts_stand_there_in_reading_order() -> None:
    document = {"body": "B", "headline": "H", "lead": "", "language": "fr"}
    assert foreign_texts(document) == {"fr": ["H", "B"]}
    assert foreign_texts(document | {"language": "de"}) == {}
    assert foreign_texts({"language": "en"}) == {}


def test_what_is_too_long_to_stand_twice_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else an article of the largest size would be larger than a request may be."""
    monkeypatch.setattr(foreign, "_LONGEST", 5)
    assert foreign_texts({"headline": "Short", "body": "Longer", "language": "en"}) == {
        "en": ["Short"]
    }


def test_no_form_has_two_stems() -> None:
    for language in ("english", "french"):
        rules = foreign.FILTERS[f"{language}_forms"]["rules"]
        forms = [form for rule in rules for form in rule.partition("=>")[0].split(",")]
        assert len(forms) == len({*forms})
        assert all(rule.partition("=>")[2].isalpha() for rule in rules)
