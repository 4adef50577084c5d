"""What another client has written so large that Elasticsearch has no room for a page of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from indexing.index.point_in_time import pages
from indexing.searching.expired import Expiry, expired
from indexing.writing import of_paths, states
from indexing.writing.recognise import recognisable
from indexing.writing.replace import made_of_paths
from indexing.writing.stored import AT_ONCE, by_id
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.refused import Refused

#: Of what ``fake.most`` lets through, some five large ones are as much as there is room for.
MOST, LARGE, TOO_LARGE = 20_000, 3_500, 30_000
EVERY: Mapping[str, Any] = {"match_all": {}}
WANTED = ["source.path", "headline"]


@pytest.fixture
def fake(fake: FakeElasticsearch) -> FakeElasticsearch:
    fake.most = MOST
    return fake


def put(client: Elasticsearch, index: str, *keys: str, weight: int = 0, **fields: Any) -> None:
    made = {"headline": "x" * weight, "enrichment": {"state": "enriched"}, **fields}
    each = [(key, {"source": {"path": f"{key}.txt"}, **made}) for key in keys]
    assert {fate.result for fate in create(client, index, each, refresh=True)} == {"created"}


def paths(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["_source"]["source"]["path"] for hit in hits]


def test_a_page_that_is_too_much_is_halved_and_grows_again(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    large, small = [f"l{n:02}" for n in range(20)], [f"s{n:02}" for n in range(90)]
    for key in large:
        put(client, index, key, weight=LARGE)
    put(client, index, *small)
    fake.asked.clear()
    each = list(pages(client, index, EVERY, source=WANTED, size=32))
    assert [path for hits in each for path in paths(hits)] == [f"{k}.txt" for k in large + small]
    assert max(map(len, each)) > len(large) / 2
    # Three halvings with two questions each, and not anew for each page of four.
    assert fake.asked.count("POST /_search") < 30


def test_a_page_that_was_too_much_is_not_tried_again_and_again(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Each second question was one too many, and held who asked for seconds."""
    for number in range(80):
        put(client, index, f"l{number:02}", weight=LARGE)
    fake.asked.clear()
    each = list(pages(client, index, EVERY, source=WANTED, size=32))
    assert sum(map(len, each)) == 80
    assert fake.asked.count("POST /_search") < len(each) + 20


def test_one_that_is_too_large_by_itself_comes_without_its_source(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, *"abc")
    put(client, index, "huge", weight=TOO_LARGE)
    put(client, index, *"def")
    found = {h["_id"]: h for hits in pages(client, index, EVERY, source=WANTED) for h in hits}
    assert list(found) == [*"abc", "huge", *"def"]
    assert [id_ for id_, hit in found.items() if "_source" not in hit] == ["huge"]
    told = {o.id: o.state for page in states.origins(client, index) for o in page}
    assert told == {**dict.fromkeys("abcdef", "enriched"), "huge": "too large to be read"}


def test_who_was_away_for_a_moment_has_no_document_called_too_large(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "a")
    fake.refuse("POST /_search", 503, "x")
    assert [paths(hits) for hits in pages(client, index, EVERY, source=WANTED)] == [["a.txt"]]


def test_what_failed_is_told_whatever_is_in_its_error(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    for number in range(9):
        mark = {"state": "failed", "error": "x" * LARGE, "at": f"2024-06-0{number + 1}T00:00:00Z"}
        put(client, index, f"f{number}", enrichment=mark)
    latest = [failure.id for failure in states.failed(client, index, 8)]
    assert latest == [f"f{number}" for number in range(8, 0, -1)]
    assert len(list(states.all_failed(client, index))) == 9


def test_documents_by_their_ids_are_asked_for_by_halves(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    keys = [f"d{number}" for number in range(16)]
    for key in keys:
        put(client, index, key, weight=LARGE)
    assert [e["_id"] for e in by_id(client, index, [*keys, "gone"], WANTED)] == keys
    put(client, index, "huge", weight=TOO_LARGE)
    with pytest.raises(ServiceUnavailable, match="circuit_breaking_exception"):
        by_id(client, index, [*keys, "huge"], WANTED)


def test_whom_others_resemble_is_found_beside_them(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    same: dict[str, Any] = {"headline": "Eine Zeile", "source": {"path": "a.txt"}}
    for number in range(9):
        put(client, index, f"t-r{number}", by_hand=[{"field": "x" * LARGE}], **same)
    put(client, index, "t-huge", by_hand=[{"field": "x" * TOO_LARGE}], **same)
    put(client, index, "t-other", **same)
    fake.asked.clear()
    known = {one.id: one.path for one in recognisable(client, index, ["a.txt"], ["Eine Zeile"], [])}
    assert known == dict.fromkeys(
        [*(f"t-r{number}" for number in range(9)), "t-huge", "t-other"], "a.txt"
    )
    assert asked_for(fake) == (2, 0), "one page, and that there is no other"


def asked_for(fake: FakeElasticsearch) -> tuple[int, int]:
    """How many searches there were, and questions by ids."""
    lines = [line.rpartition("/")[2] for line in fake.asked]
    return lines.count("_search"), lines.count("_mget")


def test_of_what_the_ledger_does_not_know_nothing_is_asked_for_that_has_no_end(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """A hundred documents of 18 MB held an intake process for ten minutes."""
    at, day = "2024-06-20T10:00:00.123456Z", "2024-06-20"
    line = {"field": "headline", "source": {"headline": "Vorher"}}
    own: dict[str, Any] = {
        "headline": "Eine Zeile",
        "source": {"path": "a.txt", "sha256": "b" * 64, "bytes": 7, "site": "here"},
        "published": f"{day}T00:30:00+02:00",
        "published_day": day,
        "published_precision": "second",
        "minhash": "m",
        "received_at": at,
        "version": 2,
        "by_hand": [line],
        "corrected_by_hand": ["headline"],
        "history": [{"number": 1, "path": "a.txt"}],
    }
    put(client, index, "t-own", **own)
    for number in range(9):
        large = {"by_hand": [{"field": "x" * LARGE}], "history": {"x": "y" * LARGE}}
        put(client, index, f"t-x{number}", **{**own, **large, "copies": {"x": "y" * LARGE}})
    since, now, until = (f"2024-06-20T10:0{minute}:00.123000Z" for minute in range(3))
    fake.asked.clear()
    alike = {k.id: k for k in recognisable(client, index, ["a.txt"], ["Eine Zeile"], [], ["t-own"])}
    assert asked_for(fake) == (2, 1)
    assert alike["t-own"].headline == "Vorher"
    other = alike["t-x3"]
    assert (other.headline, other.published, other.minhash) == ("Eine Zeile", day, "m")
    assert (other.path, other.sha256, other.received_at) == (
        "a.txt",
        "b" * 64,
        "2024-06-20T10:00:00.123000Z",
    )
    fake.asked.clear()
    made_of = made_of_paths(client, index, ["a.txt"], since, now, until, ["t-own"])
    made = {old.id: old for old in made_of}
    assert asked_for(fake) == (2, 1)
    assert (made["t-own"].version, made["t-own"].has_versions) == (2, True)
    forged = made["t-x3"]
    assert (forged.bytes, forged.sha256, forged.site) == (7, "b" * 64, "here")
    assert forged.received_at == "2024-06-20T10:00:00.123000Z"
    assert (forged.version, forged.has_versions, len(alike), len(made)) == (2, True, 10, 10)


@pytest.mark.parametrize("weight", [20_000, 100_000])
def test_of_very_many_large_ones_under_a_path_some_are_read_whole(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, weight: int
) -> None:
    """Red before: each of five hundred was asked for up to five times, for one file's look."""
    own, fake.most = [f"t-{number:03}" for number in range(200)], 60_000
    at, line = "2024-06-20T10:00:00.123456Z", {"field": "headline", "source": {"headline": "X"}}
    same: dict[str, Any] = {"headline": "Eine Zeile", "source": {"path": "a.txt"}}
    same |= {"received_at": at, "by_hand": [line], "corrected_by_hand": ["headline"]}
    put(client, index, own[0], **same)
    large = same | {"by_hand": [line, {"field": "x" * weight}]}
    for id_ in own[1:]:
        put(client, index, id_, **large)
    fake.asked.clear()
    found = {k.id: k for k in recognisable(client, index, ["a.txt"], ["Eine Zeile"], [], own)}
    assert asked_for(fake)[1] < 100
    assert found.keys() == set(own), "as the index tells of them"
    assert (found[own[0]].headline, found[own[-1]].headline) == ("X", "Eine Zeile")


def test_and_all_where_they_are_as_small_as_they_are_made(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    own, fake.most = [f"t-{number:03}" for number in range(of_paths.WHOLE)], 60_000
    line = {"field": "headline", "source": {"headline": "X"}}
    same: dict[str, Any] = {"headline": "Eine Zeile", "source": {"path": "a.txt"}}
    for at in range(0, len(own), 50):
        part = own[at : at + 50]
        put(client, index, *part, **same, by_hand=[line], corrected_by_hand=["headline"])
    found = recognisable(client, index, ["a.txt"], ["Eine Zeile"], [], own)
    assert {known.headline for known in found} == {"X"}


def test_what_was_made_of_the_same_batch_is_told_exactly_though_nobody_knows_it(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    since, now, until = (f"2024-06-20T10:0{minute}:00.123456Z" for minute in range(3))
    history = [{"number": 2, "path": "a.txt"}]
    same: dict[str, Any] = {"source": {"path": "a.txt"}, "history": history}
    put(client, index, "t-now", received_at=now, **same)
    put(client, index, "t-then", received_at="2024-06-20T10:01:00.125456Z", **same)
    made = {one.id: one for one in made_of_paths(client, index, ["a.txt"], since, now, until)}
    assert (made["t-now"].received_at, made["t-now"].has_versions) == (now, True)
    assert made["t-then"].received_at == "2024-06-20T10:01:00.125000Z"


def test_of_a_date_is_told_what_its_source_tells(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    same: dict[str, Any] = {"headline": "Eine Zeile", "source": {"path": "a.txt"}}
    put(client, index, "t-none", **same)
    put(client, index, "t-year", published="2024", published_precision="year", **same)
    known = {k.id: k.published for k in recognisable(client, index, ["a.txt"], ["Eine Zeile"], [])}
    assert known == {"t-none": "", "t-year": "2024"}


@pytest.mark.parametrize("many", [30, 60])
def test_of_a_path_with_very_many_documents_some_are_read_and_those_that_are_known_first(
    client: Elasticsearch,
    index: str,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    many: int,
) -> None:
    monkeypatch.setattr(of_paths, "MOST", 10)
    same: dict[str, Any] = {"headline": "Eine Zeile", "source": {"path": "a.txt"}}
    same |= {"received_at": "2024-06-20T10:00:00Z"}
    put(client, index, *(f"t-x{number:02}" for number in range(many)), **same)
    put(client, index, "t-own", **same)
    fake.asked.clear()
    alike = [*recognisable(client, index, ["a.txt"], ["Eine Zeile"], [], ["t-own"])]
    times = "2024-06-20T09:00:00Z", "2024-06-20T10:00:00Z", "2024-06-20T11:00:00Z"
    made = made_of_paths(client, index, ["a.txt"], *times, ["t-own"])
    for found in (alike, made):
        assert len(found) == 10
        assert found[0].id == "t-own"
    assert sum("_search" in line for line in fake.asked) == 4


def test_whose_article_it_is_has_to_be_read_before_it_expires(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    old = "2001-01-01T00:00:00Z"
    put(client, index, "a", "b", received_at=old)
    put(client, index, "huge", received_at=old, source={"path": "x" * TOO_LARGE})
    pages_ = expired(client, index, Expiry("2002-01-01", by="received"), "UTC")
    assert [one.id for page in pages_ for one in page] == ["a", "b"]


def test_where_elasticsearch_takes_nothing_it_is_asked_twice_not_by_halves(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, *"abcdefgh")
    fake.refuse("_search|_mget", 429, "es_rejected_execution_exception", always=True)
    for ask in (
        lambda: list(pages(client, index, EVERY, source=WANTED)),
        lambda: by_id(client, index, [*"abcdefgh"], WANTED),
    ):
        fake.asked.clear()
        with pytest.raises(ServiceUnavailable):
            ask()
        assert sum("_search" in line or "_mget" in line for line in fake.asked) <= 2


def test_what_is_refused_for_a_moment_is_no_hit_that_is_too_large(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Red before: a full queue, twice, and `expire` told and asked of nothing, and withdrew."""
    put(client, index, "a")
    requests = iter([True, False, True])

    def full() -> None:
        if next(requests, False):
            raise Refused(429, "es_rejected_execution_exception", "full")

    fake.before("POST .*_search", full, always=True)
    with pytest.raises(ServiceUnavailable):
        list(pages(client, index, EVERY, source=WANTED))


def test_no_more_are_asked_for_by_their_ids_at_once_than_there_is_room_for(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Elasticsearch died of 60 with 4 MB each: of these it does not count what they take."""
    keys = [f"d{number:02}" for number in range(3 * AT_ONCE)]
    put(client, index, *keys)
    fake.asked.clear()
    assert [entry["_id"] for entry in by_id(client, index, keys, WANTED)] == keys
    assert len(fake.asked) == 3
    fake.asked.clear()
    assert states.existing(client, index, keys) == set(keys)
    assert len(fake.asked) == 1, "they bring nothing"
