"""The last step of a file: nothing is ever overwritten, and each failed file has its reason."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker import atomic
from worker.folders import Folders
from worker.spool.naming import NAME_BYTES, REASON, distinct_name, failed_path, reason_name
from worker.spool.settle import (
    Reason,
    archive,
    archived_as,
    fail,
    read_reason,
    reason_of,
    settling,
)

WHY = Reason("it is empty", "parse", "Write something.")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data").prepare()


def dropped(folders: Folders, content: bytes) -> Path:
    path = folders.spool / "file"
    path.write_bytes(content)
    return path


def failing(folders: Folders, relative: str, content: bytes, reason: Reason = WHY) -> Path:
    target = fail(folders, dropped(folders, content), relative, reason)
    assert target is not None
    return target


def archived(folders: Folders, relative: str, content: bytes) -> Path:
    target = archive(folders, dropped(folders, content), relative)
    assert target is not None
    return target


def kept(folder: Path) -> list[bytes]:
    """The contents below a folder; the reasons in ``failed/`` left out."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    reasons = {path for path in files if path.name.endswith(REASON) and "failed" in path.parts}
    return sorted(path.read_bytes() for path in files if path not in reasons)


# Names ---------------------------------------------------------------------------------------

names = st.one_of(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1),
    st.binary(min_size=1).map(lambda b: os.fsdecode(b.translate(None, b"/\0"))),
    st.integers(1, 255).map(lambda n: "x" * n + REASON),
    st.integers(1, 255).map(lambda n: "ä" * n + ".txt"),
    st.integers(1, 255).map(lambda n: "a." + "ü" * n),
).filter(lambda n: n not in {"", ".", ".."} and len(os.fsencode(n)) <= NAME_BYTES)
digests = st.binary().map(lambda b: hashlib.sha256(b).hexdigest())


@given(names, digests)
def test_every_name_that_is_made_fits(name: str, digest: str) -> None:
    for made in (reason_name(name), distinct_name(name, digest), failed_path(name)):
        assert 0 < len(os.fsencode(made)) <= NAME_BYTES
        assert "/" not in made
        assert made not in {".", ".."}


@given(names, digests)
def test_a_failed_file_never_looks_like_a_reason(name: str, digest: str) -> None:
    assert not failed_path(name).endswith(REASON)
    assert not distinct_name(failed_path(name), digest).endswith(REASON)
    assert reason_name(name).endswith(REASON)


@given(names, digests, digests)
def test_other_bytes_get_another_name_and_the_same_bytes_the_same(
    name: str, one: str, other: str
) -> None:
    assert distinct_name(name, one) == distinct_name(name, one)
    assert (distinct_name(name, one) == distinct_name(name, other)) == (one == other)


def test_a_suffix_is_kept() -> None:
    assert distinct_name("a.b.txt", "0123456789ab") == "a.b~0123456789ab.txt"
    assert failed_path("a.txt") == "a.txt"
    assert reason_name("a.txt") == "a.txt.reason.json"


def test_a_name_without_end_is_cut_in_as_many_steps_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step looked at all that was left."""
    encoded, really = list[int](), os.fsencode

    def counted(name: str) -> bytes:
        encoded.append(len(name))
        return really(name)

    monkeypatch.setattr(os, "fsencode", counted)
    assert len(really(reason_name("ä" * 20_000))) <= NAME_BYTES
    assert sum(encoded) < 200_000


def test_two_long_names_have_two_reasons() -> None:
    assert reason_name("a" * 254 + "1") != reason_name("a" * 254 + "2")


# Moving --------------------------------------------------------------------------------------


def test_a_done_file_keeps_its_path_and_its_bytes(folders: Folders) -> None:
    target = archived(folders, "taz/2024/a.txt", b"Text")
    assert target == folders.archive / "taz" / "2024" / "a.txt"
    assert target.read_bytes() == b"Text"
    assert list(folders.spool.iterdir()) == []


def test_what_is_gone_is_settled_already(folders: Folders) -> None:
    archived(folders, "there", b"1")
    for relative in ("a.txt", "there"):
        assert archive(folders, folders.spool / "gone", relative) is None
        assert fail(folders, folders.spool / "gone", relative, WHY) is None
    assert kept(folders.data) == [b"1"]
    assert not any(folders.failed.iterdir())


def test_a_file_named_like_a_folder_gets_another_name(folders: Folders) -> None:
    archived(folders, "taz/a.txt", b"1")
    target = archived(folders, "taz", b"2")
    assert target.parent == folders.archive
    assert kept(folders.archive) == [b"1", b"2"]


@pytest.mark.parametrize("move", [archived, failing])
def test_a_folder_named_like_a_file_finds_a_place(folders: Folders, move: object) -> None:
    assert callable(move)
    move(folders, "taz", b"1")
    move(folders, "taz/a.txt", b"2")
    assert kept(folders.data) == [b"1", b"2"]


def test_a_folder_named_like_a_reason_stops_nothing(folders: Folders) -> None:
    failing(folders, "a.txt.reason.json/b.txt", b"1")
    failing(folders, "a.txt", b"2")


steps = st.lists(
    st.tuples(
        st.sampled_from([archive, fail]),
        st.sampled_from(["a.txt", "a", "ä/b.txt", "x" * 255, "x.reason.json", "x.reason~.json"]),
        st.sampled_from([b"", b"1", b"2", b"3", b"longer"]),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=40)
@given(steps)
def test_every_content_is_kept_in_its_place_under_its_name_once(
    tmp_path_factory: pytest.TempPathFactory, moves: Sequence[tuple[object, str, bytes]]
) -> None:
    """Whatever comes in whatever order: one copy for each place, name and content."""
    folders = Folders(tmp_path_factory.mktemp("data")).prepare()
    for move, relative, content in moves:
        file = dropped(folders, content)
        with settling(folders):
            if move is archive:
                archive(folders, file, relative)
            else:
                fail(folders, file, relative, WHY)
    done = {(name, content) for move, name, content in moves if move is archive}
    bad = {(failed_path(name), content) for move, name, content in moves if move is fail}
    assert kept(folders.archive) == sorted(content for _, content in done)
    assert kept(folders.failed) == sorted(content for _, content in bad)
    assert kept(folders.spool) == []


def test_a_distinct_name_that_is_taken_is_not_overwritten(folders: Folders) -> None:
    """Someone mends a failed ``a~<digest>.txt`` and drops it under that name."""
    mark = hashlib.sha256(b"faulty").hexdigest()
    archived(folders, distinct_name("a.txt", mark), b"mended")
    archived(folders, "a.txt", b"another")
    archived(folders, "a.txt", b"faulty")
    assert kept(folders.archive) == [b"another", b"faulty", b"mended"]


def test_whoever_takes_all_names_of_a_file_beforehand_keeps_it_from_nothing(
    folders: Folders,
) -> None:
    digest = hashlib.sha256(b"late").hexdigest()
    taken = ["a.txt", *(f"a~{end}.txt" for end in (digest[:12], digest, f"{digest}-2"))]
    for number, name in enumerate(taken):
        archived(folders, name, b"%d" % number)
        failing(folders, name, b"%d" % number)
    for end in (archived, failing):
        assert end(folders, "a.txt", b"late").name == f"a~{digest}-3.txt"
    assert archived(folders, "a.txt", b"late").name == f"a~{digest}-3.txt"
    where = archived_as(folders, "a.txt", digest)
    assert where == folders.archive / f"a~{digest}-3.txt"
    assert archived_as(folders, "a.txt", hashlib.sha256(b"never").hexdigest()) is None


@pytest.mark.parametrize("letter", ["f", "ü"])
def test_a_folder_whose_name_a_file_has_gets_another_however_long_it_is(
    folders: Folders, letter: str
) -> None:
    name = letter * (NAME_BYTES // len(letter.encode()))
    for content in (b"1", b"2"):
        archived(folders, name, content)
        archived(folders, f"{name}/a.txt", content)
        failing(folders, name, content)
        failing(folders, f"{name}/a.txt", content)
    assert kept(folders.archive) == kept(folders.failed) == [b"1", b"1", b"2", b"2"]


@pytest.mark.parametrize("place", ["archive", "failed"])
def test_a_hard_link_that_comes_twice_ends_twice(folders: Folders, place: str) -> None:
    """Between two links of one inode rename(2) does nothing."""
    first = (archived if place == "archive" else failing)(folders, "h.txt", b"1")
    again = folders.spool / "again"
    os.link(first, again)
    if place == "archive":
        archive(folders, again, "h.txt")
    else:
        fail(folders, again, "h.txt", WHY)
    assert not again.exists()
    assert kept(folders.data) == [b"1"]


# Reasons -------------------------------------------------------------------------------------


def test_a_failed_file_says_why(folders: Folders) -> None:
    target = failing(folders, "taz/a.txt", b"")
    reason = json.loads((folders.failed / "taz" / "a.txt.reason.json").read_text())
    assert reason == reason_of(target)
    assert (reason["path"], reason["error"]) == ("taz/a.txt", "it is empty")
    assert (reason["stage"], reason["advice"]) == ("parse", "Write something.")
    assert reason["time"].endswith("Z")
    assert reason["earlier"] == []


@pytest.mark.parametrize("name", ["x" * 255, "ä" * 127 + "x", "x.reason.json", "a\nb", "a\udcff"])
def test_every_name_can_fail(folders: Folders, name: str) -> None:
    target = failing(folders, name, b"1")
    assert reason_of(target)["path"] == name
    assert kept(folders.failed) == [b"1"]


def test_the_reason_is_there_before_the_file(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason_first: list[bool] = []

    def watched(source: str, target: str, **folder: int) -> None:
        reason_first.append((folders.failed / reason_name(target)).exists())
        atomic.move(source, target, src=folder["src"], dst=folder["dst"])

    monkeypatch.setattr("worker.spool.settle.move", watched)
    assert failing(folders, "a.txt", b"1").exists()
    assert reason_first == [True]


def test_the_first_reason_and_the_latest_ones_are_kept(folders: Folders) -> None:
    for number in range(30):
        failing(folders, "a.txt", b"1", Reason(f"error {number}", "parse"))
    reason = reason_of(folders.failed / "a.txt")
    assert reason["error"] == "error 29"
    assert reason["times"] == 30
    errors = [one["error"] for one in reason["earlier"]]
    assert errors == ["error 0", *(f"error {number}" for number in range(21, 29))]


def test_a_broken_reason_file_is_replaced(folders: Folders) -> None:
    for content in ("", "[]", "{", '"a"'):
        (folders.failed / "a.txt.reason.json").write_text(content)
        assert reason_of(failing(folders, "a.txt", b"1"))["error"] == "it is empty"
    assert read_reason(folders.failed / "none") == {}


@pytest.mark.parametrize(
    "content", ['{"times": "abc"}', '{"earlier": 7}', '{"earlier": ["x"], "times": null}']
)
def test_a_reason_of_other_types_holds_no_batch(folders: Folders, content: str) -> None:
    (folders.failed / "a.txt.reason.json").write_text(content)
    reason = reason_of(failing(folders, "a.txt", b"1"))
    assert (reason["error"], reason["times"]) == ("it is empty", 2)
    assert [entry["error"] for entry in reason["earlier"]] == [None]


def test_success_takes_the_old_reason_away(folders: Folders) -> None:
    """After a retry: the file is no longer in ``failed/``, its reason still is."""
    failing(folders, "a.txt", b"1").unlink()
    failing(folders, "b.txt", b"1")
    archived(folders, "a.txt", b"1")
    assert sorted(path.name for path in folders.failed.iterdir()) == ["b.txt", "b.txt.reason.json"]


def test_a_mended_copy_leaves_the_failed_original_its_reason(folders: Folders) -> None:
    """As the advice says: a person mends a copy and drops it under the same name."""
    original = failing(folders, "a.txt", b"faulty")
    archived(folders, "a.txt", b"mended")
    assert original.exists()
    assert reason_of(original)["error"] == "it is empty"


def test_files_settle_where_the_run_folder_is_removed(folders: Folders) -> None:
    shutil.rmtree(folders.run)
    with settling(folders):
        assert archived(folders, "a.txt", b"a").read_bytes() == b"a"
