"""One message of documents: what is enriched, and whose fault it is where something breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from uuid import uuid4

import pytest
import spacy
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import answers, shared_rules
from indexing.writing import reenrich
from indexing.writing.stored import Stored, fetch_texts
from indexing.writing.write import count_attempt, set_pending
from tests.fakes import reading
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.forged import forged
from tests.fakes.reading import FragileReader, indexed
from worker.enrichment.aborted_attempts import AbortedAttempts
from worker.enrichment.budget import Budget
from worker.enrichment.enrich import Enricher
from worker.enrichment.parts import PART, parts
from worker.enrichment.reading import Reader
from worker.enrichment.rules import Rules
from worker.enrichment.shared_rules import SharedRules
from worker.enrichment.surname_resolver import SurnameResolver
from worker.enrichment.writing import Done, Writer
from worker.meter import Meter
from worker.spool.attempts import LIMIT

POISON = "Giftwort"
SEVERAL = PART + 3
IN_LAST = SEVERAL - 2


@pytest.fixture(scope="module")
def nlp() -> Language:
    return reading.pipeline()


@dataclass
class Bench:
    """An enricher over a small archive."""

    client: Elasticsearch
    index: str
    nlp: Language
    folder: Path
    aborted: AbortedAttempts = field(init=False)

    def __post_init__(self) -> None:
        self.aborted = AbortedAttempts(self.folder / "survived")

    def enricher(
        self, step: str = "", error: Exception | None = None, reader: Reader | None = None
    ) -> Enricher:
        where = (lambda: self.client), self.index
        rules, surnames = Rules(self.folder / "aliases.txt"), SurnameResolver(*where)
        reader = reader or FragileReader(
            self.nlp, rules, surnames, None, Budget(), POISON, step, error
        )
        writer = Writer(*where, self.aborted, Meter(), delay=0)
        return Enricher(reader, writer, *where, self.aborted)

    def fill(self, count: int, poisoned: int | None = None) -> list[str]:
        bodies = [
            f"Karsten Holm war in Bremen, Sitzung {n}." + f" {POISON}." * (n == poisoned)
            for n in range(count)
        ]
        return indexed(self.client, self.index, bodies)

    def asked(self, latest: int) -> None:
        """Requests up to this one were made."""
        before = shared_rules.read(self.client, self.index, reenrich.ID)
        text = reenrich.written(reenrich.Requests(latest))
        assert shared_rules.write(self.client, self.index, text, before, reenrich.ID)

    def stored(self, id_: str) -> Stored:
        (document,) = fetch_texts(self.client, self.index, [id_])
        return document

    def states(self, ids: list[str]) -> Counter[str]:
        return Counter(stored.state for stored in fetch_texts(self.client, self.index, ids))


@pytest.fixture
def bench(client: Elasticsearch, index: str, nlp: Language, tmp_path: Path) -> Bench:
    return Bench(client, index, nlp, tmp_path)


@pytest.mark.parametrize("count", [1, SEVERAL])
def test_every_document_is_enriched_and_only_once(
    bench: Bench, fake: FakeElasticsearch, count: int
) -> None:
    ids = bench.fill(count)
    assert bench.enricher().documents([*ids, "gone"]) == Done(enriched=count)
    source = fake.source(ids[0])
    assert (source["people"], source["places"]) == (["Karsten Holm"], ["Bremen"])
    assert source["enrichment"]["pipeline"].startswith("de_rules-1+e")
    assert source["story"] == ids[0]
    assert bench.enricher().documents(ids) == Done()


@pytest.mark.parametrize("step", ["names", "people", "whole"])
def test_one_document_that_cannot_be_read_fails_alone(bench: Bench, step: str) -> None:
    ids = bench.fill(SEVERAL, poisoned=IN_LAST)
    done = bench.enricher(step, ValueError("a bug")).documents(ids)
    assert done == Done(enriched=SEVERAL - 1, failed=1)
    assert bench.stored(ids[IN_LAST]).state == "failed"
    assert bench.stored(ids[IN_LAST]).error == "ValueError: a bug"


@pytest.mark.parametrize("error", [ServiceUnavailable("not now"), UsageError("line 1")])
@pytest.mark.parametrize("step", ["names", "people", "whole"])
def test_where_no_document_is_at_fault_all_wait_and_none_fails(
    bench: Bench, step: str, error: Exception
) -> None:
    ids = bench.fill(SEVERAL, poisoned=IN_LAST)
    with pytest.raises(type(error)):
        bench.enricher(step, error).documents(ids)
    states = bench.states(ids)
    assert states.keys() == {"enriched", "pending"}
    assert states["enriched"] >= len(parts(ids)[0])
    assert bench.states(parts(ids)[-1]) == {"pending": len(parts(ids)[-1])}
    assert bench.stored(ids[IN_LAST]).attempts == 0
    assert bench.enricher().documents(ids) == Done(enriched=states["pending"])


def test_a_careful_message_counts_each_try_before_it_starts(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    ids = bench.fill(2)
    tried: list[int] = []
    looked = bench.enricher("whole", None)
    fake.before("_msearch", lambda: tried.append(fake.source(ids[0])["enrichment"]["attempts"]))
    assert looked.documents(ids[:1], careful=True) == Done(enriched=1)
    assert tried == [1]
    assert bench.states(ids) == {"enriched": 1, "pending": 1}


def test_what_a_careful_message_names_and_is_not_due_is_not_asked_for_one_by_one(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    """512 ids that nothing has: six kilobytes held enrichment for six seconds."""
    ids = bench.fill(2)
    assert bench.enricher().documents(ids[:1]) == Done(enriched=1)
    asked = list[str]()
    fake.before("_mget", lambda: asked.append(""), always=True)
    gone = [f"gone-{number}" for number in range(62)]
    assert bench.enricher().documents([*gone, ids[0], ids[1]], careful=True) == Done(enriched=1)
    few = len(asked)
    assert few <= 64 // 16 + 4
    assert bench.enricher().documents([ids[1]] * 64, careful=True) == Done()
    assert len(asked) - few <= 1


def _tried(bench: Bench, id_: str, times: int) -> None:
    for _ in range(times):
        assert count_attempt(bench.client, bench.index, bench.stored(id_))


def test_what_is_asked_to_be_read_again_is_read_once_for_each_request(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    ids = bench.fill(SEVERAL)
    assert bench.enricher().documents(ids) == Done(enriched=SEVERAL)
    assert "request" not in fake.source(ids[0])["enrichment"]
    enricher = bench.enricher()
    for number in (3, 4):
        bench.asked(number)
        assert enricher.documents(ids, request=number) == Done(enriched=SEVERAL)
        assert {bench.stored(id_).request for id_ in ids} == {number}
    assert enricher.documents(ids, request=4) == enricher.documents(ids) == Done()
    assert enricher.documents(ids, True, 4) == Done()
    new = indexed(bench.client, bench.index, ["Karsten Holm war in Kiel."])
    assert enricher.documents(new, request=4) == Done(enriched=1)
    assert bench.stored(new[0]).request == 4


def test_a_message_with_a_number_that_no_request_has_keeps_no_document_from_later_ones(
    bench: Bench,
) -> None:
    """One of `MOST` had its documents read never again, and `reenrich` said that they were."""
    ids, enricher = bench.fill(2), bench.enricher()
    assert enricher.documents(ids) == Done(enriched=2)
    bench.asked(1)
    assert enricher.documents(ids, request=reenrich.MOST) == Done()
    assert enricher.documents(ids, request=1) == Done(enriched=2)
    assert {bench.stored(id_).request for id_ in ids} == {1}


def test_attempts_begin_anew_for_a_request_and_what_cannot_be_read_is_done(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    (id_,) = bench.fill(1)
    bench.asked(8)
    mark = {"state": "enriched", "attempts": LIMIT, "pipeline": "old"}
    fake.store.single(bench.index).update(id_, {"enrichment": mark, "people": ["Karsten Holm"]})
    seen = list[tuple[str, int, int]]()

    def look() -> None:
        stored = bench.stored(id_)
        seen.append((stored.state, stored.attempts, stored.request))

    for _ in range(LIMIT):  # each ends its process, as far as the index is told
        counted = count_attempt(bench.client, bench.index, bench.stored(id_).due_for(7))
        assert counted
        look()
    assert seen == [("pending", tries + 1, 7) for tries in range(LIMIT)]
    assert bench.enricher().documents([id_], careful=True, request=7) == Done(failed=1)
    assert bench.stored(id_).state == "failed"
    assert bench.enricher().documents([id_], request=8) == Done()
    assert fake.source(id_)["people"] == ["Karsten Holm"]


def test_a_poison_among_what_is_read_again_fails_alone(bench: Bench) -> None:
    ids = bench.fill(SEVERAL, poisoned=IN_LAST)
    assert bench.enricher().documents(ids) == Done(enriched=SEVERAL)
    bench.asked(1)
    done = bench.enricher("whole", ValueError("a bug")).documents(ids, request=1)
    assert done == Done(enriched=SEVERAL - 1, failed=1)


def test_a_new_request_has_the_rules_looked_at(bench: Bench) -> None:
    looked = list[bool]()

    class Shared:
        def follow(self, *, now: bool = False) -> None:
            looked.append(now)

    enricher, shared = bench.enricher(), cast("SharedRules", Shared())
    enricher._reader.rules.shared = shared
    bench.asked(2)
    for request, looks in {0: [], 1: [True], 2: [True]}.items():
        enricher.documents([], request=request)
        assert looked == looks
        enricher.documents([], request=request)
        assert looked == looks
        looked.clear()


@pytest.mark.parametrize("careful", [True, False])
def test_what_ended_its_process_so_often_fails(bench: Bench, careful: bool) -> None:
    (id_,) = bench.fill(1)
    _tried(bench, id_, LIMIT)
    assert bench.enricher().documents([id_], careful) == Done(failed=1)
    assert bench.stored(id_).error == f"{LIMIT} attempts to enrich it were cut short"


def test_one_try_before_that_it_is_read(bench: Bench) -> None:
    (id_,) = bench.fill(1)
    _tried(bench, id_, LIMIT - 1)
    assert bench.enricher().documents([id_]) == Done(enriched=1)


def test_tries_that_a_service_cut_short_count_for_nothing(bench: Bench) -> None:
    (id_,) = bench.fill(1, poisoned=0)
    for tries in range(1, LIMIT + 2):
        with pytest.raises(ServiceUnavailable):
            bench.enricher("whole", ServiceUnavailable("no")).documents([id_], careful=True)
        assert bench.aborted.of(id_) == tries
    assert bench.enricher().documents([id_], careful=True) == Done(enriched=1)
    assert bench.aborted.of(id_) == 0


def test_whoever_is_overtaken_leaves_the_document(bench: Bench, fake: FakeElasticsearch) -> None:
    (id_,) = bench.fill(1)
    somebody = _somebody(fake, id_)
    fake.before("_bulk", somebody)
    assert bench.enricher().documents([id_], careful=True) == Done(left=1)
    assert bench.stored(id_).attempts == 0


def _somebody(fake: FakeElasticsearch, id_: str) -> Callable[[], None]:
    """Another process that writes to the document."""

    def write() -> None:
        fake.store.single("articles").update(id_, {"byline": ["jemand"]})

    return write


def test_what_is_written_again_meanwhile_is_written_once_more(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    (id_,) = bench.fill(1)
    fake.before("_bulk", _somebody(fake, id_))
    assert bench.enricher().documents([id_]) == Done(enriched=1)
    assert fake.source(id_)["byline"] == ["jemand"]


def test_what_conflicts_twice_is_left_to_the_next_message(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    (id_,) = bench.fill(1)
    fake.before("_bulk", _somebody(fake, id_), always=True)
    assert bench.enricher().documents([id_]) == Done(left=1)
    assert bench.states([id_]) == {"pending": 1}


def test_an_enrichment_that_is_refused_fails_its_document(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    (id_,) = bench.fill(1)
    fake.refuse("_bulk", 400, "document_parsing_exception")
    assert bench.enricher().documents([id_]) == Done(failed=1)
    assert "refuses the enrichment: document_parsing_exception" in bench.stored(id_).error
    assert set_pending(bench.client, bench.index) == 1
    assert bench.enricher().documents([id_]) == Done(enriched=1)


def test_a_server_that_takes_no_writes_leaves_all_pending(
    bench: Bench, fake: FakeElasticsearch
) -> None:
    ids = bench.fill(3)
    fake.refuse("_bulk", 429, "es_rejected_execution_exception")
    assert bench.enricher().documents(ids) == Done(left=3)
    assert bench.states(ids) == {"pending": 3}
    assert bench.enricher().documents(ids) == Done(enriched=3)


class Endless:
    """As an encoder: comes to no end where the poison is in a text."""

    def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        while any(POISON in text for text in texts):
            pass
        return [()] * len(texts)


@pytest.mark.parametrize("step", ["names", "whole"])
def test_an_article_without_end_fails_alone(bench: Bench, nlp: Language, step: str) -> None:
    ids = bench.fill(SEVERAL, poisoned=IN_LAST)
    bench.enricher().documents(ids[:1])  # loads the lists
    encoder = Endless()

    def reading(doc: Doc) -> Doc:
        encoder.passages([doc.text] if step == "names" else [])
        return doc

    Language.component("reading", func=reading)
    slow = spacy.blank("de")
    slow.add_pipe("reading")
    reader = Reader(
        slow,
        Rules(bench.folder / "aliases.txt"),
        SurnameResolver(lambda: bench.client, bench.index),
        encoder if step == "whole" else None,  # type: ignore[arg-type]
        Budget(10.0, least=0.0),
    )
    done = bench.enricher(reader=reader).documents(ids)
    assert done == Done(enriched=SEVERAL - 2, failed=1)
    document = bench.stored(ids[IN_LAST])
    assert (document.state, document.attempts) == ("failed", 1)
    assert "seconds of the processor" in document.error
    assert "DEPESCHE_ENRICH_SECONDS" in document.error


def test_a_long_article_comes_last_and_counts_no_attempt(
    bench: Bench, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.enrichment.enrich.LONG", 1_000)
    bodies = ["Karsten Holm war in Bremen. " * 1_000, "Petra Holm war in Bremen."]
    ids = indexed(bench.client, bench.index, bodies)
    assert bench.enricher().documents(ids) == Done(enriched=2)
    assert fake.source(ids[1])["enrichment"]["at"] < fake.source(ids[0])["enrichment"]["at"]
    assert [bench.stored(id_).attempts for id_ in ids] == [0, 0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**18) | st.text(max_size=4) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
#: All that is read of a document; its state alone tells that there is nothing to do.
READ = (
    *("headline", "lead", "body", "published", "published_precision", "dateline_place"),
    *("language", "signature", "minhash", "story", "received_at", "source", "source.path"),
    *("enrichment.attempts", "enrichment.error", "enrichment.pipeline"),
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(READ), JSON, min_size=1, max_size=3), st.booleans())
@example({"source.path": ["a", "b"], "headline": ["a"], "enrichment.attempts": "drei"}, False)
@example({"enrichment": [{"state": "pending"}]}, True)
def test_no_document_of_another_client_stays_pending_for_ever(
    bench: Bench, fake: FakeElasticsearch, fields: dict[str, object], careful: bool
) -> None:
    bodies = [f"Karsten Holm war in Bremen. {uuid4()}" for _ in range(3)]
    ids = indexed(bench.client, bench.index, bodies)
    with forged(fields, frozenset(ids[1:2])):
        done = bench.enricher().documents(ids, careful)
    assert done.left == 0
    states = [fake.source(id_)["enrichment"]["state"] for id_ in ids]
    assert (states[0], states[2]) == ("enriched", "enriched")
    assert states[1] in {"enriched", "failed"}


@pytest.mark.parametrize("careful", [False, True])
def test_what_is_too_large_to_be_updated_is_left_and_holds_no_other(
    bench: Bench, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch, careful: bool
) -> None:
    """Elasticsearch ended of the update, and again after each start."""
    ids = bench.fill(3)
    monkeypatch.setattr(answers, "MOST_VALUES", 2_000)
    fake.store.single("articles").update(ids[0], {"by_hand": [{"x": [[]] * 2_000}]})
    fake.store.single("articles").update(ids[1], {"body": ["x"] * 4_000})
    enricher = bench.enricher()
    assert enricher.documents(ids, careful).enriched == 1
    assert enricher.documents(ids, careful).enriched == 0
    assert [fake.source(id_)["enrichment"]["state"] for id_ in ids] == [
        "pending",
        "pending",
        "enriched",
    ]
    assert fake.source(ids[0])["enrichment"]["attempts"] == 0
