"""Which names inside of words count in the lists."""

from __future__ import annotations

import pytest

from articles.article import Label, Mention
from extraction.entities.counted_names import counted


def _mention(label: Label, name: str, start: int, end: int, field: str = "body") -> Mention:
    return Mention(label, name, name, field, start, end)


@pytest.mark.parametrize(
    ("inner", "holder", "counts"),
    [
        (("PER", "Robert Koch"), "ORG", False),
        (("ORG", "Allianz"), "LOC", False),
        (("LOC", "Hunsrück"), "ORG", False),
        (("LOC", "USA"), "ORG", True),
        (("LOC", "Irak"), "MISC", True),
        (("ORG", "EU"), "ORG", True),
    ],
)
def test_within_a_name_only_states_and_bodies_of_bodies_count(
    inner: tuple[Label, str], holder: Label, counts: bool
) -> None:
    held = _mention(*inner, 10, 15)
    assert counted([held], [_mention(holder, "X", 10, 30)]) == ([held] if counts else [])
    for apart in (_mention(holder, "X", 20, 30), _mention(holder, "X", 10, 30, "headline")):
        assert counted([held], [apart]) == [held]
