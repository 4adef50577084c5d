"""Elasticsearch is killed, away, read-only, answers badly, refuses single documents."""

from __future__ import annotations

import copy
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from indexing.index import mapping
from indexing.index.manage import create_index
from indexing.writing.states import failed
from tasks.settings import Settings
from tests.conftest import OpenFolder
from tests.faults.away import LONG, RESUMES, assert_ledger, claimed, drop, resumes, status_of
from tests.faults.proxy import FAULTS, BadElasticsearch
from tests.processes import (
    Processes,
    assert_all_settled,
    files_in,
    paths_in_index,
    settled,
    states,
    wait_for,
)
from worker import services
from worker.container import Container
from worker.spool.settle import reason_of

AWAY_SECONDS = 60.0 if LONG else 10.0
ARTICLES = 120
FEW = 8  # documents in a message: many bulk requests from few articles


class OwnElasticsearch:
    """An Elasticsearch that a test may kill, on a port that it keeps."""

    def __init__(self, data: Path) -> None:
        home = os.environ.get("DEPESCHE_ELASTICSEARCH_HOME")
        plan = services.Plan(data, Path(home) if home else None, 0, heap="512m")
        (endpoint,) = services.start(plan, ["elasticsearch"])
        assert endpoint.login
        self.chosen = {
            "elasticsearch_url": SecretStr(endpoint.full_url),
            "elasticsearch_ca": endpoint.login.ca,
        }
        self._plan = replace(plan, elasticsearch_port=int(endpoint.url.rsplit(":", 1)[1]))

    def kill(self) -> None:
        """SIGKILL the launcher and the server itself."""
        pid = services.running(self._plan.data)["elasticsearch"].pid
        assert pid
        os.killpg(pid, signal.SIGKILL)
        wait_for(lambda: not services.running(self._plan.data), "the end of Elasticsearch")

    def start(self) -> None:
        """Start it again on what it has on disk; return at its first answer."""
        services.start(self._plan, ["elasticsearch"])

    def stop(self) -> None:
        """Stop it for good."""
        services.stop(self._plan.data)


@pytest.fixture
def own(open_folder: OpenFolder) -> Iterator[OwnElasticsearch]:
    server = OwnElasticsearch(open_folder("own"))
    yield server
    server.stop()


@pytest.fixture
def own_container(own: OwnElasticsearch, settings: Settings) -> Iterator[Container]:
    parts = Container(settings.model_copy(update=own.chosen))
    create_index(parts.client, settings.index)
    yield parts
    parts.client.close()


def _settle(
    container: Container, processes: Processes, names: list[str], seconds: float = 200
) -> None:
    wait_for(lambda: settled(container, len(names)), "all articles enriched", seconds)
    assert_all_settled(container, names)
    assert_ledger(container, indexed=len(names))
    assert processes.ended() == []


@pytest.mark.timeout(900)  # on a busy machine Elasticsearch takes minutes to start, twice
def test_killed_under_load(own: OwnElasticsearch, own_container: Container) -> None:
    container, processes = own_container, Processes(own_container)
    try:
        names = drop(container, range(ARTICLES))
        processes.start_all(DEPESCHE_ENRICH_BATCH=str(FEW), DEPESCHE_BATCH_FILES="16")
        wait_for(lambda: states(container)["enriched"] > 0, "the first enriched articles")
        names += drop(container, range(ARTICLES, ARTICLES + 40))
        own.kill()
        assert claimed(container) < RESUMES, (
            "the watcher does not claim while Elasticsearch is away"
        )
        assert status_of(processes)["services"]["elasticsearch"].startswith("away")
        time.sleep(AWAY_SECONDS)
        assert files_in(container.folders.spool) != []
        own.start()
        assert resumes(container) < RESUMES
        _settle(container, processes, names)
    finally:
        processes.end()


@pytest.mark.parametrize("kind", ["read_only_allow_delete", "write"])
def test_read_only(container: Container, processes: Processes, kind: str) -> None:
    """As the flood stage of a full disk does it (429), and as a person does (403)."""
    names = drop(container, range(ARTICLES))
    processes.start_all(DEPESCHE_ENRICH_BATCH=str(FEW), DEPESCHE_BATCH_FILES="16")
    wait_for(lambda: states(container)["enriched"] > 0, "the first enriched articles")
    block = f"index.blocks.{kind}"
    container.client.indices.put_settings(index=container.settings.index, settings={block: True})
    before = states(container)
    assert before["enriched"] < ARTICLES, "too late to prove anything"
    names += drop(container, range(ARTICLES, ARTICLES + 40))
    assert claimed(container) < RESUMES
    end = time.monotonic() + AWAY_SECONDS
    said: dict[str, Any] = {}

    def is_said_blocked() -> bool:  # with room on the disk, Elasticsearch lifts the block itself
        container.client.indices.put_settings(
            index=container.settings.index, settings={block: True}
        )
        said.update(status_of(processes))
        return str(said["services"]["elasticsearch"]).startswith("read-only")

    while time.monotonic() < end:
        is_said_blocked()
    wait_for(is_said_blocked, "status to say that Elasticsearch is read-only")
    assert files_in(container.folders.failed) == []
    assert said["documents"]["failed"] == 0
    assert "takes no work" in said["verdict"]
    container.client.indices.put_settings(index=container.settings.index, settings={block: None})
    assert resumes(container) < RESUMES
    _settle(container, processes, names)


@pytest.mark.timeout(1200 if LONG else 600)
def test_bad_answers(container: Container, processes: Processes) -> None:
    """Every second bulk request and every fifth other one meets a fault, until all are done."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    # The long form's late answers come when the client has given up, and the write is done.
    ca = container.settings.elasticsearch_ca
    proxy = BadElasticsearch(_url(container), seed, delay=65.0 if LONG else 10.0, ca=ca)
    try:
        names = drop(container, range(ARTICLES))
        processes.start_all(
            DEPESCHE_ENRICH_BATCH=str(FEW),
            DEPESCHE_BATCH_FILES="8",
            DEPESCHE_ELASTICSEARCH_URL=proxy.url,
            DEPESCHE_ELASTICSEARCH_CA="",
        )
        _settle(container, processes, names, 1100 if LONG else 400)
        print(f"met {dict(proxy.met)}")
        assert {f"bulk: {fault}" for fault in FAULTS} <= set(proxy.met), "not every fault was met"
    finally:
        processes.end()
        proxy.close()


def _url(container: Container) -> str:
    assert container.settings.elasticsearch_url
    return container.settings.elasticsearch_url.get_secret_value()


def _tamper(container: Container, **types: str) -> None:
    """Make the index anew with other types for some fields."""
    name, client = f"{container.settings.index}-v{mapping.MAPPING_VERSION}", container.client
    mappings: dict[str, Any] = copy.deepcopy(mapping.mappings())
    mappings["properties"] |= {field: {"type": kind} for field, kind in types.items()}
    client.indices.delete(index=name)
    client.indices.create(
        index=name,
        settings=mapping.settings(),
        mappings=mappings,
        aliases={container.settings.index: {"is_write_index": True}},
    )


def _write(container: Container, name: str, kicker: str, body: str) -> None:
    text = f" date 2024-06-19 {kicker} : {name}\n\nEs regnet.\n\n{body}"
    (container.folders.inbox / name).write_text(text)


def test_one_document_of_a_batch_is_rejected(container: Container, processes: Processes) -> None:
    _tamper(container, kicker="integer")
    names = [f"{number}.txt" for number in range(20)]
    for name in names:
        _write(container, name, "42", f"Es regnet in {name}.")
    _write(container, "misfit.txt", "WETTER", "Es regnet im Norden.")
    processes.start_all()
    wait_for(lambda: states(container) == Counter(enriched=20), "the neighbours enriched")
    wait_for(lambda: files_in(container.folders.failed) == ["misfit.txt"], "the misfit to fail", 20)
    reason = reason_of(container.folders.failed / "misfit.txt")
    assert "kicker" in reason["error"]
    assert reason["stage"] == "index"
    assert files_in(container.folders.archive) == sorted(names)
    assert files_in(container.folders.inbox) + files_in(container.folders.spool) == []
    assert paths_in_index(container) == Counter(names)
    assert_ledger(container, indexed=20, failed=1)


def test_one_enrichment_of_a_batch_is_rejected(container: Container, processes: Processes) -> None:
    _tamper(container, places="integer")
    names = [f"{number}.txt" for number in range(20)]
    for name in names:
        _write(container, name, "WETTER", f"Es regnet heute den {name[:-4]}. Tag lang sehr stark.")
    names.append("misfit.txt")
    _write(container, "misfit.txt", "WETTER", "Es regnet in Berlin, in Hamburg und in München.")
    processes.start_all()
    want = Counter(enriched=20, failed=1)
    wait_for(lambda: states(container) == want, "the neighbours enriched", 60)
    (failure,) = failed(container.client, container.settings.index)
    assert failure.path == "misfit.txt"
    assert "places" in failure.error
    assert files_in(container.folders.archive) == sorted(names)
    assert files_in(container.folders.inbox) + files_in(container.folders.spool) == []
    assert paths_in_index(container) == Counter(names)
    assert_ledger(container, indexed=21)
