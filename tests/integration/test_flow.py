"""From the inbox to the index with real processes: what is dropped is found, once."""

from __future__ import annotations

import os
import socket
import time

import pytest

from indexing.searching.search import Query, get, search
from indexing.writing.states import counts
from tests.processes import (
    Processes,
    assert_all_settled,
    files_in,
    paths_in_index,
    states,
    wait_for,
)
from tests.unit.extraction.documents.made import docx, paragraph
from worker.container import Container
from worker.services.process import lives
from worker.spool.settle import reason_of

ARTICLE = """ date 2024-06-19 Ostasien : Moskau und Pjöngjang schließen Verträge

Russland und Nordkorea wollen einander beistehen.

PJÖNGJANG afp/taz | Präsident Wladimir Putin hat in Nordkorea einen Pakt unterzeichnet. Putins
Besuch in Pjöngjang dauerte einen Tag. Nordkoreas Führung dankte."""


def _settled(container: Container, total: int) -> bool:
    by_state = states(container)
    return sum(by_state.values()) == total and not by_state["pending"]


def test_dropped_article_is_searchable_then_enriched(
    container: Container, processes: Processes
) -> None:
    processes.start_all()
    (container.folders.inbox / "pakt.txt").write_text(ARTICLE)
    wait_for(lambda: _settled(container, 1), "the article enriched")
    assert_all_settled(container, ["pakt.txt"])

    results = search(
        container.client, container.settings.index, Query("Vertrag", people=("Putin",))
    )
    assert [hit.headline for hit in results.hits] == ["Moskau und Pjöngjang schließen Verträge"]
    document = get(container.client, container.settings.index, results.hits[0].id)
    assert document is not None
    assert document["people"] == ["Wladimir Putin"]
    assert "Nordkorea" in document["places"]
    assert document["published_precision"] == "day"
    assert document["agency"] == ["afp", "taz"]
    for mention in document["mentions"]:
        text = document[mention["field"]]
        assert mention["surface"] == text[mention["start"] : mention["end"]]


def test_same_files_again_change_nothing(container: Container, processes: Processes) -> None:
    processes.start_all()
    names = [f"a{number}.txt" for number in range(20)]
    for again in range(2):
        for number, name in enumerate(names):
            text = ARTICLE.replace("einen Tag", f"{number + 2} Tage")
            (container.folders.inbox / name).write_text(text)
        expected = {"indexed": 20, "duplicate": 20 * again, "failed": 0}
        wait_for(lambda: container.ledger.counts() == expected, "the fates in the ledger")  # noqa: B023
        # The ledger is written before the files move.
        wait_for(lambda: _settled(container, 20), "all enriched, and every file at its end")
        if not again:
            before = _versions(container)
    assert _versions(container) == before
    assert_all_settled(container, names)


def _versions(container: Container) -> dict[str, int]:
    answer = container.client.search(
        index=container.settings.index, size=100, version=True, source=False
    )
    return {hit["_id"]: hit["_version"] for hit in answer["hits"]["hits"]}


def test_bad_files_cost_their_neighbours_nothing(
    container: Container, processes: Processes
) -> None:
    inbox = container.folders.inbox
    (inbox / "sub").mkdir()
    good = {
        "gut.txt": ARTICLE.encode(),
        "sub/westlich.txt": ARTICLE.replace("Pakt", "Vertrag").encode("cp1252"),
        "ohne kopf.txt": "Nur eine Überschrift\n\nUnd ein Satz über Köln.".encode(),
        "-strich\nzeile'\".txt": b"Kurz\n\nAuch gut.",
        "brief.docx": docx([paragraph("Brief an den Rat", "Title"), paragraph("Guten Tag.")]),
    }
    bad = {
        "leer.txt": b"",
        "bild.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00",
        "x.json": b"[]",
        "bombe.docx": docx([paragraph("0" * 3_000_000)]),
        "endlos.docx": docx(["<w:p/>"] * 5_000_000),
    }
    for name, content in {**good, **bad}.items():
        (inbox / name).write_bytes(content)
    (inbox / ".versteckt").write_bytes(b"bleibt")
    (inbox / "halb.part").write_bytes(b"bleibt")
    processes.start_all(DEPESCHE_READER_SECONDS="1", DEPESCHE_READER_RATIO="900")
    wait_for(
        lambda: _settled(container, 5) and len(files_in(container.folders.failed)) == 5, "the ends"
    )

    assert files_in(container.folders.archive) == sorted(good)
    for name, content in {**good, **bad}.items():
        place = container.folders.archive if name in good else container.folders.failed
        assert (place / name).read_bytes() == content
    for name in bad:
        reason = reason_of(container.folders.failed / name)
        assert reason["error"]
        assert reason["stage"] == "parse"
        assert reason["advice"]
    assert "Reading it took" in reason_of(container.folders.failed / "endlos.docx")["error"]
    assert files_in(inbox) == [".versteckt", "halb.part"]
    assert paths_in_index(container)["-strich\\x0azeile'\".txt"] == 1


def test_open_files_wait_and_odd_ones_are_left_alone(
    container: Container, processes: Processes
) -> None:
    inbox = container.folders.inbox
    processes.start_all()
    os.mkfifo(inbox / "rohr")
    (inbox / "verweis.txt").symlink_to("/etc/hostname")
    with socket.socket(socket.AF_UNIX) as server, (inbox / "langsam.txt").open("w") as writer:
        server.bind(str(inbox / "s"))
        for part in ARTICLE.splitlines(keepends=True):
            writer.write(part)
            writer.flush()
            time.sleep(0.3)
        assert (inbox / "langsam.txt").exists(), "claimed while it was being written"
    wait_for(lambda: _settled(container, 1), "the slow file enriched")
    assert files_in(container.folders.archive) == ["langsam.txt"]
    assert (inbox / "rohr").exists()
    assert (inbox / "verweis.txt").is_symlink()


def test_work_goes_on_while_nothing_rings(container: Container, processes: Processes) -> None:
    """Batches and documents that no message was sent for are found by the reconciler."""
    processes.start("watch")
    (container.folders.inbox / "pakt.txt").write_text(ARTICLE)
    wait_for(lambda: len(container.spool) == 1, "the claim")
    container.app.control.purge()
    processes.start("intake")
    wait_for(lambda: states(container)["pending"] == 1, "the article indexed")
    container.app.control.purge()
    processes.start("enrich")
    wait_for(lambda: _settled(container, 1), "the article enriched")
    assert_all_settled(container, ["pakt.txt"])


def test_back_pressure_holds_files_in_the_inbox(container: Container, processes: Processes) -> None:
    processes.start("watch", DEPESCHE_SPOOL_BATCHES="2", DEPESCHE_BATCH_FILES="2")
    for number in range(10):
        (container.folders.inbox / f"{number}.txt").write_text(f"{ARTICLE} {number}")
    wait_for(lambda: len(files_in(container.folders.spool)) >= 4, "the spool to fill")
    time.sleep(2)
    assert len(container.spool) == 2
    assert len(files_in(container.folders.inbox)) == 6
    processes.start("intake")
    processes.start("enrich")
    wait_for(lambda: _settled(container, 10), "all enriched")
    assert_all_settled(container, [f"{number}.txt" for number in range(10)])


@pytest.mark.parametrize("name", ["watch", "intake", "enrich"])
def test_processes_end_on_sigterm(container: Container, processes: Processes, name: str) -> None:
    process = processes.start(name)
    if name == "watch":
        (container.folders.inbox / "x.txt").touch()
        wait_for(lambda: len(container.spool) == 1, "the watcher at work")
    else:
        wait_for(lambda: bool(processes.children(name)), "the worker's child")
        time.sleep(1)
    children = processes.children(name)
    process.terminate()
    assert process.wait(30) == 0
    assert not any(lives(child) for child in children)


def test_counts_agree_with_the_documents(container: Container, processes: Processes) -> None:
    processes.start_all()
    (container.folders.inbox / "pakt.txt").write_text(ARTICLE)
    wait_for(lambda: _settled(container, 1), "the article enriched")
    counted = counts(container.client, container.settings.index)
    assert (counted.total, counted.pending, counted.enriched, counted.failed) == (1, 0, 1, 0)
