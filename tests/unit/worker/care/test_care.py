"""Verify, repair, retry, status: over a data folder and an index that were filled by intake."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles.errors import ServiceUnavailable
from indexing.writing.states import failed as failed_documents
from indexing.writing.stored import fetch_texts
from indexing.writing.versions import every
from indexing.writing.write import create, mark_failed
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.atomic import write_json
from worker.care import status as standing
from worker.care.compared import Compared
from worker.care.repair import repair
from worker.care.retry import Retried, retry
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw
from worker.spool.naming import reason_name

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nKarsten Holm war in Bremen."


def dropped(container: FakeContainer, **files: str) -> dict[str, str]:
    """Ingest files; gives the documents' ids by name."""
    with container.spool.filling() as batch:
        for name, content in files.items():
            (batch.root / f"{name}.txt").write_text(content)
    fates = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return {fate.path.removesuffix(".txt"): fate.id for fate in fates}


@pytest.fixture
def ids(container: FakeContainer) -> dict[str, str]:
    return dropped(container, a=TEXT.format(1), b=TEXT.format(2), c=TEXT.format(3))


def aged(fake: FakeElasticsearch) -> None:
    """Let all documents be of yesterday: what is new may still be on its way."""
    index = fake.store.single("articles")
    for id_ in list(index.documents):
        index.update(id_, {"received_at": "2024-06-20T00:00:00.000000Z"})


def differences(container: FakeContainer) -> dict[str, list[str]]:
    compared = Compared()
    verify(container, compared)
    kinds = compared.counts()
    seen = {kind: next(compared.pages(kind, 100)) for kind in kinds}
    return {kind: [difference.path for difference in page] for kind, page in seen.items()}


def test_what_belongs_together_is_well(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    aged(fake)
    told = Counter[str]()
    verify(container, Compared(), lambda stage, more: told.update({stage: more}))
    assert told == {"documents": 3, "files": 3}
    assert differences(container) == {}


def test_what_is_missing_on_one_side_is_seen(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    aged(fake)
    del fake.store.single("articles").documents[ids["a"]]
    archive = container.folders.archive
    (archive / "b.txt").unlink()
    (archive / "c.txt").write_text(TEXT.format("anders"))
    (archive / "leer.txt").write_text("")
    assert differences(container) == {
        "no_document": ["a.txt"],
        "no_file": ["b.txt"],
        "changed": ["c.txt"],
        "unreadable": ["leer.txt"],
    }


def test_a_file_that_was_saved_anew_is_well(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    aged(fake)
    file = container.folders.archive / "a.txt"
    file.write_bytes(file.read_bytes() + b"\n\n")
    assert differences(container) == {}


def sent(container: FakeContainer, **texts: str) -> dict[str, str]:
    """Ingest JSON files with one id; gives their fates by name."""
    with container.spool.filling() as batch:
        for name, body in texts.items():
            content = json.dumps({"headline": "Bericht", "body": body, "id": "7"})
            (batch.root / f"{name}.json").write_text(content)
    fates = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return {fate.path.removesuffix(".json"): fate.fate for fate in fates}


def test_another_text_of_a_known_id_is_seen_and_becomes_a_version(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    fates = sent(container, a="Erste Fassung.", c="Erste   Fassung.\n")
    assert fates == {"a": "indexed", "c": "duplicate"}
    aged(fake)
    content = json.dumps({"headline": "Bericht", "body": "Zweite Fassung.", "id": "7"})
    (container.folders.archive / "b.json").write_text(content)
    assert differences(container) == {"no_version": ["b.json"]}
    compared = Compared()
    verify(container, compared)
    ((difference,),) = compared.pages("no_version", 10)
    assert (difference.id, difference.detail) == ("s-7", "the index has that of a.json")
    assert repair(container, compared) == 1
    (batch,) = container.spool.batches()
    assert [fate.fate for fate in container.intake.batch(batch.name)] == ["corrected"]
    assert fake.source("s-7")["body"] == "Zweite Fassung."
    aged(fake)
    assert differences(container) == {}


def test_the_text_in_the_index_without_a_file_and_another_one_are_two_differences(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    sent(container, a="Erste Fassung.")
    aged(fake)
    content = json.dumps({"headline": "Bericht", "body": "Zweite Fassung.", "id": "7"})
    (container.folders.archive / "b.json").write_text(content)
    (container.folders.archive / "a.json").unlink()
    assert differences(container) == {"no_file": ["a.json"], "no_version": ["b.json"]}


def test_a_file_that_was_changed_under_its_id_is_one_difference(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    sent(container, a="Erste Fassung.")
    aged(fake)
    content = json.dumps({"headline": "Bericht", "body": "Zweite Fassung.", "id": "7"})
    (container.folders.archive / "a.json").write_text(content)
    assert differences(container) == {"changed": ["a.json"]}


@pytest.mark.parametrize("at_once", [1, 100])
def test_an_index_that_is_lost_has_the_same_texts_again(
    container: FakeContainer, fake: FakeElasticsearch, at_once: int
) -> None:
    """Names tell nothing of the order: a copy of the first text came last, and is called ``a``."""
    more = " ".join(f"Im Fall {number} war Petra Lindenau in Dessau." for number in range(20))
    texts = [json.dumps({"headline": "B", "body": f"Stand {n}.", "id": "dpa:7"}) for n in (1, 2)]
    for moment, (name, content) in enumerate(
        [
            *(("z", texts[0]), ("y", texts[1]), ("a", texts[0])),
            *(("pfad", f"{TEXT.format(0)} {n}. {more}") for n in (1, 2, 3)),
        ]
    ):
        (file,) = dropped_as(container, name, content)
        os.utime(file, (moment + 1e9, moment + 1e9))

    def current_texts() -> dict[str, tuple[str, int]]:
        ids = [id_ for index in fake.store.indices.values() for id_ in index.documents]
        found = {id_: fake.source(id_) for id_ in ids}
        return {id_: (d["source"]["sha256"], len(every(d))) for id_, d in found.items()}

    before = current_texts()
    assert sorted(versions for _, versions in before.values()) == [2, 3]
    for index in fake.store.indices.values():
        index.documents.clear()
    compared = Compared()
    verify(container, compared)
    container.settings = container.settings.model_copy(update={"batch_files": at_once})
    repair(container, compared)
    for batch in container.spool.batches():
        container.intake.batch(batch.name)
    assert current_texts() == before


def dropped_as(container: FakeContainer, name: str, content: str) -> list[Path]:
    """Ingest one file; gives where it lies now."""
    there = set(container.folders.archive.rglob("*.txt"))
    dropped(container, **{name: content})
    return [file for file in container.folders.archive.rglob("*.txt") if file not in there]


def test_the_status_tells_a_correction_from_a_copy(container: FakeContainer) -> None:
    sent(container, a="Erste Fassung.", b="Zweite Fassung.", c="Erste  Fassung.")
    current = standing.read(container)
    assert current.fates == {"indexed": 1, "duplicate": 1, "corrected": 1, "failed": 0}


def test_a_document_that_is_just_made_is_on_its_way(
    container: FakeContainer, ids: dict[str, str]
) -> None:
    (container.folders.archive / "a.txt").unlink()
    with container.spool.filling() as batch:
        received = batch.received.isoformat(timespec="microseconds").replace("+00:00", "Z")
        container.client.update(
            index="articles", id=ids["a"], doc={"received_at": received}, refresh=False
        )
        assert differences(container) == {}


def test_a_document_that_came_while_the_files_were_read_is_taken_back(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    aged(fake)
    index = fake.store.single("articles")
    gone = index.documents.pop(ids["a"])
    fake.before("_mget", lambda: index.documents.update({ids["a"]: gone}))
    assert differences(container) == {}


def test_half_documents_are_seen(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    aged(fake)
    fake.store.single("articles").update(ids["a"], {"enrichment": {"state": "halb"}})
    assert differences(container) == {"half": ["a.txt"]}


def test_links_and_what_lies_about_in_the_spool(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    aged(fake)
    (container.folders.archive / "link.txt").symlink_to("/etc/passwd")
    (container.folders.spool / "verirrt.txt").write_text("x")
    # A stranger's folder, which he may have shut: `status` tells of it.
    (container.folders.spool / "refused" / "x" / "what").mkdir(parents=True)
    (container.folders.spool / "refused" / "x" / "what" / "fremd.txt").write_text("x")
    (container.folders.failed / "ohne.txt").write_text("x")
    assert differences(container) == {"stray": ["verirrt.txt"], "no_reason": ["ohne.txt"]}


def test_a_path_that_the_system_does_not_take_ends_no_command(container: FakeContainer) -> None:
    """Its folder can be listed; 0.1.0 took such files."""
    for folder in (container.folders.archive, container.folders.failed):
        handle = os.open(folder, os.O_RDONLY)
        whole, rest = divmod(4_000 - len(str(folder)), 251)
        long = [*["n" * 250] * whole, *["m" * (rest - 1)] * (rest > 1), "k" * 250]
        for name in long[:-1]:
            os.mkdir(name, dir_fd=handle)
            above, handle = handle, os.open(name, os.O_RDONLY, dir_fd=handle)
            os.close(above)
        os.close(os.open(long[-1], os.O_CREAT | os.O_WRONLY, dir_fd=handle))
        os.close(handle)
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {"no_reason": 1}
    assert standing.read(container).files["failed"] == 1
    assert repair(container, compared) == 1
    assert retry(container, []) == Retried(0, 0)
    assert len(container.spool.batches()[0].files()) == 1


def test_what_repair_tries_again_is_counted_once(container: FakeContainer) -> None:
    dropped(container, leer="")
    (container.folders.failed / reason_name("leer.txt")).unlink()
    compared = Compared()
    verify(container, compared)
    assert repair(container, compared) == 1
    for batch in list(container.spool.batches()):
        container.intake.batch(batch.name)
    assert (container.folders.failed / reason_name("leer.txt")).exists()
    assert container.ledger.counts()["failed"] == 1


def test_repair_sends_what_is_missing_and_deletes_nothing(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    aged(fake)
    del fake.store.single("articles").documents[ids["a"]]
    (container.folders.failed / "ohne.txt").write_text(TEXT.format(4))
    compared, told = Compared(), Counter[str]()
    verify(container, compared)
    assert repair(container, compared, lambda stage, more: told.update({stage: more})) == 2
    assert told == {"put back": 2}
    assert (container.folders.archive / "a.txt").exists()
    assert not (container.folders.failed / "ohne.txt").exists()
    assert container.publisher.batches == [spooled.name for spooled in container.spool.batches()]
    fates = [f.fate for name in container.publisher.batches for f in container.intake.batch(name)]
    assert fates == ["indexed", "indexed"]
    aged(fake)
    assert differences(container) == {}


def test_repair_waits_while_the_spool_is_full_and_passes_over_what_is_gone(
    container: FakeContainer,
    ids: dict[str, str],
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    aged(fake)
    for name in "ab":
        del fake.store.single("articles").documents[ids[name]]
    compared = Compared()
    verify(container, compared)
    (container.folders.archive / "b.txt").unlink()
    container.settings = container.settings.model_copy(update={"spool_batches": 1})
    with container.spool.filling() as full:
        pass
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        full.close()

    monkeypatch.setattr("worker.care.repair.time.sleep", sleep)
    repair(container, compared)
    assert len(slept) == 1
    (batch,) = container.spool.batches()
    assert [file.relative for file in batch.files()] == ["a.txt"]


@pytest.mark.parametrize(
    "path",
    ["../geheim.txt", "/etc/hosts", "..", "ordner", "ordner/.", "link.txt", "rohr", "x\\x00"],
)
def test_a_document_that_names_no_file_of_the_archive_stops_no_repair(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch, path: str
) -> None:
    """Who may write documents writes any path; the others' files are put back all the same."""
    archive = container.folders.archive
    (container.folders.data / "geheim.txt").write_text(TEXT.format("geheim"))
    (archive / "ordner").mkdir()
    (archive / "link.txt").symlink_to("/etc/hosts")
    os.mkfifo(archive / "rohr")
    aged(fake)
    del fake.store.single("articles").documents[ids["a"]]
    forged = {"source": {"path": path, "sha256": "0" * 64}, "received_at": "2020-01-01T00:00:00Z"}
    list(create(container.client, "articles", [("forged", forged)], refresh=True))
    compared = Compared()
    verify(container, compared)
    (told,) = next(compared.pages("no_file", 10))
    assert (told.id, told.path) == ("forged", path)
    assert repair(container, compared) == 1
    (batch,) = container.spool.batches()
    assert [file.relative for file in batch.files()] == ["a.txt"]


@pytest.fixture
def failures(container: FakeContainer, ids: dict[str, str]) -> FakeContainer:
    """Two files and two documents that have failed."""
    dropped(container, leer="", unsinn="%PDF-1.7 x")
    for name, error in {"a": "Speicher voll", "b": "kaputt"}.items():
        (stored,) = fetch_texts(container.client, "articles", [ids[name]])
        assert mark_failed(container.client, "articles", stored, error, "2024-06-20T10:00:00Z")
    container.client.indices.refresh(index="articles")
    return container


def test_everything_that_failed_is_tried_again(failures: FakeContainer) -> None:
    assert retry(failures, []) == Retried(files=2, documents=2)
    failures.client.indices.refresh(index="articles")
    assert failed_documents(failures.client, "articles") == []
    (batch,) = failures.spool.batches()
    assert failures.publisher.batches == [batch.name]
    assert [file.relative for file in batch.files()] == ["leer.txt", "unsinn.txt"]
    assert {p.name for p in failures.folders.failed.iterdir()} == {
        "leer.txt.reason.json",
        "unsinn.txt.reason.json",
    }
    assert retry(failures, []) == Retried(0, 0)


def test_a_retry_is_no_new_file(failures: FakeContainer) -> None:
    """Whether it fails again or not: so many were dropped, and so many of them have failed."""
    dropped_so_far = {"indexed": 3, "duplicate": 0, "failed": 2}
    assert failures.ledger.counts() == dropped_so_far
    for _ in range(3):
        retry(failures, [])
        assert failures.ledger.counts() == {**dropped_so_far, "failed": 0}, "on their way"
        (batch,) = failures.spool.batches()
        failures.intake.batch(batch.name)
        assert failures.ledger.counts() == dropped_so_far
    (failures.folders.failed / "leer.txt").write_text(TEXT.format("gefüllt"))
    retry(failures, ["leer.txt"])
    (batch,) = failures.spool.batches()
    failures.intake.batch(batch.name)
    assert failures.ledger.counts() == {"indexed": 4, "duplicate": 0, "failed": 1}


def test_of_two_that_failed_under_one_name_each_counts(container: FakeContainer) -> None:
    dropped(container, leer="")
    dropped(container, leer="%PDF-1.7 x")
    assert container.ledger.counts()["failed"] == 2
    retry(container, ["leer.txt"])
    assert container.ledger.counts()["failed"] == 1
    (batch,) = container.spool.batches()
    container.intake.batch(batch.name)
    assert container.ledger.counts()["failed"] == 2


def test_or_what_a_person_names(failures: FakeContainer, ids: dict[str, str]) -> None:
    assert retry(failures, [ids["a"], "nichts"]) == Retried(0, 1)
    assert retry(failures, ["b.txt"]) == Retried(0, 1)
    assert retry(failures, ["leer.txt"]) == Retried(1, 0)
    assert retry(failures, [str(failures.folders.failed / "unsinn.txt")]) == Retried(1, 0)


def test_or_what_failed_for_a_reason(failures: FakeContainer) -> None:
    assert retry(failures, [], "SPEICHER") == Retried(0, 1)
    assert retry(failures, [], "Speicher") == Retried(0, 0)
    assert retry(failures, [], "empty").files == 1


def test_where_the_index_is_away_no_file_moves(
    failures: FakeContainer, fake: FakeElasticsearch
) -> None:
    fake.go_away()
    with pytest.raises(ServiceUnavailable):
        retry(failures, [])
    assert len(failures.spool) == 0


def test_the_status_counts_everything(failures: FakeContainer) -> None:
    (failures.folders.inbox / "neu.txt").write_text("x")
    os.mkfifo(failures.folders.inbox / "rohr")
    failures.queues.waits["enrich"] = 7
    failures.heartbeats.runs("watch", "intake", "enrich")
    status = standing.read(failures)
    assert status.files == {"inbox": 1, "spool": 0, "archive": 3, "failed": 2}
    assert status.fates == {"indexed": 3, "duplicate": 0, "failed": 2}
    assert status.documents == {"total": 3, "pending": 1, "enriched": 0, "failed": 2}
    assert status.failures == {"Speicher voll": 1, "kaputt": 1}
    assert status.queues == {"intake": 0, "enrich": 7, "celery": 0}
    assert status.services == {"redis": "answers", "elasticsearch": "answers (9.4.0)"}
    assert status.left_alone.keys() == {"rohr"}
    assert [file.path for file in status.failed_files] == ["leer.txt", "unsinn.txt"]
    assert status.verdict.startswith("At work: 1 file still")
    assert [worker.process for worker in status.workers] == ["enrich", "intake", "watch"]
    assert status.places["data"] == str(failures.settings.data)
    assert status.services_up_seconds == {"redis": 0.0, "elasticsearch": 65.0}
    assert status.as_dict()["documents"] == status.documents


def test_the_status_counts_the_reasons_of_all_files_that_failed(container: FakeContainer) -> None:
    for number in range(standing.REASONS_SHOWN + 10):
        file = container.folders.failed / f"{number:03}.txt"
        file.touch()
        error = f"The file has {number} bytes." if number else "it ended the process"
        write_json(file.with_name(reason_name(file.name)), {"error": error, "stage": "parse"})
    status = standing.read(container)
    assert len(status.failed_files) == standing.REASONS_SHOWN
    assert [
        (reason.files, reason.stage, len(reason.first)) for reason in status.failed_reasons
    ] == [
        (standing.REASONS_SHOWN + 9, "parse", standing.NAMED),
        (1, "parse", 1),
    ]


def test_a_service_that_is_away_costs_its_own_part(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    container.queues.away = True
    status = standing.read(container)
    assert (status.queues, status.documents is None) == (None, False)
    assert status.services["redis"].startswith("away: Redis")
    assert "redis takes no work now" in status.verdict
    fake.go_away()
    status = standing.read(container)
    assert "redis and elasticsearch take no work now" in status.verdict
    assert (status.documents, status.per_second) == (None, None)
    assert status.files["archive"] == 3
    assert "redis and elasticsearch" in status.verdict


def test_a_wrong_password_is_no_service_that_is_to_be_started(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    fake.refuse("", 401, "security_exception", always=True)
    status = standing.read(container)
    assert status.services["elasticsearch"].startswith("not usable: Elasticsearch refuses")
    assert status.documents is None
    assert "elasticsearch takes no work now" in status.verdict
    assert not any("Start what is away" in step for step in status.to_do)
    assert any("what is said of elasticsearch" in step for step in status.to_do)


def test_an_index_that_takes_no_writes_is_said(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    container.client.indices.add_block(index="articles", block="write")
    status = standing.read(container)
    assert status.services["elasticsearch"].startswith("read-only: ")
    assert status.documents
    assert any("lift its block" in step for step in status.to_do)


def test_an_index_that_must_be_migrated_is_no_full_disk(
    container: FakeContainer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexing.index.ready.MAPPING_VERSION", 999)
    status = standing.read(container)
    assert status.services["elasticsearch"].startswith("not usable: The index 'articles' has")
    assert status.to_do[0] == "Do what is said of elasticsearch here; work goes on by itself"
    assert not any("disk" in step for step in status.to_do)


def test_time_left_is_told_from_what_was_enriched(
    container: FakeContainer, ids: dict[str, str], fake: FakeElasticsearch
) -> None:
    mark = {"state": "enriched", "at": datetime.now(UTC).isoformat()}
    fake.store.single("articles").update(ids["a"], {"enrichment": mark})
    fake.store.single("articles").refresh()
    status = standing.read(container)
    assert status.per_second
    assert status.work_seconds
    seconds = status.work_seconds["enriched"]
    assert seconds < 60, "not over the idle part of the minute"
    assert status.per_second["enriched"] == pytest.approx(1 / seconds)
    assert status.seconds_left == pytest.approx(2 * seconds)


def test_names_that_are_left_alone_are_told_once_they_are_old(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt.part", "~$a.docx", "Thumbs.db"):
        (container.folders.inbox / name).touch()
    assert standing.read(container).left_alone == {}
    monkeypatch.setattr("worker.inbox.left_alone.OLD_SECONDS", 0.0)
    status = standing.read(container)
    assert set(status.left_alone) == {"a.txt.part", "~$a.docx", "Thumbs.db"}
    assert "rename it" in status.left_alone["a.txt.part"]
    assert any("left alone" in step for step in status.to_do)


def test_of_very_many_names_that_are_left_alone_the_first_are_told(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: each of those that are no files was kept in mind, and printed."""
    monkeypatch.setattr("worker.inbox.inbox.MOST", 3)
    monkeypatch.setattr("worker.inbox.left_alone.OLD_SECONDS", 0.0)
    for name in "abcde":
        (container.folders.inbox / name).symlink_to("nothing")
    (container.folders.inbox / "f.part").touch()
    status = standing.read(container)
    assert (len(status.left_alone), status.left_alone_more) == (3, 3)


def test_a_file_of_the_truth_that_is_broken_in_part_is_told(
    container: FakeContainer, fake: FakeElasticsearch, ids: dict[str, str]
) -> None:
    """What is read of it is whole: without a look at all of it nobody would know."""
    withdraw(container, [ids["a"]], Order("Gericht", "X"))
    assert "damaged" not in differences(container)
    path = container.folders.data / "withdrawals.sqlite"
    with closing(sqlite3.connect(path)) as database:
        size = database.execute("PRAGMA page_size").fetchone()[0]
        wanted = "SELECT rootpage FROM sqlite_master WHERE name = 'past'"
        page = database.execute(wanted).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert differences(container)["damaged"] == ["withdrawals.sqlite"]
