"""Copies follow the archive: what is new is written and read back, what was taken away goes."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import BinaryIO

import pytest

from articles.errors import ServiceUnavailable
from tests.fakes.bucket import Memory
from worker import beneath, failpoint
from worker.copies.copier import Copier, leaves
from worker.copies.keys import key_of
from worker.folders import Folders
from worker.spool.copied import NAME, ArchiveCopies
from worker.spool.settle import discard, settling


class Site:
    """A data folder with copies of its archive."""

    def __init__(self, data: Path) -> None:
        self.folders = Folders(data).prepare()
        self.store = Memory()
        self.copies = ArchiveCopies(data / NAME)
        self.begin_anew()

    def begin_anew(self) -> None:
        """As after a death of the watcher."""
        self.copier = Copier(self.folders, self.copies, self.store)

    def archive(self, relative: str, content: bytes = b"Ein Artikel") -> None:
        path = self.folders.archive / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.neu")
        fresh.write_bytes(content)
        fresh.rename(path)

    def take_away(self, relative: str) -> None:
        """As a withdrawal does."""
        with settling(self.folders):
            leaves(self.folders, self.copies, self.folders.archive, relative)
            discard(self.folders, self.folders.archive, relative)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "data")


def test_a_time_that_sqlite_cannot_keep_keeps_no_other_from_its_copy(site: Site) -> None:
    """Red before: `touch -d 2300-01-01` ended each step at that file, and nothing said so."""
    for name in "abc":
        site.archive(f"{name}.txt")
    os.utime(site.folders.archive / "b.txt", ns=(2**63, 2**63))
    for _ in range(2):
        site.copier.step()
    assert set(site.store.files) == {"a.txt", "b.txt", "c.txt"}
    assert site.copies.said()["waiting"] == "0"


def test_a_fault_that_nobody_foresaw_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.archive("a.txt")
    monkeypatch.setattr(site.store, "digest", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        site.copier.step()
    assert "ZeroDivisionError" in site.copies.said()["error"]


def test_every_file_gets_a_copy_once_and_as_it_is_called(site: Site) -> None:
    site.archive("a.txt")
    site.archive("taz/2024/Größe.txt", b"Noch einer")
    for _ in range(2):
        site.copier.step()
    assert site.store.files == {"a.txt": b"Ein Artikel", "taz/2024/Größe.txt": b"Noch einer"}
    site.archive("b.txt")
    site.begin_anew()
    site.copier.step()
    assert site.store.written == 3
    assert site.copies.said() == {"waiting": "0", "leaving": "0", "error": ""}


def test_what_is_replaced_in_the_archive_is_copied_anew(site: Site) -> None:
    site.archive("a.txt")
    site.copier.step()
    site.archive("a.txt", b"Ein Artikel, der weitergeht")
    site.copier.step()
    assert site.store.files == {"a.txt": b"Ein Artikel, der weitergeht"}


def test_while_the_bucket_is_away_files_wait_and_status_is_told(site: Site) -> None:
    site.archive("a.txt")
    site.archive("b.txt")
    site.store.away = True
    with pytest.raises(ServiceUnavailable):
        site.copier.step()
    assert site.copies.said() == {"waiting": "2", "leaving": "0", "error": "the bucket is away"}
    site.store.away = False
    site.copier.step()
    assert site.store.files.keys() == {"a.txt", "b.txt"}
    assert site.copies.said()["error"] == ""


def test_a_copy_that_comes_back_otherwise_is_none(site: Site) -> None:
    site.archive("a.txt")
    site.store.lies = True
    with pytest.raises(ServiceUnavailable, match="other bytes"):
        site.copier.step()
    assert not site.copies.confirmed(["a.txt"])
    site.store.lies = False
    site.copier.step()
    assert site.store.files == {"a.txt": b"Ein Artikel"}


def test_what_is_refused_by_itself_keeps_no_other_waiting(site: Site) -> None:
    """A name that the bucket does not take: nothing behind it was copied any more, or removed."""
    for name in ("a.txt", "x/a.txt", "x/b.txt", "z.txt"):
        site.archive(name)
    site.store.refused = {"a.txt", "x/a.txt"}
    with pytest.raises(ServiceUnavailable, match=r"a\.txt is refused"):
        site.copier.step()
    assert site.store.files.keys() == {"x/b.txt", "z.txt"}
    assert site.copies.said() == {"waiting": "2", "leaving": "0", "error": "a.txt is refused"}
    site.store.refused.add("x/b.txt")
    for name in ("x/b.txt", "z.txt"):
        site.take_away(name)
    site.archive("neu.txt")
    with pytest.raises(ServiceUnavailable):
        site.copier.step()
    assert site.store.files.keys() == {"x/b.txt", "neu.txt"}
    assert (site.copies.said()["waiting"], site.copies.said()["leaving"]) == ("2", "1")
    site.store.refused.clear()
    site.copier.step()
    assert site.store.files.keys() == {"a.txt", "x/a.txt", "neu.txt"}
    assert site.copies.said() == {"waiting": "0", "leaving": "0", "error": ""}


def test_after_some_refusals_the_bucket_is_asked_no_more_and_what_is_new_comes_first(
    site: Site,
) -> None:
    site.store.refused = {f"a{number}.txt" for number in range(9)}
    for name in site.store.refused:
        site.archive(name)
    site.archive("z.txt")
    for _ in range(4):
        assert "z.txt" not in site.store.files
        with pytest.raises(ServiceUnavailable):
            site.copier.step()
    assert site.store.files.keys() == {"z.txt"}


def test_what_cannot_be_read_keeps_no_other_waiting(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who owns a file in the archive may hold a lease on it."""
    opened = beneath.open_below

    def leased(root: Path, relative: str) -> int:
        if relative == "a.txt":
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return opened(root, relative)

    monkeypatch.setattr(beneath, "open_below", leased)
    for name in ("a.txt", "b.txt"):
        site.archive(name)
    with pytest.raises(BlockingIOError):
        site.copier.step()
    assert site.store.files.keys() == {"b.txt"}
    assert "unavailable" in site.copies.said()["error"]


def test_what_is_a_hole_is_not_sent_and_keeps_no_other_waiting(site: Site) -> None:
    """Four terabytes cost who leaves them in his container nothing."""
    for number in range(4):
        site.archive(f"a{number}.tar/a{number}.tar")
        os.truncate(site.folders.archive / f"a{number}.tar/a{number}.tar", 80 << 20)
    site.archive("b.txt")
    site.archive("c.txt")
    with pytest.raises(ServiceUnavailable, match=r"\.tar: It has holes"):
        site.copier.step()
    assert site.store.files.keys() == {"b.txt", "c.txt"}
    assert site.copies.said()["waiting"] == "4"
    site.take_away("b.txt")
    with pytest.raises(ServiceUnavailable):
        site.copier.step()
    assert site.store.files.keys() == {"c.txt"}


def test_what_depesche_takes_away_goes_there_too_also_after_a_death(site: Site) -> None:
    site.archive("a.txt")
    site.copier.step()
    site.store.away = True
    site.take_away("a.txt")
    with pytest.raises(ServiceUnavailable):
        site.copier.step()
    assert site.copies.said()["leaving"] == "1"
    site.begin_anew()
    site.store.away = False
    site.copier.step()
    assert site.store.files == {}
    assert site.copies.leaving() == []


def test_what_a_disk_or_a_person_loses_keeps_its_copy(site: Site) -> None:
    site.archive("a.txt")
    site.copier.step()
    (site.folders.archive / "a.txt").unlink()
    site.copier.step()
    site.begin_anew()
    site.copier.step()
    assert site.store.files == {"a.txt": b"Ein Artikel"}


def test_what_was_named_to_go_and_is_there_still_keeps_its_copy(site: Site) -> None:
    """A withdrawal that was cut short between its note and the file: it names it once more."""
    site.archive("a.txt")
    site.copier.step()
    site.copies.leave("a.txt", b"a.txt")
    site.copier.step()
    assert site.store.files == {"a.txt": b"Ein Artikel"}
    site.take_away("a.txt")
    site.copier.step()
    assert site.store.files == {}


def test_what_is_taken_away_while_it_is_copied_has_no_copy(site: Site) -> None:
    site.archive("a.txt")
    put = site.store.put

    def late(key: str, file: BinaryIO) -> None:
        site.take_away("a.txt")
        put(key, file)

    site.store.put = late  # type: ignore[method-assign]
    site.copier.step()
    site.copier.step()
    assert site.store.files == {}


@pytest.mark.parametrize("gap", ["copies.begun", "copies.put"])
def test_a_death_between_two_steps_leaves_no_copy_of_what_is_purged(site: Site, gap: str) -> None:
    site.archive("a.txt")
    dies_in(site, gap)
    site.take_away("a.txt")
    # The bucket is in the memory of each process: this is what the other has left in a real one.
    site.store.files["a.txt"] = b"Ein Artikel"
    site.copier.step()
    assert site.store.files == {}


@pytest.mark.parametrize("back", [False, True])
def test_a_death_behind_a_removal_takes_no_copy_of_what_comes_again(site: Site, back: bool) -> None:
    site.archive("a.txt")
    site.copier.step()
    site.take_away("a.txt")
    dies_in(site, "copies.deleted")
    assert site.copies.leaving(), "the removal is not known to be done"
    del site.store.files["a.txt"]  # as the other has left a real bucket
    if back:
        site.archive("a.txt", b"Ein anderer")
    site.copier.step()
    site.copier.step()
    assert site.store.files == ({"a.txt": b"Ein anderer"} if back else {})
    assert site.copies.leaving() == []


def dies_in(site: Site, gap: str) -> None:
    """A process that does a step, and is killed in that gap."""
    child = os.fork()
    if child == 0:
        try:
            failpoint.arm({failpoint.ARMED: f"{gap}:kill"})
            site.copier.step()
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    site.begin_anew()


def test_without_copies_nothing_is_noted(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data").prepare()
    copies = ArchiveCopies(folders.data / NAME)
    leaves(folders, copies, folders.archive, "a.txt")
    assert not copies.exist()
    assert copies.leaving() == []
    assert copies.said() == {}


def test_a_lost_record_is_made_again_and_changes_no_copy(site: Site) -> None:
    site.archive(os.fsdecode(b"\xff.txt"))
    site.copier.step()
    site.copies.path.unlink()
    site.begin_anew()
    site.copier.step()
    key = key_of(os.fsdecode(b"\xff.txt"))
    assert site.store.files == {key: b"Ein Artikel"}
    assert site.copies.confirmed([key])


def test_a_watcher_that_stops_copies_no_more(site: Site) -> None:
    site.archive("a.txt")
    site.copier.step(lambda: True)
    assert site.store.files == {}
    site.copier.step()
    assert site.store.files == {"a.txt": b"Ein Artikel"}
