"""Names in a tree cost whoever makes them nothing: what is known of them leaves some disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.worker.mirror.test_follow import Followed, text, tree
from worker.care.mirrors import mirrors, table
from worker.mirror import room, rows
from worker.mirror.difference import Change, Look
from worker.mirror.settled import Fate
from worker.mirror.state import State, opened
from worker.spool import outsized

__all__ = ["tree"]

NAMES, FEW, LONG = 2_000, 200, "x" * 2_800


@pytest.fixture
def full(tree: Followed, monkeypatch: pytest.MonkeyPatch) -> Followed:
    """Three files are known, and by then there is little of the disk left."""
    tree.write("a.txt", text("Eins"))
    tree.write("d.txt", text("Vier"))
    tree.write("leer.txt", "")
    tree.turn()
    assert tree.counts() == {"indexed": 2, "failed": 1, "gone": 0}
    monkeypatch.setattr(outsized, "LEFT", 2**62)
    return tree


def frees(tree: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    tree.turn()


def test_new_names_wait_where_the_disk_is_full(
    full: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: each had ten kilobytes of the disk, until nobody could write any more."""
    full.write("b.txt", text("Zwei"))
    full.write("a.txt", text("Eins, berichtigt"))
    full.follow()
    assert full.counts() == {"failed": 1, "indexed": 1, "new": 1, "gone": 0}
    assert "are free on the disk" in full.about()["full"]
    frees(full, monkeypatch)
    assert set(full.documents()) == {"press/a.txt", "press/b.txt", "press/d.txt"}
    assert full.about()["full"] == ""


def test_and_it_is_told(full: Followed) -> None:
    full.turn()
    assert [note.wrong for note in mirrors(full.container)] == [False], "nothing waits"
    full.write("b.txt", text("Zwei"))
    full.turn()
    (note,), (row,) = mirrors(full.container), table(full.container)
    assert (note.wrong, "are left out" in note.text, "Free some disk" in note.to_do) == (True,) * 3
    assert (row["state"], row["why"]) == ("full", full.about()["full"])


def test_what_has_moved_there_keeps_its_document(
    full: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missed may have a name that waits; of what has no document nothing is lost."""
    id_ = full.documents()["press/a.txt"]
    (full.root / "a.txt").rename(full.root / "c.txt")
    (full.root / "leer.txt").unlink()
    full.turn()
    assert full.counts() == {"indexed": 2, "gone": 1}
    frees(full, monkeypatch)
    assert full.documents()["press/c.txt"] == id_
    assert len(full.documents()) == 2


def test_and_what_is_deleted_goes_though_names_wait(full: Followed) -> None:
    """Red before: whoever made very many names had the deleted texts of others be found."""
    (full.root / "a.txt").unlink()
    full.write("b.txt", text("Zwei, länger"))  # for it may get the number of the inode
    full.turn()
    assert full.counts() == {"failed": 1, "indexed": 1, "gone": 0}
    assert set(full.documents()) == {"press/d.txt"}
    assert full.about()["full"]


def test_also_where_a_person_says_so_of_many(full: Followed) -> None:
    """Red before: what had moved to a name that was left out was deleted."""
    (full.root / "a.txt").rename(full.root / "c.txt")
    (full.root / "d.txt").unlink()
    full.turn()
    assert (full.about()["away"], len(full.documents())) != ("", 2)
    with full.mirror.opened() as state:
        state.say(accepted="1")  # `mirror resume`
    full.turn()
    assert set(full.documents()) == {"press/a.txt"}


def test_half_of_what_is_free_above_what_is_left_is_all_that_one_takes() -> None:
    left = outsized.LEFT
    assert room.why_none(100, left + 200) == ""
    assert "has 101 bytes" in room.why_none(101, left + 200)
    assert room.why_none(1, left)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "press.sqlite", make=True) as made:
        yield made


def come(state: State, names: list[str]) -> list[bytes]:
    paths = [name.encode() for name in names]
    state.apply((Change("added", p, Look(10, 1, n, 1)) for n, p in enumerate(paths)), 1.0)
    return paths


def go(state: State, paths: list[bytes]) -> int:
    state.apply((Change("gone", path) for path in paths), 2.0)
    return state.expire(3.0)


def test_events_are_told_of_files_with_documents_alone(state: State) -> None:
    """Red before: four kilobytes of each name that was renamed, for ever."""
    paths = come(state, ["a.txt", "b.zip", "c.txt", "d.zip"])
    state.sent("b", dict.fromkeys(paths, "ab"))
    state.settle("b", [Fate(b"a.txt", "indexed", "t-1"), Fate(b"b.zip", "unpacked")])
    state.settle("b", [Fate(b"b.zip/1.txt", "indexed", "t-2", container=b"b.zip")])
    state.settle("b", [Fate(b"c.txt", "failed", reason="why"), Fate(b"d.zip", "unpacked")])
    assert go(state, paths) == 4
    assert [e.path for e in state.events(paths, [])] == [b"a.txt", b"b.zip"]


def test_and_of_the_last_ones(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_EVENTS", 3)
    paths = come(state, [f"{number}.txt" for number in range(5)])
    state.sent("b", dict.fromkeys(paths, "ab"))
    state.settle("b", [Fate(path, "indexed", "t-1") for path in paths])
    go(state, paths)
    assert [e.path for e in state.events(paths, [])] == paths[2:]


def test_what_is_removed_is_given_back_before_its_documents_go(state: State) -> None:
    """Red before: rows were changed one by one, which needs disk, and nothing was given back."""
    paths = come(state, [f"{number}{LONG}.txt" for number in range(NAMES)])
    state.sent("b", {paths[0]: "ab"})
    state.settle("b", [Fate(paths[0], "indexed", "t-1")])
    state._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = NAMES * len(LONG)
    assert sizes(state)[""] > size
    state.give_up()
    assert sizes(state)["-wal"] < size / 10, "nothing needs disk to be removed"
    state._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert sizes(state)[""] < size / 10
    assert list(state.touched(10)) == ["t-1"]
    assert not state.is_empty()


def test_a_long_name_is_written_twice_whatever_becomes_of_its_file(state: State) -> None:
    """Red before: once for each index of its row: 14 kB of a new name, 33 of one that moved."""
    paths = come(state, [f"{number:04}{LONG}.txt" for number in range(FEW)])
    assert copies(state) == 2, "new"
    state.sent("b", dict.fromkeys(paths, "ab"))
    assert copies(state) == 2, "on its way"
    state.settle("b", [Fate(path, "failed", "t-1", "why") for path in paths])
    assert copies(state) == 2, "at fault"
    state.apply((Change("gone", path) for path in paths), 2.0)
    assert copies(state) == 2, "missed"
    come(state, [*(f"n{number:04}{LONG}.txt" for number in range(FEW)), "a.zip"])
    assert copies(state) == 4, "renamed, and not read yet"
    state.settle("b", [Fate(b"m" + p, "indexed", "t-2", container=b"a.zip") for p in paths])
    assert copies(state) == 6, "in a container"


def copies(state: State) -> int:
    """How often the state has each of the names, by the pages that it takes: one each, and some."""
    _, used, _ = state.takes()
    return used // (FEW * 4_096)


def sizes(state: State) -> dict[str, int]:
    (file,) = state._db.execute("SELECT file FROM pragma_database_list").fetchone()
    return {end: Path(f"{file}{end}").stat().st_size for end in ("", "-wal")}


def test_each_missed_file_is_written_once_a_look_however_many_names_it_has(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = come(state, ["a.txt", "b.txt"])
    state.sent("b", dict.fromkeys(paths, "ab"))
    state.settle("b", [Fate(path, "indexed", "t-1") for path in paths])
    state.apply((Change("gone", path) for path in paths), 2.0)
    monkeypatch.setattr(outsized, "LEFT", 2**62)
    left_out, written = room.LeftOut(state, 3.0), state._db.total_changes
    names = [Change("added", b"%d" % n, Look(10, 1, 0, n)) for n in range(3)]
    assert left_out.known([*names, Change("back", b"x")]) == [Change("back", b"x")]
    assert left_out.known(names) == []
    assert state._db.total_changes == written + 1
    assert state.expire(2.0) == 1, "what was seen under another name is missed anew"
    assert [known.path for known in state.known()] == [b"a.txt"]
