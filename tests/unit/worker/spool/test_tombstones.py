"""The record of what was withdrawn: what it refuses, and what is left to do."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import ServiceUnavailable
from indexing.index import sound
from worker.spool import agreed, lasting_file, past, recognised
from worker.spool import tombstones as tombstones_module
from worker.spool.agreed import Own
from worker.spool.lasting_file import damage
from worker.spool.tombstones import _NAMES, Tombstones
from worker.spool.withdrawal import EXPUNGE, FILES, INDEX, REDIS, STEPS, KeptFile, Withdrawal

ONE = Withdrawal("t-1f0c", "taz/a.txt", "court order", "2026-01-02T03:04:05Z", "desk", todo=STEPS)
FILE = KeptFile("taz/a.txt", "ab" * 32, 12)


@pytest.fixture
def tombstones(tmp_path: Path) -> Tombstones:
    return Tombstones(tmp_path / "withdrawals.sqlite")


def test_where_nothing_was_withdrawn_no_file_is_made(tombstones: Tombstones) -> None:
    assert tombstones.of(["t-1f0c"]) == {}
    assert tombstones.all() == tombstones.unfinished() == []
    assert list(tombstones.names("t-")) == []
    assert not tombstones.exist()


def test_it_is_known_by_each_of_its_keys_until_it_is_removed(tombstones: Tombstones) -> None:
    tombstones.add([(ONE, ["u-1", "sha256:ab"], [FILE])])
    assert tombstones.of(["u-1", "t-1f0c", "u-2"]) == {"u-1": ONE, "t-1f0c": ONE}
    assert tombstones.files("t-1f0c") == [FILE]
    assert stat.S_IMODE(tombstones.path.stat().st_mode) == 0o600
    again = replace(FILE, path="b.txt", sha256="cd" * 32)
    tombstones.add_file("t-1f0c", again)
    assert tombstones.of([f"sha256:{'cd' * 32}"]).keys() == {f"sha256:{'cd' * 32}"}
    assert tombstones.files("t-1f0c") == [again, FILE]
    tombstones.remove(["t-1f0c"])
    assert tombstones.of(["u-1", "t-1f0c"]) == {}
    assert tombstones.files("t-1f0c") == []


def test_a_purge_is_not_taken_back_by_who_withdraws_it_again(tombstones: Tombstones) -> None:
    tombstones.add([(replace(ONE, purged=True, todo=()), [], [FILE])])
    tombstones.add([(replace(ONE, reason="once more"), ["u-1"], [])])
    (now,) = tombstones.all()
    assert (now.purged, now.reason, now.todo, tombstones.files(now.id)) == (
        (True, "once more", STEPS, [FILE])
    )


def test_it_is_meant_by_its_id_its_path_and_the_beginning_of_its_id(tombstones: Tombstones) -> None:
    other = replace(ONE, id="t-1f0c2", path="taz/b%.txt")
    tombstones.add([(ONE, [], []), (other, [], [])])
    assert tombstones.meant("t-1f0c") == [ONE]
    assert tombstones.meant("taz/b%.txt") == [other]
    tombstones.add_file(ONE.id, replace(FILE, path="bremen/kopie.txt"))
    assert tombstones.meant("bremen/kopie.txt") == [ONE]
    tombstones.add_key(ONE.id, "s-dpa:7")
    assert tombstones.meant("s-dpa:7") == [ONE]
    tombstones.add_key(ONE.id, "taz/other.txt")  # of a document that another program wrote
    assert tombstones.meant("taz/other.txt") == []
    assert tombstones.meant("t-1f") == [ONE, other]
    assert tombstones.meant("t-_") == []


def test_what_documents_may_be_called_is_told_in_pages_and_by_indexes_alone(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tombstones_module, "_PAGE", 3)
    other = replace(ONE, id="s-1")
    tombstones.add([(ONE, ["t-9", "u-1", "t.", "t-"], []), (other, ["t-9", "text:a", ONE.id], [])])
    assert list(tombstones.names("t-")) == [["s-1", "t-", "t-1f0c"], ["t-9"]]
    with closing(sqlite3.connect(tombstones.path)) as database:
        values = {"last": "", "begins": "t-", "ends": "t.", "most": 3}
        plan = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {_NAMES}", values)]
    assert not [line for line in plan if line.startswith("SCAN") or "TEMP B-TREE" in line], plan


def test_what_was_asked_for_meanwhile_is_not_called_done(tombstones: Tombstones) -> None:
    tombstones.add([(replace(ONE, todo=(INDEX, FILES)), [], [])])
    (then,) = tombstones.unfinished()
    tombstones.reopen(ONE.id, [INDEX])
    tombstones.done([ONE.id], [INDEX], [then.turn])
    (now,) = tombstones.unfinished()
    assert now.todo == (INDEX, FILES)
    tombstones.done([ONE.id], [INDEX, FILES], [now.turn])
    assert tombstones.unfinished() == []
    tombstones.reopen(ONE.id, [EXPUNGE, REDIS])
    assert tombstones.unfinished()[0].todo == (REDIS, EXPUNGE)
    assert tombstones.is_left([INDEX, REDIS])
    assert not tombstones.is_left([INDEX, FILES])
    assert not tombstones.is_left([REDIS], behind=EXPUNGE)


@given(st.lists(st.text(max_size=20), max_size=30), st.integers(0, 3))
def test_any_key_is_found_and_no_other(keys: list[str], more: int) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        tombstones = Tombstones(Path(folder) / "w.sqlite")
        tombstones.add([(ONE, keys, [])])
        asked = [*keys, *(f"{key}+" for key in keys[:more])]
        assert tombstones.of(asked).keys() == set(asked) & {*keys, ONE.id}


def test_of_very_many_with_one_key_one_is_read_and_all_in_pages(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who writes what sites tell each other may have as many as he likes: of each file that came
    with that key all were read at once.
    """
    ids = [f"s-{number:02}" for number in range(30)]
    tombstones.add_key("s-", "text:a")  # it was let in just then
    tombstones.add((replace(ONE, id=id_), ["text:a", "s-20"], []) for id_ in ids)
    read, really = list[str](), tombstones_module._withdrawal

    def counted(row: Sequence[object]) -> Withdrawal:
        read.append(str(row[0]))
        return really(row)

    monkeypatch.setattr(tombstones_module, "_withdrawal", counted)
    found = tombstones.of(["text:a", "s-20", "s-3"])
    assert {key: one.id for key, one in found.items()} == {"text:a": "s-00", "s-20": "s-20"}
    assert len(read) == 2
    monkeypatch.setattr(tombstones_module, "_CHUNK", 4)
    each = tombstones.each_of("text:a")
    assert next(each).id == "s-00"
    assert len(read) == 2 + 4
    assert ["s-00", *(one.id for one in each)] == ids
    assert list(tombstones.each_of("text:b")) == []
    purged = replace(ONE, id="s-9", purged=True)
    tombstones.add([(purged, ["s-20"], [])])
    held = ["s-20", "s-9", "s-00", "s-01", "s-02"]
    assert tombstones.holders(["s-20", "text:a", "s-x"], 3) == held


def test_a_record_that_cannot_be_read_is_waited_for(tombstones: Tombstones) -> None:
    tombstones.path.mkdir()
    with pytest.raises(ServiceUnavailable, match="nothing is indexed"):
        tombstones.of(["t-1f0c"])
    with pytest.raises(ServiceUnavailable):
        tombstones.add([(ONE, [], [])])


def told(tombstones: Tombstones, revision: int, *keys: str, at: str = ONE.at) -> None:
    """What another site says of the same article."""
    own = tombstones.agreement.own([ONE.id])[ONE.id]
    tombstones.take([(own, (replace(ONE, at=at), keys, []), revision, "bremen", False)])


def own(tombstones: Tombstones) -> Own:
    return tombstones.agreement.own([ONE.id])[ONE.id]


def of_files(count: int) -> list[str]:
    return [f"sha256:{number}" for number in range(count)]


def test_of_more_keys_than_others_may_tell_the_last_stay_and_all_of_its_own(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognised, "MOST_KEYS", 3)
    told(tombstones, 1, "a1", "a2", "a3", "a4")
    assert tombstones.keys([ONE.id])[ONE.id] == [ONE.id, "a1", "a2", "a3"]
    tombstones.add([(ONE, ["z1", "z2", "a1"], [])])
    assert tombstones.keys([ONE.id])[ONE.id] == [ONE.id, "a1", "z1", "z2", "a2", "a3"]
    told(tombstones, 2, "b1", "b2", "z1")
    assert tombstones.keys([ONE.id])[ONE.id] == [ONE.id, "a1", "z1", "z2", "a2", "b1", "b2"]
    tombstones.add_key(ONE.id, "a2")
    told(tombstones, 3, "c1", "c2", "c3")
    assert own(tombstones).keys == ("a1", "a2", "c1", "c2", "c3", ONE.id, "z1", "z2")
    tombstones.remove([ONE.id])
    assert tombstones.keys([ONE.id]) == {}


def test_for_one_more_file_no_other_key_is_read_and_none_gives_way(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another site withdrew by its text came in when files enough had come here."""
    monkeypatch.setattr(recognised, "MOST_KEYS", 6)
    strange = ["sha256:b", "text:a", "u-z", "\U0010ffffx", "sha256:c"]
    told(tombstones, 1, *strange)
    monkeypatch.setattr(recognised, "held", None)
    for key in of_files(20):
        tombstones.add_file(ONE.id, replace(FILE, sha256=key.removeprefix("sha256:")))
    tombstones.add_file(ONE.id, replace(FILE, sha256="b"))  # it was told of before
    tombstones.add_key(ONE.id, "s-3")
    monkeypatch.undo()
    known = {*of_files(20), "sha256:b", "s-3", ONE.id}
    assert set(tombstones.keys([ONE.id])[ONE.id]) == {*known, *strange}
    assert tombstones.of([*known, *strange]).keys() == {*known, *strange}
    told(tombstones, 2, *(f"x{number}" for number in range(10_000)))
    assert tombstones.of(known).keys() == known


def test_digests_of_files_take_no_place_of_what_is_surer(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when it is withdrawn once more, nor by many that another site tells."""
    monkeypatch.setattr(recognised, "MOST_KEYS", 4)
    monkeypatch.setattr(recognised, "MOST_OF_DOCUMENTS", 4)
    tombstones.add([(ONE, [], [])])
    for key in of_files(9):
        tombstones.add_key(ONE.id, key)
    tombstones.add([(ONE, ["sha256:x", "text:b", "u-1"], [])])
    told(tombstones, 1, "text:a")
    told(tombstones, 2, *(f"sha256:{letter}" for letter in "abcdef"))
    strange = {"text:a", "sha256:a", "sha256:b", "sha256:c", "sha256:d"}
    now = {ONE.id, "text:b", "u-1", *of_files(9), *strange}
    assert tombstones.of([*now, "sha256:x", "sha256:e"]).keys() == now


def test_of_many_files_no_more_digests_are_read_than_others_take(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sends a hundred thousand files of one article is not to fill the memory with them."""
    monkeypatch.setattr(recognised, "MOST_KEYS", 4)
    told(tombstones, 1, "text:a", "sha256:a")
    for key in of_files(9):
        tombstones.add_key(ONE.id, key)
    keys = tombstones.keys([ONE.id])[ONE.id]
    assert set(keys) == {ONE.id, *of_files(4), "text:a", "sha256:a"}
    told(tombstones, 2, "sha256:8", "sha256:b")  # its own, beyond these
    told(tombstones, 3, *(f"sha256:{letter}" for letter in "cdef"))
    assert tombstones.of(of_files(9)).keys() == set(of_files(9))


def test_others_are_told_of_each_kind_however_many_there_are_of_one(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "MOST_KEYS", 8)
    monkeypatch.setattr(recognised, "MOST_KEYS", 8)
    tombstones.add([(ONE, of_files(9), [])])
    told(tombstones, 1, "text:a", *(f"sha256:{letter}" for letter in "abcdefg"))
    assert {ONE.id, "text:a", "sha256:0", "sha256:1"} <= set(own(tombstones).keys)
    told(tombstones, 2, *(f"text:{letter}" for letter in "abcdefgh"))
    assert {ONE.id, "text:a", "sha256:0", "sha256:1"} <= set(own(tombstones).keys)
    assert len(own(tombstones).keys) == 8


def test_of_too_many_keys_those_stay_that_more_than_one_file_has(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the letters ``sha256:`` came before ``text:``, and other sites lost that."""
    path = "path:taz/a.txt"
    sure = [ONE.id, path, "t-7", "text:ab", "u-9"]
    monkeypatch.setattr(sound, "MOST_KEYS", len(sure) + 2)
    tombstones.add([(ONE, [*(f"sha256:{number}" for number in range(9)), "s-1", *sure], [])])
    keys = own(tombstones).keys
    assert set(keys) == {*map(agreed.told, sure), "s-1", "sha256:0"}
    assert list(keys) == sorted(keys)


def test_what_is_no_key_or_more_than_documents_may_tell_is_not_taken(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognised, "MOST_OF_DOCUMENTS", 4)
    path = "path:" + "x" * 1_000
    tombstones.add([(ONE, ["x" * 301, "text:\ud800", "path:\ud800", "b", path, "a", "c"], [])])
    assert set(tombstones.keys([ONE.id])[ONE.id]) == {ONE.id, "b", path, "a"}
    tombstones.add([(ONE, ["d"], [])])
    told(tombstones, 1, "y" * 301, "e")
    assert set(tombstones.keys([ONE.id])[ONE.id]) == {ONE.id, "b", path, "a", "e"}
    assert max(map(len, own(tombstones).keys)) < 100, "a path is told as its digest"


def test_what_documents_of_others_tell_has_places_of_its_own(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognised, "MOST_OF_DOCUMENTS", 4)
    monkeypatch.setattr(recognised, "MOST_OF_OTHERS", 2)
    theirs = ["t-a", "u-1", "t-b", "x" * 301, "t-c", *of_files(3)]
    tombstones.add([(ONE, ["u-1"], [])], {ONE.id: theirs})
    now = {ONE.id, "u-1", "t-a", "t-b", *of_files(2)}
    assert set(tombstones.keys([ONE.id])[ONE.id]) == now
    assert tombstones.left_out() == {ONE.id: 2}, "what is no key would have none"
    tombstones.add([(ONE, ["text:a", "t-a", "u-2", "sha256:x"], [])], {ONE.id: ["t-c", "t-d"]})
    now |= {"text:a", "sha256:x", "t-c"}
    assert set(tombstones.keys([ONE.id])[ONE.id]) == now, "one is its own from now on"
    assert tombstones.left_out() == {ONE.id: 2}
    told(tombstones, 1, *(f"y{number}" for number in range(20_000)))
    assert tombstones.of(now).keys() == now
    tombstones.add([(ONE, ["text:a"], [])])
    assert tombstones.left_out() == {}
    tombstones.remove([ONE.id])
    with closing(sqlite3.connect(tombstones.path)) as database:
        assert database.execute("SELECT count(*) FROM of_others").fetchone() == (0,)


def test_of_a_file_of_an_older_release_all_keys_are_its_own(tombstones: Tombstones) -> None:
    tombstones.add([(ONE, ["b", "c", "d"], [])])
    with closing(sqlite3.connect(tombstones.path)) as database:
        for table in ("strange", "of_others", "left_out"):
            database.execute(f"DROP TABLE {table}")
    assert tombstones.left_out() == {}
    assert tombstones.keys([ONE.id]) == {ONE.id: [ONE.id, "b", "c", "d"]}
    told(tombstones, 1, "a")
    assert tombstones.keys([ONE.id]) == {ONE.id: [ONE.id, "b", "c", "d", "a"]}


def test_of_what_is_done_again_and_again_the_first_and_the_newest_stay(
    tombstones: Tombstones,
) -> None:
    steps = 3 * past.MOST
    for number in range(steps):
        tombstones.add([(replace(ONE, at=f"2026-01-02T00:00:{number:02}Z"), [], [])])
    kept = [one.at[17:19] for one in tombstones.past()]
    newest = [f"{number:02}" for number in range(steps - 2, steps - past.MOST - 1, -1)]
    assert kept == [*newest, "00"]
    tombstones.add([(replace(ONE, at="9999-01-01T00:00:00Z"), [], [])])
    tombstones.remove([ONE.id], who="desk")
    assert {"9999-01-01T00:00:00Z", "2026-01-02T00:00:00Z"} <= {o.at for o in tombstones.past()}
    assert "desk" in {one.who for one in tombstones.past() if one.what == "restored"}
    assert len(tombstones.past()) == past.MOST


def test_as_many_as_a_document_names_are_asked_for_at_once(tombstones: Tombstones) -> None:
    """SQLite takes 250,000 values, and a path may be that of as many documents."""
    other = replace(ONE, id="s-1", path="taz/b.txt", at="2026-01-03T00:00:00Z")
    for one in (ONE, other):
        tombstones.add([(one, [], [])])
        tombstones.remove([one.id], who="desk")
    texts = [other.id, *map(str, range(260_000)), ONE.path, other.path, ONE.id]
    steps = [(one.id, one.what) for one in tombstones.past(texts)]
    assert steps == [(one.id, one.what) for one in tombstones.past()]
    assert len(steps) == 4
    tombstones.add([(ONE, [], [])])
    assert tombstones.by_id(texts) == {ONE.id: tombstones.all()[0]}


@pytest.mark.parametrize("how", ["in use", "no file"])
def test_what_cannot_be_looked_at_is_not_called_damaged(
    tombstones: Tombstones, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(lasting_file, "BUSY_SECONDS", 0.0)
    assert damage(tombstones.path) == ""
    if how == "no file":
        tombstones.path.mkdir()
        with pytest.raises(ServiceUnavailable, match="whole is not known"):
            damage(tombstones.path)
        return
    tombstones.add([(ONE, [], [])])
    with closing(sqlite3.connect(tombstones.path, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ServiceUnavailable, match="locked"):
            damage(tombstones.path)
    assert damage(tombstones.path) == ""
    tombstones.path.write_bytes(b"x" * 4096)
    assert damage(tombstones.path) == "file is not a database"
