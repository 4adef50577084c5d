"""Archived files that may have been open for writing: what grew is read again."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from pathlib import Path

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker import beneath
from worker.access_lists import ACCESS, NOBODY_NAMED, packed
from worker.intake.second_look import LEFT_SECONDS, LOOKS, SecondLooks
from worker.spool import deposit
from worker.spool.spool import Batch

HALF = b" date 2024-06-20 Amt : Bericht 1\n\nKarsten Holm war in Bremen.\n\n"
REST = b"Er sprach dort.\n"
QUIET = 2.0


@pytest.fixture
def unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a network mount, or with files of other owners."""
    monkeypatch.setattr("worker.inbox.lease.writer_on", lambda handle: None)


def archived(container: FakeContainer, name: str = "a.txt") -> Path:
    """Half an article, claimed and archived."""
    with container.spool.filling() as batch:
        (batch.root / name).write_bytes(HALF)
    container.intake.batch(batch.name)
    assert len(container.spool) == 0
    return container.folders.archive / name


def grown(file: Path) -> None:
    """Its writer goes on, into the archive, and that was a while ago."""
    with file.open("ab") as handle:
        handle.write(REST)
    os.utime(file, (time.time() - QUIET,) * 2)


def look(container: FakeContainer, later: float = LOOKS[0], room: int = 9) -> int:
    return container.second_looks.step(time.time() + later, QUIET, room)


def work(container: FakeContainer) -> list[str]:
    return [fate.fate for b in container.spool.batches() for fate in container.intake.batch(b.name)]


def records(container: FakeContainer) -> list[str]:
    folder = container.folders.unproven
    return os.listdir(folder) if folder.is_dir() else []


def bodies(fake: FakeElasticsearch) -> list[str]:
    (index,) = fake.store.indices.values()
    return [document.source["body"] for document in index.documents.values()]


@pytest.mark.usefixtures("unproven")
def test_a_removed_run_folder_costs_no_look(container: FakeContainer) -> None:
    file = archived(container)
    shutil.rmtree(container.folders.run, ignore_errors=True)
    grown(file)
    assert look(container) == 1


@pytest.mark.usefixtures("unproven")
def test_what_grew_in_the_archive_is_read_again_in_place_of_its_half(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    file = archived(container)
    inode = file.stat().st_ino
    grown(file)
    assert look(container, later=0.0) == 0, "not yet"
    assert look(container) == 1
    assert work(container) == ["indexed"]
    (body,) = bodies(fake)
    assert body.endswith("Er sprach dort.")
    assert file.read_bytes() == HALF + REST
    assert file.stat().st_ino == inode, "whoever still writes into it writes into the archive"
    grown(file)
    assert look(container) == 1, "it is looked at from the beginning again"
    assert work(container) == ["indexed"]
    assert len(bodies(fake)) == 1
    assert [path.name for path in container.folders.archive.iterdir()] == ["a.txt"]


@pytest.mark.usefixtures("unproven")
def test_a_file_that_stays_the_same_is_looked_at_for_minutes_and_no_longer(
    container: FakeContainer,
) -> None:
    archived(container)
    for seconds in LOOKS:
        assert len(records(container)) == 1
        assert look(container, seconds) == 0
    assert records(container) == []
    assert len(container.spool) == 0


@pytest.mark.usefixtures("unproven")
def test_what_is_still_written_waits_and_so_does_all_while_the_spool_is_full(
    container: FakeContainer,
) -> None:
    file = archived(container)
    grown(file)
    assert look(container, room=0) == 0
    os.utime(file, (time.time() + LOOKS[0],) * 2)
    assert look(container) == 0
    assert look(container, LOOKS[0] + QUIET) == 1


@pytest.mark.usefixtures("unproven")
def test_who_writes_to_his_all_the_time_keeps_no_other_of_its_batch_waiting(
    container: FakeContainer,
) -> None:
    """Red before: the whole record waited for it, for ever; then once for each of his files."""
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_bytes(HALF)
        for name in "bc":
            text = HALF.replace(b"\n", f" {name}\n".encode(), 1)
            (batch.root / f"{name}.txt").write_bytes(text)
    container.intake.batch(batch.name)
    grown(container.folders.archive / "a.txt")
    restless = [container.folders.archive / f"{name}.txt" for name in "bc"]
    for file in restless:
        os.utime(file, (time.time() + LOOKS[0],) * 2)
    assert look(container) == 1, "at once: else each of his files could delay it once more"
    assert [file.relative for b in container.spool.batches() for file in b.files()] == ["a.txt"]
    assert len(records(container)) == 1, "they have their own, together"
    for file in restless:
        os.utime(file, (time.time() - QUIET,) * 2)
    assert look(container) == 2


@pytest.mark.usefixtures("unproven")
def test_what_its_owner_has_shut_keeps_no_other_from_being_read_again(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: none of its record was, and behind the last look never."""
    with container.spool.filling() as batch:
        for name in "ab":
            text = HALF.replace(b"\n", f" {name}\n".encode(), 1)
            (batch.root / f"{name}.txt").write_bytes(text)
    container.intake.batch(batch.name)
    for name in "ab":
        grown(container.folders.archive / f"{name}.txt")
    opened = beneath.open_file

    def shut(name: str, folder: int) -> int:
        if name == "a.txt":  # to root it is open whatever its owner does
            raise PermissionError(errno.EACCES, "shut")
        return opened(name, folder)

    monkeypatch.setattr(beneath, "open_file", shut)
    assert look(container) == 1
    assert [file.relative for b in container.spool.batches() for file in b.files()] == ["b.txt"]


@pytest.mark.usefixtures("unproven")
def test_a_file_that_is_gone_or_beside_others_harms_nobody(container: FakeContainer) -> None:
    archived(container, "fort.txt").unlink()
    grown(archived(container))
    assert look(container) == 1
    assert work(container) == ["indexed"]


@pytest.mark.usefixtures("unproven")
def test_files_that_are_worked_one_by_one_are_all_looked_at(container: FakeContainer) -> None:
    with container.spool.filling() as batch:
        for name in ("a.txt", "b.txt"):
            (batch.root / name).write_bytes(HALF.replace(b"Bericht 1", name.encode()))
    (batch.folder / "working").touch()  # its worker died
    container.intake.batch(batch.name)
    for name in ("a.txt", "b.txt"):
        grown(container.folders.archive / name)
    assert look(container) == 2


def test_what_is_proven_is_not_looked_at_again(container: FakeContainer) -> None:
    archived(container)
    assert records(container) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"at": 0, "looks": 99, "files": []}'])
def test_a_record_that_makes_no_sense_stops_nothing(container: FakeContainer, content: str) -> None:
    folder = container.folders.unproven
    folder.mkdir(exist_ok=True)
    (folder / "x.json").write_text(content)
    assert look(container) == 0


def test_a_full_disk_costs_the_look_alone(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("worker.intake.second_look.write_json", full)
    SecondLooks(container.folders, container.publisher).note("x", [])


def _refused(*_: object, **__: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.fixture
def foreign(container: FakeContainer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archived half of another owner: no lease can be had on it, and no link be made to it.

    ``fs.protected_hardlinks`` forbids it where we may not write it. What we copy is our own.
    """
    monkeypatch.setattr("worker.inbox.lease.writer_on", lambda handle: None)
    file = archived(container)
    inode = file.stat().st_ino
    monkeypatch.setattr("worker.spool.deposit.os.link", _refused)
    monkeypatch.setattr(
        "worker.inbox.lease.writer_on",
        lambda handle: None if os.fstat(handle).st_ino == inode else False,
    )
    return file


def test_where_no_link_can_be_made_the_writer_s_file_stays_and_is_looked_at_again(
    container: FakeContainer, fake: FakeElasticsearch, foreign: Path
) -> None:
    with foreign.open("ab") as writer:
        for _ in range(2):
            writer.write(REST)
            writer.flush()
            os.utime(foreign, (time.time() - QUIET,) * 2)
            assert look(container) == 1
            assert work(container) == ["indexed"]
    (body,) = bodies(fake)
    assert body.count("Er sprach dort.") == 2
    assert foreign.read_bytes() == HALF + REST + REST
    assert [path.name for path in container.folders.archive.iterdir()] == ["a.txt"]
    assert look(container) == 0, "it is the one that was read"


def test_what_grows_while_its_copy_waits_is_looked_at_again(
    container: FakeContainer, fake: FakeElasticsearch, foreign: Path
) -> None:
    for _ in range(2):
        grown(foreign)
        assert look(container) == 1
        grown(foreign)
        assert work(container) == ["indexed"]
    assert look(container) == 1
    assert work(container) == ["indexed"]
    (body,) = bodies(fake)
    assert body.count("Er sprach dort.") == 4
    assert [path.name for path in container.folders.archive.iterdir()] == ["a.txt"]


@pytest.mark.usefixtures("unproven")
def test_a_second_look_takes_no_file_away_that_has_other_bytes(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """A file is rewritten in the archive, and what it was is dropped again."""
    file = archived(container)
    other = HALF.replace(b"Bremen", b"Dessau")
    file.write_bytes(other)
    os.utime(file, (time.time() - QUIET,) * 2)
    archived(container)
    assert look(container) == 1
    assert work(container) == ["indexed"]
    assert sorted(p.read_bytes() for p in file.parent.iterdir()) == sorted([HALF, other])
    assert len(bodies(fake)) == 2


@pytest.mark.usefixtures("unproven")
def test_a_second_look_takes_no_document_away_that_another_file_has_by_now(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    half = archived(container)
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_bytes(HALF + REST)
    container.intake.batch(batch.name)
    archived(container, "b.txt")
    os.utime(half, (time.time() - QUIET,) * 2)
    look(container)
    work(container)
    assert {p.name: p.read_bytes() for p in half.parent.iterdir()} == {
        "a.txt": HALF + REST,
        "b.txt": HALF,
    }
    assert len(bodies(fake)) == 2


def test_what_cannot_be_read_again_keeps_no_other_waiting_and_is_not_tried_for_ever(
    container: FakeContainer, foreign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner has taken our right to read it."""
    (record,) = records(container)
    folder = container.folders.unproven
    (folder / record).rename(folder / "0-first.json")  # it comes first
    monkeypatch.setattr("worker.inbox.lease.writer_on", lambda handle: None)
    other = archived(container, "b.txt")
    for file in (foreign, other):
        grown(file)
    real = deposit.copy

    def copy(batch: Batch, file: Path, relative: str, *most: int) -> None:
        if file == foreign:
            raise PermissionError(13, "Permission denied")
        real(batch, file, relative, *most)

    monkeypatch.setattr(deposit, "copy", copy)
    assert look(container) == 1
    for seconds in LOOKS[1:]:
        look(container, seconds)
    assert "0-first.json" not in records(container)


@pytest.fixture
def linked(container: FakeContainer, tmp_path: Path, unproven: None) -> tuple[Path, Path]:
    """An archived half, and the link to it that its sender has kept."""
    (tmp_path / "kept.txt").write_bytes(HALF)
    with container.spool.filling() as batch:
        os.link(tmp_path / "kept.txt", batch.root / "a.txt")
    container.intake.batch(batch.name)
    return container.folders.archive / "a.txt", tmp_path / "kept.txt"


def test_after_the_last_look_nobody_else_can_change_it(
    container: FakeContainer, linked: tuple[Path, Path]
) -> None:
    archived_file, kept = linked
    assert archived_file.samefile(kept), "he may go on, and it would be read again"
    for seconds in LOOKS:
        assert look(container, seconds) == 0
    assert not archived_file.samefile(kept)
    kept.write_bytes(REST)
    assert archived_file.read_bytes() == HALF
    assert [path.name for path in archived_file.parent.iterdir()] == ["a.txt"]
    assert records(container) == []


def test_what_was_changed_and_dated_back_is_read_again(
    container: FakeContainer, fake: FakeElasticsearch, linked: tuple[Path, Path]
) -> None:
    _, kept = linked
    times = kept.stat().st_atime_ns, kept.stat().st_mtime_ns
    kept.write_bytes(HALF.replace(b"Bremen", b"Dessau"))
    os.utime(kept, ns=times)
    for seconds in LOOKS:
        look(container, seconds)
    assert work(container) == ["indexed"]
    (body,) = bodies(fake)
    assert "Dessau" in body


def test_one_file_that_cannot_be_copied_keeps_no_other_from_it(
    container: FakeContainer, tmp_path: Path, unproven: None
) -> None:
    with container.spool.filling() as batch:
        for name in ("a.txt", "b.txt"):
            (tmp_path / name).write_bytes(HALF.replace(b"Bericht 1", name.encode()))
            os.link(tmp_path / name, batch.root / name)
    container.intake.batch(batch.name)
    for seconds in LOOKS[:-1]:
        look(container, seconds)
    mtime = (tmp_path / "a.txt").stat().st_mtime_ns
    (record,) = container.folders.unproven.iterdir()
    content = json.loads(record.read_text())
    with (tmp_path / "a.txt").open("ab") as hole:
        hole.truncate(2 * 2**30)
    os.utime(tmp_path / "a.txt", ns=(mtime, mtime))
    content["files"][0]["look"]["size"] = 2 * 2**30
    record.write_text(json.dumps(content))
    assert look(container, LOOKS[-1]) == 0
    archive = container.folders.archive
    assert not (archive / "b.txt").samefile(tmp_path / "b.txt")
    assert (archive / "a.txt").samefile(tmp_path / "a.txt"), "nothing of it was read"


def test_its_copy_opens_nothing_that_an_access_list_keeps_shut(
    container: FakeContainer, linked: tuple[Path, Path]
) -> None:
    """Red before: the bits of the list's mask were taken for the group's."""
    archived_file, kept = linked
    entries = [(1, 6, NOBODY_NAMED), (2, 4, 4711), (4, 0, NOBODY_NAMED)]
    entries += [(16, 4, NOBODY_NAMED), (32, 0, NOBODY_NAMED)]
    try:
        os.setxattr(kept, ACCESS, packed(entries))
    except (OSError, AttributeError):
        pytest.skip("no access lists on this disk")
    for seconds in LOOKS:
        look(container, seconds)
    assert not archived_file.samefile(kept)
    assert archived_file.stat().st_mode & 0o077 == 0


def test_a_copy_is_not_put_over_what_intake_has_archived_meanwhile(
    container: FakeContainer, linked: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    archived_file, _ = linked
    whole = HALF + REST

    def reach(name: str) -> None:
        if name == "second_look.copied":
            archived_file.unlink()
            archived_file.write_bytes(whole)

    monkeypatch.setattr("worker.failpoint.reach", reach)
    for seconds in LOOKS:
        look(container, seconds)
    assert archived_file.read_bytes() == whole
    assert not list(container.folders.unproven.glob(".*"))


def test_what_a_death_left_of_a_copy_goes(container: FakeContainer) -> None:
    folder = container.folders.unproven
    left = folder / ".1-0123abcd.tmp"
    left.write_bytes(HALF)
    look(container)
    assert left.exists(), "somebody may be writing it"
    look(container, LEFT_SECONDS + 1)
    assert not left.exists()
