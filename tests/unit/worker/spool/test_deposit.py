"""Files on their way into the spool, and how a stream of them is cut into batches."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable, UsageError
from articles.limits import MEBIBYTE
from worker.beneath import NotAFile, TooLarge
from worker.inbox.dropped import LINK, NO_FILE, Dropped
from worker.inbox.names import HIDDEN, WRITING
from worker.spool import deposit, outsized
from worker.spool.spool import CLAIMED, Batch, Spool


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    (tmp_path / "spool").mkdir()
    with Spool(tmp_path / "spool").filling() as batch:
        return batch


def names(path: Path) -> list[str]:
    return [relative for _, relative in Dropped().under(path)]


def test_a_file_keeps_its_name_and_a_folder_its_own_and_all_below(tmp_path: Path) -> None:
    (tmp_path / "taz" / "2024").mkdir(parents=True)
    for name in ("b.txt", "2024/c.txt", "a.txt"):
        (tmp_path / "taz" / name).write_text(name)
    assert names(tmp_path / "taz" / "2024" / "c.txt") == ["c.txt"]
    assert names(tmp_path / "taz") == ["taz/2024/c.txt", "taz/a.txt", "taz/b.txt"]
    assert [path.read_text() for path, _ in Dropped().under(tmp_path / "taz")] == [
        "2024/c.txt",
        "a.txt",
        "b.txt",
    ]


def test_a_folder_given_as_a_dot_has_its_real_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "taz" / "sub").mkdir(parents=True)
    (tmp_path / "taz" / "a.txt").touch()
    monkeypatch.chdir(tmp_path / "taz" / "sub")
    assert names(Path("..")) == ["taz/a.txt"]
    assert names(Path("../a.txt")) == ["a.txt"]
    monkeypatch.chdir(tmp_path / "taz")
    assert names(Path()) == ["taz/a.txt"]


def test_hidden_unfinished_and_linked_things_in_folders_are_skipped_and_named(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "taz"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "a.txt").touch()
    (folder / "b.txt.part").touch()
    (folder / "c.txt").touch()
    (folder / "link.txt").symlink_to(folder / "c.txt")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    dropped = Dropped()
    assert [relative for _, relative in dropped.under(folder)] == ["taz/c.txt"]
    skipped = {str(Path(path).relative_to(folder)): why for path, why in dropped.skipped.items()}
    assert skipped == {
        ".git": HIDDEN,
        "b.txt.part": WRITING,
        "link.txt": LINK,
        "up": LINK,
        "pipe": NO_FILE,
    }


def test_a_link_that_is_named_itself_is_told_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    dropped = Dropped()
    assert list(dropped.under(tmp_path / "link.txt")) == []
    assert dropped.skipped == {str(tmp_path / "link.txt"): LINK}


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing\.txt"):
        names(tmp_path / "nothing.txt")


def test_a_claim_is_a_rename(tmp_path: Path, batch: Batch) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Text")
    inode = file.stat().st_ino
    deposit.claim(batch, file, "taz/a.txt")
    assert not file.exists()
    assert (batch.root / "taz" / "a.txt").stat().st_ino == inode


def test_a_claim_of_what_is_gone_raises(tmp_path: Path, batch: Batch) -> None:
    with pytest.raises(FileNotFoundError):
        deposit.claim(batch, tmp_path / "gone", "gone")
    assert batch.files() == []


def refused(spool: Path) -> list[Path]:
    return list(spool.glob("refused/*"))


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "tief.txt").write_text("in ihm")


TAKEN: dict[str, Callable[[Path], object]] = {
    "a folder": _folder,
    "an empty one": Path.mkdir,
    "a link": lambda path: path.symlink_to("/etc/hostname"),
    "a pipe": os.mkfifo,
}


@pytest.mark.parametrize("relative", ["a.txt", "taz/2024/a.txt"])
@pytest.mark.parametrize("what", TAKEN)
def test_what_takes_a_file_s_place_never_comes_into_the_batch(
    tmp_path: Path, batch: Batch, what: str, relative: str
) -> None:
    place, good = tmp_path / "in" / relative, tmp_path / "in" / "gut.txt"
    place.parent.mkdir(parents=True)
    good.touch()
    TAKEN[what](place)
    with pytest.raises(NotAFile, match="regular"):
        deposit.claim(batch, place, relative)
    assert not os.path.lexists(place), "it is not put back by its name"
    deposit.claim(batch, good, "gut.txt")
    assert [file.relative for file in batch.files()] == ["gut.txt"]
    kept = list((tmp_path / "spool").glob("refused/*"))
    assert len(kept) == (what == "a folder")
    for folder in kept:  # by itself: what is on its way would cost more than it cost its owner
        assert json.loads((folder / "reason.json").read_text())["path"] == relative
        assert [path.name for path in (folder / "what").rglob("*")] == ["tief.txt"]
    (batch.root / "gut.txt").unlink()
    assert batch.close()


def test_what_takes_a_file_s_place_takes_no_disk(tmp_path: Path, batch: Batch) -> None:
    """Red before: 400 kilobytes for each of any number of links to a pipe below 100 folders."""
    parts = ["d"] * 50 + ["a.txt"]
    place = tmp_path.joinpath("in", *parts)
    place.parent.mkdir(parents=True)
    for take in (os.mkfifo, lambda path: path.symlink_to("nothing"), Path.mkdir, _folder):
        take(place)
        with pytest.raises(NotAFile, match="regular"):
            deposit.claim(batch, place, "/".join(parts))
        assert not os.path.lexists(place)
    left = [path for path in (tmp_path / "spool").rglob("*") if CLAIMED not in path.parts]
    (kept,) = refused(tmp_path / "spool")
    what = [kept / "reason.json", kept / "what", kept / "what" / "tief.txt"]
    assert {kept, *what} <= set(left)
    assert len(left) < 10
    assert batch.close()


def test_what_a_death_left_between_claim_and_look_is_looked_at(
    tmp_path: Path, batch: Batch
) -> None:
    claimed = batch.folder / CLAIMED
    (claimed / "taz").mkdir(parents=True, mode=0o700)
    (claimed / "taz" / "a.txt").write_text("Text")
    (claimed / "b.txt").mkdir(mode=0o777)
    (claimed / "b.txt").chmod(0o777)
    (claimed / "b.txt" / "c.txt").symlink_to("/etc/hostname")
    deposit.admit_claimed(batch)
    assert [file.relative for file in batch.files()] == ["taz/a.txt"]
    (kept,) = (tmp_path / "spool" / "refused").iterdir()
    assert (kept / "what" / "c.txt").is_symlink()
    assert not any(path.is_file() for path in claimed.rglob("*"))
    deposit.admit_claimed(batch)


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o077])
def test_a_death_between_claim_and_look_costs_no_file_whatever_the_umask(
    tmp_path: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch, umask: int
) -> None:
    (tmp_path / "in" / "taz").mkdir(parents=True)
    (tmp_path / "in" / "taz" / "a.txt").write_text("Text")

    class Died(BaseException):
        pass

    def reach(name: str) -> None:
        raise Died(name)

    before = os.umask(umask)
    try:
        with monkeypatch.context() as patch:
            patch.setattr("worker.failpoint.reach", reach)
            with pytest.raises(Died, match="held"):
                deposit.claim(batch, tmp_path / "in" / "taz" / "a.txt", "taz/a.txt")
        deposit.admit_claimed(batch)
    finally:
        os.umask(before)
    assert [file.relative for file in batch.files()] == ["taz/a.txt"]


@pytest.mark.parametrize("relative", ["../a", "a/../../b", "/etc/passwd", "", ".", "a//b", "a/."])
def test_a_path_that_leads_out_is_none(tmp_path: Path, batch: Batch, relative: str) -> None:
    """A document in the index may say that it is its file's."""
    for take in (deposit.claim, deposit.copy, deposit.link):
        with pytest.raises(NotAFile, match="no path below"):
            take(batch, tmp_path / "archive" / relative, relative)
    assert batch.files() == []


def test_a_hole_above_the_limit_is_not_copied(tmp_path: Path, batch: Batch) -> None:
    hole = tmp_path / "loch.txt"
    with hole.open("wb") as file:
        file.truncate(2 * 2**30)
    with pytest.raises(TooLarge, match="2,147,483,648 bytes"):
        deposit.copy(batch, hole, "loch.txt")
    assert sorted(path.name for path in batch.folder.iterdir()) == ["files", "lock"]


def test_a_hole_that_may_be_an_article_is_not_copied_either(tmp_path: Path, batch: Batch) -> None:
    """Of four kilobytes of its owner's disk each copy took 31 MB of ours."""
    hole = tmp_path / "loch.txt"
    with hole.open("wb") as file:
        file.write(b"Ein Text.")
        file.truncate(31 * MEBIBYTE)
    with pytest.raises(Unreadable, match="holes"):
        deposit.copy(batch, hole, "loch.txt")
    assert sorted(path.name for path in batch.folder.iterdir()) == ["files", "lock"]


def test_a_file_that_grows_above_the_limit_is_not_copied(batch: Batch) -> None:
    with pytest.raises(TooLarge):
        deposit.put(batch, io.BytesIO(b"x" * 101), "a.txt", most=100)
    assert batch.files() == []


def test_what_grows_while_it_is_copied_is_not_copied(
    tmp_path: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a hole, which costs its owner nothing: it was written whole, as zeros."""
    file = tmp_path / "gross.zip"
    file.write_bytes(b"PK" * 1_000)

    def looked_at(*_: object) -> None:
        os.truncate(file, 8 * MEBIBYTE)

    monkeypatch.setattr(deposit, "LARGEST_ARTICLE", 1_000)
    monkeypatch.setattr(outsized, "refuse_what_fills", looked_at)
    with pytest.raises(OSError, match="still being written"):
        deposit.copy(batch, file, "gross.zip", sys.maxsize)
    assert sorted(path.name for path in batch.folder.iterdir()) == ["files", "lock"]


def test_a_copy_leaves_the_original(tmp_path: Path, batch: Batch) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"\0\xff" * 1_000_000)
    deposit.copy(batch, file, "taz/a.txt")
    (copied,) = batch.files()
    assert copied.relative == "taz/a.txt"
    assert copied.path.read_bytes() == file.read_bytes() == b"\0\xff" * 1_000_000


def test_a_link_is_the_same_file_and_a_copy_where_none_can_be_made(
    tmp_path: Path, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"Text")
    deposit.link(batch, file, "taz/a.txt")
    assert (batch.root / "taz" / "a.txt").samefile(file)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    deposit.link(batch, file, "taz/b.txt")
    copied = batch.root / "taz" / "b.txt"
    assert (copied.read_bytes(), copied.samefile(file)) == (b"Text", False)


def test_what_is_read_again_says_what_it_replaces_and_passes_over_what_is_gone(
    tmp_path: Path, batch: Batch
) -> None:
    archive = tmp_path / "archive"
    (archive / "taz").mkdir(parents=True)
    for name in ("a.txt", "taz/b.txt"):
        (archive / name).write_bytes(b"Text")
    deposit.reread(batch, archive, {"a.txt": ["t-1"], "taz/b.txt": (), "gone.txt": ()})
    assert [file.relative for file in batch.files()] == ["a.txt", "taz/b.txt"]
    assert all(file.path.samefile(archive / file.relative) for file in batch.files())
    assert batch.replaces() == {"a.txt": ["t-1"]}


class Torn(io.BytesIO):
    """A source that breaks off."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 0:
            raise OSError("the source is gone")
        return super().read(10 if size is None or size < 0 else min(size, 10))


def test_a_torn_copy_is_no_file_of_the_batch(batch: Batch) -> None:
    with pytest.raises(OSError, match="gone"):
        deposit.put(batch, Torn(b"x" * 100), "a.txt")
    assert batch.files() == []
    assert batch.close()


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["a.txt", "a.txt"], [["a.txt"], ["a.txt"]]),
        (["a", "a/b", "c"], [["a"], ["a/b", "c"]]),
        (["a/b/c", "x", "a"], [["a/b/c", "x"], ["a"]]),
        (["a/b", "a/c", "ab", "a"], [["a/b", "a/c", "ab"], ["a"]]),
    ],
)
def test_two_files_of_one_name_come_into_two_groups(
    names: list[str], groups: list[list[str]]
) -> None:
    """``depesche ingest taz/a.txt dpa/a.txt``: both become ``a.txt``."""
    assert list(deposit.grouped(names, lambda _: 1, str, 10, 100)) == groups


@given(st.lists(st.integers(0, 50)), st.integers(1, 8), st.integers(1, 100))
def test_groups_keep_the_order_and_the_limits_and_lose_nothing(
    sizes: Sequence[int], count: int, size: int
) -> None:
    files = list(enumerate(sizes))
    groups = list(
        deposit.grouped(files, lambda file: file[1], lambda file: str(file[0]), count, size)
    )
    assert [file for group in groups for file in group] == files
    for group in groups:
        assert 1 <= len(group) <= count
        assert len(group) == 1 or sum(length for _, length in group) <= size
    for group, following in pairwise(groups):
        full = len(group) == count
        assert full or sum(length for _, length in [*group, following[0]]) > size


def test_groups_are_cut_as_the_files_come() -> None:
    """A scan of a million files must not be read to its end before the first claim."""
    endless = iter(range(1_000_000_000))
    groups = deposit.grouped(endless, lambda _: 1, str, 3, 100)
    assert next(groups) == [0, 1, 2]
    assert next(endless) == 4
