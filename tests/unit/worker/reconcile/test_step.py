"""One step of the reconciler over a spool and an index: what it publishes, and what it leaves."""

from __future__ import annotations

import json
import time
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import shared_rules
from indexing.writing import reenrich, states
from indexing.writing.write import create
from tasks.names import ENRICH_DOCUMENTS, INTAKE_BATCH
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.read_again import read_again
from worker.enrichment.in_flight import InFlight
from worker.reconcile.dispatch import Notifications
from worker.reconcile.leases import Lately
from worker.reconcile.message import Message


def _pending(container: FakeContainer, *keys: str) -> None:
    documents = [(key, {"enrichment": {"state": "pending"}}) for key in keys]
    assert {fate.result for fate in create(container.client, "articles", documents)} == {"created"}


def _batch(container: FakeContainer) -> str:
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_text("x")
    return batch.name


def test_where_nothing_is_to_be_done_it_is_at_rest(container: FakeContainer) -> None:
    assert container.reconciler.step() == 0
    assert container.reconciler.at_rest
    container.queues.waits["celery"] = 1
    container.reconciler.step()
    assert not container.reconciler.at_rest


def test_it_rings_for_batches_and_documents_that_nobody_speaks_of(
    container: FakeContainer,
) -> None:
    name = _batch(container)
    _pending(container, "a", "b")
    assert container.reconciler.step() == 2
    assert container.publisher.batches == [name]
    ((ids, careful),) = container.publisher.documents
    assert (set(ids), careful) == ({"a", "b"}, False)
    assert not container.reconciler.at_rest
    assert container.reconciler.step() == 0  # it has only just published it


def test_what_a_worker_holds_is_left_to_it(container: FakeContainer) -> None:
    name = _batch(container)
    _pending(container, "a", "b")
    container.queues.held = [
        Message(INTAKE_BATCH, (name,)),
        Message(ENRICH_DOCUMENTS, (["a"], False)),
    ]
    assert container.reconciler.step() == 1
    assert container.publisher.batches == []
    assert container.publisher.documents == [(["b"], False)]


def test_a_batch_whose_holder_is_dead_is_rung_for(container: FakeContainer) -> None:
    name = _batch(container)
    (container.spool.folder / name / "working").touch()
    container.queues.held = [Message(INTAKE_BATCH, (name,))]
    assert container.reconciler.step() == 1
    assert container.publisher.batches == [name]


def test_full_queues_are_not_filled(container: FakeContainer) -> None:
    _batch(container)
    _pending(container, "a")
    container.queues.waits = {"intake": 60, "enrich": 16, "celery": 0}
    assert container.reconciler.step() == 0
    container.queues.waits = {"intake": 0, "enrich": 1, "celery": 0}
    assert container.reconciler.step() == 2


def test_what_a_dead_worker_had_in_hand_is_done_one_at_a_time(container: FakeContainer) -> None:
    _pending(container, "a", "b")
    left = _left(container, "a", "gone")
    with InFlight(container.folders.enriching).on(["b"]):
        container.publisher.away = True
        assert container.reconciler.step() == 0
        assert left.exists()
        container.publisher.away = False
        assert container.reconciler.step() == 1
    assert container.publisher.documents == [(["a"], True)]
    assert not left.exists()


def _enriched(container: FakeContainer, *keys: str) -> None:
    documents = [(key, {"enrichment": {"state": "enriched", "attempts": 2}}) for key in keys]
    assert {fate.result for fate in create(container.client, "articles", documents)} == {"created"}


def _ask(container: FakeContainer, query: dict[str, Any] | None = None) -> None:
    every = reenrich.stale((), everything=True, only=query)
    assert reenrich.ask(container.client, "articles", every, "2024-06-20T10:00:00Z") > 0


def _read(fake: FakeElasticsearch, request: int, *keys: str) -> None:
    for key in keys:
        fake.store.single("articles").update(key, {"enrichment": {"request": request}})


def _without_pauses(container: FakeContainer) -> FakeContainer:
    container.reconciler._document_notifications = Notifications(longest=0.0)
    container.reconciler._held_lately = Lately(-1.0)
    return container


def test_what_is_asked_to_be_read_again_is_told_in_slices_and_then_closed(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    keys = [f"{n:04}" for n in range(20 * 64)]
    _enriched(container, *keys)
    _ask(container)
    before = fake.store.single("articles").next_seq_no
    told = set[str]()
    while told < {*keys}:
        container.publisher.documents.clear()
        assert 0 < container.reconciler.step() <= 16
        slice_ = [id_ for ids, _ in container.publisher.documents for id_ in ids]
        assert not told & {*slice_}
        told |= {*slice_}
        container.queues.held.append(Message(ENRICH_DOCUMENTS, (slice_, False, 1)))
    assert fake.store.single("articles").next_seq_no == before
    assert set(container.publisher.requests) == {1}
    assert not container.reconciler.at_rest
    container.queues.held.clear()
    _read(fake, 1, *keys)
    assert _without_pauses(container).reconciler.step() == 0
    assert reenrich.read(container.client, "articles") == reenrich.Requests(1)
    assert container.reconciler.at_rest


def test_new_articles_come_before_what_is_read_again(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    _enriched(container, "a", "b")
    _pending(container, "c")
    _ask(container, {"ids": {"values": ["a", "b"]}})
    container.reconciler.step()
    (new, _), (again, _) = container.publisher.documents
    assert (new, {*again}) == (["c"], {"a", "b"})
    assert container.publisher.requests == [1, 1]  # whatever is read now is read for it


def test_a_query_of_another_program_that_is_none_holds_nothing_up(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    _enriched(container, "a", "b")
    _ask(container, {"ids": {"values": ["a"]}})
    requests = reenrich.read(container.client, "articles").asked({"no": {}}, "")
    shared = shared_rules.read(container.client, "articles", reenrich.ID)
    text = reenrich.written(requests)
    assert shared_rules.write(container.client, "articles", text, shared, reenrich.ID)
    _pending(container, "c")
    left = _left(container, "b")
    container.reconciler.step()
    assert container.publisher.documents == [(["c"], False)]
    assert not left.exists()
    assert states.counts(container.client, "articles").pending == 1
    with pytest.raises(UsageError, match="a query of another kind"):
        list(read_again(container))


def test_the_latest_request_is_done_first_and_each_is_closed_by_itself(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    _enriched(container, "a", "b")
    for key in "ab":
        _ask(container, {"ids": {"values": [key]}})
    _without_pauses(container).reconciler.step()
    assert container.publisher.documents.pop() == (["b", "a"], False)
    _read(fake, 2, "b")
    container.reconciler.step()
    assert container.publisher.documents.pop() == (["a"], False)
    assert [r.number for r in reenrich.read(container.client, "articles").open] == [1]
    fake.store.single("articles").update("a", {"enrichment": {"state": "failed"}})
    container.reconciler.step()  # what failed holds nothing open
    assert reenrich.read(container.client, "articles").open == ()


def test_with_nothing_asked_it_asks_no_more_than_it_did(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    _enriched(container, "a")
    container.reconciler.step()
    fake.asked.clear()
    container.reconciler.step()
    assert [line.partition("?")[0] for line in fake.asked] == [
        *("GET /articles", "POST /articles/_refresh"),
        *("POST /articles/_msearch", "POST /articles/_msearch"),
    ]


def test_what_a_dead_worker_read_again_is_done_one_at_a_time(container: FakeContainer) -> None:
    _enriched(container, "a", "b")
    _ask(container, {"ids": {"values": ["a"]}})
    left = _left(container, "a", "b")
    container.reconciler.step()
    assert container.publisher.documents == [(["a"], True)]
    assert container.publisher.requests == [1]
    assert not left.exists()


def _left(container: FakeContainer, *ids: str) -> Path:
    file = container.folders.enriching / "7-00.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ids))
    return file


def test_what_another_works_on_already_is_left_to_it(container: FakeContainer) -> None:
    _pending(container, "a", "b")
    _left(container, "a", "b")
    with InFlight(container.folders.enriching).on(["b"]):
        container.reconciler.step()
    assert container.publisher.documents == [(["a"], True)]


def test_what_a_dead_worker_held_is_given_back_and_not_told_of_once_more(
    container: FakeContainer,
) -> None:
    """At once, whatever its lease says, where its file tells of the death."""
    _pending(container, "a", "b", "c")
    held = Message(ENRICH_DOCUMENTS, (["a", "b"], False))
    container.queues.held = [held, Message(ENRICH_DOCUMENTS, (["b", "c"], False))]
    left = _left(container, "a", "b")
    assert container.reconciler.step() == 0
    assert container.queues.given == [held]
    assert container.publisher.documents == []
    assert not left.exists()


def test_what_nobody_renews_is_given_back_where_redis_was_there_all_the_time(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Message(ENRICH_DOCUMENTS, (["a"], False))
    container.queues.held, container.queues.silent = [held], 3.1
    _pending(container, "a", "b")
    clock = time.monotonic()
    for passed in (0.0, 2.0, 4.0):
        monkeypatch.setattr(time, "monotonic", lambda now=clock + passed: now)
        container.reconciler.step()
        assert container.queues.given == []
    monkeypatch.setattr(time, "monotonic", lambda: clock + 6.0)
    container.reconciler.step()
    assert container.queues.given == [held]
    told = [ids for ids, _ in container.publisher.documents]
    assert {*chain(*told)} == {"b"}  # what is held is not told of beside it


def test_what_redis_has_forgotten_that_it_is_held_counts_as_held_for_a_moment(
    container: FakeContainer,
) -> None:
    _pending(container, "a")
    container.queues.held = [Message(ENRICH_DOCUMENTS, (["a"], False))]
    container.reconciler.step()
    container.queues.held.clear()
    container.reconciler.step()
    assert container.publisher.documents == []
    _without_pauses(container).reconciler.step()
    assert container.publisher.documents == [(["a"], False)]


def test_what_is_done_leaves_nothing_behind(container: FakeContainer) -> None:
    file = _left(container, "gone")
    assert container.reconciler.step() == 0
    assert not file.exists()


def test_while_a_service_is_away_it_rings_for_nothing(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    _batch(container)
    container.client.indices.add_block(index="articles", block="write")
    with pytest.raises(ServiceUnavailable, match="holds writes off"):
        container.reconciler.step()
    fake.store.indices.clear()
    with pytest.raises(UsageError, match="index create"):
        container.reconciler.step()
    assert container.publisher.batches == []
    assert not container.reconciler.at_rest
