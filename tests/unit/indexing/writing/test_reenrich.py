"""What is asked to be read again: numbers, queries, and what is due by them."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.index import shared_rules
from indexing.writing import reenrich
from indexing.writing.reenrich import FAR, Request, Requests, due_by, parsed, stale, written
from indexing.writing.stored import fetch_texts
from indexing.writing.write import create
from tasks.messages import MOST_REQUESTS
from tests.fakes.elastic import FakeElasticsearch

AT = "2024-06-20T10:00:00Z"
EVERY = stale((), everything=True)
QUERIES = st.sampled_from([EVERY, stale(["p1"], False), stale(["p2"], False), {"match_all": {}}])


@given(st.lists(st.tuples(QUERIES, st.integers(0, 20), st.booleans())))
def test_numbers_rise_and_each_query_is_asked_once(
    steps: list[tuple[dict[str, Any], int, bool]],
) -> None:
    requests = Requests()
    for query, known, finishes in steps:
        before = requests
        requests = requests.asked(query, AT, known)
        assert requests.latest > max(before.latest, known)
        assert requests.open[0] == Request(requests.latest, query, AT)
        assert [request.query for request in requests.open].count(query) == 1
        others = [request for request in before.open if request.query != query]
        assert list(requests.open[1:]) == others
        assert parsed(written(requests)) == requests
        if finishes:
            left = requests.without([requests.latest])
            assert (left.latest, left.open) == (requests.latest, tuple(others))
            requests = left
        assert requests.number == (requests.latest if requests.open else 0)
    assert all(one.number > other.number for one, other in pairwise(requests.open))


@given(st.text() | st.sampled_from(["[" * 100_000, '{"latest": NaN, "open": []}']))
def test_any_text_is_requests_or_is_told(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(parsed(text), Requests)


def put(client: Elasticsearch, index: str, **documents: dict[str, Any]) -> None:
    pairs = [(key, {"enrichment": mark}) for key, mark in documents.items()]
    assert {fate.result for fate in create(client, index, pairs, refresh=True)} == {"created"}


def found(client: Elasticsearch, index: str, query: Any) -> set[str]:
    hits = client.search(index=index, query=query, size=100)["hits"]["hits"]
    return {hit["_id"] for hit in hits}


def test_what_other_pipelines_have_read_is_stale(client: Elasticsearch, index: str) -> None:
    put(
        client,
        index,
        a={"state": "enriched", "pipeline": "p1"},
        b={"state": "enriched", "pipeline": "p2"},
        c={"state": "pending", "pipeline": "p1"},
        d={"state": "failed", "pipeline": "p1"},
        e={"state": "enriched"},
    )
    assert found(client, index, stale(["p2"], everything=False)) == {"a", "e"}
    assert found(client, index, stale(["p1", "p2"], everything=False)) == {"e"}
    assert found(client, index, EVERY) == {"a", "b", "e"}
    of = {"term": {"enrichment.pipeline": "p1"}}
    assert found(client, index, stale(["p2"], everything=False, only=of)) == {"a"}


def test_due_is_what_was_not_read_for_it_or_a_later_one(client: Elasticsearch, index: str) -> None:
    put(
        client,
        index,
        never={"state": "enriched"},
        before={"state": "enriched", "request": 6},
        then={"state": "enriched", "request": 7},
        later={"state": "enriched", "request": 8},
        pending={"state": "pending"},
        failed={"state": "failed", "request": 6},
    )
    assert found(client, index, due_by(Request(7, EVERY, AT))) == {"never", "before"}
    nothing = Request(9, {"match_none": {}}, AT)
    assert found(client, index, due_by(nothing)) == set()
    assert found(client, index, due_by(Request(8, EVERY, AT), nothing)) == {
        *("never", "before", "then")
    }
    assert found(client, index, due_by()) == set()


def test_asking_writes_to_no_document(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, a={"state": "enriched"}, b={"state": "enriched", "request": 41})
    before = fake.store.single(index).next_seq_no
    assert reenrich.ask(client, index, stale(["p"], everything=False), AT) == 2
    assert reenrich.ask(client, index, {"match_none": {}}, AT) == 0
    assert reenrich.ask(client, index, EVERY, AT) == 2
    requests = reenrich.read(client, index)
    # Requests of which documents tell may be lost: a number is above theirs, too.
    assert [request.number for request in requests.open] == [43, 42]
    assert fake.store.single(index).next_seq_no == before


def test_a_number_that_none_has_is_another_programs(client: Elasticsearch, index: str) -> None:
    assert reenrich.MOST == MOST_REQUESTS
    put(client, index, a={"state": "enriched"}, b={"state": "enriched", "request": 2**31 - 1})
    reenrich.ask(client, index, EVERY, AT)
    assert reenrich.read(client, index).latest == 1
    with pytest.raises(UsageError):
        parsed(written(Requests(reenrich.MOST + 1)))


def test_a_document_s_number_that_none_has_keeps_nothing_from_being_read(
    client: Elasticsearch, index: str
) -> None:
    """One such document once had all later requests end with a fault, or find nothing to read."""
    forged = {"state": "enriched", "request": reenrich.MOST - 1}
    put(client, index, a={"state": "enriched", "request": 3}, b=forged)
    for number in (4, 5, 6):
        assert reenrich.ask(client, index, EVERY, AT) == 2
        (request,) = reenrich.read(client, index).open
        assert request.number == number
        assert found(client, index, due_by(request)) == {"a", "b"}


def test_after_the_last_number_they_begin_anew() -> None:
    first = Requests(reenrich.MOST, (Request(reenrich.MOST, {"match_none": {}}, AT),))
    requests = parsed(written(first.asked(EVERY, AT)))
    assert (requests.latest, [each.number for each in requests.open]) == (1, [1, 1])


@pytest.mark.parametrize("jumps", [(0, 0), (0, 1), (FAR, FAR, FAR), (1, FAR, 2, FAR)])
def test_what_is_due_is_due_to_the_worker_too_and_then_no_more(
    client: Elasticsearch, index: str, jumps: tuple[int, ...]
) -> None:
    """Else the same would be published for ever, and nothing done."""
    requests = Requests()
    for place, jump in enumerate(jumps):
        query = {"bool": {"must_not": [{"ids": {"values": [f"none-{place}"]}}]}}
        requests = requests.asked(query, AT, requests.latest + jump)
    ends = (*(request.number for request in requests.open), 0, requests.latest + FAR)
    numbers = {end + far + one for end in ends for far in (0, FAR, 2 * FAR) for one in (-1, 0, 1)}
    documents = {f"d{n}": {"state": "enriched", "request": n} for n in numbers if n >= 0}
    put(client, index, **documents)
    due = found(client, index, due_by(*requests.open))
    assert f"d{requests.latest}" not in due
    for stored in fetch_texts(client, index, sorted(due)):
        assert stored.is_due(requests.number), stored.request
        assert stored.due_for(requests.number).request == requests.latest
        assert not stored.is_due(0)


def test_of_two_who_ask_at_once_both_are_heard(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, a={"state": "enriched"})
    other = stale(["p"], everything=False)
    fake.before("PUT .*reenrich", lambda: reenrich.ask(client, index, other, AT))
    reenrich.ask(client, index, EVERY, AT)
    assert {str(r.query) for r in reenrich.read(client, index).open} == {str(EVERY), str(other)}


def test_what_is_finished_goes_and_its_number_stays(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    reenrich.finish(client, index, [1])
    put(client, index, a={"state": "enriched"})
    other = stale(["p"], everything=False)
    reenrich.ask(client, index, EVERY, AT)
    # Who asks at that moment is not overlooked: it stays open for the next look.
    fake.before("PUT .*reenrich", lambda: reenrich.ask(client, index, other, AT))
    reenrich.finish(client, index, [1])
    assert [request.number for request in reenrich.read(client, index).open] == [2, 1]
    reenrich.finish(client, index, [1, 2])
    assert reenrich.read(client, index) == Requests(2)
    assert reenrich.read(client, index).number == 0


def test_rules_and_requests_do_not_meet(client: Elasticsearch, index: str) -> None:
    put(client, index, a={"state": "enriched"})
    assert shared_rules.write(client, index, "block PER: Foto\n", None)
    reenrich.ask(client, index, EVERY, AT)
    rules = shared_rules.read(client, index)
    assert rules
    assert rules.text == "block PER: Foto\n"


@pytest.mark.parametrize("text", ["null", '{"open": [], "latest": "x"}'])
def test_what_another_program_wrote_is_told(client: Elasticsearch, index: str, text: str) -> None:
    assert shared_rules.write(client, index, text, None, reenrich.ID)
    with pytest.raises(UsageError, match="Another program"):
        reenrich.read(client, index)
