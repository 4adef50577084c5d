"""Large containers that are read beside one another: each gets a place, whoever has them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.intake.test_unpack import Clock, batch_of, costly, ids, in_portions, lines
from worker.intake.kept_open import MOST, SHORT, TURNS, AllTaken, KeptOpen
from worker.intake.members import Reading
from worker.spool.unpacked import Progress


def taken(kept_open: KeptOpen, name: str, known: float = SHORT + 1, read: float = 30.0) -> bool:
    """Whether it has a turn, of so many seconds, where it took ``known`` seconds before."""
    place, progress = (Path("/none"), name), Progress(name, seconds=known)
    try:
        with kept_open.reading(place, progress, lambda: Reading(iter(()))) as reading:
            reading.goes_on, reading.seconds = True, reading.seconds + read
    except AllTaken:
        return False
    return True


@pytest.fixture
def full() -> KeptOpen:
    kept_open = KeptOpen()
    assert all(taken(kept_open, name) for name in "abcd"[:MOST])
    return kept_open


def test_who_had_many_turns_gives_its_place_to_one_that_waits(full: KeptOpen) -> None:
    assert not taken(full, "e")
    for _ in range(TURNS):
        taken(full, "b")
    assert taken(full, "e")
    assert all(taken(full, name) for name in "acde")
    assert not taken(full, "b")


def test_who_took_longer_waits_until_another_was_read_as_long_as_it_was_passed_over(
    full: KeptOpen,
) -> None:
    """Or each would only be passed over, again and again."""
    giant, passed = SHORT * 100, SHORT * 50
    full._readings[Path("/none"), "b"][1].passed = passed
    for _ in range(TURNS):
        taken(full, "b", known=passed)
    assert not taken(full, "e", known=giant)
    taken(full, "b", known=passed, read=2 * passed)
    assert taken(full, "e", known=giant)


def test_one_that_is_passed_over_loses_its_place_to_none_that_is_smaller(full: KeptOpen) -> None:
    """It had to be passed over from its beginning, at each turn once more."""
    for _ in range(TURNS):
        taken(full, "b")
    taken(full, "e", known=SHORT * 100, read=0.0)
    taken(full, "f", known=0.0)
    assert taken(full, "e", known=SHORT * 100)


def test_four_of_an_hour_hold_none_of_minutes(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited until the first of them was at its end."""
    clock = Clock()
    in_portions(container, 64, clock=clock)
    costly(monkeypatch, clock, lambda: 5.0, *(f"{name}.jsonl" for name in "abcde"))
    large = [
        batch_of(container, **{f"{n}__jsonl": lines(400, 1000 * i)})
        for i, n in enumerate("abcd", 1)
    ]
    for batch in large * 3:  # each is open, and took a minute
        container.intake.batch(batch.name)
    begins, honest = clock.now, batch_of(container, e__jsonl=lines(40))
    longest = 0.0
    for batch in [honest, *large] * 1000:
        if not container.spool.batches():
            break
        before = clock.now
        container.intake.batch(batch.name)
        longest = max(longest, clock.now - before)
        if honest.folder.exists():
            took = clock.now - begins
    assert took <= 3000.0  # of which 200 are its own, and each of the others had as long
    assert longest <= 2 * SHORT + 10
    assert len(ids(fake)) == 4 * 400 + 40
    assert not container.spool.batches()
