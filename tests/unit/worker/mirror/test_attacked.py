"""What was tried against mirrors: to lose a text, double one, or see what was taken down."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from io import BufferedReader
from itertools import count
from math import inf
from pathlib import Path
from zipfile import ZipFile

import pytest
from structlog.testing import capture_logs

from articles.errors import UsageError
from articles.limits import MEBIBYTE
from depesche.copying import copy, listed
from tasks.real_path import MOST_LINKS
from tests.unit.worker.intake.test_same_path import differences, dropped
from tests.unit.worker.mirror.test_follow import BODY, Followed, text, tree
from worker import failpoint
from worker.care.repair import repair
from worker.care.reparse import found, reparse
from worker.care.restore import restore
from worker.care.taking_away import QUICK, finish
from worker.care.withdraw import Order, files_set_apart, in_mirrors, withdraw
from worker.intake.fates import ItemFate
from worker.intake.senders import Senders
from worker.mirror import moves, take
from worker.mirror.aside import TURN
from worker.mirror.rests import REST
from worker.mirror.scan import scan
from worker.mirror.settled import Fate
from worker.mirror.state import opened
from worker.spool import deposit

__all__ = ["tree"]

LONG = BODY * 3
LEASE = """
import fcntl, signal, sys, time
signal.signal(signal.SIGIO, signal.SIG_IGN)
file = open(sys.argv[1], "r+")
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
time.sleep(60)
"""


def headlines(tree: Followed) -> list[str]:
    """Of all documents, however many have one path."""
    found = tree.container.client.search(index="articles", size=1000)["hits"]["hits"]
    return sorted(hit["_source"]["headline"] for hit in found)


def test_a_text_of_two_mirrors_stays_as_long_as_one_has_it(tree: Followed, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    tree.container.mirrors.add(tmp_path / "other", "other")
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    (tmp_path / "other" / "c.txt").write_text(text("Eins"))
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt", "press/b.txt"}
    path.unlink()
    tree.turn()
    assert set(tree.documents()) == {"other/c.txt", "press/b.txt"}


def other_article(tree: Followed, key: str) -> str:
    """The id of an article whose document was made to say that it is known by a key."""
    other = dropped(tree.container, "x", text("Anderes", "Davon steht nirgends etwas. " * 9))
    client = tree.container.client
    client.update(index="articles", id=other.id, doc={"known_as": [key]}, refresh=True)
    return other.id


def test_what_claims_an_article_of_a_mirror_is_withdrawn_without_it(tree: Followed) -> None:
    """Where its document was deleted, that of another claims its key, and is withdrawn."""
    tree.write("b.txt", text("Zwei", "Lang. " * 60))
    tree.write("c.txt", text("Drei", "Kurz. " * 60))
    tree.turn()
    id_ = tree.documents()["press/b.txt"]
    other = other_article(tree, id_)
    tree.container.client.delete(index="articles", id=id_, refresh=True)
    withdraw(tree.container, [other], Order("Unterlassung", "desk"))
    assert list(tree.container.tombstones.of([other, id_])) == [other]
    assert differences(tree.container).counts()["no_document"] == 1


def test_a_copy_of_a_mirror_s_text_is_not_given_to_what_claims_it(tree: Followed) -> None:
    tree.write("b.txt", text("Zwei", "Lang. " * 60))
    tree.turn()
    id_ = tree.documents()["press/b.txt"]
    other = other_article(tree, id_)
    tree.container.client.delete(index="articles", id=id_, refresh=True)
    tree.container.client.indices.refresh(index="articles")
    copy_of_it = dropped(tree.container, "y", text("Zwei", "Lang. " * 60))
    assert (copy_of_it.fate, copy_of_it.id) == ("indexed", id_)
    assert tree.fake.source(other)["headline"] == "Anderes"


def test_an_article_of_a_mirror_is_not_given_to_a_copy_of_its_document(tree: Followed) -> None:
    """It was joined to what claimed its name, and deleted; then the other's text was changed."""
    tree.write("v.txt", text("Zwei", "Lang. " * 60))
    tree.turn()
    id_ = tree.documents()["press/v.txt"]
    other = dropped(tree.container, "x", text("Anderes", "Davon steht nirgends etwas. " * 9)).id
    copied = tree.fake.source(id_)
    for forger in ("t-" + "d" * 40, other):  # that of an article that the ledger knows, too
        forged = {**copied, "known_as": [id_], "source": {**copied["source"], "path": "x.txt"}}
        tree.fake.store.single("articles").put(forger, forged)
    tree.container.client.indices.refresh(index="articles")
    tree.write("kopie.txt", text("Zwei", "Lang. " * 60))
    tree.turn()
    assert id_ in tree.documents().values()
    with tree.mirror.opened() as state:
        assert {state.id_of(b"v.txt"), state.id_of(b"kopie.txt")} == {id_}


def test_nor_is_one_that_was_corrected(tree: Followed) -> None:
    """The key of its current text is the id of no article that the ledger knows."""
    tree.write("v.txt", text("Zwei", "Lang. " * 60))
    tree.turn()
    tree.write("v.txt", text("Zwei", "Lang. " * 60 + "Berichtigt."))
    tree.turn()
    id_ = tree.documents()["press/v.txt"]
    copied = tree.fake.source(id_)
    assert copied["known_as"]
    forged = {**copied, "source": {**copied["source"], "path": "x.txt"}}
    tree.fake.store.single("articles").put("t-" + "d" * 40, forged)
    tree.container.client.indices.refresh(index="articles")
    tree.write("kopie.txt", text("Zwei", "Lang. " * 60 + "Berichtigt."))
    tree.turn()
    with tree.mirror.opened() as state:
        assert {state.id_of(b"v.txt"), state.id_of(b"kopie.txt")} == {id_}


def test_a_text_that_was_dropped_too_stays_when_the_mirror_s_file_goes(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    assert dropped(tree.container, "c", text("Eins")).fate == "duplicate"
    path.unlink()
    tree.turn()
    assert set(tree.documents()) == {"c.txt", "press/b.txt"}


def test_a_file_that_moved_and_changed_keeps_its_document(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins", LONG))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    path.unlink()
    tree.write("neu/c.txt", text("Eins, berichtigt", f"{LONG} Und mehr."))
    tree.write("neu/d.txt", text("Ganz etwas anderes", "Davon war nie die Rede."))
    tree.turn()
    after = tree.documents()
    assert after["press/neu/c.txt"] == before["press/a.txt"]
    assert tree.fake.source(after["press/neu/c.txt"])["version"] == 2
    assert set(after) == {"press/b.txt", "press/neu/c.txt", "press/neu/d.txt"}
    tree.write("a.txt", text("Eins", LONG))  # it was not gone for good: an article of its own
    tree.turn()
    assert headlines(tree) == ["Eins", "Eins, berichtigt", "Ganz etwas anderes", "Zwei"]


def test_of_two_that_are_alike_the_more_alike_is_what_moved_and_changed(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins", LONG))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()["press/a.txt"]
    path.unlink()
    tree.write("c.txt", text("Eins", f"{LONG} Dazu kam am Abend noch etwas ganz anderes hinzu."))
    tree.write("d.txt", text("Eins", f"{LONG} Und mehr."))
    tree.turn()
    assert tree.documents()["press/d.txt"] == before
    assert len(headlines(tree)) == 3


def test_one_that_moved_and_has_an_earlier_text_again_shows_that(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins", LONG))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    tree.write("a.txt", text("Eins", f"{LONG} Und mehr."))
    tree.turn()
    path.unlink()
    tree.write("c.txt", text("Eins", LONG))
    tree.turn()
    assert tree.documents()["press/c.txt"] == before["press/a.txt"]
    assert "Und mehr" not in tree.fake.source(before["press/a.txt"])["body"]


def test_a_copy_is_not_taken_for_what_is_missed(tree: Followed) -> None:
    tree.container.follower._grace = 3600.0
    path = tree.write("a.txt", text("Eins", LONG))
    tree.write("b.txt", text("Eins", f"{LONG} Und mehr."))
    tree.turn()
    before = tree.documents()
    path.unlink()
    tree.write("c.txt", text("Eins", f"{LONG} Und mehr."))
    tree.turn()
    assert tree.documents() == before
    tree.write("a.txt", text("Eins", LONG))
    tree.turn()
    assert tree.documents() == before


def test_what_changed_and_moved_before_it_was_read_keeps_its_document(tree: Followed) -> None:
    """Where it is recognised, as any that moved and changed."""
    path = tree.write("a.txt", text("Eins", LONG))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    path.write_text(text("Eins, berichtigt", f"{LONG} Und mehr."))
    with tree.mirror.opened() as state:
        scan(state, time.time(), 0.0, tree.container.follower._feed.taking)
    path.rename(tree.root / "c.txt")
    tree.turn()
    assert tree.documents() == {
        "press/b.txt": before["press/b.txt"],
        "press/c.txt": before["press/a.txt"],
    }
    assert headlines(tree) == ["Eins, berichtigt", "Zwei"]


def test_what_moves_on_its_way_keeps_its_document(tree: Followed) -> None:
    tree.container.follower._grace = 3600.0
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    path.write_text(text("Drei", "Von Grund auf anders."))
    tree.follow()
    path.rename(tree.root / "c.txt")
    tree.follow()
    assert len(tree.container.spool.batches()) == 1
    tree.turn()
    assert tree.documents() == {
        "press/b.txt": before["press/b.txt"],
        "press/c.txt": before["press/a.txt"],
    }


def test_of_what_is_withdrawn_it_is_said_where_its_file_stays(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    for purge in (False, True):
        (one,) = withdraw(tree.container, [id_], Order("court order", "test", purge))
        finish(tree.container, steps=QUICK)
        (one,) = tree.container.tombstones.of([id_]).values()
        assert in_mirrors(tree.container, one) == [str(path)]
        assert files_set_apart(tree.container, one) == 0
    path.unlink()
    assert in_mirrors(tree.container, one) == []


def test_what_was_withdrawn_stays_so_when_it_changes_and_moves(tree: Followed) -> None:
    container = tree.container
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    withdraw(container, [id_], Order("court order", "test"))
    finish(container, steps=QUICK)
    tree.write("a.txt", text("Eins", "Und mehr."))
    tree.turn()
    assert headlines(tree) == ["Zwei"]
    path.rename(tree.root / "c.txt")
    tree.turn()
    assert headlines(tree) == ["Zwei"]
    restore(container, list(container.tombstones.of([id_]).values()))
    tree.turn()
    assert headlines(tree) == ["Eins", "Zwei"]
    assert tree.counts() == {"indexed": 2, "gone": 0}


def test_what_changed_while_it_was_withdrawn_is_the_same_article_when_restored(
    tree: Followed,
) -> None:
    container = tree.container
    tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    withdraw(container, [before["press/a.txt"]], Order("court order", "test"))
    finish(container, steps=QUICK)
    tree.write("a.txt", text("Eins", "Und mehr."))
    tree.turn()
    assert headlines(tree) == ["Zwei"]
    restore(container, list(container.tombstones.of([before["press/a.txt"]]).values()))
    tree.turn()
    assert tree.documents() == before
    hits = container.client.search(index="articles", size=10)["hits"]["hits"]
    assert any("Und mehr." in hit["_source"]["body"] for hit in hits)


@pytest.mark.parametrize("renamed", [0, 1, 2])
@pytest.mark.parametrize("between", ["nothing", "follow", "turn"])
def test_what_is_restored_comes_in_whatever_was_done_to_it(
    tree: Followed, between: str, renamed: int
) -> None:
    """``renamed``: before it is withdrawn, or while it is."""
    container = tree.container
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    if renamed == 1:
        path.rename(tree.root / "c.txt")
    withdraw(container, [id_], Order("court order", "test"))
    finish(container, steps=QUICK)
    if renamed == 2:
        path.rename(tree.root / "c.txt")
    {"nothing": lambda: None, "follow": tree.follow, "turn": tree.turn}[between]()
    restore(container, list(container.tombstones.of([id_]).values()))
    tree.turn()
    assert headlines(tree) == ["Eins", "Zwei"]
    assert tree.counts() == {"indexed": 2, "gone": 0}


def test_a_hole_that_is_called_a_container_is_neither_hashed_nor_copied(tree: Followed) -> None:
    """Four terabytes: the others were not followed for hours, and then the disk was full."""
    tree.write("b.txt", text("Zwei"))
    with (tree.root / "a.zip").open("wb") as file:
        file.truncate(4 * 2**40)
    os.utime(tree.root / "a.zip", (1_700_000_000, 1_700_000_000))
    tree.turn()
    with tree.mirror.opened() as state:
        ((path, reason),) = state.failed(10)
    assert (path, "has holes" in reason) == (b"a.zip", True)
    assert set(tree.documents()) == {"press/b.txt"}


@pytest.mark.parametrize("hole", [False, True])
def test_what_was_hashed_is_what_is_copied(
    tree: Followed, monkeypatch: pytest.MonkeyPatch, *, hole: bool
) -> None:
    """Exchanged for a hole, or for another one, while the next file is hashed."""
    large = tree.container.settings.model_copy(update={"max_file_bytes": 2_000})
    tree.container.settings = large
    for name in ("a.zip", "b.zip", ".new"):
        with ZipFile(tree.root / name, "w") as archive:
            for number in range(3):
                archive.writestr(f"{number}.txt", text(f"{name} {number}", LONG * 2))
        os.utime(tree.root / name, (0, 1_700_000_000))
    if hole:
        os.truncate(tree.root / ".new", 65 * MEBIBYTE)
        os.utime(tree.root / ".new", (0, 1_700_000_000))

    def exchanged(source: BufferedReader, kind: str) -> object:
        if (tree.root / ".new").exists() and os.fstat(source.fileno()).st_ino == second:
            (tree.root / ".new").rename(tree.root / "a.zip")
        return file_digest(source, kind)

    second = (tree.root / "b.zip").stat().st_ino
    monkeypatch.setattr(take, "file_digest", exchanged)
    tree.follow()
    assert not (tree.root / ".new").exists()
    spooled = (file for batch in tree.container.spool.batches() for file in batch.files())
    assert [file.relative for file in spooled] == ["press/b.zip"]
    tree.container.follower._feed.taking.rests._rests.clear()
    tree.turn()
    names = ["b.zip"] if hole else [".new", "b.zip"]
    assert headlines(tree) == [f"{name} {number}" for name in names for number in range(3)]
    with tree.mirror.opened() as state:
        assert [path for path, _ in state.failed(10)] == [b"a.zip"] * hole


@dataclass
class Ticking:
    """A clock that is a second further each time."""

    now: float = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.mark.parametrize("when", ["while it is read", "between the looks"])
def test_who_touches_a_large_archive_again_and_again_has_it_read_seldom(
    tree: Followed, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """It was hashed whole at each look, and nothing else was followed meanwhile."""
    times = count(1_700_000_000)

    def touch() -> None:
        os.utime(tree.root / "a.zip", (0, next(times)))

    def touched(source: BufferedReader, kind: str) -> object:
        touch()
        return file_digest(source, kind)

    large = tree.container.settings.model_copy(update={"max_file_bytes": 2_000})
    tree.container.settings = large
    with ZipFile(tree.root / "a.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", text(f"Nummer {number}", LONG * 2))
    touch()
    if when == "between the looks":
        tree.turn()
    rests = tree.container.follower._feed.taking.rests
    rests._rests.clear()  # by the clock of before
    rests.clock = clock = Ticking()
    with monkeypatch.context() as reading:
        if when == "while it is read":
            reading.setattr(take, "file_digest", touched)
        for _ in range(50):
            touch()
            tree.follow()
    ((rest, *_),) = rests._rests.values()
    assert rest == REST * 2**3  # after the first reading it doubled thrice: it was read four times
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    assert "press/b.txt" in tree.documents()
    clock.now += rest
    tree.turn()
    assert headlines(tree) == [*(f"Nummer {number}" for number in range(3)), "Zwei"]
    assert tree.counts() == {"indexed": 1, "unpacked": 1, "gone": 0}


@pytest.mark.parametrize("how", ["renamed", "a byte more"])
def test_who_renames_or_lengthens_a_large_archive_has_it_read_no_oftener(
    tree: Followed, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Something comes of each reading: it rested no more."""
    read = []

    def counted(source: BufferedReader, kind: str) -> object:
        read.append(kind)
        return file_digest(source, kind)

    monkeypatch.setattr(take, "file_digest", counted)
    large = tree.container.settings.model_copy(update={"max_file_bytes": 2_000})
    tree.container.settings = large
    path = tree.root / "a.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("1.txt", text("Eins", LONG * 8))
    tree.container.follower._feed.taking.rests.clock = Ticking()
    for number in range(9):
        if how == "renamed":
            path = path.rename(tree.root / f"{number}.zip")
        else:
            path.write_bytes(path.read_bytes() + b"x")
        os.utime(path, (0, 1_700_000_000 + number))
        tree.follow()
        for batch in tree.container.spool.batches():
            tree.container.intake.batch(batch.name)
    assert 1 < len(read) <= 3  # once in four looks, each of which is a second


def test_many_large_archives_hold_no_other_file(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each took its time before the next file was looked at: a thousand held the rest for hours."""
    read = []

    def counted(source: BufferedReader, kind: str) -> object:
        read.append(Path(f"/proc/self/fd/{source.fileno()}").readlink().name)
        clock.now += TURN / 2
        return file_digest(source, kind)

    clock = Ticking()
    monkeypatch.setattr(take, "file_digest", counted)
    tree.container.settings = tree.container.settings.model_copy(update={"max_file_bytes": 2_000})
    for number in range(6):
        with ZipFile(tree.root / f"{number}.zip", "w") as archive:
            for member in "abc":
                archive.writestr(f"{member}.txt", text(f"Nummer {number}{member}", LONG * 2))
        os.utime(tree.root / f"{number}.zip", (0, 1_700_000_000))
    tree.write("z.txt", text("Zuletzt"))
    follower = tree.container.follower
    follower._feed = replace(follower._feed, clock=clock)
    with capture_logs() as logs:
        tree.follow()
    assert [log["files"] for log in logs if log["event"] == "mirror.sent"] == [1, 2]
    assert read == ["0.zip", "1.zip"]
    os.utime(tree.root / "2.zip", (0, 1_700_000_001))  # it has waited for less time than others
    for _ in range(2):
        tree.turn()
    assert read == [f"{number}.zip" for number in (0, 1, 3, 4, 5, 2)]
    assert headlines(tree) == [*(f"Nummer {n}{m}" for n in range(6) for m in "abc"), "Zuletzt"]
    assert tree.counts() == {"indexed": 1, "unpacked": 6, "gone": 0}


def test_a_link_in_the_tree_s_own_place_shows_nobody_others_files(
    tree: Followed, tmp_path: Path
) -> None:
    """Who owns the folder above the root has files of their names read that he may not read."""
    if os.geteuid():
        pytest.skip("only root gives links away")
    for name in ("passwd", "shadow"):
        tree.write(name, text(f"Von ihm {name}"))
    tree.turn()
    (tmp_path / "etc").mkdir()
    for name in ("passwd", "shadow"):
        (tmp_path / "etc" / name).write_text(text(f"Geheim {name}"))
    tree.root.rename(tmp_path / "weg")
    tree.root.symlink_to(tmp_path / "etc")
    os.lchown(tree.root, 65534, 65534)
    tree.turn()
    assert headlines(tree) == ["Von ihm passwd", "Von ihm shadow"]
    assert "a link of another user (uid 65534) leads there" in tree.about()["away"]
    with pytest.raises(UsageError, match="cannot be followed: a link of another user"):
        tree.container.mirrors.add(tree.root, "other")
    os.lchown(tree.root, 0, 0)  # root's own links lead where they lead
    tree.turn()
    assert headlines(tree) == ["Geheim passwd", "Geheim shadow"]


def test_links_without_end_in_the_tree_s_own_place_keep_nobody(
    tree: Followed, tmp_path: Path
) -> None:
    """Red before: whoever asked where mirrors are followed them, nested ones for weeks."""
    for name in ("other", "third"):
        (tmp_path / name).mkdir()
    other = tree.container.mirrors.add(tmp_path / "other", "other")
    tree.root.rename(tmp_path / "0")
    for number in range(MOST_LINKS):
        (tmp_path / str(number + 1)).symlink_to(str(number))
    tree.root.symlink_to(str(MOST_LINKS))
    assert list(tree.container.mirrors.roots()) == [(other, tmp_path / "other")]
    tree.turn()
    assert "too many links" in tree.about()["away"]
    tree.container.mirrors.add(tmp_path / "third", "third")


def test_who_keeps_a_file_from_being_opened_does_not_fill_the_log(tree: Followed) -> None:
    """By a lease of his own, for ever: it is tried four times a second."""
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    holder = subprocess.Popen(
        [sys.executable, "-c", LEASE, str(path)], stdout=subprocess.PIPE, stdin=subprocess.PIPE
    )
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    try:
        with capture_logs() as logs:
            tree.turn()
    finally:
        holder.kill()
        holder.communicate()
    assert [log["path"] for log in logs if log["event"] == "mirror.unread"] == ["a.txt"]
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt", "press/b.txt"}


def test_a_disk_in_the_tree_that_is_away_deletes_nothing(tree: Followed) -> None:
    """One of three files: that many may be deleted at once without a doubt."""
    disk = tree.root / "platte"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
            pytest.skip("no file system can be mounted here")
    except OSError:
        pytest.skip("there is no mount here")
    try:
        for name in ("platte/a.txt", "b.txt", "c.txt"):
            tree.write(name, text(f"Nummer {name[0]}"))
        tree.turn()
        before = tree.documents()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
    tree.write("d.txt", text("Nummer d"))
    tree.turn()
    assert "platte/ was a disk of its own" in tree.about()["away"]
    assert tree.documents() == before
    with tree.mirror.opened() as state:
        state.say(accepted="1")  # `mirror resume`
    tree.turn()
    assert set(tree.documents()) == {"press/b.txt", "press/c.txt", "press/d.txt"}
    assert tree.about()["away"] == ""


def test_a_copy_is_read_again_whose_document_went_before_it_was_noted(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    tree.write("c.txt", text("Eins"))

    def meanwhile(point: str) -> None:
        if point == "intake.indexed":
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            path.unlink()
            for _ in range(4):
                tree.follow()

    monkeypatch.setattr(failpoint, "reach", meanwhile)
    tree.turn()
    tree.turn()
    assert set(tree.documents()) == {"press/b.txt", "press/c.txt"}


def test_many_links_to_one_file_are_moved_as_so_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each was compared with each: a rename of 20,000 was the end of the watcher, at every look."""
    monkeypatch.setattr(moves, "TURN", inf)  # a busy machine may take longer
    links, tree = 1_000, tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tree / "bleibt.txt").write_text("Eins")
    (tree / "a" / "0.txt").write_text("Zwei")
    for number in range(1, links):
        (tree / "a" / f"{number}.{'txt' if number % 2 else 'json'}").hardlink_to(tree / "a/0.txt")
    taking = take.Taking(MEBIBYTE, (0.0, 0.0), tmp_path)
    with opened(tmp_path / "press.sqlite", make=True) as state:
        state.say(root=tree, device=tree.stat().st_dev)
        scan(state, 1.0, 600.0, taking)
        names = [file.path for file in state.waiting()]
        state.sent("b", dict.fromkeys(names, sha256(b"Zwei").hexdigest()))
        state.settle("b", [Fate(name, "indexed", "t-1") for name in names])
        (tree / "a").rename(tree / "b")
        tracemalloc.start()
        found = scan(state, 2.0, 600.0, taking)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (found.moved, state.counts()) == (links, {"indexed": links + 1, "gone": 0})
        assert most < 5 * MEBIBYTE
        kinds = state.events([b"b/2.json", b"b/1.txt"], [])
        assert [event.was.rpartition(b".")[2] for event in kinds] == [b"txt", b"json"]


def test_what_may_have_moved_is_not_deleted_before_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look reads some of it, and there may be much: its documents went, and their versions."""
    tree, count = tmp_path / "tree", 20
    (tree / "a").mkdir(parents=True)
    for number in range(count):
        (tree / "a" / f"{number}.txt").write_text(f"Text {number}")
        (tree / f"bleibt{number}.txt").write_text(f"Anderer {number}")
    taking = take.Taking(MEBIBYTE, (0.0, 0.0), tmp_path)
    with opened(tmp_path / "press.sqlite", make=True) as state:
        state.say(root=tree, device=tree.stat().st_dev)
        scan(state, 1.0, 600.0, taking)
        digests = {
            w.path: sha256((tree / os.fsdecode(w.path)).read_bytes()) for w in state.waiting()
        }
        state.sent("b", {path: digest.hexdigest() for path, digest in digests.items()})
        state.settle("b", [Fate(path, "indexed", f"t-{n}") for n, path in enumerate(digests)])
        (tree / "a").rename(tree / "b")
        (tree / "bleibt0.txt").unlink()
        monkeypatch.setattr(moves, "TURN", 0.0)  # nothing is read in time
        looks = [scan(state, now, 600.0, taking) for now in (10.0, 300.0, 700.0, 2_000.0)]
        assert [look.deleted for look in looks] == [0, 0, 1, 0]
        monkeypatch.setattr(moves, "TURN", inf)
        last = scan(state, 2_010.0, 600.0, taking)
        assert (last.moved, last.deleted) == (count, 0)


def test_nor_is_it_kept_for_ever_where_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("a", "b", "c"):
        (tree / f"{name}.txt").write_text(name)
    taking = take.Taking(MEBIBYTE, (0.0, 0.0), tmp_path)
    with opened(tmp_path / "press.sqlite", make=True) as state:
        state.say(root=tree, device=tree.stat().st_dev)
        scan(state, 1.0, 600.0, taking)
        names = [file.path for file in state.waiting()]
        state.sent("b", {name: sha256(name[:1]).hexdigest() for name in names})
        state.settle("b", [Fate(name, "indexed", f"t-{n}") for n, name in enumerate(names)])
        (tree / "a.txt").rename(tree / "d.txt")
        monkeypatch.setattr(moves, "TURN", 0.0)
        looks = [scan(state, now, 600.0, taking) for now in (10.0, 700.0, 4_000.0, 5_000.0)]
        assert [look.deleted for look in looks] == [0, 0, 0, 1]


def test_an_empty_key_of_one_document_keeps_no_other_file_waiting(tree: Followed) -> None:
    """Of an empty id Elasticsearch says that it cannot read."""
    tree.write("a.txt", text("Eins"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    tree.container.client.update(index="articles", id=id_, doc={"known_as": ["", "t-none"]})
    tree.write("a.txt", text("Eins", "Mehr dazu."))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    tree.write("c.txt", text("Drei"))
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt", "press/b.txt", "press/c.txt"}
    assert tree.counts() == {"indexed": 3, "gone": 0}


@pytest.mark.parametrize("path", ["press/\\ud800", "press/a\\x00b", "press/" + "x" * 5_000])
def test_a_document_with_a_path_that_no_file_has_is_read_again_beside_others(
    tree: Followed, path: str
) -> None:
    tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    tree.container.client.update(index="articles", id=id_, doc={"source": {"path": path}})
    told = reparse(tree.container, found(tree.container, "")[0])
    assert {one.path: one.fate for one in told} == {path: "no_file", "press/b.txt": "same"}


def test_what_nobody_foresaw_at_one_mirror_keeps_no_other_waiting(
    tree: Followed, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    tree.container.mirrors.add(tmp_path / "other", "another")  # it is looked at first
    for name, headline in {"b.txt": "Zwei", "c.txt": "Drei"}.items():
        (tmp_path / "other" / name).write_text(text(headline))
    tree.turn()
    (tmp_path / "other" / "b.txt").unlink()
    tree.follow()  # at the next look it is deleted
    tree.write("a.txt", text("Eins"))
    tree.fake.refuse("_mget", 400, "illegal_argument_exception", always=True)
    tree.follow()
    assert [batch.mirror() for batch in tree.container.spool.batches()] == ["press"]
    tree.fake.come_back()
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt", "another/c.txt"}


def sent_in(tree: Followed, relative: str, content: str | bytes) -> ItemFate:
    """A file that somebody dropped, worked to its end."""
    folders = tree.container.folders
    file = folders.inbox / relative
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with tree.container.spool.filling() as batch:
        deposit.claim(batch, file, relative)
    (fate,) = tree.container.intake.batch(batch.name)
    tree.container.client.indices.refresh(index="articles")
    return fate


@pytest.mark.parametrize("how", ["corrected", "continued"])
def test_what_is_dropped_under_a_mirror_s_name_does_nothing_to_its_documents(
    tree: Followed, how: str
) -> None:
    theirs = text("Eins", LONG)
    tree.write("a.txt", theirs)
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    sent_in(tree, "press/a.txt", "Ganz anderes\n\nVon diesem Text steht nichts im ersten.\n" * 3)
    altered = {
        "corrected": theirs.replace("und ihn gebilligt", "und ihn verworfen", 1),
        "continued": theirs + "\nDas stimmt aber nicht.\n",
    }
    assert sent_in(tree, "press/a.txt", altered[how]).fate == "indexed"
    tree.turn()
    source = tree.fake.source(id_)
    assert (source["source"]["path"], source.get("version", 1)) == ("press/a.txt", 1)
    assert set(tree.documents()) == {"press/a.txt", "press~1/a.txt"}
    assert not (tree.container.folders.archive / "press").exists()
    assert differences(tree.container).counts() == {}


def test_among_themselves_files_under_a_mirror_s_name_are_as_any(tree: Followed) -> None:
    first = sent_in(tree, "press/a.txt", text("Eins", LONG))
    second = sent_in(tree, "press/a.txt", text("Eins", LONG.replace("gebilligt", "verworfen", 1)))
    assert (first.path, second.path) == ("press~1/a.txt", "press~1/a.txt")
    assert (second.fate, second.id) == ("corrected", first.id)


def test_members_of_a_container_that_has_a_mirror_s_name_are_none_of_its_files(
    tree: Followed, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    tree.container.mirrors.add(tmp_path / "other", "other.zip")
    theirs = text("Eins", LONG)
    (tmp_path / "other" / "a.txt").write_text(theirs)
    tree.turn()
    id_ = tree.documents()["other.zip/a.txt"]
    for content in ("Ganz anderes\n\nNichts davon.\n", theirs.replace("gebilligt", "verworfen")):
        with ZipFile(tmp_path / "made.zip", "w") as file:
            file.writestr("a.txt", content)
        fate = sent_in(tree, "other.zip", (tmp_path / "made.zip").read_bytes())
        assert (fate.fate, fate.path) == ("unpacked", "other~1.zip")
    assert tree.fake.source(id_).get("version", 1) == 1
    assert {"other.zip/a.txt", "other~1.zip/a.txt"} <= set(tree.documents())
    assert differences(tree.container).counts() == {}


def test_a_batch_that_is_worked_again_has_the_paths_that_it_had(tree: Followed) -> None:
    """Cut short, and its mirror is removed meanwhile."""
    container = tree.container
    with container.spool.filling() as batch:
        for folder in ("press", "press~1"):
            (batch.root / folder).mkdir()
            (batch.root / folder / "a.txt").write_text(text(folder, LONG))
    tree.fake.refuse("_bulk", 503, "x")
    waiting = container.intake.batch(batch.name)
    assert {fate.path for fate in waiting} == {"press~1/a.txt", "press~2/a.txt"}
    tree.mirror.file.unlink()
    fates = container.intake.batch(batch.name)
    assert [(fate.path, fate.fate) for fate in sorted(fates, key=lambda fate: fate.path)] == [
        ("press~1/a.txt", "indexed"),
        ("press~2/a.txt", "indexed"),
    ]


def test_who_sends_files_of_a_folder_called_like_a_mirror_is_told_of_them(
    tree: Followed, tmp_path: Path
) -> None:
    (tmp_path / "allowed" / "press").mkdir(parents=True)
    file = tmp_path / "allowed" / "press" / "a.txt"
    file.write_text(text("Eins", LONG))
    senders = Senders(tree.container.intake, [file.parent], (64, MEBIBYTE))
    (answer,) = senders.files([str(file)])
    assert (answer["fate"], answer["path"]) == ("indexed", str(file))
    assert set(tree.documents()) == {"press~1/a.txt"}


def test_who_ingests_a_folder_called_like_a_mirror_is_told_of_its_files(
    tree: Followed, tmp_path: Path
) -> None:
    (tmp_path / "mine" / "press").mkdir(parents=True)
    (tmp_path / "mine" / "press" / "a.txt").write_text(text("Eins", LONG))
    copied = copy(tree.container, listed([tmp_path / "mine" / "press"])[0])
    for batch in tree.container.spool.batches():
        tree.container.intake.batch(batch.name)
    assert [(item.path, item.fate) for item in copied.wait(timeout=5)] == [
        ("press~1/a.txt", "indexed")
    ]


def test_verify_tells_where_a_document_has_not_the_text_of_the_mirror_s_file(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an older release had it corrected, or another site that does not know the mirror."""
    theirs = text("Eins", LONG)
    tree.write("a.txt", theirs)
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    monkeypatch.setattr(tree.container.intake, "keep_apart", lambda _: {})
    sent_in(tree, "press/a.txt", "Ganz anderes\n\nVon diesem Text steht nichts im ersten.\n" * 3)
    sent_in(tree, "press/a.txt", theirs.replace("gebilligt", "verworfen", 1))
    told = differences(tree.container)
    assert [one.path for one in next(told.pages("no_version", 10))] == ["press/a.txt"]
    assert told.counts() == {"no_version": 1}
    assert repair(tree.container, told) == 1
    tree.turn()
    assert differences(tree.container).counts() == {}
    source = tree.fake.source(id_)
    now = f"{source.get('lead')} {source['body']}"
    assert ("gebilligt" in now, "verworfen" in now, source["version"]) == (True, False, 3)


def test_other_bytes_of_the_text_are_no_difference(tree: Followed) -> None:
    tree.write("a.txt", text("Eins", LONG))
    tree.turn()
    tree.write("a.txt", text("Zwei", LONG))
    tree.turn()
    tree.write("a.txt", text("Zwei", LONG) + "\n \n")
    tree.turn()
    assert differences(tree.container).counts() == {}
