"""What has moved in a tree is told by its bytes: nobody else's file is taken for what is missed.

A file that is written over and has its time set back stands for another user's in the place of one
that was deleted: that gets the same inode number, and size and time are his to choose.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest

from tests.unit.worker.mirror.test_follow import BODY, Followed, text, tree
from worker import beneath
from worker.care.withdraw import Order, withdraw
from worker.mirror import links, take
from worker.mirror.scan import scan

__all__ = ["tree"]

LONG = BODY * 3
OTHER = ("Reklame " * 500).encode()


def headlines(tree: Followed) -> list[str]:
    found = tree.container.client.search(index="articles", size=1000)["hits"]["hits"]
    return sorted(hit["_source"]["headline"] for hit in found)


def takes_its_place(path: Path, name: str) -> None:
    """Its inode, size and time under another name, with other bytes."""
    before = path.stat()
    new = path.rename(path.with_name(name))
    with new.open("r+b") as file:
        file.write(OTHER[: before.st_size])
    os.utime(new, ns=(before.st_mtime_ns, before.st_mtime_ns))
    after = new.stat()
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (
        before.st_ino,
        before.st_size,
        before.st_mtime_ns,
    )


def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A handle for each file that is read from now on."""
    read: list[int] = []
    whole = beneath.read_all

    def counted(handle: int, most: int) -> bytes:
        read.append(handle)
        return whole(handle, most)

    monkeypatch.setattr(beneath, "read_all", counted)
    return read


def steps(tree: Followed, path: str) -> list[str]:
    with tree.mirror.opened() as state:
        return [event.what for event in state.events([path.encode()], [])]


def test_other_bytes_in_a_deleted_file_s_place_keep_no_document(tree: Followed) -> None:
    """Red before: the deleted text was found for ever, by the path of a file that had another."""
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    takes_its_place(path, "c.txt")
    tree.turn()
    assert "Eins" not in headlines(tree)
    assert id_ not in tree.documents().values()
    assert set(tree.documents()) == {"press/b.txt", "press/c.txt"}
    assert steps(tree, "a.txt") == ["deleted"]


def test_nor_where_the_deleted_file_had_changed_and_was_not_read_yet(tree: Followed) -> None:
    """Red before: his text was a correction of it, and the deleted one its earlier text."""
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    tree.write("a.txt", text("Eins", "Neu."))
    with tree.mirror.opened() as state:
        scan(state, 1.0, 3600.0, tree.container.follower._feed.taking)
    takes_its_place(path, "c.txt")
    tree.turn()
    assert id_ not in tree.documents().values()
    assert set(tree.documents()) == {"press/b.txt", "press/c.txt"}


def test_who_keeps_such_a_file_open_keeps_no_document(tree: Followed) -> None:
    """It is not read then: the deletion waits for nobody."""
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    takes_its_place(path, "c.txt")
    with (tree.root / "c.txt").open("r+b"):
        tree.turn()
        assert set(tree.documents()) == {"press/b.txt"}


def test_what_has_moved_is_read_once_and_is_not_put_into_the_spool(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    read = readings(monkeypatch)
    path.rename(tree.root / "c.txt")
    tree.turn()
    assert tree.documents()["press/c.txt"] == before["press/a.txt"]
    assert len(read) == 1
    assert tree.container.ledger.counts() == {"indexed": 2, "duplicate": 0, "failed": 0}


def test_what_is_renamed_keeps_its_document_while_the_spool_is_full(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the tree is put there then, for longer than a deletion waits."""
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    feed = type(tree.container.follower._feed)
    monkeypatch.setattr(feed, "_room", lambda *_: 0)
    path.rename(tree.root / "c.txt")
    tree.turn()
    assert tree.documents()["press/c.txt"] == before["press/a.txt"]


def test_a_whole_tree_in_another_folder_is_not_away(tree: Followed) -> None:
    for number in range(5):
        tree.write(f"alt/{number}.txt", text(f"Nummer {number}"))
    tree.turn()
    before = {path.rpartition("/")[2]: id_ for path, id_ in tree.documents().items()}
    (tree.root / "alt").rename(tree.root / "neu")
    tree.follow()
    assert (tree.about()["away"], tree.counts()["gone"]) == ("", 0)
    tree.turn()
    after = {path.rpartition("/")[2]: id_ for path, id_ in tree.documents().items()}
    assert after == before


def test_what_was_renamed_a_moment_ago_is_neither_missed_nor_away(tree: Followed) -> None:
    """It is too young to be read, and the look waits until it is not."""
    quiet = {"quiet_seconds": 0.3}
    tree.container.settings = tree.container.settings.model_copy(update=quiet)
    path = tree.write("a.txt", text("Eins"))
    time.sleep(0.3)
    tree.turn()
    path.rename(tree.root / "c.txt")
    tree.follow()
    assert (tree.about()["away"], tree.counts()) == ("", {"indexed": 1, "gone": 0})


def test_what_was_touched_and_moves_before_it_is_read_keeps_its_document(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()["press/a.txt"]
    path.chmod(0o600)
    with tree.mirror.opened() as state:
        scan(state, 1.0, 3600.0, tree.container.follower._feed.taking)
    path.rename(tree.root / "c.txt")
    tree.turn()
    assert tree.documents()["press/c.txt"] == before
    assert tree.counts() == {"indexed": 2, "gone": 0}
    assert tree.container.ledger.counts() == {"indexed": 2, "duplicate": 0, "failed": 0}


@pytest.mark.parametrize("how", ["rename", "copy"])
def test_what_is_at_fault_and_moves_has_no_document_of_its_last_good_text_any_more(
    tree: Followed, how: str
) -> None:
    """Its bytes tell nothing of that: an empty file of anybody's had a deleted text stay."""
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()["press/a.txt"]
    path.write_bytes(b"\n")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    tree.turn()
    assert tree.counts()["failed"] == 1
    if how == "copy":
        (tree.root / "c.txt").write_bytes(path.read_bytes())
        path.unlink()
    else:
        path.rename(tree.root / "c.txt")
    tree.turn()
    assert "press/c.txt" not in tree.documents()
    tree.turn()
    assert before not in tree.documents().values()
    assert tree.counts() == {"indexed": 1, "failed": 1, "gone": 0}


def test_what_is_withdrawn_is_refused_where_it_moves_and_where_its_copy_stays(
    tree: Followed,
) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    withdraw(tree.container, [id_], Order("court order", "test"))
    tree.write("a.txt", text("Eins", "Und mehr."))
    tree.turn()
    (tree.root / "c.txt").write_bytes(path.read_bytes())
    path.unlink()
    tree.turn()
    assert headlines(tree) == ["Zwei"]
    assert tree.counts() == {"indexed": 1, "withdrawn": 1, "gone": 0}


def test_what_was_too_large_for_a_while_is_at_fault_no_longer(tree: Followed) -> None:
    """Red before: it had the bytes that it had before it was at fault, and stayed so."""
    tree.container.settings = tree.container.settings.model_copy(update={"max_file_bytes": 2_000})
    path = tree.write("a.txt", text("Eins"))
    tree.turn()
    good = path.read_bytes()
    tree.write("a.txt", text("Eins", LONG * 20))
    tree.turn()
    assert tree.counts()["failed"] == 1
    path.write_bytes(good)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    tree.turn()
    assert tree.counts() == {"indexed": 1, "gone": 0}


def test_what_changed_a_moment_ago_is_not_read_yet_whatever_its_time_says(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may change once more within one tick of the clock that files have: nobody would see."""
    taking = take.Taking(1_000, (0.2, 0.2), tree.root)
    path = tree.write("a.txt", text("Eins"))
    with tree.mirror.opened() as state:
        scan(state, 1.0, 3600.0, taking)
        (waiting,) = state.waiting()
    changed = path.stat().st_ctime
    folder = os.open(tree.root, os.O_RDONLY)
    try:
        for later, finished in [(0.0, False), (0.1, False), (0.3, True), (-9e3, True)]:
            now = changed + later
            monkeypatch.setattr(take, "time", SimpleNamespace(time=lambda now=now: now))
            assert (taking.finished(folder, waiting) is not None) is finished, later
    finally:
        os.close(folder)


@pytest.mark.parametrize("how", ["at fault", "touched"])
def test_what_a_container_held_goes_with_it_wherever_it_has_moved(tree: Followed, how: str) -> None:
    """Red before: what moves while it is at fault, or was touched, left its articles for ever."""
    path = tree.root / "a.zip"
    with ZipFile(path, "w") as archive:
        for number in range(2):
            archive.writestr(f"{number}.txt", text(f"Nummer {number}"))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    assert len(headlines(tree)) == 3
    if how == "at fault":
        path.write_bytes(b"PK\x03\x04 nichts")
        os.utime(path, (1_700_000_000, 1_700_000_000))
        tree.turn()
    else:
        path.chmod(0o600)
        with tree.mirror.opened() as state:
            scan(state, 1.0, 3600.0, tree.container.follower._feed.taking)
    new = path.rename(tree.root / "c.zip")
    tree.turn()
    new.unlink()
    tree.turn()
    assert headlines(tree) == ["Zwei"]


def test_links_that_look_like_a_missed_file_are_read_once(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: each was read whole at each look, in which no other mirror is: 65,000 links to 30
    MB are made in a second."""
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    takes_its_place(path, "c.txt")
    for number in range(9):
        (tree.root / f"d{number}.txt").hardlink_to(tree.root / "c.txt")
    read = readings(monkeypatch)
    for _ in range(3):
        with tree.mirror.opened() as state:
            assert scan(state, 1.0, 3600.0, tree.container.follower._feed.taking).moved == 0
    assert len(read) == 1


def test_a_look_reads_what_may_have_moved_for_a_while_alone(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left moves when it has its turn."""
    for number in range(9):
        tree.write(f"a{number}.txt", text(f"Nummer {number}"))
    tree.turn()
    before = set(tree.documents().values())
    taking = tree.container.follower._feed.taking
    read = readings(monkeypatch)
    monkeypatch.setattr(taking.rests, "clock", lambda: 4.0 * len(read))
    for number in range(9):
        (tree.root / f"a{number}.txt").rename(tree.root / f"b{number}.txt")
    with tree.mirror.opened() as state:
        assert scan(state, 1.0, 3600.0, taking).moved == 3
    tree.turn()
    assert set(tree.documents().values()) == before
    assert set(tree.documents()) == {f"press/b{number}.txt" for number in range(9)}


@pytest.mark.parametrize("how", ["touched", "moved"])
def test_links_to_one_file_are_read_as_that_one(
    tree: Followed, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Red before: 65,000 links to 32 MB were two terabytes to hash each time one was touched."""
    first = tree.write("l/0.txt", text("Eins"))
    tree.write("z.txt", text("Zwei"))
    for number in range(1, 9):
        (tree.root / "l" / f"{number}.txt").hardlink_to(first)
    tree.turn()
    read = readings(monkeypatch)
    if how == "touched":
        os.utime(first, (1_600_000_000, 1_600_000_000))
    elif how == "moved":
        (tree.root / "l").rename(tree.root / "m")
    for _ in range(3):
        tree.follow()
    assert len(read) == (how == "touched")
    assert tree.counts() == {"indexed": 10, "gone": 0}
    assert headlines(tree) == ["Eins", "Zwei"]


def test_of_files_with_many_names_some_are_kept_in_mind(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST", 2)
    known, statuses = links.Links(), []
    for name in "abcd":
        path = tree.write(name, text(name))
        if name != "d":
            (tree.root / f"{name}.txt").hardlink_to(path)
        statuses.append(path.stat())
        known.keep(statuses[-1], name)
    assert [known.digest(status) for status in statuses] == ["", "b", "c", ""]
    (tree.root / "b").chmod(0o600)
    assert known.digest((tree.root / "b").stat()) == ""
