"""The watcher on real folders: what is claimed, when, and into which batches."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from worker.folders import Folders
from worker.inbox import lease
from worker.inbox.watch import REFUSED_SECONDS, Watcher, watch
from worker.spool import deposit
from worker.spool.spool import Spool


class Bell:
    """Notes what is rung for; ``answers`` is False while Redis is away."""

    def __init__(self) -> None:
        self.rings: list[str] = []
        self.answers = True

    def intake(self, batch: str) -> bool:
        self.rings.append(batch)
        return self.answers


class House:
    """A watcher with its folders; small limits, no quiet time unless a test asks for it."""

    def __init__(self, data: Path, **limits: Any) -> None:
        self.folders = Folders(data).prepare()
        self.bell = Bell()
        values: dict[str, Any] = {
            "quiet": 0.01, "quiet_unproven": 0.05, "batch_files": 4, "batch_bytes": 1000,
            "spool_batches": 100,
        }  # fmt: skip
        bell: Any = self.bell
        self.watcher = Watcher(self.folders, bell, **{**values, **limits})
        self.spool = Spool(self.folders.spool)

    def drop(self, name: str, content: bytes = b"x", *, age: float = 60.0) -> Path:
        """A file in the inbox as after a rename: its time is ``age`` seconds ago."""
        path = self.folders.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (time.time() - age,) * 2)
        return path

    def batches(self) -> list[list[str]]:
        """The files of each batch, oldest batch first."""
        return [[file.relative for file in batch.files()] for batch in self.spool.batches()]

    def claimed(self) -> list[str]:
        return sorted(name for batch in self.batches() for name in batch)

    def left(self) -> list[str]:
        files = (path for path in self.folders.inbox.rglob("*") if not path.is_dir())
        return sorted(str(path.relative_to(self.folders.inbox)) for path in files)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


@pytest.fixture
def leases(tmp_path: Path) -> None:
    """Skip where the kernel does not tell of open writers."""
    (tmp_path / "probe").touch()
    if lease.open_writer(tmp_path / "probe") is None:
        pytest.skip("no leases on this file system")


@pytest.fixture
def limited(tmp_path: Path) -> Callable[..., House]:
    return lambda **limits: House(tmp_path / "data", **limits)


def test_what_is_ready_is_claimed_with_its_path_and_rung_for(house: House) -> None:
    house.drop("taz/2024/a.txt", b"Text")
    assert house.watcher.scan() == 1
    (batch,) = house.spool.batches()
    assert house.bell.rings == [batch.name]
    (file,) = batch.files()
    assert (file.relative, file.path.read_bytes()) == ("taz/2024/a.txt", b"Text")
    assert house.left() == []
    with batch.owned() as free:
        assert free, "a batch that is rung for must be free to work on"


def test_an_empty_inbox_makes_no_batch(house: House) -> None:
    assert [house.watcher.scan() for _ in range(3)] == [0, 0, 0]
    assert house.batches() == []
    assert house.bell.rings == []


def test_each_file_is_claimed_once(house: House) -> None:
    house.drop("a.txt")
    assert [house.watcher.scan() for _ in range(3)] == [1, 0, 0]
    assert len(house.bell.rings) == 1


def test_batches_are_limited_by_number(house: House) -> None:
    names = sorted(house.drop(f"{number:02}.txt").name for number in range(10))
    assert house.watcher.scan() == 10
    assert sorted(map(len, house.batches())) == [2, 4, 4]
    assert house.claimed() == names
    assert house.bell.rings == [batch.name for batch in house.spool.batches()]


def test_batches_are_limited_by_bytes_and_a_large_file_goes_alone(house: House) -> None:
    for number in range(6):
        house.drop(f"{number}.txt", b"x" * 400)
    house.drop("large.txt", b"x" * 5000)
    assert house.watcher.scan() == 7
    assert all(len(batch) <= 2 for batch in house.batches())
    assert ["large.txt"] in house.batches()


def test_claiming_pauses_while_the_spool_is_full(limited: Callable[..., House]) -> None:
    house = limited(batch_files=1, spool_batches=3)
    for number in range(10):
        house.drop(f"{number}.txt")
    assert house.watcher.scan() == 3
    assert house.watcher.scan() == 0
    assert len(house.left()) == 7
    for done in house.spool.batches()[:2]:
        shutil.rmtree(done.folder)
    assert house.watcher.scan() == 2
    assert len(house.spool) == 3
    for _ in range(3):
        for done in house.spool.batches():
            shutil.rmtree(done.folder)
        house.watcher.scan()
    assert house.left() == []
    assert len(set(house.bell.rings)) == 10


def test_without_redis_claiming_goes_on(house: House) -> None:
    house.bell.answers = False
    house.drop("a.txt")
    house.drop("b.txt")
    assert house.watcher.scan() == 2
    assert house.left() == []


@pytest.mark.usefixtures("leases")
def test_a_file_that_is_held_open_is_left_until_it_is_closed(house: House) -> None:
    path = house.drop("a.txt")
    house.drop("b.txt")
    with path.open("ab") as file:
        for _ in range(5):
            house.watcher.scan()
            time.sleep(0.02)
        assert house.left() == ["a.txt"]
        assert house.watcher.waiting == 1
        file.write(b"the rest")
    time.sleep(0.02)
    assert house.watcher.scan() == 1
    assert house.watcher.waiting == 0
    assert house.spool.batches()[1].files()[0].path.read_bytes() == b"xthe rest"


@pytest.mark.usefixtures("leases")
def test_a_file_that_was_just_written_waits_for_its_quiet_time(
    limited: Callable[..., House],
) -> None:
    house = limited(quiet=0.3)
    house.drop("fresh.txt", age=0.0)
    house.drop("renamed.txt", age=60.0)
    house.drop("future.txt", age=-3600.0)
    assert house.watcher.scan() == 1
    assert house.claimed() == ["renamed.txt"]
    assert house.watcher.waiting == 2
    time.sleep(0.32)
    assert house.watcher.scan() == 2
    assert house.left() == []


def test_where_writers_cannot_be_seen_stillness_is_watched(
    limited: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system without leases: an old time alone is not enough."""
    monkeypatch.setattr(lease, "open_writer", lambda path: None)
    house = limited(quiet=0.0001, quiet_unproven=0.2)
    path = house.drop("a.txt")
    assert house.watcher.scan() == 0
    time.sleep(0.1)
    path.write_bytes(b"longer")
    assert house.watcher.scan() == 0
    time.sleep(0.12)
    assert house.watcher.scan() == 0
    time.sleep(0.1)
    assert house.watcher.scan() == 1


def test_ignored_odd_and_strange_names(house: House, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").touch()
    for name in (".hidden", "a.part", "b.txt~", ".folder/c.txt"):
        house.drop(name)
    os.mkfifo(house.folders.inbox / "pipe")
    (house.folders.inbox / "link").symlink_to(tmp_path / "secret.txt")
    (house.folders.inbox / "up").symlink_to(tmp_path)
    kept = house.left()
    strange = sorted(["new\nline.txt", os.fsdecode(b"\xff.txt"), " ", "-rf", "x" * 255])
    for name in strange:
        house.drop(name)
    assert house.watcher.scan() == 5
    assert house.claimed() == strange
    assert house.left() == kept
    assert (tmp_path / "secret.txt").exists()


def obstruct(house: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make each claim fail as where a folder of the inbox is another file system."""
    tried: list[str] = []
    rename = os.rename

    def refuse(source: str | Path, target: Path, **folders: int) -> None:
        if Path(source).suffix != ".txt":
            return rename(source, target, **folders)
        tried.append(Path(source).name)
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "rename", refuse)
    return tried


def test_a_refused_file_is_not_tried_with_every_look(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = house.drop("a.txt")
    with monkeypatch.context() as patch:
        tried = obstruct(house, patch)
        assert [house.watcher.scan() for _ in range(5)] == [0] * 5
        assert tried == ["a.txt"]
    assert house.batches() == [], "a batch in which nothing came is not left behind"
    assert house.bell.rings == []
    assert path.exists()
    assert house.watcher.scan() == 0, "not yet"
    later = time.time() + REFUSED_SECONDS
    monkeypatch.setattr("worker.inbox.watch.time.time", lambda: later)
    assert house.watcher.scan() == 1


def test_a_file_that_is_taken_away_before_its_claim_is_nothing_special(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.drop("a.txt")
    house.drop("b.txt")
    rename = os.rename

    def take(source: str | Path, target: Path, **folders: int) -> None:
        if source == "a.txt":
            os.unlink(source, dir_fd=folders["src_dir_fd"])
        rename(source, target, **folders)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", take)
        assert house.watcher.scan() == 1
    assert house.claimed() == ["b.txt"]
    house.drop("a.txt")
    assert house.watcher.scan() == 1


def test_an_inbox_that_was_removed_is_made_again(house: House) -> None:
    house.drop("a.txt")
    house.watcher.scan()
    shutil.rmtree(house.folders.inbox)
    assert house.watcher.scan() == 0
    house.drop("b.txt")
    assert house.watcher.scan() == 1
    assert house.claimed() == ["a.txt", "b.txt"]


def test_two_watchers_share_an_inbox(house: House, limited: Callable[..., House]) -> None:
    other = limited()
    names = sorted(
        house.drop(f"{number:03}.txt", str(number).encode()).name for number in range(200)
    )
    threads = [threading.Thread(target=one.watcher.scan) for one in (house, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert house.claimed() == names
    assert house.left() == []


# The loop --------------------------------------------------------------------------------------


@pytest.fixture
def running(house: House) -> Iterator[House]:
    """The watcher's loop with file-system events."""
    stop = threading.Event()
    loop = threading.Thread(
        target=watch, args=(house.watcher, house.folders.inbox, stop), kwargs={"poll": False}
    )
    loop.start()
    yield house
    stop.set()
    loop.join(10)
    assert not loop.is_alive()


def soon(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_the_loop_claims_what_comes_and_survives_a_new_inbox(running: House) -> None:
    running.drop("a.txt")
    assert soon(lambda: running.claimed() == ["a.txt"])
    shutil.rmtree(running.folders.inbox)
    assert soon(running.folders.inbox.is_dir)
    running.drop("b.txt")
    assert soon(lambda: running.claimed() == ["a.txt", "b.txt"])


def test_trouble_does_not_end_the_loop(running: House) -> None:
    spool, away = running.folders.spool, running.folders.data / "away"
    spool.rename(away)
    spool.touch()  # no batch can be made below a file
    running.drop("a.txt")
    time.sleep(0.3)
    assert running.left() == ["a.txt"]
    spool.unlink()
    away.rename(spool)
    assert soon(lambda: running.claimed() == ["a.txt"])


def test_after_a_burst_the_last_files_wait_no_longer(
    limited: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pause between two looks goes by the time of looking, not by that of claiming."""
    house = limited(quiet=0.3)
    claim = deposit.claim

    def slow(*args: Any) -> None:
        time.sleep(0.1)
        claim(*args)

    monkeypatch.setattr("worker.spool.deposit.claim", slow)
    house.drop("last.txt", age=0.0)
    for number in range(10):
        house.drop(f"{number}.txt", age=60.0)
    stop = threading.Event()
    arguments = (house.watcher, house.folders.inbox, stop)
    loop = threading.Thread(target=watch, args=arguments, kwargs={"poll": False}, daemon=True)
    loop.start()
    assert soon(lambda: house.left() == [], 2.5), "a second of claiming cost four of waiting"
    stop.set()
    loop.join(10)
