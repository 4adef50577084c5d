"""Several files with one text: one document, whichever of them comes by which way, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.worker.mirror.test_attacked import LONG, headlines
from tests.unit.worker.mirror.test_follow import Followed, text, tree
from worker import failpoint
from worker.mirror.one_text import Document, joined, left_behind

__all__ = ["tree"]

NEW = text("Eins, berichtigt", f"{LONG} Und mehr.")


def _corrected(tree: Followed) -> None:
    tree.write("a.txt", NEW)


def _moved_and_changed(tree: Followed) -> None:
    (tree.root / "a.txt").unlink()
    tree.write("m.txt", NEW)


WAYS = [_corrected, _moved_and_changed]


@pytest.fixture
def before(tree: Followed) -> str:
    """The id of the article that is corrected."""
    tree.write("a.txt", text("Eins", LONG))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    return tree.documents()["press/a.txt"]


@pytest.mark.parametrize("change", WAYS)
@pytest.mark.parametrize("name", ["0.txt", "z.txt"])
def test_of_one_batch(
    tree: Followed, before: str, change: Callable[[Followed], None], name: str
) -> None:
    change(tree)
    tree.write(name, NEW)
    tree.turn()
    assert headlines(tree) == ["Eins, berichtigt", "Zwei"]
    assert tree.fake.source(before)["version"] == 2


def work_within(
    tree: Followed,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
    first: str,
    within: str,
    looked_at: bool,
) -> None:
    """Work a batch, and another one whole where the first comes to ``point``."""

    def meanwhile(reached: str) -> None:
        if reached == point:
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            tree.container.intake.batch(within)
            if looked_at:
                tree.follow()

    monkeypatch.setattr(failpoint, "reach", meanwhile)
    tree.container.intake.batch(first)
    tree.turn()


@pytest.mark.parametrize("looked_at", [False, True])
@pytest.mark.parametrize("change", WAYS)
def test_of_two_batches_at_once(
    tree: Followed,
    before: str,
    change: Callable[[Followed], None],
    looked_at: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The copy is written while the correction is: nothing tells of that yet."""
    tree.container.follower._grace = 3600.0
    change(tree)
    tree.follow()
    tree.write("c.txt", NEW)
    tree.follow()
    correction, copy = [batch.name for batch in tree.container.spool.batches()]
    work_within(tree, monkeypatch, "intake.created", correction, copy, looked_at)
    assert headlines(tree) == ["Eins, berichtigt", "Zwei"]
    assert tree.fake.source(before)["version"] == 2
    assert tree.counts() == {"indexed": 3, "gone": 0}


@pytest.mark.parametrize("looked_at", [False, True])
@pytest.mark.parametrize("change", WAYS)
def test_a_copy_of_a_text_that_is_corrected_just_then_has_its_own(
    tree: Followed,
    before: str,
    change: Callable[[Followed], None],
    looked_at: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was a copy when it was looked at, and is none any more when it is noted."""
    tree.container.follower._grace = 3600.0
    tree.write("c.txt", text("Eins", LONG))
    tree.follow()
    change(tree)
    tree.follow()
    copy, correction = [batch.name for batch in tree.container.spool.batches()]
    work_within(tree, monkeypatch, "intake.indexed", copy, correction, looked_at)
    assert headlines(tree) == ["Eins", "Eins, berichtigt", "Zwei"]
    assert tree.fake.source(before)["headline"] == "Eins, berichtigt"
    assert tree.counts() == {"indexed": 3, "gone": 0}


def test_what_was_not_put_into_its_batch_is_read_although_it_is_touched(
    tree: Followed, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(point: str) -> None:
        if point == "mirror.sent":
            raise OSError(point)

    path = tree.write("c.txt", text("Drei"))
    tree.write("a.txt", NEW)
    with monkeypatch.context() as patch:
        patch.setattr(failpoint, "reach", died)
        tree.follow()
    path.touch()
    (tree.root / "a.txt").touch()
    tree.turn()
    assert headlines(tree) == ["Drei", "Eins, berichtigt", "Zwei"]
    assert tree.fake.source(before)["version"] == 2


def test_what_is_back_or_forgotten_is_taken_over_by_none(tree: Followed, before: str) -> None:
    tree.write("c.txt", text("Drei"))
    tree.turn()
    with tree.mirror.opened() as state:
        assert not state.take_over(b"c.txt", b"a.txt", before)
        assert not state.take_over(b"c.txt", b"forgotten.txt", before)
        assert state.id_of(b"c.txt") != before
    assert tree.counts() == {"indexed": 3, "gone": 0}


def _document(id_: str, path: str, *names: str, **values: object) -> Document:
    of = {"version": 1, "received_at": "2026-01-01", "embargo": "", "kept": False, "text": "x"}
    return Document(id_, path, frozenset({id_, *names}), **{**of, **values})  # type: ignore[arg-type]


def test_of_documents_of_one_text_the_one_with_most_texts_stays() -> None:
    whole = _document("t-1", "press/a", "t-2", version=2)
    copy = _document("t-2", "press/b", received_at="2025-01-01")
    assert joined([copy, whole], "press/") == {"t-2": "t-1"}
    assert joined([copy, replace(whole, version=1)], "press/") == {"t-1": "t-2"}


def test_what_has_another_text_or_name_is_none_of_them() -> None:
    one, other = _document("t-1", "press/a", "t-2"), _document("t-2", "press/b")
    assert joined([one, replace(other, text="y")], "press/") == {}
    assert joined([one, replace(other, names=frozenset({"t-3"}))], "press/") == {}


def test_none_goes_that_is_of_another_place_was_set_by_hand_or_is_held_otherwise() -> None:
    one, other = _document("t-1", "press/a", "t-2", version=9), _document("t-2", "press/b")
    assert joined([one, replace(other, kept=True)], "press/") == {}
    assert joined([one, replace(other, embargo="2027-01-01")], "press/") == {}
    assert joined([one, replace(other, path="b")], "press/") == {"t-1": "t-2"}
    assert joined([replace(one, path="a"), replace(other, path="b")], "press/") == {}


def test_files_with_the_bytes_of_an_earlier_text_are_left_behind() -> None:
    lines = [{"number": 1, "sha256": "s1", "text": "x"}, {"number": 2, "sha256": "s2", "text": "y"}]
    document = {"version": 3, "source": {"sha256": "s3"}, "history": lines}
    files = {b"a": "s3", b"b": "s1", b"c": "s2", b"d": "s4"}
    assert list(left_behind(files, document, "z")) == [b"b", b"c"]
    assert list(left_behind(files, document, "x")) == [b"c"]  # b has the current text, in its bytes
    assert list(left_behind(files, {"source": {"sha256": "s3"}}, "z")) == []
    assert list(left_behind(files, {**document, "source": {"sha256": "s1"}}, "z")) == [b"c"]


def test_a_document_is_looked_at_again_where_its_file_was_corrected_during_the_look(
    tree: Followed, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.write("c.txt", text("Eins", LONG))
    tree.follow()
    (copy,) = tree.container.spool.batches()
    tree.write("a.txt", NEW)
    tree.follow()
    _, correction = tree.container.spool.batches()
    tree.container.intake.batch(copy.name)

    def meanwhile(reached: str) -> None:
        if reached == "mirror.righted":
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            tree.container.intake.batch(correction.name)

    monkeypatch.setattr(failpoint, "reach", meanwhile)
    tree.follow()
    tree.turn()
    assert tree.documents()["press/c.txt"] == before
    assert headlines(tree) == ["Eins", "Eins, berichtigt", "Zwei"]


def test_a_mirror_of_before_goes_on(tree: Followed, before: str) -> None:
    with tree.mirror.opened() as state:
        state._db.execute("ALTER TABLE touched DROP COLUMN turn")
    tree.write("a.txt", NEW)
    tree.turn()
    assert tree.fake.source(before)["version"] == 2
