"""What keeps an archive well: index, ingest, status, failed, retry, verify, reenrich."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from depesche import Item
from indexing.writing import reenrich
from indexing.writing.due import due
from tests.fakes import reading
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.commands.conftest import Run
from worker.commands.ingest import warned

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nKarsten Holm war in Bremen."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files that are to be ingested; one of them is none."""
    new = tmp_path / "neu"
    new.mkdir()
    for n in range(2):
        (new / f"{n}.txt").write_text(TEXT.format(n))
    (new / "leer.txt").write_text("")
    return new


class Terminal(io.StringIO):
    """A person who types that."""

    def isatty(self) -> bool:
        return True


def _work(container: FakeContainer) -> None:
    for batch in container.spool.batches():
        container.intake.batch(batch.name)


@contextmanager
def _working(container: FakeContainer) -> Iterator[None]:
    """A worker runs while inside."""
    ended = threading.Event()

    def worker() -> None:
        while not ended.wait(0.02):
            _work(container)

    thread = threading.Thread(target=worker)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_an_index_is_made_migrated_and_told(run: Run, fake: FakeElasticsearch) -> None:
    assert run("index", "create").out == "articles: is there already\n"
    assert "articles → articles-v" in run("index", "status").out
    assert "has the current mapping" in run("index", "migrate").err
    fake.store.single("articles").mappings["_meta"] = {"version": 1}
    assert "(not current: `depesche index migrate`)" in run("index", "status").out
    assert "now points to" in run("index", "migrate").err
    answer = run("index", "status", "--json").json
    assert (answer["current"], answer["writable"], len(answer["others"])) == (True, True, 1)
    fake.store.indices.clear()
    assert run("index", "status").status == 2
    assert run("index", "create").out == "articles: created\n"


def test_files_are_copied_into_the_spool(run: Run, container: FakeContainer, folder: Path) -> None:
    said = run("ingest", str(folder))
    assert (said.status, said.out.split(" files")[0]) == (0, "3")
    (batch,) = container.spool.batches()
    assert {file.relative for file in batch.files()} == {f"neu/{n}.txt" for n in (0, 1, "leer")}
    assert (folder / "0.txt").exists()
    assert run("ingest", str(folder / "0.txt"), "--json").json == {"files": 1}


def test_whoever_waits_is_told_each_end(run: Run, container: FakeContainer, folder: Path) -> None:
    with _working(container):
        said = run("ingest", str(folder), "--wait", "--json")
        again = run("ingest", str(folder / "0.txt"), str(folder / "leer.txt"), "--wait")
    assert said.status == 1
    fates = {item["path"]: item["fate"] for item in said.json["items"]}
    assert fates == {"neu/0.txt": "indexed", "neu/1.txt": "indexed", "neu/leer.txt": "failed"}
    assert again.out == "1 duplicate, 1 failed\n"
    assert "leer.txt: The file is empty." in again.err


def test_whoever_waits_is_told_of_members_that_failed(
    run: Run, container: FakeContainer, tmp_path: Path
) -> None:
    rows = [json.dumps({"headline": f"Bericht {number}", "body": "Text."}) for number in range(3)]
    (tmp_path / "gut.jsonl").write_text("\n".join(rows))
    (tmp_path / "teils.jsonl").write_text("\n".join([*rows, "{kaputt"]))
    with _working(container):
        good = run("ingest", str(tmp_path / "gut.jsonl"), "--wait")
        bad = run("ingest", str(tmp_path / "teils.jsonl"), "--wait")
        told = run("ingest", str(tmp_path / "teils.jsonl"), "--wait", "--json")
    named = "`depesche failed` names what failed in them, and why.\n"
    assert (good.status, named in good.err) == (0, False)
    assert (bad.status, named in bad.err) == (1, True)
    assert "3 duplicate, 1 failed" in bad.out
    (item,) = told.json["items"]
    assert (told.status, item["members"]) == (1, {"duplicate": 3, "failed": 1})


def test_whoever_waits_is_told_of_dates_that_were_not_read_and_status_counts_them(
    run: Run, container: FakeContainer, tmp_path: Path
) -> None:
    for name, date in (("a", "03/04/2024"), ("b", "5.13"), ("c", "19.6.2024"), ("d", "2203")):
        (tmp_path / f"{name}.txt").write_text(f" date {date} Amt : Bericht\n\n{name}.")
    with _working(container):
        said = run("ingest", *(str(tmp_path / f"{name}.txt") for name in "abcd"), "--wait")
    assert (said.status, said.out) == (0, "4 indexed\n")
    told = sorted(line[:5] for line in said.err.splitlines() if ": The " in line)
    assert told == ["a.txt", "b.txt", "d.txt"]
    status = run("status")
    assert "3 articles have no date of publication" in status.out
    assert "(1 unreadable, 1 ambiguous, 1 future)" in status.out
    (note,) = run("status", "--json").json["notes"]
    assert note["kind"] == "undated"
    assert set(note["items"]) == {"1 ambiguous", "1 future", "1 unreadable"}
    assert "1 article" in run("search", "undated:ambiguous").out


def test_of_very_many_warnings_the_first_are_shown_and_how_many_there_are() -> None:
    items = [Item(f"{n}.txt", "indexed", warnings=("Seltsam.",)) for n in range(30)]
    lines = warned([Item("x", "duplicate", warnings=("Alt.",)), *items])
    assert lines[0] == "0.txt: Seltsam."
    assert lines[-1].startswith("… and 10 more warnings")
    assert len(warned(items[:20])) == 20


def test_the_status_says_what_is_away(
    run: Run, container: FakeContainer, ids: dict[str, str]
) -> None:
    said = run("status")
    assert said.status == 1  # no Redis answers here
    assert said.out.startswith("Waiting: redis takes no work now.")
    assert f"{len(ids)} total" in said.out
    answer = run("status", "--json").json
    assert answer["documents"]["enriched"] == len(ids)
    assert answer["services"]["elasticsearch"] == "answers (9.4.0)"


def test_what_failed_is_told_by_its_reason_and_tried_again(
    run: Run, container: FakeContainer, folder: Path, fake: FakeElasticsearch
) -> None:
    assert run("failed").out == "Nothing has failed.\n"
    run("ingest", str(folder))
    fake.refuse("_bulk", 400, "document_parsing_exception", always=True)
    _work(container)
    fake.come_back()
    said = run("failed")
    assert said.status == 1
    lines = said.out.splitlines()
    assert lines[0].startswith("2 at index: document_parsing_exception")
    assert "1 at parse: The file is empty." in lines
    assert any(line.strip().startswith("neu/leer.txt  since ") for line in lines)
    assert len(run("failed", "--json").json["files"]) == 3
    assert "failed: 2 at index" in run("status").out
    nothing = run("retry", "--reason", "nie gehört")
    assert nothing.status == 1
    assert "`depesche failed` names them" in nothing.err
    assert run("retry", "neu/0.txt").out.startswith("1 file and 0 documents get")
    assert run("retry").out.startswith("2 files and 0 documents")
    assert run("retry").status == 0


def test_documents_that_failed_are_told_too_or_that_they_cannot_be(
    run: Run, container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    mark = {"state": "failed", "error": "kaputt", "at": "2024-06-20T10:00:00Z", "attempts": 3}
    fake.store.single("articles").update(ids["hanoi"], {"enrichment": mark})
    fake.store.single("articles").refresh()
    said = run("failed", "--all")
    assert said.out.splitlines()[0] == "1 at enrich: kaputt"
    assert f"hanoi.txt ({ids['hanoi']})  since 2024-06-20T10:00:00Z, 3 times" in said.out
    fake.go_away()
    away = run("failed", "--json")
    assert (away.status, "away" in away.json, away.json["documents"]) == (1, True, [])
    assert "are not listed" in away.err


def test_verify_says_what_differs_and_repairs_it(
    run: Run, container: FakeContainer, folder: Path, fake: FakeElasticsearch
) -> None:
    (folder / "leer.txt").unlink()
    run("ingest", str(folder))
    _work(container)
    said = run("verify")
    assert said.status == 0
    assert "All is well" in said.out
    assert said.out.startswith("2 files in the archive, 2 documents in the index")
    fake.store.single("articles").documents.clear()
    differs = run("verify")
    assert differs.status == 1
    assert "2 in the archive or a mirror, but not in the index" in differs.out
    assert "neu/0.txt" in differs.out
    report = run("verify", "--json").json
    assert (report["well"], report["counts"]) == (False, {"no_document": 2})
    assert report["differences"][0]["kind"] == "no_document"
    repaired = run("verify", "--repair")
    assert (repaired.status, "2 files are on the way again" in repaired.out) == (0, True)
    _work(container)
    assert run("verify", "--json").json["well"]


def test_verify_shows_ten_and_counts_the_rest(
    run: Run, container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    said = run("verify")
    assert said.status == 1
    assert f"{len(ids)} in the index, but neither in the archive nor in a mirror" in said.out
    assert f"… and {len(ids) - 10} more (--json lists 1,000)" in said.out


@pytest.fixture
def rules_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands read by another model than the documents were read by."""
    reading.pipeline().to_disk(tmp_path / "model")
    monkeypatch.setenv("DEPESCHE_SPACY_MODEL", str(tmp_path / "model"))


@pytest.mark.usefixtures("rules_model")
def test_what_another_pipeline_has_read_is_read_again(
    run: Run,
    container: FakeContainer,
    ids: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fake: FakeElasticsearch,
) -> None:
    before = fake.store.single("articles").next_seq_no
    said = run("reenrich")
    assert said.out.startswith(f"{len(ids)} documents will be read again by de_rules-1+e")
    assert run("reenrich", "--all", "--yes").out.startswith(f"{len(ids)} documents")
    assert fake.store.single("articles").next_seq_no == before
    told = run("status", "--json").json
    assert (told["documents"]["pending"], told["documents"]["enriched"]) == (len(ids), 0)
    (note,) = [note for note in told["notes"] if note["kind"] == "read_again"]
    assert note["text"].startswith(f"{len(ids)} documents to be read again, as was asked at 20")
    version = said.out.rpartition(" by ")[2].strip().rstrip(".")
    for id_ in ids.values():
        mark = {"state": "enriched", "pipeline": version, "request": 2}
        fake.store.single("articles").update(id_, {"enrichment": mark})
    assert run("reenrich", "--wait").out.startswith("0 documents")
    # Nobody can be asked here: no terminal.
    refused = run("reenrich", "--all")
    assert (refused.status, refused.out) == (2, "")
    assert (
        refused.err == f"depesche: This has {len(ids)} documents read again: say so with --yes.\n"
    )
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    refused = run("reenrich", "--all")
    assert (refused.status, refused.out) == (1, "")
    assert f"Have {len(ids)} documents read again? [y/N]" in refused.err
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    said = run("reenrich", "--all")
    assert said.out.startswith(f"{len(ids)} documents")
    assert "Looking up the version of the pipeline" in said.err


def test_a_pipeline_that_is_none_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPESCHE_SPACY_MODEL", "nirgends")
    said = run("reenrich")
    assert said.status == 2
    assert "nirgends" in said.err


def test_settings_that_are_wrong_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPESCHE_INDEX", "GROSS")
    said = run("status")
    assert said.status == 2
    assert said.err.startswith("depesche: DEPESCHE_INDEX: ")


def test_where_a_file_is_and_what_became_of_it(
    run: Run, container: FakeContainer, folder: Path, fake: FakeElasticsearch
) -> None:
    run("ingest", str(folder))
    assert run("where", "neu/0.txt", "--json").json["places"][0]["where"] == "spool"
    _work(container)
    said = run("where", str(container.folders.archive / "neu" / "0.txt"))
    assert said.status == 0
    assert [line.split()[2] for line in said.out.splitlines()[:2]] == ["claimed", "indexed"]
    assert "The file is empty." in run("where", "neu/leer.txt").out
    fake.go_away()
    away = run("where", "neu/0.txt")
    assert (away.status, "The index cannot be asked" in away.err) == (1, True)
    assert "indexed" in away.out


@pytest.mark.usefixtures("rules_model")
def test_only_what_holds_a_name_of_a_rule_that_changed_is_read_again(
    run: Run,
    container: FakeContainer,
    ids: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fake: FakeElasticsearch,
) -> None:
    version = run("reenrich").out.rpartition(" by ")[2].strip().rstrip(".")

    def read_by(pipeline: str) -> None:
        for id_ in ids.values():
            mark = {"state": "enriched", "pipeline": pipeline}
            fake.store.single("articles").update(id_, {"enrichment": mark})

    def asked() -> set[str]:
        """By the latest request."""
        request = reenrich.read(container.client, "articles").open[0]
        return {*due(container.client, "articles", request, 1000).ids}

    read_by(version)
    run("entities", "rename", "Karoline Nirgends", "Karoline Anderswo")
    assert run("reenrich", "--affected").out.startswith("0 documents")
    run("entities", "rename", "Hanna Reuter", "Hanna Reuter-Weiß")
    assert run("reenrich", "--affected").out.startswith("1 document ")
    assert asked() == {ids["2024-06-19-verteidigungspakt"]}
    # A name that nobody has read there, but the text says it.
    read_by(version)
    run("entities", "block", "Handel", "--type", "place")
    run("reenrich", "--affected")
    assert ids["hanoi"] in asked()
    # What was read by rules that nobody knows any more, or by another program, is all meant.
    read_by(f"{version}+00000000")
    assert run("reenrich", "--affected").out.startswith(f"{len(ids)} documents")
    refused = run("reenrich", "--affected", "--all")
    assert (refused.status, "exclude each other" in refused.err) == (2, True)
