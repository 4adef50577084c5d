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
from structlog.testing import capture_logs

from tests.security.stranger import as_root
from worker.folders import Folders
from worker.heartbeat.pulse import Pulse
from worker.inbox import claiming, lease, not_ready
from worker.inbox import watch as watch_module
from worker.inbox.in_vain import REFUSED_SECONDS
from worker.inbox.inbox import InboxFile, Scan
from worker.inbox.polling import rest_after, watch
from worker.inbox.watch import Watcher
from worker.spool import deposit, unpacked
from worker.spool.spool import Batch, Spool


class RecordingPublisher:
    """Notes what is published; ``answers`` is False while Redis is away."""

    def __init__(self) -> None:
        self.notified: list[str] = []
        self.answers = True

    def intake(self, batch: str) -> bool:
        self.notified.append(batch)
        return self.answers


class WatcherFixture:
    """A watcher with its folders; small limits, no quiet time unless a test asks for it."""

    def __init__(self, data: Path, **limits: Any) -> None:
        self.folders = Folders(data).prepare()
        self.publisher = RecordingPublisher()
        values: dict[str, Any] = {
            "quiet": 0.01, "quiet_unproven": 0.05, "batch_files": 4, "batch_bytes": 1000,
            "spool_batches": 100,
        }  # fmt: skip
        publisher: Any = self.publisher
        self.watcher = Watcher(self.folders, publisher, **{**values, **limits})
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
def watching(tmp_path: Path) -> WatcherFixture:
    return WatcherFixture(tmp_path / "data")


@pytest.fixture
def leases(tmp_path: Path) -> None:
    """Skip where the kernel does not tell of open writers."""
    (tmp_path / "probe").touch()
    if lease.open_writer(tmp_path / "probe") is None:
        pytest.skip("no leases on this file system")


@pytest.fixture
def limited(tmp_path: Path) -> Callable[..., WatcherFixture]:
    return lambda **limits: WatcherFixture(tmp_path / "data", **limits)


def test_who_keeps_his_files_open_fills_no_spool(tmp_path: Path) -> None:
    """Their batches wait for him for ten minutes; those of others are claimed meanwhile."""
    watching = WatcherFixture(tmp_path / "data", spool_batches=2, batch_files=1)
    for name in ("a", "b", "c"):
        watching.drop(name)
    assert watching.watcher.scan() == 2
    assert watching.watcher.scan() == 0
    watching.spool.batches()[0].hold()
    assert watching.watcher.scan() == 1
    assert watching.watcher.scan() == 0
    assert sorted(watching.batches()) == [["a"], ["b"], ["c"]]


def test_what_takes_long_fills_no_spool(tmp_path: Path) -> None:
    watching = WatcherFixture(tmp_path / "data", spool_batches=2, batch_files=1)
    for name in ("a", "b", "c"):
        watching.drop(name)
    assert watching.watcher.scan() == 2
    unpacked.has_turn(watching.spool.batches()[0].turns, "a")
    assert watching.watcher.scan() == 1


def test_what_is_ready_is_claimed_with_its_path_and_rung_for(watching: WatcherFixture) -> None:
    watching.drop("taz/2024/a.txt", b"Text")
    assert watching.watcher.scan() == 1
    (batch,) = watching.spool.batches()
    assert watching.publisher.notified == [batch.name]
    (file,) = batch.files()
    assert (file.relative, file.path.read_bytes()) == ("taz/2024/a.txt", b"Text")
    assert watching.left() == []
    with batch.owned() as free:
        assert free, "a batch that is published must be free to work on"


def test_an_empty_inbox_makes_no_batch(watching: WatcherFixture) -> None:
    assert [watching.watcher.scan() for _ in range(3)] == [0, 0, 0]
    assert watching.batches() == []
    assert watching.publisher.notified == []


def test_each_file_is_claimed_once(watching: WatcherFixture) -> None:
    watching.drop("a.txt")
    assert [watching.watcher.scan() for _ in range(3)] == [1, 0, 0]
    assert len(watching.publisher.notified) == 1


def test_batches_are_limited_by_number(watching: WatcherFixture) -> None:
    names = sorted(watching.drop(f"{number:02}.txt").name for number in range(10))
    assert watching.watcher.scan() == 10
    assert sorted(map(len, watching.batches())) == [2, 4, 4]
    assert watching.claimed() == names
    assert watching.publisher.notified == [batch.name for batch in watching.spool.batches()]


def test_batches_are_limited_by_bytes_and_a_large_file_goes_alone(watching: WatcherFixture) -> None:
    for number in range(6):
        watching.drop(f"{number}.txt", b"x" * 400)
    watching.drop("large.txt", b"x" * 5000)
    assert watching.watcher.scan() == 7
    assert all(len(batch) <= 2 for batch in watching.batches())
    assert ["large.txt"] in watching.batches()


def test_claiming_pauses_while_the_spool_is_full(limited: Callable[..., WatcherFixture]) -> None:
    watching = limited(batch_files=1, spool_batches=3)
    for number in range(10):
        watching.drop(f"{number}.txt")
    assert watching.watcher.scan() == 3
    assert watching.watcher.scan() == 0
    assert len(watching.left()) == 7
    for done in watching.spool.batches()[:2]:
        shutil.rmtree(done.folder)
    assert watching.watcher.scan() == 2
    assert len(watching.spool) == 3
    for _ in range(3):
        for done in watching.spool.batches():
            shutil.rmtree(done.folder)
        watching.watcher.scan()
    assert watching.left() == []
    assert len(set(watching.publisher.notified)) == 10


def test_without_redis_claiming_goes_on(watching: WatcherFixture) -> None:
    watching.publisher.answers = False
    watching.drop("a.txt")
    watching.drop("b.txt")
    assert watching.watcher.scan() == 2
    assert watching.left() == []


@pytest.mark.usefixtures("leases")
def test_a_file_that_is_held_open_is_left_until_it_is_closed(watching: WatcherFixture) -> None:
    path = watching.drop("a.txt")
    watching.drop("b.txt")
    with path.open("ab") as file:
        for _ in range(5):
            watching.watcher.scan()
            time.sleep(0.02)
        assert watching.left() == ["a.txt"]
        assert watching.watcher.waiting == 1
        file.write(b"the rest")
    time.sleep(0.02)
    assert watching.watcher.scan() == 1
    assert watching.watcher.waiting == 0
    assert watching.spool.batches()[1].files()[0].path.read_bytes() == b"xthe rest"


@pytest.mark.usefixtures("leases")
def test_links_to_a_file_that_is_held_open_are_asked_for_as_that_one(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: each was asked for, and remembered; there may be 65,000 to a file."""
    asked, real = [], lease.open_writer

    def counted(path: Path, relative: str) -> bool | None:
        asked.append(relative)
        return real(path, relative)

    monkeypatch.setattr(lease, "open_writer", counted)
    path = watching.drop("a.txt")
    for number in range(9):
        path.with_name(f"b{number}.txt").hardlink_to(path)
    with path.open("ab"):
        watching.watcher.scan()
        assert watching.watcher.scan() == 0
        assert (len(asked), watching.watcher.waiting) == (2, 1)
    time.sleep(0.02)
    assert watching.watcher.scan() == 10


@pytest.mark.usefixtures("leases")
def test_a_file_that_was_just_written_waits_for_its_quiet_time(
    limited: Callable[..., WatcherFixture],
) -> None:
    watching = limited(quiet=0.3)
    watching.drop("fresh.txt", age=0.0)
    watching.drop("renamed.txt", age=60.0)
    watching.drop("future.txt", age=-3600.0)
    assert watching.watcher.scan() == 1
    assert watching.claimed() == ["renamed.txt"]
    assert watching.watcher.waiting == 2
    time.sleep(0.32)
    assert watching.watcher.scan() == 2
    assert watching.left() == []


def test_where_writers_cannot_be_seen_stillness_is_watched(
    limited: Callable[..., WatcherFixture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file system without leases: an old time alone is not enough."""
    monkeypatch.setattr(lease, "open_writer", lambda *_: None)
    watching = limited(quiet=0.0001, quiet_unproven=0.2)
    path = watching.drop("a.txt")
    assert watching.watcher.scan() == 0
    time.sleep(0.1)
    path.write_bytes(b"y")
    assert watching.watcher.scan() == 0
    time.sleep(0.12)
    assert watching.watcher.scan() == 0
    time.sleep(0.1)
    assert watching.watcher.scan() == 1


@pytest.mark.usefixtures("leases")
def test_what_is_opened_appended_and_closed_is_claimed_as_one(
    limited: Callable[..., WatcherFixture],
) -> None:
    """``echo … >> inbox/slow.txt``, again and again: each time nobody holds it open afterwards."""
    watching = limited(quiet=0.02, quiet_unproven=1.0)
    for number in range(6):
        with (watching.folders.inbox / "slow.txt").open("ab") as file:
            file.write(b"Absatz %d\n" % number)
        for _ in range(3):
            time.sleep(0.05)
            assert watching.watcher.scan() == 0
    assert soon(lambda: bool(watching.watcher.scan()) or not watching.left())
    ((file_,),) = [batch.files() for batch in watching.spool.batches()]
    assert file_.path.read_bytes() == b"".join(b"Absatz %d\n" % number for number in range(6))


@pytest.mark.usefixtures("leases")
def test_a_name_that_comes_again_after_its_claim_is_waited_for(
    limited: Callable[..., WatcherFixture],
) -> None:
    watching = limited(quiet=0.02, quiet_unproven=0.02)
    path = watching.folders.inbox / "slow.txt"
    path.write_bytes(b"x" * 600)
    assert soon(lambda: bool(watching.watcher.scan()) or not watching.left())
    path.write_bytes(b"y" * 600)
    time.sleep(0.1)
    assert watching.watcher.scan() == 0
    assert soon(lambda: bool(watching.watcher.scan()) or not watching.left())


def test_ignored_odd_and_strange_names(watching: WatcherFixture, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").touch()
    for name in (".hidden", "a.part", "b.txt~", ".folder/c.txt"):
        watching.drop(name)
    os.mkfifo(watching.folders.inbox / "pipe")
    (watching.folders.inbox / "link").symlink_to(tmp_path / "secret.txt")
    (watching.folders.inbox / "up").symlink_to(tmp_path)
    kept = watching.left()
    strange = sorted(["new\nline.txt", os.fsdecode(b"\xff.txt"), " ", "-rf", "x" * 255])
    for name in strange:
        watching.drop(name)
    assert watching.watcher.scan() == 5
    assert watching.claimed() == strange
    assert watching.left() == kept
    assert (tmp_path / "secret.txt").exists()


def obstruct(watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch) -> list[str]:
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
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = watching.drop("a.txt")
    with monkeypatch.context() as patch:
        tried = obstruct(watching, patch)
        assert [watching.watcher.scan() for _ in range(5)] == [0] * 5
        assert tried == ["a.txt"]
    assert watching.batches() == [], "a batch in which nothing came is not left behind"
    assert watching.publisher.notified == []
    assert path.exists()
    assert watching.watcher.scan() == 0, "not yet"
    later = time.time() + REFUSED_SECONDS
    monkeypatch.setattr("worker.inbox.watch.time.time", lambda: later)
    assert watching.watcher.scan() == 1


def claims_fail(monkeypatch: pytest.MonkeyPatch, below: str, error: type[OSError]) -> list[str]:
    """What is tried to be claimed below a folder, and cannot be had."""
    tried, real = list[str](), deposit.claim

    def claim(batch: Batch, file: Path, relative: str) -> None:
        if relative.startswith(below):
            tried.append(relative)
            raise error(1, "it cannot be had")
        real(batch, file, relative)

    monkeypatch.setattr(deposit, "claim", claim)
    return tried


@pytest.mark.parametrize("error", [PermissionError, FileNotFoundError])
def test_what_cannot_be_had_takes_no_room_of_the_spool(
    limited: Callable[..., WatcherFixture],
    monkeypatch: pytest.MonkeyPatch,
    error: type[OSError],
) -> None:
    """Red before: as many names as there is room for in others' folders, and all others waited."""
    watching = limited(batch_files=1, spool_batches=2)
    for number in range(40):
        watching.drop(f"his/{number}.txt")
    watching.drop("a.txt")
    tried = claims_fail(monkeypatch, "his/", error)
    assert watching.watcher.scan() == 1
    assert (watching.claimed(), len(tried)) == (["a.txt"], 40)


@pytest.mark.parametrize(("error", "looks"), [(PermissionError, 1), (FileNotFoundError, 2)])
def test_of_a_file_that_cannot_be_had_no_other_name_is_tried(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch, error: type[OSError], looks: int
) -> None:
    """Red before: each of 65,000 links, and each was kept in mind."""
    path = watching.drop("his/a.txt")
    for number in range(9):
        path.with_name(f"b{number}.txt").hardlink_to(path)
    tried = claims_fail(monkeypatch, "his/", error)
    assert [watching.watcher.scan() for _ in range(2)] == [0, 0]
    assert len(tried) == looks


def test_what_a_look_saw_that_the_spool_cut_off_is_remembered(
    limited: Callable[..., WatcherFixture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: behind a full spool nobody's file was ever seen to be still."""
    watching = limited(batch_files=1, spool_batches=1, quiet_unproven=0.1)
    listed, now = os.listdir, time.time()
    monkeypatch.setattr(os, "listdir", lambda folder: sorted(listed(folder)))
    monkeypatch.setattr(lease, "open_writer", lambda _, name: None if name == "a.txt" else False)
    monkeypatch.setattr("worker.inbox.watch.time.time", lambda: now)
    for name in ("a.txt", "b.txt", "c.txt"):
        watching.drop(name)
    assert (watching.watcher.scan(), watching.batches()) == (1, [["b.txt"]])
    assert watching.watcher.scan() == 0, "the spool is full"
    shutil.rmtree(watching.spool.batches()[0].folder)
    now += 1.0
    assert (watching.watcher.scan(), watching.batches()) == (1, [["a.txt"]])


def test_a_file_that_is_taken_away_before_its_claim_is_nothing_special(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching.drop("a.txt")
    watching.drop("b.txt")
    rename = os.rename

    def take(source: str | Path, target: Path, **folders: int) -> None:
        if source == "a.txt":
            os.unlink(source, dir_fd=folders["src_dir_fd"])
        rename(source, target, **folders)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", take)
        assert watching.watcher.scan() == 1
    assert watching.claimed() == ["b.txt"]
    watching.drop("a.txt")
    assert watching.watcher.scan() == 1


def test_an_inbox_that_was_removed_is_made_again(watching: WatcherFixture) -> None:
    watching.drop("a.txt")
    watching.watcher.scan()
    shutil.rmtree(watching.folders.inbox)
    assert watching.watcher.scan() == 0
    watching.drop("b.txt")
    assert watching.watcher.scan() == 1
    assert watching.claimed() == ["a.txt", "b.txt"]


def test_a_data_folder_whose_disk_went_is_not_made_again(
    watching: WatcherFixture, tmp_path: Path
) -> None:
    watching.drop("a.txt")
    away = watching.folders.data.rename(tmp_path / "away")
    for _ in range(2):
        with pytest.raises(FileNotFoundError, match="its disk is away"):
            watching.watcher.scan()
    watching.folders.data.mkdir()  # the place where a disk is mounted
    with pytest.raises(FileNotFoundError):
        watching.watcher.scan()
    with pytest.raises(FileNotFoundError), Spool(watching.folders.spool).filling():
        pass  # what programs send is not taken either
    assert list(watching.folders.data.iterdir()) == []
    watching.folders.data.rmdir()
    away.rename(watching.folders.data)
    assert watching.watcher.scan() == 1


def test_two_watchers_share_an_inbox(
    watching: WatcherFixture, limited: Callable[..., WatcherFixture]
) -> None:
    other = limited()
    names = sorted(
        watching.drop(f"{number:03}.txt", str(number).encode()).name for number in range(200)
    )
    threads = [threading.Thread(target=one.watcher.scan) for one in (watching, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert watching.claimed() == names
    assert watching.left() == []


# The loop --------------------------------------------------------------------------------------


@pytest.fixture
def running(watching: WatcherFixture) -> Iterator[WatcherFixture]:
    """The watcher's loop with file-system events."""
    stop = threading.Event()
    loop = threading.Thread(
        target=watch, args=(watching.watcher, watching.folders.inbox, stop), kwargs={"poll": False}
    )
    loop.start()
    yield watching
    stop.set()
    loop.join(10)
    assert not loop.is_alive()


def soon(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_the_loop_claims_what_comes_and_survives_a_new_inbox(running: WatcherFixture) -> None:
    running.drop("a.txt")
    assert soon(lambda: running.claimed() == ["a.txt"])
    shutil.rmtree(running.folders.inbox)
    assert soon(running.folders.inbox.is_dir)
    running.drop("b.txt")
    assert soon(lambda: running.claimed() == ["a.txt", "b.txt"])


def test_trouble_does_not_end_the_loop(running: WatcherFixture) -> None:
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
    limited: Callable[..., WatcherFixture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pause between two looks goes by the time of looking, not by that of claiming."""
    watching = limited(quiet=0.3)
    claim = deposit.claim

    def slow(*args: Any) -> None:
        time.sleep(0.1)
        claim(*args)

    monkeypatch.setattr("worker.spool.deposit.claim", slow)
    watching.drop("last.txt", age=0.0)
    for number in range(10):
        watching.drop(f"{number}.txt", age=60.0)
    stop = threading.Event()
    arguments = (watching.watcher, watching.folders.inbox, stop)
    loop = threading.Thread(target=watch, args=arguments, kwargs={"poll": False}, daemon=True)
    loop.start()
    assert soon(lambda: watching.left() == [], 2.5), "a second of claiming cost four of waiting"
    stop.set()
    loop.join(10)


def test_the_loop_tells_that_it_goes_round_and_not_where_it_stands_still(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulse, stop, hang = Pulse("watch"), threading.Event(), threading.Event()
    go_on = threading.Event()
    scan = watching.watcher.scan

    def scan_or_hang() -> int:
        if hang.is_set():
            go_on.wait(60)
        return scan()

    monkeypatch.setattr(watching.watcher, "scan", scan_or_hang)
    arguments = (watching.watcher, watching.folders.inbox, stop)
    loop = threading.Thread(target=watch, args=arguments, kwargs={"poll": True, "pulse": pulse})
    loop.start()
    try:
        assert soon(lambda: "watch" in pulse._turns, 60)
        first = pulse._turns["watch"]
        assert soon(lambda: pulse._turns["watch"] > first, 60), "with nothing to do, too"
        hang.set()
        assert soon(lambda: pulse.beat().loops["watch"] > 2.5, 60), (
            "the loop stands, a pulse is there"
        )
        hung = pulse._turns["watch"]
        go_on.set()
        assert soon(lambda: pulse._turns["watch"] > hung, 60)
    finally:
        go_on.set()
        stop.set()
        loop.join(60)


def test_a_long_scan_goes_round_with_each_file(watching: WatcherFixture) -> None:
    turns: list[None] = []
    watching.watcher.turned = lambda: turns.append(None)
    for number in range(5):
        watching.drop(f"{number}.txt")
    watching.watcher.scan()
    assert len(turns) >= 5


def test_the_rest_after_a_long_scan_is_no_hanging(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    stop = threading.Event()

    class Turned(Pulse):
        def turn(self, loop: str) -> None:
            events.append("turn")

    def scan() -> int:
        events.append("scan")
        time.sleep(0.5)
        return 0

    monkeypatch.setattr("worker.inbox.polling.REST_SECONDS", 0.05)
    monkeypatch.setattr(watching.watcher, "scan", scan)
    arguments = (watching.watcher, watching.folders.inbox, stop)
    more = {"poll": True, "pulse": Turned("watch")}
    loop = threading.Thread(target=watch, args=arguments, kwargs=more)
    loop.start()
    try:
        assert soon(lambda: events.count("scan") > 1, 60)
    finally:
        stop.set()
        loop.join(60)
    first = events.index("scan")
    assert events.index("scan", first + 1) - first > 3


# Very many that are not ready ------------------------------------------------------------------


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many files that are not ready are remembered from one look to the next."""
    monkeypatch.setattr(not_ready, "MOST", 4)
    return 4


def test_of_very_many_that_are_not_ready_no_more_are_remembered(
    watching: WatcherFixture, remembered: int
) -> None:
    """Red before: all were, and whoever kept a million open had some gigabytes of the memory."""
    for number in range(30):
        watching.drop(f"{number:02}.txt", age=-3600.0)
    for _ in range(3):
        watching.watcher.scan()
        assert len(watching.watcher._not_ready.known) <= remembered
        assert watching.watcher.waiting == 30


def test_and_of_each_other_it_is_seen_that_it_is_still(
    limited: Callable[..., WatcherFixture], remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the kernel tells of no writers, who changes his files at each look holds no others."""
    watching, now, listed = limited(leases=False), time.time(), os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: sorted(listed(folder)))
    monkeypatch.setattr("worker.inbox.watch.time.time", lambda: now)
    for look in range(2):
        for number in range(30):
            if look == 0 or number != 29:
                watching.drop(f"{number:02}.txt", b"x" * (look + 1))
        watching.watcher.scan()
        now += 80.0
    assert watching.claimed() == ["29.txt"]
    assert len(watching.watcher._not_ready.known) <= remembered


@as_root
@pytest.mark.parametrize("name", ["0.txt", "z.txt"])
def test_who_has_few_waits_for_nobody_s_turn(
    limited: Callable[..., WatcherFixture], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Red before: 300,000 files of another's, refused each time, kept a text for a quarter hour."""
    monkeypatch.setattr(not_ready, "MOST", 4)
    monkeypatch.setattr(not_ready, "PARTS", 2)
    watching = limited(leases=False, quiet_unproven=0.0, quiet=0.0)
    rule = lambda seen, now, *_: seen.since < now and seen.seen.size == 2  # noqa: E731
    monkeypatch.setattr(watch_module, "ready", rule)
    for number in range(30):
        watching.drop(f"a/{number:02}.txt", age=-3600.0)
    for _ in range(5):
        watching.watcher.scan()
        path = watching.folders.inbox / name
        watching.drop(name, b"xx", age=-3600.0)
        os.chown(path, 54_321, 54_321)
        watching.watcher.scan()
        watching.watcher.scan()
        assert not path.exists(), "seen in two looks, wherever it comes"
        assert len(watching.watcher._not_ready.known) <= 8


@as_root
def test_who_is_very_many_users_keeps_nobody_waiting(
    limited: Callable[..., WatcherFixture], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: sixty numbers of ``/etc/subuid`` had all parts, and each text waited its turn."""
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: sorted(listed(folder)))
    monkeypatch.setattr(not_ready, "MOST", 4)
    monkeypatch.setattr(not_ready, "PARTS", 2)
    watching, now = limited(leases=False), time.time()
    monkeypatch.setattr("worker.inbox.watch.time.time", lambda: now)
    path = watching.folders.inbox / "z.txt"
    for look in range(4):
        for number in range(30):
            his = watching.drop(f"a/{number:02}.txt", b"x" * (look + 1))
            os.chown(his, 300_000 + number, 300_000)
        if look == 2:
            watching.drop("z.txt")
            os.chown(path, 54_321, 54_321)
        watching.watcher.scan()
        now += 80.0
    assert not path.exists(), "two looks have seen it, whoever else is there"
    assert len(watching.watcher._not_ready.known) <= 8


def test_of_very_many_that_are_refused_the_log_names_some(
    limited: Callable[..., WatcherFixture], monkeypatch: pytest.MonkeyPatch
) -> None:
    watching = limited(leases=False, quiet_unproven=0.0, quiet=0.0)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("worker.spool.deposit.claim", refuse)
    monkeypatch.setattr(claiming, "TOLD", 3)
    for number in range(10):
        watching.drop(f"{number}.txt", age=-3600.0)
    with capture_logs() as logs:
        watching.watcher.scan()
    assert [line["event"] for line in logs].count("file.refused") == 3


@pytest.mark.usefixtures("leases")
def test_what_is_ready_is_claimed_while_a_long_look_goes_on(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: it was at the end of the look, which others' names made as long as they liked."""
    order = list[str]()

    class Names(Scan):
        def files(self) -> Iterator[InboxFile]:
            found = sorted(super().files(), key=lambda file: file.relative)
            for file in found:
                order.append(f"{file.relative} {len(watching.publisher.notified)}")
                yield file

    monkeypatch.setattr(watch_module, "Scan", Names)
    monkeypatch.setattr(watch_module, "SOON_SECONDS", 0.0)
    for name in ("a", "b", "c", "d"):
        watching.drop(name)
    with (watching.folders.inbox / "b").open("ab"), (watching.folders.inbox / "c").open("ab"):
        watching.watcher.scan()
    assert order == ["a 0", "b 0", "c 1", "d 1"]


def test_what_comes_while_a_look_goes_on_is_ready_in_it(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: by the moment at which the look began, it was still to come."""

    class Long(Scan):
        def files(self) -> Iterator[InboxFile]:
            watching.drop("a.txt", age=0.0)
            time.sleep(0.1)
            yield from super().files()

    monkeypatch.setattr(watch_module, "Scan", Long)
    assert watching.watcher.scan() == 1


def test_the_rest_between_two_looks_has_an_end() -> None:
    """Red before: it was four times the look, however long that was."""
    assert [rest_after(seconds) for seconds in (0.0, 1.0, 10.0, 3_600.0)] == [0.0, 4.0, 40.0, 60.0]


def test_what_could_not_be_claimed_is_forgotten_in_time(
    watching: WatcherFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: each name was remembered for ever."""
    monkeypatch.setattr("worker.inbox.in_vain.REFUSED_SECONDS", 0.0)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "not to be had")

    monkeypatch.setattr(deposit, "claim", refuse)
    path = watching.drop("a.txt")
    watching.watcher.scan()
    path.unlink()
    watching.watcher.scan()
    assert not watching.watcher._in_vain._until
