"""Which names mean something else under other rules."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.entities.aliases import Aliases
from extraction.entities.changed_rules import changed_names

MERGE = "merge ORG: Nordatlantikpakt; Atlantische Allianz = Nato"
RENAME = "rename PER: Kim Jong-un = Kim Jong Un"


@pytest.mark.parametrize(
    ("before", "now", "names"),
    [
        ([], [MERGE], {"Nordatlantikpakt", "Atlantische Allianz", "Nato"}),
        ([MERGE], [], {"Nordatlantikpakt", "Atlantische Allianz", "Nato"}),
        ([MERGE], [MERGE, RENAME], {"Kim Jong-un", "Kim Jong Un"}),
        ([MERGE, RENAME], [RENAME, "# nichts Neues", MERGE], set()),
        ([], ["block LOC: Foto"], {"Foto"}),
        ([RENAME], [RENAME.replace("Un", "Eun")], {"Kim Jong-un", "Kim Jong Un", "Kim Jong Eun"}),
        # Who writes `Nordatlantikpakt` is counted as `Nato`, and so as what that is called now.
        (
            [MERGE],
            [MERGE, "block ORG: NATO"],
            {"NATO", "Nato", "Nordatlantikpakt", "Atlantische Allianz"},
        ),
        # Another label is another name.
        ([MERGE], [MERGE, "block PER: Nato"], {"Nato"}),
        # Of two rules about one name the later one decides.
        (
            ["rename PER: A = B", "rename PER: A = C"],
            ["rename PER: A = C", "rename PER: A = B"],
            {"A", "B", "C"},
        ),
    ],
)
def test_names(before: Sequence[str], now: Sequence[str], names: set[str]) -> None:
    assert set(changed_names(before, now)) == names


LINES = st.lists(
    st.builds(
        lambda kind, name, target: (
            f"block PER: {name}" if kind == "block" else f"{kind} PER: {name} = {target}"
        ),
        st.sampled_from(["merge", "rename", "block"]),
        st.sampled_from("ABCD"),
        st.sampled_from("ABCD"),
    ),
    max_size=4,
)


@given(LINES, LINES)
def test_what_is_not_named_means_what_it_did(before: list[str], now: list[str]) -> None:
    rules = Aliases.read(before), Aliases.read(now)
    for name in set("ABCD") - set(changed_names(before, now)):
        old, new = (each.name("PER", name) for each in rules)
        assert old == new
        assert rules[0].is_blocked("PER", old) == rules[1].is_blocked("PER", new)
