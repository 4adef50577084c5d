"""The foldings side by side: each has its own use, so each gives something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from german.folding import caseless, place_key, transcribed, unaccented, unhyphened

_NAMES = ("Müller", "São Paulo", "Łódź", "Jean-Marie", "St. Gallen", "N’Djamena", "Straße")


@pytest.mark.parametrize(
    ("fold", "folded"),
    [
        (
            caseless,
            ("müller", "são paulo", "łódź", "jean-marie", "st. gallen", "n’djamena", "strasse"),
        ),
        (
            unhyphened,
            ("müller", "são paulo", "łódź", "jean marie", "st. gallen", "n’djamena", "strasse"),
        ),
        (
            transcribed,
            ("mueller", "sao paulo", "lodz", "jean-marie", "st. gallen", "n’djamena", "strasse"),
        ),
        (
            unaccented,
            ("muller", "sao paulo", "lodz", "jean-marie", "st. gallen", "n’djamena", "strasse"),
        ),
        (
            place_key,
            ("muller", "sao paulo", "lodz", "jean marie", "sankt gallen", "ndjamena", "strasse"),
        ),
    ],
)
def test_what_each_folding_gives(fold: Callable[[str], str], folded: tuple[str, ...]) -> None:
    assert tuple(map(fold, _NAMES)) == folded


@pytest.mark.parametrize(
    ("fold", "one", "other", "same"),
    [
        (caseless, "NATO", "Nato", True),
        (caseless, "Max  Muster", "max muster", True),
        (caseless, "Presse-Agentur", "Presse Agentur", False),
        (unhyphened, "Presse-Agentur", "Presse Agentur", True),
        (transcribed, "Müller", "Mueller", True),
        (transcribed, "Mu\u0308ller", "Mueller", True),
        (transcribed, "Müller", "Muller", False),
        (transcribed, "Łukasz", "Lukasz", True),
        (unaccented, "Müller", "Muller", True),
        (unaccented, "Müller", "Mueller", False),
        (place_key, "St. Gallen", "Sankt Gallen", True),
        (place_key, "São Paulo", "sao  paulo", True),
        (place_key, "Tel-Aviv", "Tel Aviv", True),
        (place_key, "Xi’an", "Xian", True),
    ],
)
def test_what_is_the_same(fold: Callable[[str], str], one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same


@pytest.mark.parametrize("fold", [caseless, unhyphened, transcribed, unaccented, place_key])
@given(name=st.text(max_size=20))
@example(name="İ")
@example(name="™")
@example(name="-")
@example(name="ǆ")
def test_folding_twice_changes_nothing(fold: Callable[[str], str], name: str) -> None:
    assert fold(fold(name)) == fold(name)
