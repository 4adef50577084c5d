"""Index versions behind an alias, on a real Elasticsearch."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.index import copying, mapping, migrate
from indexing.index.manage import create_index, index_status
from indexing.index.released import readable
from indexing.writing.stored import fetch_texts
from indexing.writing.write import Update, create, enriched


@pytest.fixture
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"depesche-test-{uuid4().hex}"
    yield alias
    for name in client.indices.get(index=f"{alias}*"):
        client.indices.delete(index=name)


FILLED = 3000
V = mapping.MAPPING_VERSION


def quiet(_: str) -> None:
    """Say nothing."""


def fill(client: Elasticsearch, index: str, number: int, start: int = 0) -> None:
    documents = [
        (str(n), {"headline": f"Nummer {n}", "enrichment": {"state": "pending"}})
        for n in range(start, start + number)
    ]
    assert {fate.result for fate in create(client, index, documents)} == {"created"}
    client.indices.refresh(index=index)


def result_of_one(client: Elasticsearch, index: str) -> str:
    (fate,) = create(client, index, [(uuid4().hex, {"headline": "Noch eine"})])
    return fate.result


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the program one mapping version newer."""
    properties = {**mapping._PROPERTIES, "neu": {"type": "keyword"}}
    monkeypatch.setattr(mapping, "_PROPERTIES", properties)
    monkeypatch.setattr(mapping, "MAPPING_VERSION", mapping.MAPPING_VERSION + 1)


def test_an_index_is_made_once_and_then_left_alone(client: Elasticsearch, index: str) -> None:
    assert create_index(client, index, refresh_interval="2s")
    assert not create_index(client, index)
    status = index_status(client, index)
    assert status.concrete == f"{index}-v{mapping.MAPPING_VERSION}"
    assert (status.version, status.documents) == (mapping.MAPPING_VERSION, 0)
    assert status.current
    assert status.writable
    assert status.others == ()
    about = client.indices.get(index=index)[status.concrete]
    assert about["settings"]["index"]["refresh_interval"] == "2s"
    assert about["aliases"][index] == {"is_write_index": True}
    assert about["aliases"].keys() == {index, readable(index)}


def test_many_at_once_make_one_index_and_none_fails(client: Elasticsearch, index: str) -> None:
    gate = threading.Barrier(6)

    def make() -> bool:
        gate.wait()
        return create_index(client, index)

    with ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(make) for _ in range(6)]
        made = [future.result() for future in futures]
    assert sorted(made) == [False] * 5 + [True]


def test_names_that_are_taken_are_refused(client: Elasticsearch, index: str) -> None:
    client.indices.create(index=index)
    with pytest.raises(UsageError, match="not an alias"):
        create_index(client, index)
    with pytest.raises(UsageError, match="not an alias"):
        migrate.migrate(client, index, quiet)


def test_an_index_without_its_alias_is_refused(client: Elasticsearch, index: str) -> None:
    client.indices.create(index=f"{index}-v{mapping.MAPPING_VERSION}")
    with pytest.raises(UsageError, match="no alias"):
        create_index(client, index)


def test_an_alias_over_two_indices_is_refused(client: Elasticsearch, index: str) -> None:
    for name in (f"{index}-v{V}", f"{index}-v{V + 1}"):
        client.indices.create(index=name, aliases={index: {}})
    with pytest.raises(UsageError, match="several"):
        index_status(client, index)


def test_without_an_index_status_and_migration_say_what_to_do(client: Elasticsearch) -> None:
    missing = f"depesche-test-{uuid4().hex}"
    with pytest.raises(UsageError, match="depesche index create"):
        index_status(client, missing)
    with pytest.raises(UsageError, match="depesche index create"):
        migrate.migrate(client, missing, quiet)


def test_a_current_index_is_left_as_it_is(client: Elasticsearch, index: str) -> None:
    create_index(client, index)
    said: list[str] = []
    assert migrate.migrate(client, index, said.append) is None
    assert "current" in said[0]


@pytest.mark.usefixtures("newer")
def test_a_newer_mapping_takes_over_and_the_old_index_stays(
    client: Elasticsearch, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(mapping, "_PROPERTIES", {**mapping._PROPERTIES, "neu": {"type": "long"}})
        older.setattr(mapping, "MAPPING_VERSION", V)
        create_index(client, index)
    fill(client, index, 50)
    assert not index_status(client, index).current
    done = migrate.migrate(client, index, quiet)
    assert done == migrate.Migration(f"{index}-v{V}", f"{index}-v{V + 1}", 50)
    status = index_status(client, index)
    assert (status.concrete, status.version, status.documents) == (f"{index}-v{V + 1}", V + 1, 50)
    assert status.current
    assert status.writable
    assert status.others == (f"{index}-v{V}",)
    assert client.count(index=f"{index}-v{V}")["count"] == 50
    assert migrate.migrate(client, index, quiet) is None
    assert result_of_one(client, index) == "created"


def test_a_rebuild_can_be_forced_again_and_again(client: Elasticsearch, index: str) -> None:
    create_index(client, index)
    fill(client, index, 20)
    names = []
    for _ in range(3):
        done = migrate.migrate(client, index, quiet, force=True)
        assert done
        assert done.documents == 20
        names.append(done.new)
    assert names == [f"{index}-v{V}-{n}" for n in (2, 3, 4)]


def test_documents_keep_their_version_and_can_be_updated_after(
    client: Elasticsearch, index: str
) -> None:
    create_index(client, index)
    fill(client, index, 3)
    (before,) = fetch_texts(client, index, ["1"])
    fields = {"enrichment": {"state": "enriched"}}
    change = Update("1", before.seq_no, before.primary_term, fields)
    assert [fate.result for fate in enriched(client, index, [change])] == ["updated"]
    migrate.migrate(client, index, quiet, force=True)
    (after,) = fetch_texts(client, index, ["1"])
    assert after.state == "enriched"
    change = Update("1", after.seq_no, after.primary_term, {"enrichment": {"attempts": 1}})
    assert [fate.result for fate in enriched(client, index, [change])] == ["updated"]


class Writers:
    """Creates, updates and counts documents without a pause, waiting where writes are held."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self.client, self.index = client, index
        self.created: set[str] = set()
        self.updated: set[str] = set()
        self.away = 0
        self.faults: list[object] = []
        self.stop = threading.Event()
        jobs = (self.create, self.update, self.count)
        self.threads = [threading.Thread(target=self.run, args=(job,)) for job in jobs]

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def run(self, job: Callable[[int], None]) -> None:
        number = 0
        try:
            while not self.stop.is_set():
                job(number)
                number += 1
        except Exception as error:  # noqa: BLE001
            self.faults.append(error)

    def create(self, number: int) -> None:
        key = f"live-{number}"
        while not self.stop.is_set():
            (fate,) = create(self.client, self.index, [(key, {"headline": "Live"})])
            if fate.result == "away":
                self.away += 1
                continue
            if fate.result not in {"created", "exists"}:
                self.faults.append(fate)
            self.created.add(key)
            return

    def update(self, number: int) -> None:
        key = str(number % 1000)
        (stored,) = fetch_texts(self.client, self.index, [key])
        fields: dict[str, Any] = {"enrichment": {"state": "enriched", "attempts": number}}
        change = Update(key, stored.seq_no, stored.primary_term, fields)
        (fate,) = enriched(self.client, self.index, [change])
        if fate.result == "updated":
            self.updated.add(key)
        elif fate.result not in {"conflict", "away"}:
            self.faults.append(fate)

    def count(self, _: int) -> None:
        count = self.client.count(index=self.index)["count"]
        if count < FILLED:
            self.faults.append(f"only {count} documents can be found")


def test_nothing_is_lost_when_it_is_written_during_a_migration(
    client: Elasticsearch, index: str
) -> None:
    create_index(client, index)
    fill(client, index, FILLED)
    client.indices.refresh(index=index)
    with Writers(client, index) as writers:
        done = migrate.migrate(client, index, quiet, force=True)
        moved = len(writers.created)
        while len(writers.created) < moved + 5 and not writers.faults:
            pass
    assert done
    assert writers.faults == []
    assert len(writers.created) > 20
    client.indices.refresh(index=index)
    assert client.count(index=index)["count"] == FILLED + len(writers.created)
    keys = sorted(writers.created | writers.updated)
    stored = {document.id: document for document in fetch_texts(client, index, keys)}
    assert set(stored) == set(keys)
    assert {stored[key].state for key in writers.updated} == {"enriched"}
    assert index_status(client, index).concrete == done.new


def test_an_index_is_built_anew_with_other_shards_while_it_is_written_to(
    client: Elasticsearch, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each slice is a shard, with sequence numbers of its own."""
    monkeypatch.setattr(copying.parts, "__defaults__", (100,))
    create_index(client, index, shards=3)
    fill(client, index, FILLED)
    (old,) = client.indices.get(index=index)
    for shard in range(3):
        hits = client.search(index=old, preference=f"_shards:{shard}", size=FILLED)["hits"]["hits"]
        client.indices.create(index=f"{index}-slice-{shard}")
        part = copying.Part(shard, 3, -1, None)
        answer = client.reindex(
            source=part.source(old), dest={"index": f"{index}-slice-{shard}"}, refresh=True
        )
        assert answer["created"] == len(hits) > FILLED // 4
        ids = client.search(index=f"{index}-slice-{shard}", size=FILLED)["hits"]["hits"]
        assert {hit["_id"] for hit in ids} == {hit["_id"] for hit in hits}
    with Writers(client, index) as writers:
        shape, pace = migrate.Shape(shards=2), copying.Pace(slices=3, per_second=20_000)
        done = migrate.migrate(client, index, quiet, shape=shape, pace=pace)
    assert done
    assert writers.faults == []
    assert index_status(client, index).shards == 2
    keys = sorted(writers.created | writers.updated)
    stored = {document.id: document for document in fetch_texts(client, index, keys)}
    assert set(stored) == set(keys)
    assert {stored[key].state for key in writers.updated} == {"enriched"}


KILLED = """
import os, sys
from indexing.index import migrate
from articles.tls import Tls
from indexing.index.connect import connect
*path, name = sys.argv[3].split(".")
setattr(getattr(migrate, path[0]) if path else migrate, name, lambda *_: os._exit(9))
tls = Tls(ca=sys.argv[4]) if sys.argv[4] else None
migrate.migrate(connect(sys.argv[1], tls=tls), sys.argv[2], print, force=True)
"""


@pytest.mark.parametrize("point", ["Run.catch_up", "_written_after", "_take_over", "_swap"])
def test_a_killed_migration_leaves_a_working_alias_and_can_be_repeated(
    client: Elasticsearch, service_urls: dict[str, str], index: str, point: str
) -> None:
    create_index(client, index)
    fill(client, index, 100)
    command = [sys.executable, "-c", KILLED, service_urls["elasticsearch"], index, point]
    command.append(service_urls.get("ca", ""))
    assert subprocess.run(command, check=False, capture_output=True).returncode == 9
    status = index_status(client, index)
    assert (status.concrete, status.documents) == (f"{index}-v{V}", 100)
    assert status.others == (f"{index}-v{V}-2",)
    assert result_of_one(client, index) == ("away" if point == "_swap" else "created")
    # No force: what was begun is ended, even though the mapping has not changed.
    done = migrate.migrate(client, index, quiet)
    assert done
    assert done.new == f"{index}-v{V}-2"
    assert done.documents == (100 if point == "_swap" else 101)
    assert result_of_one(client, index) == "created"
    assert migrate.migrate(client, index, quiet) is None


def test_a_migration_that_fails_lets_writers_go_on(
    client: Elasticsearch, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    create_index(client, index)
    fill(client, index, 10)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_swap", interrupted)
        with pytest.raises(KeyboardInterrupt):
            migrate.migrate(client, index, quiet, force=True)
    assert index_status(client, index).writable
    assert result_of_one(client, index) == "created"


@pytest.mark.usefixtures("newer")
def test_a_document_that_does_not_fit_the_new_mapping_stops_the_migration(
    client: Elasticsearch, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_index(client, index)
    list(create(client, index, [("a", {"headline": "H", "neu": "kein Zahlwort"})]))
    properties = {**mapping._PROPERTIES, "neu": {"type": "long"}}
    monkeypatch.setattr(mapping, "_PROPERTIES", properties)
    with pytest.raises(UsageError, match="a cannot be copied"):
        migrate.migrate(client, index, quiet)
    status = index_status(client, index)
    assert status.concrete == f"{index}-v{V + 1}"
    assert status.writable
