"""What counts as a difference, without services: the marks, the groups, the sentence of status."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexing.writing.states import Failure, Origin
from worker.care import verify
from worker.care.compared import KINDS, REPAIRED, Compared, Difference
from worker.care.failures import Failed, failed_files, grouped, has_reason, of_document
from worker.folders import Folders
from worker.spool.settle import Reason, fail, settling
from worker.spool.spool import Spool, iso


def _origin(key: str, path: str = "a.txt", sha256: str = "1", state: str = "pending") -> Origin:
    return Origin(key, path, sha256, "2024-06-19T12:00:00.000000Z", state, "")


def _ids(compared: Compared) -> list[str]:
    return sorted(one.id for one in compared.unseen())


def test_the_same_bytes_find_every_document_made_from_them() -> None:
    compared = Compared()
    compared.add_documents([_origin("a"), _origin("b"), _origin("c", sha256="2")])
    assert compared.saw_bytes("1", "anders.txt")
    assert _ids(compared) == ["c"]
    assert not compared.saw_bytes("3", "a.txt")
    assert compared.saw_article("c")
    assert not compared.saw_article("d")
    assert _ids(compared) == []


def test_the_same_bytes_may_be_two_articles_by_name() -> None:
    compared = Compared()
    compared.add_documents([_origin("a", "a.json")])
    assert not compared.saw_bytes("1", "a.txt")
    assert compared.saw_bytes("1", "b.JSON")


@pytest.mark.parametrize("received", ["2099-01-01T00:00:00.000000Z", "9", "2024"])
def test_what_says_that_it_comes_later_is_not_on_its_way(tmp_path: Path, received: str) -> None:
    """`verify` never named a document that said so, nor one of which the file was lost."""
    transit = verify.in_transit(Spool(Folders(tmp_path).spool))
    assert transit.may_hold(iso(datetime.now(UTC)))
    assert not transit.may_hold(received)


def test_a_changed_file_is_one_difference() -> None:
    compared = Compared()
    compared.add(Difference("no_document", "a.txt", "new"))
    compared.add(Difference("no_document", "b.txt", "other"))
    compared.replace_by_changed(_origin("old"))
    assert compared.counts() == {"no_document": 1, "changed": 1}
    compared.take_back(["other", "nichts"])
    assert compared.counts() == {"changed": 1}


def test_a_changed_file_that_cannot_be_read_is_told_as_that() -> None:
    compared = Compared()
    compared.add(Difference("unreadable", "a.txt", "", "it is empty"))
    compared.replace_by_changed(_origin("old"))
    ((difference,),) = compared.pages("unreadable", 10)
    assert difference == Difference("unreadable", "a.txt", "old", "it is empty")
    assert compared.counts() == {"unreadable": 1}


def test_another_text_of_a_given_id_is_a_change_at_its_own_path_alone() -> None:
    compared = Compared()
    compared.add_documents([_origin(key, f"{key}.json") for key in ("s-1", "s-2", "s-3")])
    changed = Difference("no_version", "s-1.json", "s-1", "hash")
    beside = Difference("no_version", "s-2~0123456789ab.json", "s-2", "hash")
    for difference in (changed, beside):
        compared.add(difference)
        compared.is_another_text(difference)
    assert _ids(compared) == ["s-1", "s-2", "s-3"]
    compared.saw_article("s-1")
    compared.saw_article("s-2")
    assert _ids(compared) == ["s-1", "s-3"], "a copy elsewhere does not mend it"
    compared.replace_by_changed(_origin("s-1", "s-1.json"))
    assert compared.counts() == {"changed": 1, "no_version": 1}
    compared.saw_bytes("1", "a.json")
    assert _ids(compared) == []


def test_pages_hold_every_difference_once() -> None:
    compared = Compared()
    for number in range(25):
        compared.add(Difference("no_file", f"{number}.txt"))
    pages = list(compared.pages("no_file", 10))
    assert [len(page) for page in pages] == [10, 10, 5]
    assert {one.path for page in pages for one in page} == {f"{n}.txt" for n in range(25)}


@pytest.mark.parametrize(
    ("state", "pipeline", "half"),
    [
        ("pending", "", False),
        ("failed", "", False),
        ("enriched", "p1", False),
        ("enriched", "", True),
        ("", "", True),
        ("halb", "p1", True),
    ],
)
def test_a_half_document(state: str, pipeline: str, half: bool) -> None:
    compared = Compared()
    compared.add_documents([Origin("a", "a.txt", "1", "", state, pipeline)])
    assert bool(list(compared.half())) is half


def test_what_is_repaired_is_explained() -> None:
    assert set(REPAIRED) <= set(KINDS)


def test_documents_on_their_way_are_no_difference(tmp_path: Path) -> None:
    folders = Folders(tmp_path).prepare()
    with Spool(folders.spool).filling() as batch:
        (batch.root / "ü.txt").write_text("x")
        way = verify.in_transit(Spool(folders.spool))
    received = batch.received.isoformat(timespec="microseconds").replace("+00:00", "Z")
    assert way.may_hold(received)
    assert way.may_hold(iso(datetime.now(UTC)))
    assert not way.may_hold("2024-06-19T12:00:00.000000Z")
    assert way.paths == {"ü.txt"}


def test_a_reason_waits_for_its_file_in_the_spool(tmp_path: Path) -> None:
    folders = Folders(tmp_path).prepare()
    reason = '{"path": "a.txt", "error": "leer"}'
    (folders.failed / "a.txt.reason.json").write_text(reason)
    spool = Spool(folders.spool)
    (found,) = verify.failed_folder(folders, verify.in_transit(spool))
    assert found == Difference("reason_only", "a.txt.reason.json")
    with spool.filling() as batch:
        (batch.root / "a.txt").write_text("x")
    assert not list(verify.failed_folder(folders, verify.in_transit(spool)))


def test_an_old_batch_is_left_over_only_if_nobody_owns_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "PATIENCE", 0.0)
    folders = Folders(tmp_path).prepare()
    spool = Spool(folders.spool)
    with spool.filling() as young:
        (young.root / "neu.txt").write_text("x")
    old = folders.spool / "20240619T120000.000000Z-0123abcd"
    (old / "files").mkdir(parents=True)
    (old / "files" / "alt.txt").write_text("x")
    way = verify.in_transit(spool)
    assert [d.path for d in verify.spool_folder(spool, way)] == ["alt.txt"]
    with way.batches[0].owned() as mine:
        assert mine
        assert not list(verify.spool_folder(spool, way))


def test_the_first_reason_the_times_and_the_advice_are_shown(tmp_path: Path) -> None:
    folders = Folders(tmp_path).prepare()
    for error in ("zuerst", "danach", "zuletzt"):
        spooled = folders.spool / "a.txt"
        spooled.write_text("x")
        with settling(folders):
            fail(folders, spooled, "a.txt", Reason(error, "parse", "tu was"))
    (found,) = failed_files(folders)
    assert (found.error, found.first_error, found.times) == ("zuletzt", "zuerst", 3)
    assert found.advice == "tu was"
    assert datetime.fromisoformat(found.since) <= datetime.now(UTC)


@pytest.mark.parametrize(
    "reason",
    [
        {"times": "oft", "earlier": {"a": 1}, "error": 5},
        {"times": 2.5, "earlier": ["x", {"error": None}]},
        {"times": None, "earlier": 7},
    ],
)
def test_a_reason_of_other_types_ends_no_command(tmp_path: Path, reason: dict[str, object]) -> None:
    folders = Folders(tmp_path).prepare()
    (folders.failed / "a.txt").write_text("x")
    (folders.failed / "a.txt.reason.json").write_text(json.dumps(reason))
    (file,) = failed_files(folders)
    assert file.times >= 1


def test_half_written_reasons_are_no_failed_files(tmp_path: Path) -> None:
    folders = Folders(tmp_path).prepare()
    (folders.failed / ".123-0123abcd.tmp").write_text("{")
    (folders.failed / ".versteckt").write_text("x")
    assert [file.path for file in failed_files(folders)] == [".versteckt"]


def _one(path: str, error: str, stage: str = "parse") -> Failed:
    return Failed(path, error, stage, "", 1, error, "")


def test_the_same_reason_is_one_group_whatever_its_numbers() -> None:
    document = of_document(Failure("t-1", "d.txt", "The file has 12,000 bytes.", "", 3))
    groups = grouped(
        [
            _one("c", "empty"),
            _one("a", "The file has 12,000 bytes."),
            _one("b", "The file has 13.5 bytes."),
            document,
        ]
    )
    assert [[one.path for one in group.members] for group in groups] == [
        ["a", "b"],
        ["c"],
        ["d.txt"],
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("EMPTY", True), ("is empty", True), ("", True), ("empty file", False)],
)
def test_a_reason_is_named_by_its_words(wanted: str, found: bool) -> None:
    assert has_reason("The file is empty.", wanted) is found
