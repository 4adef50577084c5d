"""Which failed files a person means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.care.retry import _below, matches


@pytest.mark.parametrize(
    ("path", "wanted", "expected"),
    [
        ("a.txt", [], True),
        ("a.txt", ["a.txt"], True),
        ("taz/a.txt", ["taz"], True),
        ("taz/a.txt", ["taz/"], True),
        ("taz/a.txt", ["/taz/"], True),
        ("taz/2024/a.txt", ["taz/2024", "x"], True),
        ("tazette/a.txt", ["taz"], False),
        ("taz", ["taz/a.txt"], False),
        ("x/taz/a.txt", ["taz"], False),
        ("a.txt", ["b.txt"], False),
        ("a.txt", ["A.TXT"], False),
        ("a*.txt", ["a.txt"], False),
    ],
)
def test_a_path_or_a_folder_above_it_is_wanted(
    path: str, wanted: list[str], expected: bool
) -> None:
    assert matches(path, wanted) is expected


parts = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=4)


@given(parts, parts)
def test_a_match_is_a_whole_prefix_of_folders(path: list[str], wanted: list[str]) -> None:
    assert matches("/".join(path), ["/".join(wanted)]) == (path[: len(wanted)] == wanted)


def test_a_path_may_be_given_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = tmp_path / "failed"
    (failed / "taz").mkdir(parents=True)
    assert _below(failed, str(failed / "taz" / "a.txt")) == "taz/a.txt"
    assert _below(failed, "taz/a.txt") == "taz/a.txt"
    assert _below(failed, "t-0123") == "t-0123"
    monkeypatch.chdir(tmp_path)
    assert _below(failed, "failed/taz/a.txt") == "taz/a.txt"
    monkeypatch.chdir(failed / "taz")
    assert _below(failed, "a.txt") == "taz/a.txt"


def test_the_folder_of_failures_itself_means_all(tmp_path: Path) -> None:
    failed = tmp_path / "failed"
    assert matches("taz/a.txt", [_below(failed, str(failed))])
