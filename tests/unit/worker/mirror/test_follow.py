"""A tree that is followed, on real folders and an index in memory."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from articles.errors import UsageError
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.reparse import found, reparse
from worker.care.where import where
from worker.mirror import follow
from worker.mirror.difference import FEW
from worker.mirror.mirrors import Mirror
from worker.mirror.state import State

BODY = "Der Rat der Stadt Dessau hat am Mittwoch über den Haushalt beraten und ihn gebilligt."


class Followed:
    """A mirror and what the processes do about it, one after another."""

    def __init__(self, container: FakeContainer, fake: FakeElasticsearch, root: Path) -> None:
        self.container, self.fake, self.root = container, fake, root
        self.mirror: Mirror = container.mirrors.add(root, "press")

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (1_700_000_000 + len(text), 1_700_000_000 + len(text)))
        return path

    def follow(self) -> None:
        """Look and feed."""
        for followed in self.container.follower._followed.values():
            followed.scanned = float("-inf")
            followed.stop.set()
        self.container.follower.turn()

    def turn(self) -> None:
        """Look, feed, index, and look at what is touched, until nothing more is to be done."""
        for _ in range(6):
            self.follow()
            for batch in self.container.spool.batches():
                self.container.intake.batch(batch.name)
            self.container.client.indices.refresh(index="articles")

    def documents(self) -> dict[str, str]:
        """The id of each document by the path that it names."""
        found = self.container.client.search(index="articles", size=1000)["hits"]["hits"]
        return {hit["_source"]["source"]["path"]: hit["_id"] for hit in found}

    def counts(self) -> dict[str, int]:
        with self.mirror.opened() as state:
            return state.counts()

    def about(self) -> dict[str, str]:
        with self.mirror.opened() as state:
            return state.about()


@pytest.fixture
def tree(container: FakeContainer, fake: FakeElasticsearch, tmp_path: Path) -> Iterator[Followed]:
    root = tmp_path / "tree"
    root.mkdir()
    container.settings = container.settings.model_copy(
        update={
            "mirror_grace_seconds": 0.0,
            "quiet_seconds": 0.001,
            "quiet_seconds_unproven": 0.001,
        }
    )
    yield Followed(container, fake, root)
    container.follower.stop()


def text(headline: str, more: str = "") -> str:
    return f"{headline}\n\n{BODY} {headline}. {more}\n"


def test_a_file_is_read_anew_where_it_is_if_it_is_what_was_indexed(tree: Followed) -> None:
    tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    tree.write("b.txt", text("Zwei", "Neu."))  # nobody has looked since
    told = reparse(tree.container, found(tree.container, "")[0])
    assert {one.path: one.fate for one in told} == {"press/a.txt": "same", "press/b.txt": "no_file"}


def test_files_are_indexed_where_they_are(tree: Followed) -> None:
    tree.write("a.txt", text("Eins"))
    tree.write("sport/b.json", json.dumps({"headline": "Zwei", "body": BODY, "id": "7"}))
    tree.write(".versteckt", text("Drei"))
    tree.write("c.txt.part", text("Vier"))
    (tree.root / "link.txt").symlink_to(tree.root / "a.txt")
    tree.turn()
    documents = tree.documents()
    assert set(documents) == {"press/a.txt", "press/sport/b.json"}
    assert tree.counts() == {"indexed": 2, "gone": 0}
    assert not any(path.is_file() for path in tree.container.folders.archive.rglob("*"))
    assert not any(path.is_file() for path in tree.container.folders.spool.rglob("*"))
    assert (tree.root / "a.txt").is_file()
    fates = tree.container.ledger.counts()
    tree.turn()
    assert tree.container.ledger.counts() == fates
    assert (fates["indexed"], fates["duplicate"]) == (2, 0)


def test_a_change_is_a_correction_and_can_be_taken_back(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.turn()
    (id_,) = tree.documents().values()
    tree.write("a.txt", "Ganz anderes\n\nVon diesem Text steht nichts im ersten. " * 3)
    tree.turn()
    assert tree.documents() == {"press/a.txt": id_}
    source = tree.fake.source(id_)
    assert (source["headline"], source["version"]) == ("Ganz anderes", 2)
    new = path.with_name("neu")  # as git does, and editors: another file in its place
    new.write_text(text("Eins"))
    new.rename(path)
    tree.turn()
    source = tree.fake.source(id_)
    assert (source["headline"], source["version"]) == ("Eins", 3)
    assert [line["number"] for line in source["history"]] == [1, 2]


def test_git_is_followed(tree: Followed) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=Probe", "-c", "user.email=probe@example.org"]
        subprocess.run(["git", "-C", str(tree.root), *who, *words], check=True, capture_output=True)

    tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    git("init", "--quiet", "--initial-branch", "one")
    git("add", ".")
    git("commit", "--quiet", "--message", "one")
    tree.turn()
    before = tree.documents()
    git("checkout", "--quiet", "-b", "two")
    git("mv", "b.txt", "c.txt")
    tree.write("a.txt", "Ganz anderes\n\nVon diesem Text steht nichts im ersten. " * 3)
    git("commit", "--quiet", "--all", "--message", "two")
    tree.turn()
    assert tree.documents() == {
        "press/a.txt": before["press/a.txt"],
        "press/c.txt": before["press/b.txt"],
    }
    git("checkout", "--quiet", "one")
    tree.turn()
    assert tree.documents() == before
    assert tree.fake.source(before["press/a.txt"])["headline"] == "Eins"


def test_what_is_touched_alone_is_not_read_again(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.turn()
    os.utime(path, (1_600_000_000, 1_600_000_000))
    tree.turn()
    assert tree.counts() == {"indexed": 1, "gone": 0}
    assert tree.container.ledger.counts() == {"indexed": 1, "duplicate": 0, "failed": 0}


def test_other_bytes_behind_the_same_time_and_size_are_seen(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.turn()
    status = path.stat()
    path.write_text(text("Zwei"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # touch -r
    tree.turn()
    (id_,) = tree.documents().values()
    assert tree.fake.source(id_)["headline"] == "Zwei"


@pytest.mark.parametrize("how", ["rename", "copy", "folder"])
def test_a_file_that_moves_keeps_its_document(tree: Followed, how: str) -> None:
    path = tree.write("alt/a.txt", text("Eins"))
    tree.write("alt/b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    tree.write("alt/a.txt", text("Eins", "Berichtigt."))
    tree.turn()
    (tree.root / "neu").mkdir()
    if how == "rename":
        path.rename(tree.root / "neu" / "c.txt")
    elif how == "copy":
        shutil.copy(path, tree.root / "neu" / "c.txt")
        path.unlink()
    else:
        (tree.root / "neu").rmdir()
        (tree.root / "alt").rename(tree.root / "neu")
        (tree.root / "neu" / "a.txt").rename(tree.root / "neu" / "c.txt")
    tree.turn()
    after = tree.documents()
    assert after["press/neu/c.txt"] == before["press/alt/a.txt"]
    assert sorted(after.values()) == sorted(before.values())
    assert tree.fake.source(after["press/neu/c.txt"])["version"] == 2
    fates = tree.container.ledger.counts()
    assert (fates["indexed"], fates["corrected"], fates["duplicate"]) == (2, 1, 0)


def test_a_deleted_file_takes_its_document_along_and_brings_it_back(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    path.unlink()
    tree.turn()
    assert set(tree.documents()) == {"press/b.txt"}
    tree.write("a.txt", text("Eins"))
    tree.turn()
    assert tree.documents() == before


def test_a_deletion_waits_its_time(tree: Followed) -> None:
    tree.container.follower._grace = 3600.0
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    path.unlink()
    tree.turn()
    assert len(tree.documents()) == 2
    assert tree.counts()["gone"] == 1


def test_of_two_copies_one_may_go_or_change(tree: Followed) -> None:
    first = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Eins"))
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt"}
    (id_,) = tree.documents().values()
    first.write_text(text("Etwas ganz anderes", "Davon war nie die Rede."))
    tree.turn()
    documents = tree.documents()
    assert documents["press/b.txt"] == id_
    assert documents["press/a.txt"] != id_
    (tree.root / "b.txt").unlink()
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt"}


def test_a_disk_that_is_away_deletes_nothing(tree: Followed) -> None:
    for number in range(2 * FEW + 10):
        tree.write(f"{number}.txt", text(f"Nummer {number}"))
    tree.turn()
    assert len(tree.documents()) == 2 * FEW + 10
    away = tree.root.with_name("away")
    tree.root.rename(away)
    tree.turn()
    assert "No such file" in tree.about()["away"]
    tree.root.mkdir()
    tree.turn()
    assert tree.about()["away"] == "all its files are gone (what is new is read)"
    tree.root.rmdir()
    away.rename(tree.root)
    tree.turn()
    assert tree.about()["away"] == ""
    assert (len(tree.documents()), tree.counts()["gone"]) == (2 * FEW + 10, 0)
    for number in range(FEW + 10):
        (tree.root / f"{number}.txt").unlink()
    tree.turn()
    assert tree.about()["away"].startswith("110 of its 210 files are gone at once")
    assert len(tree.documents()) == 2 * FEW + 10
    with tree.mirror.opened() as state:
        state.say(accepted="1")
    tree.turn()
    assert (tree.about()["away"], len(tree.documents())) == ("", FEW)


def test_what_fails_stays_where_it_is_and_has_a_reason(tree: Followed) -> None:
    path = tree.write("a.txt", "")
    tree.turn()
    with tree.mirror.opened() as state:
        ((failed, reason),) = state.failed(10)
    assert (failed, path.is_file()) == (b"a.txt", True)
    assert "empty" in reason
    assert not any(p.is_file() for p in tree.container.folders.failed.rglob("*"))
    tree.write("a.txt", text("Eins"))
    tree.turn()
    assert tree.counts() == {"indexed": 1, "gone": 0}


def test_articles_in_a_container_are_followed(tree: Followed) -> None:
    def lines(*names: str) -> str:
        return "".join(json.dumps({"id": n, "headline": n, "body": BODY}) + "\n" for n in names)

    path = tree.write("a.jsonl", lines("eins", "zwei"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    assert len(tree.documents()) == 3
    path.write_text(lines("zwei", "drei", "vier"))
    tree.turn()
    assert {id_ for id_ in tree.documents().values() if id_.startswith("s-")} == {
        "s-zwei",
        "s-drei",
        "s-vier",
    }
    path.unlink()
    tree.turn()
    assert set(tree.documents()) == {"press/b.txt"}


def test_articles_in_a_container_that_have_no_id_are_known_by_their_paths(tree: Followed) -> None:
    def rows(*names: str) -> str:
        return "".join(json.dumps({"headline": n, "body": f"{BODY} {n}."}) + "\n" for n in names)

    path = tree.write("a.jsonl", rows("eins", "zwei"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    before = tree.documents()
    path.write_text(rows("null", "eins", "zwei"))  # each row is another one now
    tree.turn()
    after = tree.documents()
    assert {path: after[path] for path in before} == before
    told = {path: tree.fake.source(id_)["headline"] for path, id_ in sorted(after.items())}
    assert list(told.values()) == ["null", "eins", "zwei", "Zwei"]


def test_a_folder_that_nobody_may_look_into_is_no_deletion(tree: Followed) -> None:
    tree.write("zu/a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    if os.geteuid() == 0:
        pytest.skip("root may look everywhere")
    (tree.root / "zu").chmod(0)
    tree.turn()
    (tree.root / "zu").chmod(0o700)
    assert len(tree.documents()) == 2


def test_removed_it_takes_its_documents_along(tree: Followed) -> None:
    tree.write("a.txt", text("Eins"))
    tree.turn()
    with tree.mirror.opened() as state:
        state.say(removing="1")
    tree.turn()
    assert tree.documents() == {}
    assert tree.container.mirrors.all() == []
    assert (tree.root / "a.txt").is_file()


def test_a_batch_that_was_lost_is_made_anew(tree: Followed) -> None:
    tree.write("a.txt", text("Eins"))
    tree.container.follower.turn()
    (batch,) = tree.container.spool.batches()
    shutil.rmtree(batch.folder)
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt"}


def test_where_no_mirror_can_be(tree: Followed, tmp_path: Path) -> None:
    mirrors = tree.container.mirrors
    other = tmp_path / "other"
    (other / "below").mkdir(parents=True)
    for root, name in [
        (other / "none", ""),
        (other, "press"),
        (other, "a/b"),
        (tree.root, "again"),
        (tree.container.folders.archive, "own"),
        (tmp_path, "above"),
    ]:
        with pytest.raises(UsageError):
            mirrors.add(root, name)
    (tree.container.folders.inbox / "below").mkdir()
    with pytest.raises(UsageError, match="has that name"):
        mirrors.add(other / "below")
    assert mirrors.add(other, "other").below == "other/"


def test_where_tells_that_a_file_has_moved_and_was_deleted(tree: Followed) -> None:
    path = tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    id_ = tree.documents()["press/a.txt"]
    path.rename(tree.root / "c.txt")
    tree.turn()
    assert told(tree, "press/a.txt")[-1] == ("moved", "press/a.txt", "to press/c.txt")
    assert told(tree, "press/c.txt") == [("moved", "press/c.txt", "from press/a.txt")]
    assert [what for what, _, _ in told(tree, id_)] == ["claimed", "indexed", "moved"]
    (tree.root / "c.txt").unlink()
    tree.turn()
    tree.turn()
    assert tree.documents().keys() == {"press/b.txt"}
    assert told(tree, "press/c.txt")[-1][:2] == ("deleted", "press/c.txt")
    assert [what for what, _, _ in told(tree, id_)] == ["claimed", "indexed", "moved", "deleted"]


def told(tree: Followed, text: str) -> list[tuple[str, str, str]]:
    return [(step.what, step.path, step.detail) for step in where(tree.container, text).steps]


def test_a_first_look_that_fails_again_and_again_is_listened_to_once(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each had another thread, and another of the few inotify instances of the user."""
    started = []

    class Recorder:
        def __init__(self, **more: object) -> None:
            self.more = more

        def start(self) -> None:
            started.append(self.more)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    fakes = SimpleNamespace(Thread=Recorder, Event=threading.Event)
    monkeypatch.setattr(follow, "threading", fakes)
    tree.write("a.txt", text("Eins"))
    with monkeypatch.context() as broken:
        broken.setattr(State, "apply", full)
        for _ in range(3):
            assert tree.container.follower.turn() == 0
    assert tree.container.follower.turn() == 1
    assert len(started) == 1


def test_what_an_older_release_wrote_has_its_kind_after_the_first_look(tree: Followed) -> None:
    tree.write("a.txt", text("Eins"))
    tree.turn()
    with tree.mirror.opened() as state:
        state._db.execute("UPDATE files SET kind = NULL")
    tree.follow()
    with tree.mirror.opened() as state:
        assert state._db.execute("SELECT kind FROM files").fetchall() == [(b"txt",)]
