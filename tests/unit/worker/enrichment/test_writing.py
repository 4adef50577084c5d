"""Writing enrichments back: what is counted, and what somebody else has done meanwhile."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from articles.article import Enrichment
from articles.errors import ServiceUnavailable
from indexing.writing.document import enrichment_fields
from indexing.writing.stored import Stored, fetch_texts
from indexing.writing.write import Update, enriched
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.reading import indexed
from worker.enrichment.aborted_attempts import AbortedAttempts
from worker.enrichment.writing import Done, Writer
from worker.meter import CountedFate, Meter

FOUND = Enrichment(people=("Karsten Holm",))


class Listening(Meter):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def stage(self, name: str) -> AbstractContextManager[object]:
        return nullcontext()

    def articles(self, fate: CountedFate, count: int = 1) -> None:
        self.said.append(f"{fate} {count}")

    def failed(self, stage: str, reason: str) -> None:
        self.said.append(f"{stage}: {reason}")

    def delay(self, until: str, since: str) -> None:
        self.said.append(f"{until} since {since[:4]}")


@pytest.fixture
def meter() -> Listening:
    return Listening()


@pytest.fixture
def writer(client: Elasticsearch, index: str, tmp_path: Path, meter: Listening) -> Writer:
    return Writer(lambda: client, index, AbortedAttempts(tmp_path), meter, delay=0)


def _stored(client: Elasticsearch, index: str, count: int = 1) -> list[Stored]:
    ids = indexed(client, index, [f"Ein Bericht über {word}." for word in "abcdefgh"[:count]])
    return fetch_texts(client, index, ids)


def _by_somebody(client: Elasticsearch, index: str, stored: Stored) -> None:
    fields = enrichment_fields(Enrichment(places=("Bremen",)), "other", "2024-06-20T10:00:00Z")
    write = Update(stored.id, stored.seq_no, stored.primary_term, fields)
    assert [fate.result for fate in enriched(client, index, [write])] == ["updated"]


def test_what_is_written_is_counted(
    client: Elasticsearch, index: str, writer: Writer, meter: Listening
) -> None:
    first, second = _stored(client, index, 2)
    assert writer.put([(first, FOUND), (second, FOUND)], "p1") == Done(enriched=2)
    assert meter.said == ["enriched 1", "enriched since 2024"] * 2
    assert {d.pipeline for d in fetch_texts(client, index, [first.id, second.id])} == {"p1"}


def test_what_somebody_else_has_enriched_stays_as_it_is(
    client: Elasticsearch, index: str, writer: Writer, fake: FakeElasticsearch
) -> None:
    (stored,) = _stored(client, index)
    _by_somebody(client, index, stored)
    assert writer.put([(stored, FOUND)], "p1") == Done()
    assert fake.source(stored.id)["places"] == ["Bremen"]


def test_what_somebody_else_has_read_for_no_request_is_written_once_more(
    client: Elasticsearch, index: str, writer: Writer, fake: FakeElasticsearch
) -> None:
    (stored,) = _stored(client, index)
    _by_somebody(client, index, stored)
    assert writer.put([(stored.due_for(7), FOUND)], "p1") == Done(enriched=1)
    mark = fake.source(stored.id)["enrichment"]
    assert (mark["pipeline"], mark["request"]) == ("p1", 7)
    assert writer.put([(stored.due_for(7), FOUND)], "p2") == Done()


def test_of_several_only_those_in_conflict_are_written_again(
    client: Elasticsearch, index: str, writer: Writer, fake: FakeElasticsearch
) -> None:
    first, second, third = _stored(client, index, 3)
    fake.store.single(index).update(second.id, {"byline": ["jemand"]})
    del fake.store.single(index).documents[third.id]
    fake.asked.clear()
    pairs = [(first, FOUND), (second, FOUND), (third, FOUND)]
    assert writer.put(pairs, "p1") == Done(enriched=2)
    assert [line.rpartition("/")[2] for line in fake.asked].count("_bulk") == 2
    assert fake.source(second.id)["enrichment"]["pipeline"] == "p1"


def test_what_was_read_out_of_a_part_is_not_written_to_the_whole(
    client: Elasticsearch, index: str, writer: Writer, fake: FakeElasticsearch
) -> None:
    """Under the same id: the file went on, and its document was replaced meanwhile."""
    part, other = _stored(client, index, 2)
    fake.store.single(index).update(part.id, {"body": "Ein Bericht über a und noch viel mehr."})
    assert writer.put([(part, FOUND), (other, FOUND)], "p1") == Done(enriched=1, left=1)
    assert fake.source(part.id)["enrichment"]["state"] == "pending"
    assert "people" not in fake.source(part.id)


def test_a_failure_is_marked_counted_and_its_attempts_are_forgotten(
    client: Elasticsearch, index: str, tmp_path: Path, meter: Listening
) -> None:
    aborted = AbortedAttempts(tmp_path)
    writer = Writer(lambda: client, index, aborted, meter, delay=0)
    (stored,) = _stored(client, index)
    aborted.count(stored.id)
    assert writer.fail(stored, "kaputt") == Done(failed=1)
    assert aborted.of(stored.id) == 0
    assert meter.said == ["not_enriched 1", "enrich: kaputt"]
    assert writer.fail(stored, "kaputt") == Done(left=1)  # not as it was read any more


def test_a_server_away_while_looking_again_is_told(
    client: Elasticsearch, index: str, writer: Writer, fake: FakeElasticsearch
) -> None:
    (stored,) = _stored(client, index)
    fake.store.single(index).update(stored.id, {"byline": ["jemand"]})
    fake.before("_bulk", lambda: fake.go_away("_mget"))
    with pytest.raises(ServiceUnavailable):
        writer.put([(stored, FOUND)], "p1")


def test_results_add_up() -> None:
    assert Done(1, 2, 3) + Done(10, 20, 30) == Done(11, 22, 33)


def test_nobody_joins_the_story_of_what_is_held_which_joins_that_of_others(
    client: Elasticsearch, index: str, writer: Writer
) -> None:
    text = " ".join(f"Der {n}. Bericht des Amtes nennt {n} Werke in Bremen." for n in range(40))
    ids = indexed(client, index, [f"{text} {end}" for end in ("Eins.", "Zwei.", "Drei.")])
    for held in (ids[0], ids[2]):
        client.update(index=index, id=held, doc={"embargo_until": "2999-01-01T00:00:00Z"})
    for id_ in ids:
        client.indices.refresh(index=index)
        writer.put([(stored, FOUND) for stored in fetch_texts(client, index, [id_])], "p1")
    writer.second_looks.finish(1.0)
    stories = {stored.id: stored.story for stored in fetch_texts(client, index, ids)}
    assert stories == {ids[0]: ids[0], ids[1]: ids[1], ids[2]: ids[1]}


@pytest.mark.parametrize(
    "ends", ["2024-06-19", "2024-06-19T12:00", "2024", "0001-01-01T00:00+14:00"]
)
def test_an_embargo_as_others_write_it_holds_no_other_document_up(
    client: Elasticsearch, index: str, writer: Writer, ends: str
) -> None:
    """Elasticsearch takes a day alone, and what has no zone."""
    ids = [stored.id for stored in _stored(client, index, 2)]
    client.update(index=index, id=ids[0], doc={"embargo_until": ends})
    pairs = [(stored, FOUND) for stored in fetch_texts(client, index, ids)]
    assert writer.put(pairs, "p1") == Done(enriched=2)
