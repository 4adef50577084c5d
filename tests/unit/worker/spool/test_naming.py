"""Which names a file may have got follows from the one that it was to have."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.spool.naming import begin_of_others, is_name_for, names_of

DIGEST = "0123456789ab" + "cd" * 26
WANTED = ["a.txt", "a", ".a", "a~b.txt", f"a~{DIGEST[:12]}.txt", "a" * 250 + ".txt"]
WANTED += ["\U0001f600" * 60 + ".txt", "a." + "\U0001f600" * 63, "x" * 180 + "." + "y" * 70]


@given(st.sampled_from(WANTED), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_each_that_it_may_get_is_known_by_its_name(wanted: str, digest: str) -> None:
    _, *others = islice(names_of(wanted, digest), 15)
    assert all(is_name_for(wanted, name) for name in others)
    assert all(name.startswith(begin_of_others(wanted)) for name in others)


@pytest.mark.parametrize("wanted", WANTED)
def test_it_begins_with_more_than_others_do(wanted: str) -> None:
    assert begin_of_others(wanted)[:1] == wanted[:1]
    assert "~" in begin_of_others(wanted) or len(wanted.encode()) > 150


def test_no_other_is() -> None:
    names = ["a.txt", "ab.txt", "a~1.txt", f"b~{DIGEST}.txt", f"a~{DIGEST[:12]}.md"]
    names += [f"a~{DIGEST}-x.txt", f"a~{DIGEST[:12]}~{DIGEST[:12]}.txt"]
    assert [name for name in names if is_name_for("a.txt", name)] == []
