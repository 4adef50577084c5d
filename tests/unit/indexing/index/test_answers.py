"""How much of an answer is read, and what becomes of whom it is about."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from articles.errors import TooLarge
from indexing.index import answers
from indexing.index.answers import weighs_more
from indexing.index.connect import connect
from indexing.index.point_in_time import pages
from indexing.writing.correct import correct
from indexing.writing.recognise import recognisable
from indexing.writing.replace import Replacement, made_of_ids, made_of_paths, write_over
from indexing.writing.same_text import digests
from indexing.writing.stored import by_id, readable
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch

#: What an answer may take in these tests, and names that are more.
MOST, MANY = 400_000, 10_000
AT, LATER = "2024-06-20T10:00:00.000000Z", "2024-06-20T11:00:00.000000Z"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MOST", "MOST_WITHOUT_TEXTS"):
        monkeypatch.setattr(answers, limit, MOST)


def document(key: str, **more: Any) -> dict[str, Any]:
    source = {"path": f"{key}.txt", "sha256": key * 8, "bytes": 7}
    made = {"headline": key, "body": f"Von {key}.", "source": source, "received_at": AT}
    return {**made, "enrichment": {"state": "enriched"}, **more}


def put(fake: FakeElasticsearch, client: Elasticsearch, **documents: dict[str, Any]) -> None:
    for key, content in documents.items():
        fake.store.single("articles").put(key, content)
    client.indices.refresh(index="articles")


@pytest.mark.parametrize(
    "content",
    [
        ["t-"] * 100_000,
        [[]] * 100_000,
        [{}] * 100_000,
        [{"a": 1.5}] * 50_000,
        [12345.5] * 100_000,
        ['"', "\\", '\\",'] * 30_000,
        [{f"k{n}": ""} for n in range(30_000)],
    ],
    ids=["texts", "lists", "objects", "objects with one", "numbers", "escapes", "keys"],
)
def test_what_an_answer_weighs_is_about_what_it_takes(content: Any) -> None:
    raw = json.dumps(content, separators=(",", ":")).encode()
    del content
    tracemalloc.start()
    made = json.loads(raw)
    took, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made
    assert weighs_more(raw, took // 3)
    assert not weighs_more(raw, 4 * took)


def test_a_text_weighs_what_it_is_long_whatever_signs_are_in_it() -> None:
    for text in ('1,2,[3],{4},"5"\\' * 100_000, 'a"' * 1_000_000):
        raw = json.dumps({"body": text, "known_as": ["a"]}).encode()
        assert not weighs_more(raw, 3 * len(raw) + 1_000)
        assert weighs_more(raw, 2 * len(raw))


@pytest.mark.parametrize("wanted", [["known_as"], ["body", "known_as"], None])
def test_what_is_too_much_is_not_read_and_who_sent_it_is_asked_again(
    client: Elasticsearch,
    index: str,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    wanted: list[str] | None,
) -> None:
    limit = "MOST_WITHOUT_TEXTS" if wanted == ["known_as"] else "MOST"
    monkeypatch.setattr(answers, limit, 50_000)
    put(fake, client, a=document("a"), large=document("large", known_as=["t-"] * MANY))
    servers = connect(
        f"{fake.url},{fake.url.replace('127.0.0.1', 'localhost')}"
    )  # one does not count as dead for it
    for asked in (client, servers):
        fake.asked.clear()
        with pytest.raises(TooLarge, match="is too much: "):
            by_id(asked, index, ["large"], wanted)
        assert len(fake.asked) == 2, "and once whether it is there"
        for _ in range(30):  # more than there are connections
            with pytest.raises(TooLarge):
                by_id(asked, index, ["large"], wanted)
        assert [e["_id"] for e in by_id(asked, index, ["a", "large"], ["headline"])] == [
            "a",
            "large",
        ]
        assert [
            e["_id"]
            for e in readable(asked, index, ["a", "large", "b"], wanted or ["body", "known_as"])
        ] == ["a"]


def test_what_cannot_be_read_is_at_fault_alone(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, small: None
) -> None:
    large: dict[str, Any] = {"history": [{"number": 1, "path": "x"}] * MANY}
    put(fake, client, a=document("a"), large=document("large", **large), c=document("c"))
    new = [(key, document(key, body="Anders.")) for key in ("a", "large", "c")]
    other = {"path": "b.txt", "sha256": "b" * 64, "bytes": 9}
    new = [(key, {**d, "source": other, "received_at": LATER}) for key, d in new]
    results = [fate.result for fate in create(client, index, new)]
    assert results == ["exists", "rejected", "exists"]
    fates = correct(client, index, new)
    assert [fate.result for fate in fates] == ["corrected", "rejected", "corrected"]
    assert "too much" in fates[1].reason
    assert digests(client, index, ["large"])["large"] != ""
    olds = made_of_ids(client, index, ["a", "large", "c"])
    assert [(old.id, old.path) for old in olds] == [
        ("a", "b.txt"),
        ("large", "large.txt"),
        ("c", "b.txt"),
    ]
    over = [Replacement(old, document(old.id)) for old in olds]
    written = [fate.result for fate in write_over(client, index, over)]
    assert written == ["corrected", "rejected", "corrected"]


def test_of_a_text_that_cannot_be_read_is_known_that_it_is_there(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, small: None
) -> None:
    put(fake, client, a=document("a"), large=document("large", by_hand=[{"x": ["t-"] * MANY}]))
    known = digests(client, index, ["a", "large", "gone"])
    assert (sorted(known), known["large"], len(known["a"])) == (["a", "large"], "", 64)


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_of_many_documents_that_the_ledger_knows_no_more_is_held_than_one_answer_brings(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Six of ten megabytes took one gigabyte, and the process was killed, again and again."""
    line = {"field": "byline", "x": ["t-"] * 1_000}
    names = {"known_as": ["t-"] * 1_000, "history": [{"number": 1, "x": ["t-"] * 1_000}]}
    more: dict[str, Any] = {"by_hand": [line], "corrected_by_hand": ["byline"], **names}
    ids = [f"t-{number:02}" for number in range(160)]
    same = document("a", headline="Eine Zeile")
    put(fake, client, **{id_: {**same, **more} for id_ in ids})
    paths, headlines = ["a.txt"], ["Eine Zeile"]
    fake.asked.clear()
    found = peak(lambda: list(recognisable(client, index, paths, headlines, [], ids)))
    assert sum("_mget" in line for line in fake.asked) == 10
    made = peak(lambda: made_of_paths(client, index, paths, AT, AT, AT, ids))
    assert found < 6_000_000
    assert made < 6_000_000


def test_a_page_that_is_too_much_is_halved_and_what_a_person_looks_for_comes_as_it_is(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, small: None
) -> None:
    ids = [f"t-{number}" for number in range(8)]
    put(fake, client, **{id_: document("a", known_as=["t-"] * 2_000) for id_ in ids})
    put(fake, client, large=document("large", known_as=["t-"] * MANY))
    found = list(pages(client, index, {"match_all": {}}, source=["known_as"]))
    assert max(map(len, found)) < 5
    told = {hit["_id"]: "_source" in hit for hits in found for hit in hits}
    assert told == {**dict.fromkeys(ids, True), "large": False}
    assert len(client.get(index=index, id="large")["_source"]["known_as"]) == MANY
