"""The known state of a mirror of very many files: what is asked for each looks at few rows.

Rows are counted by the steps that SQLite makes: a query that looks at each of them makes more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from worker.mirror import seen
from worker.mirror.difference import Change, Look
from worker.mirror.settled import Fate
from worker.mirror.state import State, opened

FILES = 1_000
#: Steps of seven statements that look at a few rows each; each of many rows is one at least.
FEW = 500
DIGEST = "d" * 64


def steps(state: State, ask: Callable[[], object]) -> int:
    """How often SQLite goes on to another row, or part of its program."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    state._db.set_progress_handler(step, 1)
    try:
        ask()
    finally:
        state._db.set_progress_handler(None, 1)
    return count


def paths(ending: str) -> list[bytes]:
    return [f"a/{number:06}.{ending}".encode() for number in range(FILES)]


def come(state: State, files: list[bytes], first_inode: int) -> None:
    looks = (Look(10, 1, first_inode + number, 1) for number in range(len(files)))
    state.apply((Change("added", *each) for each in zip(files, looks, strict=True)), 1.0)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "press.sqlite", make=True) as made:
        yield made


def test_the_files_of_a_document_are_found_among_many(state: State) -> None:
    files = paths("txt")
    come(state, [*files, b"a.zip"], 1)
    state.sent("b", dict.fromkeys(files, DIGEST))
    state.settle("b", [Fate(path, "indexed", f"t-{n}") for n, path in enumerate(files)])
    members = [
        Fate(b"a.zip/" + path, "indexed", f"m-{n}", container=b"a.zip")
        for n, path in enumerate(files)
    ]
    state.settle("b", members)
    assert state.paths_of("t-5") == [files[5]]
    assert state.digests_of("t-5") == {files[5]: DIGEST}
    assert state.paths_of("m-5") == [b"a.zip/" + files[5]]
    assert steps(state, lambda: state.paths_of("t-5")) < FEW
    assert steps(state, lambda: state.paths_of("m-5")) < FEW
    assert steps(state, lambda: state.digests_of("t-5")) < FEW
    assert steps(state, lambda: state.join({"t-5": "t-6"})) < FEW
    assert state.paths_of("t-6") == [files[5], files[6]]


def test_what_has_no_document_is_of_none(state: State) -> None:
    """Each new file is asked for by the id that it has not: all the others were, too."""
    come(state, paths("txt"), 1)
    assert state.id_of(paths("txt")[5]) == ""
    assert state.paths_of("") == []
    assert steps(state, lambda: state.paths_of("")) < FEW


def test_of_many_copies_each_is_asked_whether_it_is_alone(state: State) -> None:
    files = paths("txt")
    come(state, [*files, b"a.zip"], 1)
    state.sent("b", dict.fromkeys(files, DIGEST))
    ids = dict.fromkeys(files, "t-1") | {files[5]: "t-5", files[6]: "t-6", files[7]: "t-7"}
    state.settle("b", [Fate(path, "indexed", id_) for path, id_ in ids.items()])
    members = {files[6]: "t-6", b"a.zip/1": "t-7"}  # where a folder has a container's name now
    state.settle("b", [Fate(p, "indexed", id_, container=b"a.zip") for p, id_ in members.items()])
    assert steps(state, lambda: state.has_alone(files[8], "t-1")) < FEW
    alone = [path for path, id_ in ids.items() if state.has_alone(path, id_)]
    assert alone == [files[5], files[6]]
    assert not state.has_alone(files[8], "")


def missed(state: State) -> None:
    """Identical files, of which each has gone, and its copy of another kind has come."""
    old, new = paths("txt"), paths("md")
    come(state, old, 1)
    state.sent("b", dict.fromkeys(old, DIGEST))
    state.settle("b", [Fate(path, "indexed", "t-1") for path in old])
    state.apply((Change("gone", path) for path in old), 2.0)
    come(state, [*new, b"b.TXT"], FILES + 1)


def test_a_copy_of_another_kind_is_not_compared_with_all_that_are_missed(state: State) -> None:
    missed(state)
    assert state.as_missed(10) == []
    first = paths("md")[0]
    assert steps(state, lambda: state.adopt(first, DIGEST)) < FEW
    assert not state.adopt(first, DIGEST)
    assert steps(state, lambda: state.adopt(b"b.TXT", DIGEST)) < FEW
    assert state.id_of(b"b.TXT") == "t-1"
    assert state.gone() == FILES - 1


def test_links_to_a_file_on_its_way_are_not_compared_with_all_that_are_missed(
    state: State,
) -> None:
    """Hard links that were renamed, and are of another kind now: they have one inode."""
    files = paths("txt")
    look = Look(10, 1, 7, 1)
    state.apply((Change("added", path, look) for path in files), 1.0)
    state.sent("b", dict.fromkeys(files, DIGEST))
    state.settle("b", [Fate(path, "indexed", "t-1") for path in files])
    state.apply((Change("gone", path) for path in files), 2.0)
    assert steps(state, lambda: state.is_under_way(look)) < FEW
    assert not state.is_under_way(look)
    state.again(files[5:6])
    state.sent("c", {files[5]: DIGEST})
    assert state.is_under_way(look)


def forgetting(path: Path, number: int) -> tuple[int, int]:
    """Of so many links each: those of an unread file, which may have moved, and others go.

    How many do, and the steps.
    """
    held, others, linked = b"held/%06d.txt", b"others/%06d.txt", Look(10, 1, 1, 1)
    with opened(path / f"{number}.sqlite", make=True) as state:
        for name in (held, others):
            links = [name % each for each in range(number)]
            state.apply((Change("added", each, linked) for each in links), 1.0)
            state.sent("b", dict.fromkeys(links, DIGEST))
            state.apply((Change("gone", each) for each in links), 2.0)
            linked = Look(10, 1, 2, 1)
        come(state, [b"new.txt"], 1)
        gone = list[int]()
        count = steps(state, lambda: gone.append(state.expire(3.0, moving=1.0)))
        assert state.expire(3.0, moving=2.0) == number
    return gone[0], count


def test_what_may_have_moved_is_not_gone_through_again_for_each_page_that_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: links of one file that is kept from being read held all mirrors for minutes."""
    monkeypatch.setattr(seen, "PAGE", 10)
    (few, steps_of_few), (many, steps_of_many) = (forgetting(tmp_path, n) for n in (200, 800))
    assert (few, many) == (200, 800)
    assert steps_of_many < 5 * steps_of_few


def test_what_was_never_read_is_not_kept_as_what_may_have_moved(state: State) -> None:
    """Red before: links that are renamed had each of their names kept for an hour."""
    look = Look(10, 1, 1, 1)
    state.apply((Change("added", path, look) for path in (b"a.txt", b"b.txt", b"a.zip")), 1.0)
    state.sent("b", {b"a.txt": DIGEST, b"a.zip": DIGEST})
    state.settle("b", [Fate(b"a.zip/1", "indexed", "t-1", container=b"a.zip")])
    state.apply([Change("changed", b"a.zip", look)], 1.0)  # unread, but has members
    state.apply((Change("gone", path) for path in (b"a.txt", b"b.txt", b"a.zip")), 2.0)
    come(state, [b"c.txt"], 1)
    assert state.expire(3.0, moving=1.0) == 1
    assert {file.path for file in state.known()} == {b"a.txt", b"a.zip", b"c.txt"}


def test_what_an_older_release_wrote_moves_too(state: State) -> None:
    """It has been gone back to for a while: it knows of no kinds, and its rows had none."""
    files = [b"a.txt", b"b.TXT"]
    come(state, files, 1)
    state.sent("b", dict.fromkeys(files, DIGEST))
    state.settle("b", [Fate(path, "indexed", path.decode()) for path in files])
    state._db.execute("UPDATE files SET kind = NULL")
    state.fill_kinds()
    state.apply((Change("gone", path) for path in files), 2.0)
    come(state, [b"c.txt"], 1)
    assert [file.path for file in state.as_missed(10)] == [b"c.txt"]
    assert state.as_missed(9) == []  # it is large
    assert state.adopt(b"c.txt", DIGEST)
    assert state.id_of(b"c.txt") == "a.txt"
    assert state.adopt(b"d.txt", DIGEST)


def test_of_very_many_that_look_like_a_missed_file_some_are_told(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: all, at each look: 100,000 links to two files were 330 MB of the memory."""
    monkeypatch.setattr(seen, "AT_ONCE", 2, raising=False)
    look = Look(10, 1, 1, 1)
    state.apply([Change("added", b"a.txt", look)], 1.0)
    state.sent("b", {b"a.txt": DIGEST})
    state.settle("b", [Fate(b"a.txt", "indexed", "a")])
    state.apply([Change("gone", b"a.txt")], 2.0)
    state.apply((Change("added", b"n/%d.txt" % number, look) for number in range(9)), 3.0)
    assert [file.path for file in state.as_missed(10)] == [b"n/0.txt", b"n/1.txt"]


def test_what_an_older_release_wrote_has_a_kind_once_it_changes(state: State) -> None:
    come(state, [b"a.txt"], 1)
    state._db.execute("UPDATE files SET kind = NULL")
    state.apply([Change("changed", b"a.txt", Look(11, 2, 1, 2))], 2.0)
    assert state._db.execute("SELECT kind FROM files").fetchall() == [(b"txt",)]


def test_what_a_mirror_of_before_has_missed_is_found_by_its_bytes(tmp_path: Path) -> None:
    with opened(tmp_path / "press.sqlite", make=True) as state:
        missed(state)
        for change in (
            "DROP INDEX gone_bytes_alike",
            "DROP INDEX sent_alike",
            "ALTER TABLE files DROP COLUMN kind",
            "CREATE INDEX gone_bytes ON files (sha256) WHERE gone > 0",
        ):
            state._db.execute(change)
    with opened(tmp_path / "press.sqlite") as state:
        first = paths("md")[0]
        assert steps(state, lambda: state.adopt(first, DIGEST)) < FEW
        assert not state.adopt(first, DIGEST)
        assert state.adopt(b"b.TXT", DIGEST)
    with opened(tmp_path / "press.sqlite") as state:
        come(state, [b"c.TXT"], 3 * FILES)
        assert state.adopt(b"c.TXT", DIGEST)
        assert state.gone() == FILES - 2


#: As it was before its tables had rowids, with the indices that came later.
_WITHOUT_ROWIDS = """
CREATE TABLE files (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
    ctime INTEGER NOT NULL, since REAL NOT NULL, gone REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'new', batch TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '', id TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    kind BLOB
) WITHOUT ROWID;
CREATE INDEX new ON files (path) WHERE state = 'new';
CREATE INDEX sent ON files (batch) WHERE state = 'sent';
CREATE INDEX failed ON files (path) WHERE state = 'failed';
CREATE INDEX gone ON files (inode) WHERE gone > 0;
CREATE INDEX by_id ON files (id) WHERE id != '';
CREATE INDEX sent_alike ON files (inode, size, mtime) WHERE state = 'sent';
CREATE INDEX new_alike ON files (inode, size, mtime)
    WHERE state = 'new' AND gone = 0 AND sha256 = '';
CREATE TABLE members (
    path BLOB PRIMARY KEY, container BLOB NOT NULL, batch TEXT NOT NULL, state TEXT NOT NULL,
    id TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX members_by_id ON members (id) WHERE id != '';
CREATE INDEX members_of ON members (container);
CREATE TABLE touched (id TEXT PRIMARY KEY, turn INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_ROWS = [
    (b"b.txt", 1, 2, 3, 4, 5.0, 0, "new", "", "", "", "", b"txt"),
    (b"a.txt", 1, 2, 3, 4, 5.0, 0, "new", "", "", "", "", b"txt"),
    (b"c.zip", 1, 2, 4, 4, 5.0, 0, "unpacked", "b", "d", "", "unpacked", b"zip"),
    (b"d.txt", 9, 8, 7, 6, 5.0, 4.0, "failed", "b", "d", "t-1", "why", b"txt"),
]


def test_a_state_of_before_has_rowids_and_what_it_knew(tmp_path: Path) -> None:
    path = tmp_path / "press.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_WITHOUT_ROWIDS)
        database.executemany(f"INSERT INTO files VALUES ({','.join('?' * 13)})", _ROWS)
        member = (b"c.zip/1", b"c.zip", "b", "indexed", "t-2", "")
        database.execute("INSERT INTO members VALUES (?, ?, ?, ?, ?, ?)", member)
        database.commit()
    for _ in range(2):
        with opened(path) as state, opened(tmp_path / "new.sqlite", make=True) as new:
            assert plain(state, "files") == plain(new, "files")
            assert plain(state, "members") == plain(new, "members")
            files = [(each.path, each.look, each.gone) for each in state.known()]
            assert files[1:] == [
                (b"b.txt", Look(1, 2, 3, 4), False),
                (b"c.zip", Look(1, 2, 4, 4), False),
                (b"d.txt", Look(9, 8, 7, 6), True),
            ]
            assert [file.path for file in state.waiting()] == [b"a.txt", b"b.txt"]
            assert state.failed(1) == [(b"d.txt", "why")]
            assert (state.id_of(b"d.txt"), state.paths_of("t-2")) == ("t-1", [b"c.zip/1"])
    with opened(path) as state:
        state.again([b"c.zip/1"])
        assert state.fate_of(b"c.zip")[0] == "new"
        assert state.expire(5.0) == 1
        assert list(state.touched(9)) == ["t-1"]


def plain(state: State, table: str) -> set[str]:
    """What a table and its indices are made of, however they were."""
    query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql != ''"
    return {
        " ".join(sql.replace(f'"{table}"', table).split())
        for _, sql in state._db.execute(query, [table])
    }


def test_files_are_read_as_they_came_and_each_page_looks_at_its_own_rows(state: State) -> None:
    come(state, paths("txt"), 1)
    state.sent("b", dict.fromkeys(paths("txt")[:-2], DIGEST))
    come(state, [b"a.txt"], FILES + 1)
    *_, last = names = list(state.waiting())
    assert [file.path for file in names] == [*paths("txt")[-2:], b"a.txt"]
    assert [file.path for file in state.waiting(last.number)] == [file.path for file in names]
    assert [file.path for file in state.waiting(names[0].number)][-1] == names[0].path
    assert steps(state, lambda: list(state.waiting())) < FEW


def test_what_was_refused_before_its_bytes_were_known_is_read_once_more(tmp_path: Path) -> None:
    """Else it would be let in where it moves: by its bytes alone a file is known again."""
    with opened(tmp_path / "press.sqlite", make=True) as state:
        come(state, [b"a.txt"], 1)
        state.sent("b", {b"a.txt": DIGEST})
        state.settle("b", [Fate(b"a.txt", "withdrawn", "t-1")])
        state._db.execute("UPDATE files SET sha256 = ''")
        state._db.execute("DROP INDEX gone_bytes_alike")
    with opened(tmp_path / "press.sqlite") as state:
        assert state.fate_of(b"a.txt") == ("new", "withdrawn")
        state.sent("b", {b"a.txt": DIGEST})
        state.settle("b", [Fate(b"a.txt", "withdrawn", "t-1")])
    with opened(tmp_path / "press.sqlite") as state:
        assert state.fate_of(b"a.txt") == ("withdrawn", "withdrawn")


def test_what_a_container_held_goes_when_it_is_at_fault_and_moves(state: State) -> None:
    come(state, [b"a.zip"], 1)
    state.sent("b", {b"a.zip": DIGEST})
    state.settle("b", [Fate(b"a.zip", "unpacked")])
    state.settle("b", [Fate(b"a.zip/1", "indexed", "t-1", container=b"a.zip")])
    state.looked_at(state.touched(10))
    state.apply([Change("changed", b"a.zip", Look(11, 2, 1, 2))], 2.0)
    state.sent("c", {b"a.zip": "e" * 64})
    state.settle("c", [Fate(b"a.zip", "failed", reason="broken")])
    assert state.paths_of("t-1") == [b"a.zip/1"]
    state.apply([Change("gone", b"a.zip"), Change("added", b"b.zip", Look(11, 2, 1, 3))], 3.0)
    assert state.adopt(b"b.zip", "e" * 64)
    assert state.fate_of(b"b.zip") == ("failed", "broken")
    assert (state.paths_of("t-1"), list(state.touched(10))) == ([], ["t-1"])


@pytest.mark.parametrize("touched", [False, True])
def test_a_container_that_moves_is_unpacked_again(state: State, *, touched: bool) -> None:
    come(state, [b"a.zip"], 1)
    state.sent("b", {b"a.zip": DIGEST})
    state.settle("b", [Fate(b"a.zip", "unpacked")])
    if touched:
        state.apply([Change("changed", b"a.zip", Look(10, 1, 1, 2))], 2.0)
    state.apply([Change("gone", b"a.zip"), Change("added", b"b.zip", Look(10, 1, 1, 3))], 3.0)
    assert state.as_missed(10) == []
    assert not state.adopt(b"b.zip", DIGEST)
