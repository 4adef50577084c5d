"""``status`` and ``verify`` name what waits for good, since nobody can update it."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from indexing.index import answers
from indexing.writing import reenrich, too_large
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care import status
from worker.care.compared import Compared
from worker.care.taking_away import finish
from worker.care.verdict import exit_status
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw

MOST = 2_000
#: Outside of what anybody reads of it but who updates it.
LARGE: dict[str, Any] = {"by_hand": [{"x": [[]] * MOST}]}


@pytest.fixture
def ids(container: FakeContainer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three documents that are pending."""
    monkeypatch.setattr(answers, "MOST_VALUES", MOST)
    with container.spool.filling() as batch:
        for name in "abc":
            (batch.root / f"{name}.txt").write_text(
                f" date 2024-06-19 Amt : {name}\n\nText {name}."
            )
    container.intake.batch(batch.name)
    container.client.indices.refresh(index="articles")
    hits = container.client.search(index="articles", source=False)["hits"]["hits"]
    return sorted(hit["_id"] for hit in hits)


def told(container: FakeContainer) -> list[tuple[str, ...]]:
    container.client.indices.refresh(index="articles")
    return [note.items for note in status.read(container).notes if note.kind == "too_large"]


def test_it_is_named_as_long_as_it_waits_and_a_person_must_do_something(
    container: FakeContainer, fake: FakeElasticsearch, ids: list[str]
) -> None:
    assert told(container) == []
    documents = fake.store.single("articles")
    documents.update(ids[1], LARGE)
    assert told(container) == [(ids[1],)]
    standing = status.read(container)
    assert exit_status(standing) == 1
    assert any("`depesche withdraw` it by its id" in step for step in standing.to_do)
    container.client.delete(index="articles", id=ids[1])
    assert told(container) == []
    documents.update(ids[2], LARGE)
    documents.update(ids[2], {"by_hand": []})
    assert told(container) == [], "it has become small again"


def test_so_is_what_was_enriched_and_is_asked_to_be_read_again(
    container: FakeContainer, fake: FakeElasticsearch, ids: list[str]
) -> None:
    for id_ in ids:
        fake.store.single("articles").update(id_, {"enrichment": {"state": "enriched"}})
    fake.store.single("articles").update(ids[0], LARGE)
    assert told(container) == [], "nobody wants to update it"
    container.client.indices.refresh(index="articles")
    reenrich.ask(container.client, "articles", {"match_all": {}}, "2024-06-20T10:00:00Z")
    assert told(container) == [(ids[0],)]


def test_no_more_are_read_for_it_than_a_few_each_by_itself(
    container: FakeContainer,
    fake: FakeElasticsearch,
    ids: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(too_large, "LOOKED_AT", 2)
    for id_ in ids:
        fake.store.single("articles").update(id_, LARGE)
    container.client.indices.refresh(index="articles")
    fake.asked.clear()
    (note,) = [note for note in status.read(container).notes if note.kind == "too_large"]
    assert note.text.startswith("at least 2 documents")
    assert sum("_mget" in line for line in fake.asked) <= 2 * 2  # and whether it is there at all


def test_verify_names_it_too(
    container: FakeContainer, fake: FakeElasticsearch, ids: list[str]
) -> None:
    fake.store.single("articles").update(ids[1], LARGE)
    container.client.indices.refresh(index="articles")
    with closing(Compared()) as compared:
        verify(container, compared)
        ((found,),) = compared.pages("half", 9)
    assert found.id == ids[1]
    assert "too large to be updated" in found.detail


def test_what_another_program_wrote_is_withdrawn_by_its_id(
    container: FakeContainer, fake: FakeElasticsearch, ids: list[str]
) -> None:
    """As ``status`` says: the ledger does not know it."""
    document = {"headline": "x", "enrichment": {"state": "pending"}, **LARGE}
    (fate,) = create(container.client, "articles", [("foreign", document)])
    assert fate.result == "created"
    assert told(container) == [("foreign",)]
    withdraw(container, ["foreign"], Order("too large", "me"))
    finish(container)
    assert told(container) == []
