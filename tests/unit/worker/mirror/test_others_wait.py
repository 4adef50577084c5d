"""What one may do in a mirror's tree, or in the inbox, keeps no other file of the tree waiting."""

from __future__ import annotations

import pytest

from tests.unit.worker.mirror.test_follow import Followed, text, tree
from worker.mirror import feed
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
