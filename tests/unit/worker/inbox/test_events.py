"""File-system events below the inbox, on real folders."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.inbox import events
from worker.inbox.events import folders_of, listen


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox" / "taz" / "2024").mkdir(parents=True)
    (tmp_path / "outside" / "deep").mkdir(parents=True)
    (tmp_path / "inbox" / "link").symlink_to(tmp_path / "outside")
    return tmp_path / "inbox"


@pytest.fixture
def wake(inbox: Path) -> Iterator[threading.Event]:
    """Set by what happens; it listens already."""
    wake, stop = threading.Event(), threading.Event()
    listening = threading.Thread(target=listen, args=(inbox, wake, stop))
    listening.start()
    probe = 0
    while not wake.wait(0.5):
        (inbox / f"probe-{probe}").touch()
        probe += 1
    _rest(wake)
    yield wake
    stop.set()
    listening.join(30)
    assert not listening.is_alive()


def _rest(wake: threading.Event) -> None:
    """Until nothing happens any more."""
    wake.clear()
    while wake.wait(0.5):
        wake.clear()


def test_no_link_is_followed(inbox: Path) -> None:
    """``notify`` follows them: a link to the root had the whole machine watched."""
    (inbox / ".git" / "objects").mkdir(parents=True)
    (inbox / "taz" / os.fsdecode(b"\xff")).mkdir()
    assert list(folders_of(inbox)) == [str(inbox), f"{inbox}/taz", f"{inbox}/taz/2024"]


def test_no_more_folders_are_watched_than_a_few_thousand(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (inbox / "taz" / f"n{number}" / "tief").mkdir(parents=True)
    monkeypatch.setattr(events, "MOST", 4)
    watched = list(folders_of(inbox))
    assert len(watched) == 4
    assert watched[:2] == [str(inbox), f"{inbox}/taz"]


def test_what_comes_wakes_in_new_folders_too(inbox: Path, wake: threading.Event) -> None:
    (inbox / "taz" / "2024" / "a.txt").touch()
    assert wake.wait(30)
    _rest(wake)
    (inbox / "neu").mkdir()
    assert wake.wait(30)
    _rest(wake)
    (inbox / "neu" / "b.txt").touch()
    assert wake.wait(30)


def test_what_happens_behind_a_link_wakes_nobody(inbox: Path, wake: threading.Event) -> None:
    (inbox.parent / "outside" / "deep" / "a.txt").touch()
    assert not wake.wait(0.7)
    (inbox / "a.txt").touch()
    assert wake.wait(30)
