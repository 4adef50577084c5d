"""Each update has Elasticsearch keep its whole document until the request has ended: so few."""

from __future__ import annotations

from elasticsearch import Elasticsearch

from articles.article import Copy
from indexing.writing import copies, stories
from indexing.writing.stored import AT_ONCE
from indexing.writing.write import Update, create, enriched, set_pending
from tests.fakes.elastic import FakeElasticsearch

MANY = 5 * AT_ONCE // 2
KEYS = [f"k{number:02}" for number in range(MANY)]
SMALL = {"headline": "Eine Zeile", "story": "old", "source": {"path": "a.txt", "site": "here"}}


def put(client: Elasticsearch, index: str, state: str = "enriched") -> None:
    made = {**SMALL, "enrichment": {"state": state}}
    fates = create(client, index, [(key, made) for key in KEYS], refresh=True)
    assert {fate.result for fate in fates} == {"created"}


def bulks(fake: FakeElasticsearch) -> int:
    return sum("_bulk" in line for line in fake.asked)


def test_new_documents_go_in_one_request(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index)
    assert bulks(fake) == 1


def test_documents_are_put_into_a_story_by_few(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Elasticsearch ended of 80 with 18 MB each in one request of 4 kB."""
    put(client, index)
    fake.asked.clear()
    stories.put_into(client, index, "new", ["old"])
    assert {fake.source(key)["story"] for key in KEYS} == {"new"}
    assert bulks(fake) == 3


def test_failed_ones_are_made_pending_by_few(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "failed")
    fake.asked.clear()
    assert set_pending(client, index) == MANY
    assert bulks(fake) == 3


def test_what_was_read_and_what_lies_elsewhere_is_written_by_few(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index)
    fake.asked.clear()
    updates = [Update(key, number, 1, {"story": "new"}) for number, key in enumerate(KEYS)]
    assert len(enriched(client, index, updates)) == MANY
    assert bulks(fake) == 3
    fake.asked.clear()
    lines = [(key, Copy(site="there", path="a.txt", sha256="a")) for key in KEYS]
    assert copies.note(client, index, lines) == {}
    assert bulks(fake) == 3
