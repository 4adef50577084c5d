"""Failpoints: what is armed fires where and when it was asked for, and nothing else does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.errors import UsageError
from worker import failpoint


@pytest.fixture
def fired(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What would have happened to the process."""
    seen: list[str] = []
    monkeypatch.setattr(
        os, "kill", lambda pid, number: seen.append(f"kill {pid == os.getpid()} {number}")
    )
    monkeypatch.setattr(os, "killpg", lambda group, number: seen.append(f"killpg {group} {number}"))
    monkeypatch.setattr("worker.failpoint.time.sleep", lambda seconds: seen.append("hold"))
    yield seen
    failpoint.arm({})


def _arm(words: str, once: Path | None = None) -> None:
    failpoint.arm({failpoint.ARMED: words} | ({failpoint.ONCE: str(once)} if once else {}))


def test_nothing_is_armed_by_itself(fired: list[str]) -> None:
    failpoint.arm({})
    failpoint.reach("intake.read")
    _arm("intake.read:hold")
    failpoint.reach("intake.moved")
    assert fired == []


def test_each_does_what_it_says(fired: list[str]) -> None:
    _arm("a:kill b:killall c:hold d:freeze")
    for name in "abcd":
        failpoint.reach(name)
    kill, stop = signal.SIGKILL, signal.SIGSTOP
    assert fired[:3] == [f"kill True {kill}", "hold", f"killpg 0 {kill}"]
    assert fired[3:] == ["hold", "hold", f"killpg 0 {stop}"]


def test_at_the_pass_that_was_asked_for(fired: list[str]) -> None:
    _arm("a:hold:3")
    for passes in range(4):
        assert len(fired) == max(0, passes - 2)
        failpoint.reach("a")


def test_with_the_chance_that_was_asked_for(fired: list[str]) -> None:
    _arm("a:hold:0.0 b:hold:1.0")
    for _ in range(20):
        failpoint.reach("a")
        failpoint.reach("b")
    assert len(fired) == 20


def test_once_among_all_processes(fired: list[str], tmp_path: Path) -> None:
    _arm("a:hold", tmp_path)
    failpoint.reach("a")
    _arm("a:hold", tmp_path)  # another process
    failpoint.reach("a")
    assert fired == ["hold"]


@pytest.mark.parametrize("word", ["a", "a:explode", "a:kill:oft", "a:kill:0.x"])
def test_what_cannot_be_understood(word: str) -> None:
    with pytest.raises(UsageError, match=word):
        _arm(word)
    failpoint.arm({})
