"""How long a container is read for what comes out of it."""

from __future__ import annotations

import gzip
import io
from functools import partial
from pathlib import Path

import pytest

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.containers.archive import unpacked
from extraction.containers.member import Limits, Opened
from worker.intake.patience import Patience


class Clock:
    """Stands still, but where the test moves it on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def members(path: Path, clock: Clock, seconds: float, reads: int = 1) -> int:
    """How many come, if each takes so long, of a hundred; other work takes as long again."""
    with path.open("rb") as file:
        patience = Patience(file.fileno(), 10.0, clock)
        for number in range(100):
            try:
                patience.seek(0)
                patience.readinto(bytearray(reads))
                clock.now += seconds
                patience.rest()
                clock.now += 1_000.0
                patience.go_on()
            except Unreadable:
                return number
    return 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a"
    path.write_bytes(bytes(32 * MEBIBYTE))
    return path


def test_honest_ones_have_all_the_time_they_need(file: Path, clock: Clock) -> None:
    assert members(file, clock, 0.9) == 100


def test_members_that_take_long_each_use_it_up(file: Path, clock: Clock) -> None:
    assert members(file, clock, 3.0) == 5  # ten seconds, and one for each


def test_what_is_read_for_a_member_gives_more(file: Path, clock: Clock) -> None:
    assert members(file, clock, 3.0, reads=32 * MEBIBYTE) == 100


def test_nothing_is_saved_up(file: Path, clock: Clock) -> None:
    """A thousand short ones do not pay for one that takes for ever."""
    with file.open("rb") as opened:
        patience = Patience(opened.fileno(), 10.0, clock)
        for _ in range(1_000):
            patience.rest()
            patience.go_on()
        clock.now += 10.5
        with pytest.raises(Unreadable):
            patience.readinto(bytearray(1))


def test_what_unpacks_a_few_bytes_to_very_many_is_asked_as_often(tmp_path: Path) -> None:
    """Red before: once for all that comes out of eight kilobytes, which may be eight megabytes."""
    path, asked = tmp_path / "a.gz", list[None]()
    path.write_bytes(gzip.compress(b"\n" * 64 * MEBIBYTE))
    with path.open("rb") as file:
        patience = Patience(file.fileno(), gate=partial(asked.append, None))
        stream = unpacked(Opened("a.gz", io.BufferedReader(patience), Limits())).stream
        pieces = len(list(iter(partial(stream.read, MEBIBYTE), b"")))
    assert (pieces, len(asked) > pieces) == (64, True)
