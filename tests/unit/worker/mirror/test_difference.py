"""The difference of a tree from what is known of it: nothing missed, nothing made up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.mirror.difference import (
    FEW,
    Change,
    Entry,
    Known,
    Look,
    deed,
    difference,
    ending,
    why_away,
    why_mount_away,
)

PATHS = st.lists(st.sampled_from([b"a", b"b", b"a.txt"]), min_size=1, max_size=3).map(b"/".join)
LOOKS = st.integers(0, 2).map(lambda number: Look(number, 1, 1, 1))
TREES = st.dictionaries(PATHS, LOOKS)
MISSED = st.sets(PATHS)


def changes(
    known: dict[bytes, Look], tree: dict[bytes, Look], gone: set[bytes], unseen: bytes | None = None
) -> list[Change]:
    before = [Known(path, look, path in gone) for path, look in sorted(known.items())]
    now: list[Entry] = [Entry(path, look) for path, look in tree.items()]
    if unseen is not None:
        now = [entry for entry in now if not entry.path.startswith(unseen)]
        now.append(Entry(unseen, None))
    return list(difference(before, sorted(now, key=lambda entry: entry.path)))


@given(TREES, TREES, MISSED)
def test_applied_it_makes_what_is_known_what_is_there(
    known: dict[bytes, Look], tree: dict[bytes, Look], gone: set[bytes]
) -> None:
    now, missed = dict(known), gone & known.keys()
    for kind, path, look in changes(known, tree, gone):
        if kind == "gone":
            assert path not in missed
            missed.add(path)
        else:
            assert look is not None
            now[path] = look
            missed.discard(path)
    assert {path: look for path, look in now.items() if path not in missed} == tree
    assert changes(now, tree, missed) == []


@given(TREES, TREES, st.sampled_from([b"", b"a/", b"b/a/"]))
def test_of_what_cannot_be_seen_nothing_is_said(
    known: dict[bytes, Look], tree: dict[bytes, Look], unseen: bytes
) -> None:
    said = changes(known, tree, set(), unseen)
    assert not any(change.path.startswith(unseen) for change in said)
    seen = {path for path in known if not path.startswith(unseen)}
    assert {c.path for c in said if c.kind == "gone"} == seen - tree.keys()


def test_of_a_file_that_cannot_be_looked_at_nothing_is_said_of_others() -> None:
    """Red before: whoever mounted something on `h` kept all whose names begin so."""
    known = {path: Look(1, 1, 1, 1) for path in (b"h", b"h/a", b"h1.txt", b"i.txt")}
    said = list(difference([Known(*item) for item in sorted(known.items())], [Entry(b"h", None)]))
    assert [change.path for change in said] == [b"h/a", b"h1.txt", b"i.txt"]


def test_a_disk_that_is_away_is_no_deletion() -> None:
    assert why_away(0, 0) == why_away(10, 0) == why_away(10, 9) == ""
    assert why_away(1, 1) == "all its files are gone"
    assert why_away(3 * FEW, FEW) == why_away(3 * FEW, 3 * FEW // 2) == ""
    assert why_away(300, 151) == "151 of its 300 files are gone at once"
    assert why_away(300, 300, accepted=True) == ""


def test_a_disk_below_the_root_that_is_away_is_no_deletion() -> None:
    assert why_mount_away([], ["neu/"]) == why_mount_away(["a/"], ["a/", "b/"]) == ""
    assert why_mount_away(["a/"], ["b/"]) == "a/ was a disk of its own, which is not mounted"


def test_an_ending_tells_how_a_file_is_read() -> None:
    assert ending(b"a/x.TXT") == ending(b"b.d/y.txt") == b"txt"
    assert ending(b"a.b/x") == ending(b"y") == b""


def test_what_is_to_be_done_about_a_document() -> None:
    assert deed("press/a", ["press/a"], "press/").what == "nothing"
    assert deed("press/a", ["press/c", "press/b"], "press/") == ("move", "press/b")
    assert deed("press/a", [], "press/").what == "delete"
    assert deed("a.txt", [], "press/").what == "nothing"
    assert deed(None, [], "press/").what == "nothing"
    assert deed(None, ["press/a"], "press/").what == "read again"
