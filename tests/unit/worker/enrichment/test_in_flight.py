"""A file says what is worked on; its lock, whether the worker lives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from worker.enrichment.in_flight import InFlight


def test_work_in_hand_is_alive_and_leaves_nothing(tmp_path: Path) -> None:
    in_flight = InFlight(tmp_path / "enriching")
    assert in_flight.look() == (set(), {})
    with in_flight.on(["a", "b"]), in_flight.on(["c"]):
        assert in_flight.look() == ({"a", "b", "c"}, {})
    assert in_flight.look() == (set(), {})


def test_work_that_raises_leaves_nothing(tmp_path: Path) -> None:
    in_flight = InFlight(tmp_path)
    with pytest.raises(RuntimeError), in_flight.on(["a"]):
        raise RuntimeError
    assert in_flight.look() == (set(), {})


def test_a_process_that_is_told_to_end_in_the_middle_leaves_word(tmp_path: Path) -> None:
    with pytest.raises(SystemExit), InFlight(tmp_path).on(["a"]):
        raise SystemExit  # what SIGTERM is to a child whose time is up
    _, dead = InFlight(tmp_path).look()
    assert list(dead.values()) == [{"a"}]


def test_what_nobody_locks_is_left_by_a_death(tmp_path: Path) -> None:
    left = tmp_path / "7-00.json"
    left.write_text(json.dumps(["a"]))
    (tmp_path / "8-00.json").write_text("")  # ended before it was written
    with InFlight(tmp_path).on(["b"]):
        assert InFlight(tmp_path).look() == ({"b"}, {left: {"a"}, tmp_path / "8-00.json": set()})


@pytest.mark.parametrize(
    "content", ["[{}]", '["a", {}, [1]]', '{"a": 1}', "7", "null", "[" * 100_000, "{"]
)
def test_what_is_in_such_a_file_stops_no_look(tmp_path: Path, content: str) -> None:
    """Red before: the reconciler looks at it every second, and could never again do its work."""
    (tmp_path / "1-a.json").write_text(content)
    alive, dead = InFlight(tmp_path).look()
    assert alive == set()
    assert list(dead.values()) == [{"a"} if content.startswith('["a"') else set()]
