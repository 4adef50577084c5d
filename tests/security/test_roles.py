"""The roles of docker/setup.sh, on a genuine Elasticsearch: each does its work, and no more.

An API key that has a role's privileges and no others stands for its user.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from elasticsearch import ApiError, AuthorizationException, BadRequestError, Elasticsearch

from depesche import Archive
from indexing.index import shared_rules, withdrawals
from indexing.index.connect import connect
from indexing.index.manage import create_index, index_status
from indexing.index.migrate import migrate
from indexing.index.ready import check_writable
from indexing.index.released import readable
from indexing.writing import due, reenrich, states
from indexing.writing import withdrawals as told
from indexing.writing.stored import fetch_texts
from indexing.writing.write import count_attempt, mark_failed, set_pending
from tasks.settings import Settings, elasticsearch_tls, elasticsearch_url
from tests.hand_made import fill
from tests.roles import described
from worker.container import Container

As = Callable[[str], Elasticsearch]
CLUSTER = {"action.destructive_requires_name": "false"}
SETTINGS = {"index.max_result_window": 20_000}


@pytest.fixture
def as_role(container: Container, settings: Settings) -> Iterator[As]:
    """Connects with the privileges of a role, on the index of the test."""
    with ExitStack() as stack:

        def connected(name: str) -> Elasticsearch:
            role = described(f"role/{name}", settings.index)
            # Kibana's privileges are those of an application that is not here.
            known: dict[str, Any] = {k: role[k] for k in ("cluster", "indices") if k in role}
            try:
                key = container.client.security.create_api_key(
                    name=name, role_descriptors={name: known}, expiration="10m"
                )
            except BadRequestError as error:
                if os.environ.get("CI"):
                    raise
                pytest.skip(f"this Elasticsearch knows no users: {error}")
            url, tls = elasticsearch_url(settings), elasticsearch_tls(settings)
            return stack.enter_context(connect(url, key["encoded"], tls=tls))

        yield connected


def rules_of(client: Elasticsearch, index: str) -> list[Callable[[], object]]:
    """What could be done to the rules about names past Depesche."""
    name = shared_rules.name(index)
    return [
        lambda: client.get(index=name, id="rules"),
        lambda: client.search(index=name),
        lambda: client.index(index=name, id="rules", document={"text": "x"}),
        lambda: client.update(index=name, id="rules", doc={"text": "x"}),
        lambda: client.delete(index=name, id="rules"),
        lambda: client.indices.delete(index=name),
    ]


def withdrawals_of(client: Elasticsearch, index: str) -> list[Callable[[], object]]:
    """What could be done past Depesche to what sites tell each other."""
    name, one = withdrawals.name(index), {"id": "s-1", "revision": 1}
    return [
        lambda: client.index(index=name, id="s-1", document=one),
        lambda: client.update(index=name, id="s-1", doc=one),
        lambda: client.delete(index=name, id="s-1"),
        lambda: client.indices.delete(index=name),
    ]


def permitted(calls: Sequence[Callable[[], object]]) -> list[int]:
    """Which of these Elasticsearch does not refuse for want of a right."""
    return [number for number, call in enumerate(calls) if not _denied(call)]


def _denied(call: Callable[[], object]) -> bool:
    try:
        call()
    except AuthorizationException:
        return True
    except ApiError:
        return False
    return False


def test_a_worker_does_its_work_and_cannot_touch_the_index(
    as_role: As, settings: Settings, container: Container
) -> None:
    worker, index = as_role("depesche_worker"), settings.index
    shared_rules.make(container.client, index)  # as `index create` does
    check_writable(worker, index, ("text",))
    ids = list(fill(worker, index).values())
    archive = Archive(worker, index)
    assert archive.search("Putin").total > 0
    assert len(next(states.origins(worker, index))) == len(ids)
    (stored,) = fetch_texts(worker, index, ids[:1])
    counted = count_attempt(worker, index, stored)
    assert counted
    assert mark_failed(worker, index, counted, "so", "2026-01-01T00:00:00Z")
    assert states.counts(worker, index, fresh=True).failed == 1
    assert set_pending(worker, index, ids[:1]) == 1
    stale = reenrich.stale(["another"], everything=False)
    assert reenrich.ask(worker, index, stale, "2026-01-01T00:00:00Z") > 0
    assert len(due.waiting(worker, index, 1).requests.open) == 1
    worker.delete(index=index, id=ids[0])
    shared_rules.make(container.client, index)
    assert shared_rules.write(worker, index, "eins\n", None)
    withdrawals.make(container.client, index)
    one = told.Shared("s-1", 1, at="2026-01-01T00:00:00Z", reason="court order", keys=("s-1",))
    for before in (None, told.Found(one, 0, 1)):
        assert told.write(worker, index, [(replace(one, revision=1 + bool(before)), before)])
    assert told.write(worker, index, [(one, None)]) == set(), "somebody else was quicker"
    there = told.reached(worker, index)
    assert there
    assert there.upto == 1
    assert list(told.since(worker, index, 0)) == [told.News(("s-1",), frozenset(), 1)]
    (part,) = told.read_in_parts(worker, index, ["s-1"])
    assert [one.revision for one in part] == [2]
    assert list(told.since(worker, index, 1)) == []
    status = index_status(worker, index)
    assert worker.nodes.stats(metric="jvm")
    concrete = status.concrete
    forbidden: list[Callable[[], object]] = [
        lambda: worker.indices.delete(index=concrete),
        lambda: worker.indices.create(index=f"{index}-v99"),
        lambda: worker.indices.put_settings(index=concrete, settings=SETTINGS),
        lambda: worker.indices.add_block(index=concrete, block="write"),
        lambda: worker.indices.close(index=concrete),
        lambda: worker.indices.delete_alias(index=concrete, name=index),
        lambda: worker.indices.put_alias(index=concrete, name=f"{index}-v98"),
        lambda: worker.cluster.put_settings(persistent=CLUSTER),
        lambda: worker.security.put_user(username="x", password="x" * 20, roles=["superuser"]),
        lambda: worker.search(index=f"{index}x"),
        lambda: worker.index(index=f"{index}x", document={}),
        worker.tasks.cancel,
    ]
    assert permitted(forbidden) == []
    before = container.client.indices.get_mapping(index=concrete).body
    changes: list[dict[str, Any]] = [
        {"properties": {"x": {"type": "keyword"}}},
        {"runtime": {"story": {"type": "keyword", "script": {"source": "emit('one')"}}}},
        {"meta": {"version": 99}},
        {"dynamic": "true"},
    ]
    changed = [partial(worker.indices.put_mapping, index=concrete, **change) for change in changes]
    assert permitted(changed) == []
    assert container.client.indices.get_mapping(index=concrete).body == before
    assert container.client.indices.exists(index=concrete)


def test_the_admin_makes_migrates_and_deletes_and_rules_nobody(
    as_role: As, settings: Settings
) -> None:
    admin, index = as_role("depesche_admin"), settings.index
    fill(admin, index)
    made = migrate(admin, index, lambda _: None, force=True)
    assert made
    assert made.documents > 0
    admin.indices.delete(index=made.old)
    assert create_index(admin, index) is False
    shared_rules.make(admin, index)
    withdrawals.make(admin, index)
    forbidden: list[Callable[[], object]] = [
        *rules_of(admin, index)[2:],  # it may look
        *withdrawals_of(admin, index),
        lambda: admin.indices.create(index=f"{index}x"),
        lambda: admin.indices.delete(index=f"{index}x"),
        lambda: admin.security.put_user(username="x", password="x" * 20, roles=["superuser"]),
        admin.security.get_user,
        lambda: admin.cluster.put_settings(persistent=CLUSTER),
    ]
    assert permitted(forbidden) == []


def test_the_desk_searches_what_is_released_and_gets_nothing_by_an_id(
    as_role: As, settings: Settings, container: Container
) -> None:
    ids = fill(container.client, settings.index)
    one, index = next(iter(ids.values())), settings.index
    held = {"embargo_until": "2999-01-01T00:00:00Z"}
    container.client.update(index=index, id=one, doc=held, refresh=True)
    desk, alias = as_role("depesche_desk"), readable(index)
    assert desk.count(index=alias)["count"] == len(ids) - 1
    assert desk.search(index=alias, query={"ids": {"values": [one]}})["hits"]["hits"] == []
    assert desk.field_caps(index=alias, fields="*")["fields"]
    shared_rules.make(container.client, index)
    shared_rules.write(container.client, index, "eins\n", None)
    withdrawals.make(container.client, index)
    assert desk.search(index=withdrawals.name(index))["hits"]["hits"] == []
    forbidden: list[Callable[[], object]] = [
        *rules_of(desk, index),
        *withdrawals_of(desk, index),
        lambda: desk.get(index=alias, id=one),
        lambda: desk.mget(index=alias, ids=[one]),
        lambda: desk.search(index=index),
        lambda: desk.search(index=f"{index}-v3"),
        lambda: desk.termvectors(index=alias, id=one),
        lambda: desk.explain(index=alias, id=one, query={"match_all": {}}),
        lambda: desk.index(index=alias, document={"headline": "x"}),
        lambda: desk.index(index=index, document={"headline": "x"}),
        lambda: desk.update(index=index, id=one, doc={"headline": "x"}),
        lambda: desk.delete(index=index, id=one),
        lambda: desk.delete_by_query(index=index, query={"match_all": {}}),
    ]
    assert permitted(forbidden) == []


def test_readers_read(as_role: As, settings: Settings, container: Container) -> None:
    ids = fill(container.client, settings.index)
    reader, index = as_role("depesche_reader"), settings.index
    archive = Archive(reader, index)
    assert archive.search("Putin").total > 0
    one = next(iter(ids.values()))
    assert archive.get(one)
    forbidden: list[Callable[[], object]] = [
        *rules_of(reader, index),
        *withdrawals_of(reader, index),
        lambda: reader.index(index=index, document={"headline": "x"}),
        lambda: reader.delete(index=index, id=one),
        lambda: reader.delete_by_query(index=index, query={"match_all": {}}),
        lambda: reader.indices.delete(index=f"{index}-v3"),
        reader.cluster.health,
    ]
    assert permitted(forbidden) == []
