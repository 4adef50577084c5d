"""``depesche verify``: what differs between disk and index is found, told and put back."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from indexing.searching.export import ExportHit, articles
from indexing.searching.identify import identify
from indexing.writing.rewrite import whole
from tests.commands import Command
from tests.processes import (
    Processes,
    assert_all_settled,
    files_in,
    paths_in_index,
    settled,
    wait_for,
)
from worker.care.compared import Compared
from worker.care.correct import correct, finish
from worker.care.repair import repair
from worker.care.reparse import found, reparse
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw
from worker.container import Container
from worker.spool import deposit

NAMES = [f"ressort/artikel {number}.txt" for number in range(12)]


def _text(number: int) -> str:
    return (
        f" date 2024-06-19 Probe : Meldung {number}\n\nVorspann.\n\nEin Satz über Köln, {number}."
    )


@pytest.fixture
def depesche(processes: Processes) -> Command:
    return Command(processes)


def _index(container: Container, texts: dict[str, str]) -> None:
    """Send files the way of intake, in this process."""
    with container.spool.filling() as batch:
        for name, text in texts.items():
            deposit.put(batch, io.BytesIO(text.encode()), name)
    _work(container)


def _work(container: Container) -> None:
    for batch in container.spool.batches():
        container.intake.batch(batch.name)


@pytest.fixture
def archived(container: Container) -> None:
    """Twelve articles in archive and index."""
    _index(container, {name: _text(number) for number, name in enumerate(NAMES)})
    assert files_in(container.folders.archive) == sorted(NAMES)


def _verify(depesche: Command, *options: str, status: int = 0) -> dict[str, Any]:
    done = depesche.run("verify", "--json", *options)
    assert done.returncode == status, done.stdout + done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _of(report: dict[str, Any], kind: str) -> list[str]:
    return sorted(
        difference["path"] for difference in report["differences"] if difference["kind"] == kind
    )


def _delete(container: Container, *paths: str) -> None:
    index = container.settings.index
    query = {"terms": {"source.path": list(paths)}}
    container.client.indices.refresh(index=index)
    container.client.delete_by_query(index=index, query=query, refresh=True)


@pytest.mark.usefixtures("archived")
def test_what_is_legal_is_no_difference(container: Container, depesche: Command) -> None:
    archive = container.folders.archive
    _index(container, {"doppelt.txt": _text(0)})  # the same article under another name
    _index(container, {NAMES[1]: _text(99)})  # another article under the same name
    (archive / NAMES[2]).write_text(_text(2) + "\n")  # saved anew: other bytes, the same article
    assert _verify(depesche) == {
        "well": True,
        "checked": {"documents": len(NAMES) + 1, "files": len(NAMES) + 2},
        "counts": {},
        "elsewhere": {},
        "put_back": 0,
        "differences": [],
    }
    assert "All is well" in depesche("verify")


@pytest.mark.usefixtures("archived")
def test_what_comes_in_meanwhile_is_no_difference(container: Container) -> None:
    def progress(stage: str, more: int) -> None:
        if stage == "documents":  # they have been read; the files have not
            _index(container, {"neu.txt": _text(77)})

    with closing(Compared()) as compared:
        verify(container, compared, progress)
        assert files_in(container.folders.archive) == sorted([*NAMES, "neu.txt"])
        assert compared.counts() == {}


@pytest.mark.usefixtures("archived")
def test_a_missing_document_is_put_back(container: Container, depesche: Command) -> None:
    _delete(container, *NAMES[:5])
    report = _verify(depesche, status=1)
    assert _of(report, "no_document") == sorted(NAMES[:5])
    assert report["counts"] == {"no_document": 5}
    assert len(paths_in_index(container)) == len(NAMES) - 5, "without --repair nothing changes"
    assert NAMES[0] in depesche("verify", status=1)

    assert _verify(depesche, "--repair")["put_back"] == 5
    assert files_in(container.folders.archive) == sorted(NAMES), "a copy goes, the file stays"
    assert _verify(depesche)["well"], "what is on its way is no difference"
    _work(container)
    assert files_in(container.folders.archive) == sorted(NAMES)
    assert files_in(container.folders.spool) == []
    assert paths_in_index(container) == Counter(NAMES)
    assert _verify(depesche)["well"]


@pytest.mark.usefixtures("archived")
def test_what_was_corrected_by_hand_is_in_a_document_that_is_put_back(
    container: Container,
) -> None:
    index = container.settings.index
    container.client.indices.refresh(index=index)
    id_ = identify(container.client, index, NAMES[0])
    correct(container, id_, {"published": ["2024-05"], "id": ["dpa:7"]}, "desk")
    finish(container)
    assert {one.fate for one in reparse(container, found(container, "")[0])} == {"same"}
    _delete(container, NAMES[0])
    with closing(Compared()) as compared:
        verify(container, compared)
        assert compared.counts() == {"no_document": 1}
        repair(container, compared)
    _work(container)
    container.client.indices.refresh(index=index)
    assert identify(container.client, index, "s-dpa:7") == id_
    (one,) = whole(container.client, index, [id_])
    assert one.document["corrected_by_hand"] == ["id", "published"]
    assert one.document["published"] == "2024-05"
    with closing(Compared()) as compared:
        verify(container, compared)
        assert compared.counts() == {}


@pytest.mark.usefixtures("archived")
def test_what_only_a_person_can_mend_is_told_and_left(
    container: Container, depesche: Command
) -> None:
    archive = container.folders.archive
    (archive / NAMES[0]).unlink()
    (archive / NAMES[2]).write_bytes(b"")
    index, paths = container.settings.index, paths_in_index(container)  # refreshes, too
    half = container.client.search(index=index, query={"term": {"source.path": NAMES[3]}})
    key = half["hits"]["hits"][0]["_id"]
    container.client.update(
        index=index, id=key, doc={"enrichment": {"state": "halb"}}, refresh=True
    )

    report = _verify(depesche, "--repair", status=1)
    assert _of(report, "no_file") == [NAMES[0]]
    assert _of(report, "unreadable") == [NAMES[2]]
    assert _of(report, "half") == [NAMES[3]]
    assert report["counts"] == {"no_file": 1, "unreadable": 1, "half": 1}
    assert report["put_back"] == 0
    assert paths_in_index(container) == paths
    assert files_in(archive) == sorted(NAMES[1:])


@pytest.mark.usefixtures("archived")
def test_what_changed_in_the_archive_is_read_again(container: Container, depesche: Command) -> None:
    """Grown behind our back, or edited: the index comes to have what the archive has, once."""
    archive = container.folders.archive
    with (archive / NAMES[0]).open("a") as file:
        file.write("\n\nUnd der Rest, geschrieben, als schon alles archiviert war.")
    (archive / NAMES[1]).write_text(_text(1).replace("Köln", "Bonn"))
    assert _of(_verify(depesche, status=1), "changed") == NAMES[:2]
    assert _verify(depesche, "--repair")["put_back"] == 2
    _work(container)
    assert _verify(depesche)["well"]
    assert paths_in_index(container) == Counter(NAMES)
    query = {"terms": {"source.path": NAMES[:2]}}
    hits = container.client.search(index=container.settings.index, query=query)["hits"]["hits"]
    bodies = " ".join(hit["_source"]["body"] for hit in hits)
    assert "archiviert war" in bodies
    assert "Bonn" in bodies
    assert {hit["_source"]["enrichment"]["state"] for hit in hits} == {"pending"}
    assert files_in(archive) == sorted(NAMES)


def test_failed_files_and_the_spool(container: Container, depesche: Command) -> None:
    folders = container.folders
    (folders.failed / "ohne.txt").write_text(_text(1))
    (folders.failed / "nur.txt.reason.json").write_text('{"path": "nur.txt", "error": "leer"}')
    (folders.failed / ".12-0123abcd.tmp").write_text("half a reason")
    old = folders.spool / "20240619T120000.000000Z-0123abcd" / "files"
    old.mkdir(parents=True)
    (old / "liegt.txt").write_text(_text(2))
    (folders.spool / "fremd.txt").write_text(_text(3))

    report = _verify(depesche, status=1)
    assert _of(report, "no_reason") == ["ohne.txt"]
    assert _of(report, "reason_only") == ["nur.txt.reason.json"]
    assert _of(report, "left_over") == ["liegt.txt"]
    assert _of(report, "stray") == ["fremd.txt"]

    (folders.failed / "nur.txt.reason.json").unlink()
    (folders.spool / "fremd.txt").unlink()
    _work(container)
    assert _verify(depesche, "--repair")["put_back"] == 1
    _work(container)
    assert files_in(folders.archive) == ["liegt.txt", "ohne.txt"]
    assert _verify(depesche)["well"]


@pytest.mark.usefixtures("archived")
def test_everything_comes_back_into_an_empty_index(
    container: Container, processes: Processes, depesche: Command
) -> None:
    """The way back in docs/operations.md: the index is gone, the archive is there."""
    for name in container.client.indices.get(index=f"{container.settings.index}-v*"):
        container.client.indices.delete(index=name)
    depesche("verify", status=2)
    depesche("index", "create")
    processes.start_all()
    depesche("verify", "--repair")
    wait_for(lambda: settled(container, len(NAMES)), "all articles enriched again")
    assert_all_settled(container, NAMES)
    assert _verify(depesche)["well"]


@contextmanager
def little_room(client: Elasticsearch) -> Iterator[None]:
    """Elasticsearch gives three megabytes of documents in one answer, as if it had a tiny heap."""
    limit = "indices.breaker.request.limit"
    client.cluster.put_settings(transient={limit: "3mb"})
    try:
        yield
    finally:
        client.cluster.put_settings(transient={limit: None})


def test_what_others_have_written_too_large_for_a_page_stops_neither_it_nor_a_withdrawal(
    container: Container, archived: None
) -> None:
    client, index = container.client, container.settings.index
    id_ = identify(client, index, NAMES[3])
    (old,) = whole(client, index, [id_])
    kept = {name: old.document[name] for name in ("headline", "signature", "received_at")}
    heavy = {"by_hand": [{"field": "x" * 2**20}], "copies": [{"path": "x" * 2**20}]}
    source = {"path": NAMES[3], "sha256": "0" * 64}
    for number in range(6):
        document = {**kept, **heavy, "source": source, "enrichment": {"state": "enriched"}}
        client.index(index=index, id=f"t-r{number}", document=document)
    client.indices.refresh(index=index)
    with little_room(client):
        rows = articles(client, index, ExportHit({"match_all": {}}, 0), ["id", "by_hand"])
        assert sum(map(len, rows)) == len(NAMES) + 6
        _index(container, {NAMES[3]: _text(3).replace("Vorspann", "Anderer Vorspann")})
        assert not list(container.spool.batches())
        (one,) = withdraw(container, [id_], Order("court order", "anna"))
        assert (one.id, one.path) == (id_, NAMES[3])
        with closing(Compared()) as compared:
            verify(container, compared)
            told = {
                d.id
                for kind in compared.counts()
                for page in compared.pages(kind, 100)
                for d in page
            }
    assert {f"t-r{number}" for number in range(6)} <= told
