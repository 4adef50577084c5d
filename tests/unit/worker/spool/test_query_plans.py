"""No question of one article, or of one file, goes through all rows of a file of SQLite.

Each method of what keeps rows is called, and what it has SQLite do is explained. One that is to
look at all rows is named with the reason.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexing.writing.by_hand import Setting
from worker.mirror.difference import Change, Look
from worker.mirror.settled import Fate
from worker.mirror.state import State, opened
from worker.spool.copied import ArchiveCopies, Copied
from worker.spool.ledger import Entry, Ledger
from worker.spool.settings_by_hand import SettingsByHand
from worker.spool.tombstones import Tombstones
from worker.spool.withdrawal import KeptFile, Withdrawal

NOON, NIGHT = datetime(2024, 1, 1, 12, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC)
LOOK = Look(1, 1, 1, 1)
#: What says nothing of the rows: it is asked for once, and is no larger than what is done.
ASIDE = {"close", "trouble", "aside", "exist", "changes", "takes"}

#: Each index that holds those rows alone that are asked for.
LEDGER_PARTS = {"failures"}
LEDGER: dict[str, Callable[[Ledger], object]] = {
    "record": lambda ledger: ledger.record([entry("3", "c.txt")]),
    "retried": lambda ledger: ledger.retried(["a.txt"]),
    "withdrawn": lambda ledger: ledger.withdrawn(["t-1", "t-2"]),
    "restored": lambda ledger: ledger.restored(["t-1", "t-2"]),
    "of_documents": lambda ledger: ledger.of_documents(["t-1", "t-2"]),
    "of_digests": lambda ledger: ledger.of_digests(["ab", "cd"]),
    "known_paths": lambda ledger: ledger.known_paths(["a.txt", "b.txt"]),
    "has_container": lambda ledger: ledger.has_container(["a.zip", "b.zip"]),
    "unread": lambda ledger: ledger.unread(["a.zip", "b.zip"]),
    "assets_beside": lambda ledger: list(ledger.assets_beside(["a", "b"])),
    "ids_under": lambda ledger: ledger.ids_under("a.txt"),
    "of_batch": lambda ledger: ledger.of_batch("1"),
    "counts_of_members": lambda ledger: ledger.counts_of_members("1", "a"),
    "members_of": lambda ledger: ledger.members_of("1", "a.zip"),
    "fates_of": lambda ledger: ledger.fates_of(["a.txt", "b.txt"]),
    "duplicates": lambda ledger: ledger.duplicates("t-1", NOON),
    "articles_under": lambda ledger: ledger.articles_under("a.txt", NOON, NIGHT),
    "about": lambda ledger: ledger.about(["t-1", "t-2"], ["a.txt", "b.txt"]),
}
#: ``verify`` compares all there is; a row a fate.
LEDGER_WHOLE = {"articles", "with_ids", "counts"}

STATE_PARTS = {"new", "sent", "failed", "gone"}
STATE: dict[str, Callable[[State], object]] = {
    "apply": lambda state: state.apply([Change("changed", b"a.txt", LOOK)], 1.0),
    "gone": lambda state: state.gone(),
    "as_missed": lambda state: state.as_missed(10),
    "adopt": lambda state: state.adopt(b"c.txt", "ab"),
    "expire": lambda state: state.expire(9.0, moving=0.0),
    "waiting": lambda state: list(state.waiting()),
    "unread": lambda state: state.unread(1.0),
    "is_under_way": lambda state: state.is_under_way(LOOK),
    "sent": lambda state: state.sent("b", {b"a.txt": "ab"}),
    "as_before": lambda state: state.as_before(b"a.txt"),
    "fail": lambda state: state.fail(b"a.txt", "why"),
    "batches": lambda state: state.batches(),
    "lost": lambda state: state.lost(["b"]),
    "put_off": lambda state: state.put_off("b", [b"a"]),
    "again": lambda state: state.again([b"a.txt", b"a.zip/b.txt"]),
    "known_as": lambda state: state.known_as({b"a.txt": "t-1"}),
    "settle": lambda state: state.settle(
        "b",
        [
            *(Fate(b"a.txt", "indexed", "t-2"), Fate(b"b.txt", "withdrawn", "t-2")),
            Fate(b"b.zip/a.txt", "indexed", "t-2", container=b"b.zip"),
        ],
    ),
    "missed": lambda state: state.missed(10),
    "looks_missed": lambda state: list(state.looks_missed()),
    "miss_anew": lambda state: state.miss_anew([(1, 2, 3)], 1.0),
    "touched_of": lambda state: state.touched_of(["t-1"]),
    "take_over": lambda state: state.take_over(b"a.txt", b"b.txt", "t-1"),
    "join": lambda state: state.join({"t-1": "t-2"}),
    "looked_at": lambda state: state.looked_at({"t-1": 1}),
    "paths_of": lambda state: state.paths_of("t-1"),
    "has_alone": lambda state: state.has_alone(b"a.txt", "t-1"),
    "digests_of": lambda state: state.digests_of("t-1"),
    "id_of": lambda state: state.id_of(b"a.txt"),
    "fate_of": lambda state: state.fate_of(b"a.txt"),
}
STATE_WHOLE = {
    # a look goes through all files itself
    *("known", "fill_kinds", "with_articles", "is_empty"),
    # a command asks, once: for how many, for all of them, for a mirror that is given up
    *("counts", "failed", "documents", "give_up", "again_withdrawn", "events"),
    # what is to be done, a page of it; a few words for ``status``
    *("touched", "about", "say"),
}

BY_HAND_PARTS = {"settings_by_key"}
BY_HAND: dict[str, Callable[[SettingsByHand], object]] = {
    "change": lambda by_hand: by_hand.change("t-1", [setting("url")], ["byline"]),
    "forget": lambda by_hand: by_hand.forget(["t-3"]),
    "of": lambda by_hand: by_hand.of(["t-1", "t-2"]),
    "known": lambda by_hand: by_hand.known(["k-1", "k-2"]),
    "reopen": lambda by_hand: by_hand.reopen(["t-1"]),
    "finished": lambda by_hand: by_hand.finished({"t-1": 1}),
}
#: Each of those there is; what is to be done.
BY_HAND_WHOLE = {"ids", "unfinished"}

COPIES_PARTS = {"leaving"}
COPIES: dict[str, Callable[[ArchiveCopies], object]] = {
    "begin": lambda copies: copies.begin("a", b"a"),
    "confirm": lambda copies: copies.confirm("a", Copied("ab", 1, 1)),
    "leave": lambda copies: copies.leave("b", b"b"),
    "forget": lambda copies: copies.forget(["c"]),
    "leaving": lambda copies: copies.leaving(),
    "confirmed": lambda copies: copies.confirmed(["a", "b"]),
}
#: A few words for ``status``.
COPIES_WHOLE = {"say", "said"}

WITHDRAWN = Withdrawal("t-1", "a.txt", "", "2024-01-01T00:00:00Z", "", purged=False)

TOMBSTONES_PARTS = {"unfinished"}
TOMBSTONES: dict[str, Callable[[Tombstones], object]] = {
    "add": lambda tombstones: tombstones.add([(WITHDRAWN, ["t-2"], [KeptFile("a.txt", "ab")])]),
    "add_file": lambda tombstones: tombstones.add_file("t-1", KeptFile("b.txt", "cd")),
    "add_key": lambda tombstones: tombstones.add_key("t-1", "t-2"),
    "reopen": lambda tombstones: tombstones.reopen("t-1", ["index"]),
    "reopen_each": lambda tombstones: tombstones.reopen_each({"t-1": ["index"]}),
    "done": lambda tombstones: tombstones.done(["t-1"], ["index"], [0]),
    "remove": lambda tombstones: tombstones.remove(["t-1"], who="a"),
    "of": lambda tombstones: tombstones.of(["t-1", "t-2"]),
    "each_of": lambda tombstones: list(tombstones.each_of("t-1")),
    "holders": lambda tombstones: tombstones.holders(["t-1", "t-2"], 10),
    "meant": lambda tombstones: tombstones.meant("t-nothing"),
    "by_id": lambda tombstones: tombstones.by_id(["t-1", "t-2"]),
    "keys": lambda tombstones: tombstones.keys(["t-1", "t-2"]),
    "keys_beginning": lambda tombstones: tombstones.keys_beginning(["t-1"], "t-"),
    "past": lambda tombstones: tombstones.past(["a", "b"]),
    "names": lambda tombstones: list(tombstones.names("t-")),
    "files": lambda tombstones: tombstones.files("t-1"),
    "unfinished": lambda tombstones: tombstones.unfinished(9, "t-0"),
    "count_unfinished": lambda tombstones: tombstones.count_unfinished(),
    "is_left": lambda tombstones: tombstones.is_left(["index"]),
}
AGREEMENT_PARTS = {"unshared"}
AGREEMENT: dict[str, Callable[[Tombstones], object]] = {
    "own": lambda tombstones: tombstones.agreement.own(["t-1"]),
    "known": lambda tombstones: tombstones.agreement.known(["t-1"]),
    "unshared": lambda tombstones: tombstones.agreement.unshared(1),
}
#: Each of those there is; what sites tell each other, a page of it.
TOMBSTONES_WHOLE = {"all", "take", "left_out"}


def entry(batch: str, path: str) -> Entry:
    return Entry(batch, path, "indexed", "t-1", "ab", "", "2024-01-01T00:00:00Z")


def setting(field: str) -> Setting:
    return Setting(field, {field: "x"}, "2024-01-01T00:00:00Z", "", "k-1")


def public(kept: type) -> set[str]:
    return {name for name in dir(kept) if not name.startswith("_")} - ASIDE


@contextmanager
def traced(into: list[str]) -> Iterator[None]:
    """All that SQLite is told by connections that are opened within."""
    connect = sqlite3.connect

    def tracing(*arguments: object, **options: object) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        database.set_trace_callback(into.append)
        return database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", tracing)
        yield


def whole(path: Path, statements: Sequence[str], parts: set[str]) -> list[str]:
    """What of the plans goes through a table, or through an index of all its rows."""
    asked = [
        text
        for text in dict.fromkeys(statements)
        if text.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}
        and not any(own in text for own in ("sqlite_master", "pragma_"))
    ]
    assert asked
    with closing(sqlite3.connect(path)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        plans = [(s, r[3]) for s in asked for r in database.execute(f"EXPLAIN QUERY PLAN {s}")]
    scans = [(s, plan) for s, plan in plans if plan.startswith("SCAN ")]
    return [
        f"{plan}: {statement}"
        for statement, plan in scans
        if plan.split()[1] in tables | {"w", "k", "s"} and plan.split()[-1] not in parts
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.sqlite")
    made.record([entry("1", "a.txt"), entry("2", "b.txt")])
    made.withdrawn(["t-1"])
    return made


@pytest.mark.parametrize("method", sorted(LEDGER))
def test_of_the_ledger(ledger: Ledger, method: str) -> None:
    statements = list[str]()
    with traced(statements):
        LEDGER[method](ledger)
        ledger.close()
    assert whole(ledger.path, statements, LEDGER_PARTS) == []


@pytest.mark.parametrize("method", sorted(STATE))
def test_of_a_mirror(tmp_path: Path, method: str) -> None:
    statements, path = list[str](), tmp_path / "press.sqlite"
    with opened(path, make=True) as state:
        state.apply((Change("added", each, LOOK) for each in (b"a.txt", b"b.txt")), 1.0)
        state.sent("b", {b"a.txt": "ab"})
        state.apply([Change("gone", b"b.txt", None)], 1.0)
    with traced(statements), opened(path) as state:
        STATE[method](state)
    assert whole(path, statements, STATE_PARTS) == []


@pytest.mark.parametrize("method", sorted(BY_HAND))
def test_of_what_was_set_by_hand(tmp_path: Path, method: str) -> None:
    statements, path = list[str](), tmp_path / "by_hand.sqlite"
    by_hand = SettingsByHand(path)
    by_hand.change("t-1", [setting("url")])
    with traced(statements):
        BY_HAND[method](by_hand)
    assert whole(path, statements, BY_HAND_PARTS) == []


@pytest.mark.parametrize("method", sorted(COPIES))
def test_of_the_copies(tmp_path: Path, method: str) -> None:
    statements, path = list[str](), tmp_path / "copies.sqlite"
    copies = ArchiveCopies(path)
    copies.begin("a", b"a")
    with traced(statements):
        COPIES[method](copies)
    assert whole(path, statements, COPIES_PARTS) == []


@pytest.mark.parametrize("method", sorted(TOMBSTONES | AGREEMENT))
def test_of_what_was_withdrawn(tmp_path: Path, method: str) -> None:
    statements, path = list[str](), tmp_path / "withdrawals.sqlite"
    tombstones = Tombstones(path)
    tombstones.add([(WITHDRAWN, ["t-1"], [KeptFile("a.txt", "ab")])])
    with traced(statements):
        (TOMBSTONES | AGREEMENT)[method](tombstones)
    assert whole(path, statements, TOMBSTONES_PARTS | AGREEMENT_PARTS) == []


def test_none_is_left_out() -> None:
    assert public(Ledger) == LEDGER.keys() | LEDGER_WHOLE
    assert public(State) == STATE.keys() | STATE_WHOLE
    assert public(SettingsByHand) == BY_HAND.keys() | BY_HAND_WHOLE
    assert public(ArchiveCopies) == COPIES.keys() | COPIES_WHOLE
    assert public(Tombstones) == TOMBSTONES.keys() | TOMBSTONES_WHOLE
