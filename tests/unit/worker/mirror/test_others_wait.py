"""What one may do in a mirror's tree, or in the inbox, keeps no other file of the tree waiting."""

from __future__ import annotations

import time
from contextlib import ExitStack
from zipfile import ZipFile

import pytest
from structlog.testing import capture_logs

from tests.unit.worker.mirror.test_follow import BODY, Followed, text, tree
from worker.care import mirrors
from worker.mirror import aside, documents, feed, follow
from worker.spool.spool import Batch

__all__ = ["tree"]


def spooled(tree: Followed) -> list[str]:
    """Whose the batches are, oldest first; "" where no mirror's."""
    return [batch.mirror() for batch in tree.container.spool.batches()]


def dropped(tree: Followed) -> Batch:
    """A batch of the inbox's, which nobody works on."""
    with tree.container.spool.filling() as batch:
        (batch.root / "lange.txt").write_text(text("Lange"))
    return batch


def put_aside(batch: Batch, how: str) -> None:
    """As intake says of what it has to come back to."""
    if how == "held":
        batch.hold()
    else:
        batch.turns.touch()


def set_to(tree: Followed, **values: int) -> None:
    tree.container.settings = tree.container.settings.model_copy(update=values)


@pytest.mark.parametrize("how", ["held", "had a turn"])
def test_what_nobody_has_to_wait_for_keeps_no_mirror_from_being_fed(
    tree: Followed, how: str
) -> None:
    """Red before: 32 slow files in the inbox, and nothing of any tree was read for hours."""
    for _ in range(feed.MOST_BATCHES):
        put_aside(dropped(tree), how)
    tree.write("a.txt", text("Eins"))
    tree.follow()
    assert spooled(tree) == [""] * feed.MOST_BATCHES + ["press"]


def test_a_mirror_has_so_many_batches_of_its_own_beside_all_others(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "MOST_BATCHES", 2)
    set_to(tree, batch_files=1)
    for _ in range(3):
        dropped(tree)
    for number in range(5):
        tree.write(f"{number}.txt", text(f"Nummer {number}"))
    for _ in range(2):
        tree.follow()
        assert spooled(tree) == ["", "", "", "press", "press"]
    put_aside(tree.container.spool.batches()[3], "held")
    tree.follow()
    assert spooled(tree).count("press") == 3


def test_the_whole_spool_keeps_its_bound(tree: Followed) -> None:
    set_to(tree, batch_files=1, spool_batches=3)
    first, _ = dropped(tree), dropped(tree)
    for number in range(3):
        tree.write(f"{number}.txt", text(f"Nummer {number}"))
    for _ in range(2):
        tree.follow()
        assert spooled(tree) == ["", "", "press"]
    put_aside(first, "had a turn")
    tree.follow()
    assert spooled(tree) == ["", "", "press", "press"]


def archive(tree: Followed, name: str) -> None:
    """A container that is large, as large ones are set here."""
    with ZipFile(tree.root / name, "w") as file:
        for number in range(3):
            file.writestr(f"{number}.txt", text(f"{name} {number}", BODY * 6))


def test_large_ones_that_are_kept_open_keep_no_other_from_being_read(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: a thousand that came first, and no other large one was ever looked at."""
    monkeypatch.setattr(aside, "MOST", 2)
    set_to(tree, max_file_bytes=2_000)
    with ExitStack() as open_ones, capture_logs() as logs:
        for number in range(5):
            archive(tree, f"{number}.zip")
            open_ones.enter_context((tree.root / f"{number}.zip").open("rb+"))
        tree.follow()
        time.sleep(0.01)
        archive(tree, "z.zip")
        tree.write("a.txt", text("Eins"))
        tree.turn()
        assert {path.partition("/")[2].partition("/")[0] for path in tree.documents()} == {
            "a.txt",
            "z.zip",
        }
        assert not any(log["event"] == "mirror.unread_for_long" for log in logs)
        monkeypatch.setattr(follow, "LONG", 0.0)
        tree.turn()
    monkeypatch.setattr(mirrors, "LONG", 0.0)
    (note,) = mirrors.mirrors(tree.container)
    assert "5 unread for ten minutes" in note.text
    told = [log for log in logs if log["event"] == "mirror.unread_for_long"]
    assert [(log["mirror"], log["files"]) for log in told] == [("press", 5)]
    tree.turn()
    assert tree.counts() == {"indexed": 1, "unpacked": 6, "gone": 0}


def test_large_ones_that_changed_on_their_way_hold_no_place(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they were is still in a batch: they are passed over until it is done."""
    monkeypatch.setattr(aside, "MOST", 1)
    set_to(tree, max_file_bytes=2_000)
    for number in range(3):
        archive(tree, f"{number}.zip")
        tree.follow()
    for number in range(3):
        archive(tree, f"{number}.zip")
    tree.container.follower._feed.taking.rests._rests.clear()
    tree.follow()
    archive(tree, "z.zip")
    tree.follow()
    names = [file.relative for batch in tree.container.spool.batches() for file in batch.files()]
    assert names == ["press/0.zip", "press/1.zip", "press/2.zip", "press/z.zip"]


def indexed(tree: Followed, many: int) -> None:
    """So many texts, each with its document."""
    for number in range(many):
        tree.write(f"{number}.txt", text(f"Nummer {number}"))
    for _ in range(many // documents.AT_ONCE):
        tree.turn()


def test_documents_that_are_touched_again_and_again_keep_no_deleted_one(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: the lowest ids had each turn, and who renames a folder of his has them."""
    monkeypatch.setattr(documents, "AT_ONCE", 2)
    indexed(tree, 6)
    *lower, (last, path) = sorted((id_, path) for path, id_ in tree.documents().items())
    (tree.root / path.removeprefix("press/")).unlink()
    for _ in range(4):
        with tree.mirror.opened() as state:
            for id_, _ in lower:
                state._touch("SELECT ? AS id", (id_,))
        tree.follow()
    tree.container.client.indices.refresh(index="articles")
    assert last not in tree.documents().values()
    assert len(tree.documents()) == 5


def test_what_is_deleted_has_its_second_look_in_the_next_turn(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: it came a whole round later, and till then a copy elsewhere was found nowhere."""
    monkeypatch.setattr(documents, "AT_ONCE", 2)
    indexed(tree, 8)
    first, path = min((id_, path) for path, id_ in tree.documents().items())
    with tree.mirror.opened() as state:
        state._touch("SELECT id FROM files", ())
        state._db.execute("DELETE FROM files WHERE path = ?", (path.encode()[6:],))
        put_right = tree.container.follower._documents.put_right
        put_right(tree.mirror, state)
        assert first in state.touched(10), "a copy may have come meanwhile"
        put_right(tree.mirror, state)
        assert first not in state.touched(10)
        assert len(state.touched(10)) == 4, "and others have their turn beside it"
