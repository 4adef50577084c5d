"""What had its turn fills no disk with copies: it waits in the tree, and is read in the end."""

from __future__ import annotations

import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.unit.worker.intake.test_turns import clock, costing
from tests.unit.worker.intake.test_unpack import Clock
from tests.unit.worker.mirror.test_follow import Followed, text, tree
from tests.unit.worker.mirror.test_others_wait import set_to
from worker.mirror import put_off
from worker.spool import outsized, unpacked
from worker.spool.spool import Batch

__all__ = ["clock", "tree"]


def slow(tree: Followed, count: int) -> None:
    """So many files that are called slow."""
    for number in range(count):
        tree.write(f"b{number:03}.txt", text(f"Langsam {number}"))


def names(tree: Followed) -> list[str]:
    """What lies in the spool, as it was put there."""
    return [Path(f.relative).name for each in tree.container.spool.batches() for f in each.files()]


def had_their_turn(tree: Followed) -> None:
    """As intake says of files that took long."""
    for batch in tree.container.spool.batches():
        for file in batch.files():
            unpacked.has_turn(batch.turns, file.relative)


def worked(tree: Followed, batch: Batch) -> None:
    tree.container.intake.batch(batch.name)


def test_links_to_one_file_are_a_batch_at_a_time(
    tree: Followed, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: a copy of each, and what stands behind them waited for all of them.

    A batch is put in when the next file has come: that is one more.
    """
    costing(monkeypatch, clock, {"b": 9.0})
    set_to(tree, batch_files=1)
    first = tree.write("b0.txt", text("Langsam"))
    for number in range(1, 5):
        os.link(first, tree.root / f"b{number}.txt")
    tree.write("z.txt", text("Ehrlich"))
    tree.follow()
    tree.follow()
    assert names(tree) == ["b0.txt", "b1.txt", "z.txt"]
    for _ in range(5):
        tree.turn()
    assert tree.counts() == {"indexed": 6, "gone": 0}
    assert tree.container.spool.batches() == []


def test_slow_files_are_few_copies(tree: Followed) -> None:
    """Red before: as many as there are, as fast as two seconds go by in vain."""
    set_to(tree, batch_files=1)
    slow(tree, 100)
    for _ in range(5):
        tree.follow()
        had_their_turn(tree)
        assert len(tree.container.spool) <= 2 * put_off.MOST_BEHIND
    tree.write("a.txt", text("Ehrlich"))
    tree.follow()
    assert len(tree.container.spool) == put_off.MOST_BEHIND + 1
    assert "a.txt" in names(tree)


def test_they_wait_in_the_tree_until_others_of_them_are_done(tree: Followed) -> None:
    set_to(tree, batch_files=1)
    slow(tree, 100)
    for _ in range(5):
        tree.follow()
        had_their_turn(tree)
    tree.follow()
    before = tree.container.spool.batches()
    for batch in before[:3]:
        worked(tree, batch)
    sent = len(tree.container.publisher.behind)
    tree.follow()
    come = [each for each in tree.container.spool.batches() if each not in before]
    assert [each.had_turn() for each in come] == [True] * 3
    assert tree.container.publisher.behind[sent:] == [each.name for each in come]
    assert tree.counts()["new"] == 100 - put_off.MOST_BEHIND - 3


def test_what_had_no_turn_is_read_as_ever(tree: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a batch some had theirs: the others lose nothing when it is taken out."""
    monkeypatch.setattr(put_off, "MOST_BEHIND", 1)
    set_to(tree, batch_files=2)
    for name in ("b0", "b1", "c0", "c1"):
        tree.write(f"{name}.txt", text(name))
    tree.follow()
    for batch in tree.container.spool.batches():
        unpacked.has_turn(batch.turns, batch.files()[0].relative)
    for _ in range(2):
        tree.follow()
    assert names(tree) == ["b0.txt", "b1.txt", "c1.txt"]
    assert [batch.had_turn() for batch in tree.container.spool.batches()] == [True, False]


def test_what_has_come_again_goes_for_none_that_came_meanwhile(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who puts in a new one now and then would have it begun again and again."""
    monkeypatch.setattr(put_off, "MOST_BEHIND", 1)
    set_to(tree, batch_files=1)
    for name in ("b", "c"):
        tree.write(f"{name}.txt", text(name))
    tree.follow()
    had_their_turn(tree)
    tree.follow()
    worked(tree, tree.container.spool.batches()[0])
    tree.write("a.txt", text("Neu"))
    tree.follow()
    assert names(tree) == ["a.txt", "c.txt"]
    had_their_turn(tree)
    tree.follow()
    assert names(tree) == ["c.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_who_has_many_keeps_no_other_s_out_of_the_spool(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: by their age alone, one megabyte of somebody's kept a scan out for hours."""
    monkeypatch.setattr(put_off, "MOST_BEHIND", 2)
    set_to(tree, batch_files=1)
    slow(tree, 6)
    tree.follow()
    for name in ("y1", "y2", "y3"):
        os.chown(tree.write(f"{name}.txt", text(name)), 1002, 1002)
    tree.follow()
    for _ in range(4):
        had_their_turn(tree)
        tree.follow()
    for name in ("y1", "y2", "y3"):
        assert names(tree) == ["b000.txt", f"{name}.txt"]
        worked(tree, tree.container.spool.batches()[-1])
        tree.follow()
    assert names(tree) == ["b000.txt", "b001.txt"], "who is alone has all the room"
    while tree.counts() != {"indexed": 9, "gone": 0}:
        worked(tree, tree.container.spool.batches()[0])
        tree.follow()


def test_what_changes_meanwhile_had_no_turn(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor has what somebody else has put under its name."""
    monkeypatch.setattr(put_off, "MOST_BEHIND", 0)
    tree.write("b.txt", text("Langsam"))
    tree.follow()
    had_their_turn(tree)
    for _ in range(2):
        tree.follow()
        assert names(tree) == []
    tree.write("b.txt", text("Kurz"))
    tree.follow()
    assert names(tree) == ["b.txt"]


def test_what_somebody_works_on_stays(tree: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(put_off, "MOST_BEHIND", 0)
    tree.write("b.txt", text("Langsam"))
    tree.follow()
    had_their_turn(tree)
    (batch,) = tree.container.spool.batches()
    with batch.owned():
        tree.follow()
        assert names(tree) == ["b.txt"]
    tree.follow()
    assert names(tree) == []


def test_all_is_read_in_the_end(
    tree: Followed, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members of containers, too: what had a turn comes again whole, and no text twice."""
    monkeypatch.setattr(put_off, "MOST_BEHIND", 1)
    costing(monkeypatch, clock, {"b": 9.0})
    set_to(tree, batch_files=1)
    for number in range(4):
        tree.write(f"b{number}.txt", text(f"Langsam {number}"))
    with ZipFile(tree.root / "c.zip", "w") as archive:
        for name in ("a", "b1", "b2", "z"):
            archive.writestr(f"{name}.txt", text(f"Im Heft {name}"))
    tree.follow()
    for batch in tree.container.spool.batches():
        worked(tree, batch)
    assert any(batch.depth for batch in tree.container.spool.batches())
    tree.follow()
    assert len({batch.first for batch in tree.container.spool.batches()}) == 1
    for _ in range(10):
        tree.turn()
    assert tree.counts() == {"indexed": 4, "unpacked": 1, "gone": 0}
    assert len(tree.documents()) == 8
    assert tree.container.spool.batches() == []


def test_so_do_members_whose_container_is_done(
    tree: Followed, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has come again: else it would be unpacked once more, and once more."""
    monkeypatch.setattr(put_off, "MOST_BEHIND", 0)
    costing(monkeypatch, clock, {"b": 9.0})
    with ZipFile(tree.root / "c.zip", "w") as archive:
        archive.writestr("b.txt", text("Langsam"))
        archive.writestr("z.txt", text("Schnell"))
    tree.follow()
    worked(tree, tree.container.spool.batches()[0])
    tree.follow()
    assert tree.container.spool.batches() == []
    monkeypatch.setattr(put_off, "MOST_BEHIND", 1)
    tree.write("a.txt", text("Neu"))
    tree.follow()
    assert names(tree) == ["a.txt", "c.zip"]
    worked(tree, tree.container.spool.batches()[1])
    assert names(tree) == ["a.txt", "b.txt"]
    had_their_turn(tree)
    tree.follow()
    assert names(tree) == ["b.txt"]


def test_where_the_disk_is_full_it_waits_in_the_tree(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: copies were made until there was no disk left."""
    left = outsized.LEFT
    tree.write("a.txt", text("Eins"))
    tree.turn()
    monkeypatch.setattr(outsized, "LEFT", 2**62)
    tree.write("a.txt", text("Eins, berichtigt"))
    tree.follow()
    assert names(tree) == []
    assert tree.counts() == {"new": 1, "gone": 0}
    monkeypatch.setattr(outsized, "LEFT", left)
    tree.follow()
    assert names(tree) == ["a.txt"]


def test_and_no_batch_more_is_put_in_than_there_is_room(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_to(tree, batch_files=1)
    for number in range(5):
        tree.write(f"{number}.txt", text(f"Nummer {number}"))
    monkeypatch.setattr(outsized, "why_full", lambda _: "full" * (len(tree.container.spool) > 1))
    tree.follow()
    assert names(tree) == ["0.txt", "1.txt"]
