"""Many files are missed at once, and nobody knows whether they are deleted: nothing goes, and what
is new is read.
"""

from __future__ import annotations

import os
import shutil

import pytest

from tests.unit.worker.mirror.test_follow import BODY, Followed, text, tree
from worker import failpoint
from worker.mirror.difference import FEW

__all__ = ["tree"]

LONG = BODY * 3


def test_files_without_an_article_that_go_at_once_are_no_disk_that_is_away(tree: Followed) -> None:
    """Red before: 150 empty ones that were removed, and nobody's new file was read any more."""
    for name in "abc":
        tree.write(f"{name}.txt", text(f"Nummer {name}"))
    for number in range(FEW + 50):
        tree.write(f"seine/{number}.txt", "")
    tree.turn()
    assert tree.counts() == {"indexed": 3, "failed": FEW + 50, "gone": 0}
    shutil.rmtree(tree.root / "seine")
    tree.write("d.txt", text("Nummer d"))
    tree.turn()
    assert tree.about()["away"] == ""
    assert set(tree.documents()) == {f"press/{name}.txt" for name in "abcd"}
    assert tree.counts() == {"indexed": 4, "gone": 0}


@pytest.fixture
def doubted(tree: Followed) -> Followed:
    """More than half of its articles are missed, and its root is there on its own disk."""
    for number in range(FEW + 10):
        tree.write(f"seine/{number}.txt", text(f"Nummer {number}", LONG))
    tree.write("a.txt", text("Eins"))
    tree.turn()
    shutil.rmtree(tree.root / "seine")
    tree.follow()
    assert tree.about()["away"].startswith("110 of its 111 files are gone at once")
    return tree


def test_where_many_files_are_missed_what_is_new_is_read(doubted: Followed) -> None:
    """Red before: the mirror stood still until a person came."""
    id_ = doubted.documents()["press/a.txt"]
    doubted.write("a.txt", text("Eins, berichtigt"))
    doubted.write("neu.txt", text("Etwas Neues"))
    doubted.turn()
    documents = doubted.documents()
    assert (documents["press/a.txt"], "press/neu.txt" in documents) == (id_, True)
    assert doubted.fake.source(id_)["headline"] == "Eins, berichtigt"
    assert len(documents) == FEW + 12, "none of those that are missed has gone"
    assert doubted.about()["away"].startswith("110 of its 112 files are gone at once")
    with doubted.mirror.opened() as state:
        state.say(accepted="1")  # `mirror resume`
    doubted.turn()
    assert set(doubted.documents()) == {"press/a.txt", "press/neu.txt"}
    assert doubted.about()["away"] == ""


def test_where_many_files_are_missed_no_other_text_takes_over_their_documents(
    doubted: Followed,
) -> None:
    """Their disk may be away: nobody has said that they are deleted."""
    before = doubted.documents()
    doubted.write("neu.txt", text("Nummer 7", f"{LONG} Und mehr."))
    doubted.turn()
    after = doubted.documents()
    assert {path: after.get(path) for path in before} == before
    assert after["press/neu.txt"] not in before.values()


def test_what_was_copied_elsewhere_before_it_went_ends_the_doubt(doubted: Followed) -> None:
    """Their bytes are there under other names: they have moved, as one file would have."""
    before = doubted.documents()
    for number in range(FEW + 10):
        copy = doubted.write(f"neu/{number}.txt", text(f"Nummer {number}", LONG))
        os.utime(copy, (1_800_000_000, 1_800_000_000))  # the bytes alone tell
    doubted.turn()
    moved = {path.replace("/seine/", "/neu/"): id_ for path, id_ in before.items()}
    assert (doubted.documents(), doubted.about()["away"]) == (moved, "")


def test_one_file_in_place_of_all_is_read(tree: Followed) -> None:
    """All are missed, and nobody knows whether they are deleted: the new one is read."""
    tree.write("a.txt", text("Eins"))
    tree.turn()
    (tree.root / "a.txt").unlink()
    tree.follow()
    assert tree.about()["away"].startswith("all its files are gone")
    tree.write("b.txt", text("Etwas ganz anderes"))
    tree.turn()
    assert set(tree.documents()) == {"press/b.txt"}


def test_nothing_is_read_from_another_disk_in_the_place_of_the_tree(tree: Followed) -> None:
    tree.write("a.txt", text("Eins"))
    tree.turn()
    with tree.mirror.opened() as state:
        state.say(device="1")
    (tree.root / "a.txt").unlink()
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt"}
    assert "is on another disk" in tree.about()["away"]


def test_what_a_person_says_while_a_look_goes_on_counts_for_the_next(
    doubted: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: that look took it back, and the mirror stayed away."""

    def meanwhile(point: str) -> None:
        if point == "mirror.scanned":
            monkeypatch.undo()
            with doubted.mirror.opened() as state:
                state.say(accepted="1")  # `mirror resume`

    monkeypatch.setattr(failpoint, "reach", meanwhile)
    doubted.follow()
    doubted.turn()
    assert set(doubted.documents()) == {"press/a.txt"}


def test_what_a_person_says_of_a_tree_that_is_not_there_is_said_of_no_later_one(
    tree: Followed,
) -> None:
    """Red before: an empty folder that was there an hour later, before its disk, emptied all."""
    tree.write("a.txt", text("Eins"))
    tree.turn()
    tree.root.rename(tree.root.with_name("away"))
    tree.turn()
    with tree.mirror.opened() as state:
        state.say(accepted="1")  # `mirror resume`
    tree.turn()
    tree.root.mkdir()
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt"}
    assert tree.about()["away"].startswith("all its files are gone")
