"""What programs send: files from folders that are allowed, articles as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.inbox.inbox import DEEPEST
from worker.intake.permitted import PermittedFile
from worker.intake.senders import LEFT_OUT, Senders
from worker.intake.turn import Turn
from worker.spool import deposit
from worker.spool.spool import Batch

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nKarsten Holm war in Bremen."


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    folder.mkdir()
    return folder


@pytest.fixture
def senders(container: FakeContainer, allowed: Path) -> Senders:
    return Senders(container.intake, [allowed], (2, 10_000))


def test_an_article_is_written_down_and_indexed(
    senders: Senders, container: FakeContainer, fake: FakeElasticsearch
) -> None:
    parts = {"headline": "Bericht", "body": "Karsten Holm war in Bremen."}
    answer = senders.article(parts)
    assert (answer["fate"], answer["reason"]) == ("indexed", "")
    assert fake.source(answer["id"])["headline"] == "Bericht"
    (kept,) = (p for p in container.folders.archive.rglob("*.json"))
    assert json.loads(kept.read_text())["headline"] == "Bericht"
    assert senders.article(parts)["fate"] == "duplicate"


def test_what_an_article_says_and_cannot_be_is_said_in_the_result_and_in_the_document(
    senders: Senders, fake: FakeElasticsearch
) -> None:
    parts = {"headline": "Bericht \ud800", "body": "Text.", "url": "n/a", "language": "deutsch"}
    answer = senders.article(parts)
    assert answer["fate"] == "indexed"
    assert [warning.split(" is no ")[0] for warning in answer["warnings"]] == [
        "'n/a'",
        "'deutsch'",
    ]
    source = fake.source(answer["id"])
    assert source["source"]["warnings"] == list(answer["warnings"])
    assert "url" not in source
    other = senders.article({**parts, "headline": "Ein anderer Bericht"})
    assert other["fate"] == "indexed", "what is no address must not make two articles one"


def test_files_of_a_folder_are_copied_and_those_of_the_inbox_are_moved(
    senders: Senders, container: FakeContainer, allowed: Path
) -> None:
    outside, inside = allowed / "a.txt", container.folders.inbox / "b.txt"
    outside.write_text(TEXT.format(1))
    inside.write_text(TEXT.format(2))
    answers = senders.files([str(outside), str(inside)])
    assert [(answer["path"], answer["fate"]) for answer in answers] == [
        (str(outside), "indexed"),
        (str(inside), "indexed"),
    ]
    assert (outside.exists(), inside.exists()) == (True, False)
    assert (container.folders.archive / "feed" / "a.txt").exists()
    assert (container.folders.archive / "b.txt").exists()


def test_more_than_a_batch_holds_are_several(
    senders: Senders, container: FakeContainer, allowed: Path
) -> None:
    for n in range(5):
        (allowed / f"{n}.txt").write_text(TEXT.format(n))
    answers = senders.files([str(allowed / f"{n}.txt") for n in range(5)])
    assert [answer["fate"] for answer in answers] == ["indexed"] * 5
    assert len(container.publisher.documents) == 3


def test_a_file_is_taken_once_in_however_many_ways_its_path_is_written(
    senders: Senders, container: FakeContainer, allowed: Path
) -> None:
    (allowed / "a.txt").write_text(TEXT.format(1))
    ways = [f"{allowed}/a.txt", f"{allowed}//a.txt", f"{allowed}/./a.txt", f"{allowed}/a.txt"]
    answers = senders.files(ways)
    assert [(answer["path"], answer["fate"]) for answer in answers] == [
        (way, "indexed") for way in ways[:3]
    ], "one that is said twice is told of once"
    assert len({answer["id"] for answer in answers}) == 1
    assert [path.name for path in container.folders.archive.rglob("*.txt")] == ["a.txt"]


def test_warnings_without_end_are_no_part_of_an_answer(
    senders: Senders, allowed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: a file named 100,000 times had each of them 100,000 times, a gigabyte."""
    file = allowed / "a.json"
    file.write_text(json.dumps({"headline": "H", "body": "Text.", "language": "deutsch"}))
    monkeypatch.setattr("worker.intake.senders.MOST_SAID", 200)
    answers = senders.files([f"{allowed}{'/' * slashes}a.json" for slashes in range(1, 100)])
    first, *_, last = answers
    assert first["warnings"][0].startswith("'deutsch'")
    assert last["warnings"] == (LEFT_OUT,)
    assert {answer["fate"] for answer in answers} == {"indexed"}


def test_what_is_in_the_spool_is_not_copied_once_more(
    senders: Senders, allowed: Path, container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """A message of 470 bytes had three gigabytes copied, again and again with the same file."""
    file = allowed / "a.txt"
    file.write_text(TEXT.format(1))
    fake.refuse("_bulk", 503, "x")
    fates = [answer["fate"] for _ in range(4) for answer in senders.files([str(file)])]
    assert fates == ["waiting"] * 4
    assert len(container.spool) == 1
    file.write_text(TEXT.format("ein anderer"))
    assert [answer["fate"] for answer in senders.files([str(file)])] == ["indexed"], "another one"
    senders.batch(container.spool.batches()[0].name)
    assert [answer["fate"] for answer in senders.files([str(file)])] == ["duplicate"]
    assert len(container.spool) == 0


def test_behind_a_full_spool_no_copy_is_put(
    container: FakeContainer, allowed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One message of 60,000 files filled the disk: the watcher alone kept to the limit."""
    senders = Senders(container.intake, [allowed], (1, 10_000), spool_batches=2)
    monkeypatch.setattr(Turn, "over", lambda _: True)  # of the first
    paths = [allowed / f"{number}.txt" for number in range(5)]
    for number, path in enumerate(paths):
        path.write_text(TEXT.format(number))
    answers = senders.files(list(map(str, paths)))
    assert [answer["fate"] for answer in answers] == ["indexed", *["waiting"] * 2, *["failed"] * 2]
    assert "the spool is full" in answers[-1]["reason"]
    assert len(container.spool) == 2
    assert all(path.exists() for path in paths)


def test_what_may_not_be_had_is_refused_and_harms_no_other(
    senders: Senders, allowed: Path, tmp_path: Path
) -> None:
    good, secret = allowed / "a.txt", tmp_path / "geheim.txt"
    good.write_text(TEXT.format(1))
    secret.write_text(TEXT.format(2))
    (allowed / "link.txt").symlink_to(secret)
    wanted = [str(secret), str(allowed / "link.txt"), str(allowed / "weg.txt"), "a\0b", str(good)]
    answers = senders.files(wanted)
    assert [answer["fate"] for answer in answers] == ["failed"] * 4 + ["indexed"]
    assert "DEPESCHE_INGEST_FOLDERS" in answers[0]["reason"]


def test_a_file_that_cannot_be_copied_fails_alone(
    senders: Senders, allowed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = deposit.copy

    def copy(batch: Batch, file: Path, relative: str, *most: int) -> None:
        if file.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        whole(batch, file, relative, *most)

    monkeypatch.setattr(deposit, "copy", copy)
    for name in "ab":
        (allowed / f"{name}.txt").write_text(TEXT.format(name))
    a, b = senders.files([str(allowed / "a.txt"), str(allowed / "b.txt")])
    assert (a["fate"], "Permission denied" in a["reason"]) == ("failed", True)
    assert b["fate"] == "indexed"


def test_what_cannot_be_indexed_now_waits_in_the_spool(
    senders: Senders, allowed: Path, container: FakeContainer, fake: FakeElasticsearch
) -> None:
    (allowed / "a.txt").write_text(TEXT.format(1))
    fake.refuse("_bulk", 503, "x")
    (answer,) = senders.files([str(allowed / "a.txt")])
    assert answer["fate"] == "waiting"
    (batch,) = container.spool.batches()
    senders.batch(batch.name)
    assert len(container.spool) == 0


def test_a_link_that_takes_a_folder_s_place_leads_nowhere(
    senders: Senders, allowed: Path, tmp_path: Path
) -> None:
    """Between the look at a path and its copy."""
    for folder in (allowed / "sub", tmp_path / "geheim"):
        folder.mkdir()
        (folder / "a.txt").write_text(TEXT.format(folder.name))
    looked = senders._permits().look(str(allowed / "sub" / "a.txt"))
    assert isinstance(looked, PermittedFile)
    (allowed / "sub").rename(allowed / "weg")
    (allowed / "sub").symlink_to(tmp_path / "geheim")
    (fate,) = senders._work([looked]).values()
    assert (fate.fate, "not taken" in fate.reason) == ("failed", True)


def test_a_hole_above_the_limit_is_not_taken(
    senders: Senders, allowed: Path, container: FakeContainer
) -> None:
    with (allowed / "loch.txt").open("wb") as file:
        file.truncate(2 * 2**30)
    (answer,) = senders.files([str(allowed / "loch.txt")])
    assert answer["fate"] == "failed"
    assert "2,147,483,648 bytes" in answer["reason"]
    assert "DEPESCHE_MAX_FILE_BYTES" in answer["reason"]
    assert len(container.spool) == 0


@pytest.mark.parametrize("name", ["loch.zip", "loch.tar", "loch.jsonl"])
def test_a_hole_that_is_called_a_container_fills_no_disk(
    senders: Senders, allowed: Path, container: FakeContainer, name: str
) -> None:
    with (allowed / name).open("wb") as file:
        file.truncate(4 * 2**40)
    (answer,) = senders.files([str(allowed / name)])
    assert (answer["fate"], "it has holes" in answer["reason"].lower()) == ("failed", True)
    assert len(container.spool) == 0


def test_what_is_nested_too_deep_is_refused_and_holds_no_other(
    senders: Senders, container: FakeContainer, allowed: Path
) -> None:
    deepest = allowed.joinpath(*["a"] * (DEEPEST - 1))
    deep = deepest / "a"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text(TEXT.format(1))
    (deepest / "b.txt").write_text(TEXT.format(2))
    first, second = senders.files([str(deep / "a.txt"), str(deepest / "b.txt")])
    assert (first["fate"], second["fate"]) == ("failed", "indexed")
    assert "nested deeper than 100 folders" in first["reason"]
    assert len(container.spool) == 0
