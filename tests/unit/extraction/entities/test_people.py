"""Who is meant by a name, where an article has thousands of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extraction.entities.people import same_people
from tests.linear import assert_linear


def _word(number: int) -> str:
    letters = ""
    while number or not letters:
        number, letter = divmod(number, 20)
        letters += "bcdfghjklmnpqrstvwxz"[letter]
    return letters.capitalize() + "er"


@pytest.mark.parametrize(
    "names",
    [
        lambda number: [f"Anna {_word(number)}"],
        lambda number: [f"{_word(number)} Müller"],
        lambda number: [f"{_word(number)} Müller", "Müller"],
        lambda number: [f"Anna Ruiz {_word(number)}", "Anna Ruiz"],
        lambda number: [f"{_word(number)} Lula Silva", "Lula"],
        lambda number: [f"{_word(number)} Maria Müller", f"{_word(number)} M. Müller"],
    ],
)
def test_thousands_with_a_name_in_common_take_time_in_proportion(
    names: Callable[[int], list[str]],
) -> None:
    """A list of invented members: each was compared with all of the others."""
    assert_linear(
        lambda text: same_people([name for at in range(len(text)) for name in names(at)]),
        "x",
        length=8_000,
    )


def test_fifty_of_one_surname_are_told_apart_as_ever() -> None:
    names = [f"{first}a{last} Müller" for first in "BDFGL" for last in "bdfglmnprs"]
    assert same_people([*names, "Müller"]) == [*names, names[-1]]
