"""Near-identical articles become one story, whatever order they come in."""

from __future__ import annotations

from itertools import permutations

import pytest
from elasticsearch import Elasticsearch

from extraction.story import signature
from indexing.writing import stories as neighbours
from indexing.writing.stored import Stored, fetch_texts
from indexing.writing.write import Update, create, enriched
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.reading import indexed
from worker.enrichment.stories import Fields, Stories
from worker.enrichment.stories_again import StoriesAgain

REPORT = (
    "Der Stadtrat hat am Donnerstag den Bau einer neuen Brücke über den Fluss beschlossen. Die "
    "Arbeiten sollen im Frühjahr beginnen und drei Jahre dauern, sagte die Baudezernentin nach "
    "der Sitzung. Anwohner fürchten Lärm und Staub, der Handel hofft auf mehr Kundschaft."
)
OTHER = (
    "Im Hafen ist ein Frachter mit Getreide eingelaufen, der seit Wochen auf einen Liegeplatz "
    "gewartet hatte. Die Reederei sprach von Schäden in Millionenhöhe und kündigte an, den "
    "Betreiber des Hafens vor Gericht zu bringen, falls er nicht zahlt."
)

GONE = "Diese Meldung ist im Archiv leider nicht mehr im Volltext vorhanden."
HEADLINES = (
    "Hafen von Rostock wird vertieft",
    "Zirkus Kolibri überwintert in Kassel",
    "Lawine verschüttet Straße am Arlberg",
    "Geigerin Amsel sagt Konzert ab",
)


@pytest.fixture
def stories(client: Elasticsearch, index: str) -> Stories:
    return Stories(lambda: client, index)


def _stored(client: Elasticsearch, index: str, *bodies: str) -> list[Stored]:
    return fetch_texts(client, index, indexed(client, index, bodies))


def _write(client: Elasticsearch, index: str, fields: dict[str, Fields]) -> None:
    for stored in fetch_texts(client, index, list(fields)):
        update = Update(stored.id, stored.seq_no, stored.primary_term, fields[stored.id])
        (fate,) = enriched(client, index, [update])
        assert fate.result == "updated"


def _come(client: Elasticsearch, index: str, stories: Stories, *documents: Stored) -> None:
    _write(client, index, stories.join(documents))
    client.indices.refresh(index=index)


def test_an_article_alone_is_a_story_of_its_own(
    client: Elasticsearch, index: str, stories: Stories
) -> None:
    first, second = _stored(client, index, REPORT, OTHER)
    joined = stories.join([first, second])
    assert {id_: fields["story"] for id_, fields in joined.items()} == {
        first.id: first.id,
        second.id: second.id,
    }
    assert joined[first.id]["minhash"] == first.minhash != ""


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_copies_that_come_one_after_the_other_are_one_story_of_the_first_ones_name(
    client: Elasticsearch,
    index: str,
    stories: Stories,
    fake: FakeElasticsearch,
    order: tuple[int, ...],
) -> None:
    copies = _stored(client, index, REPORT, f"{REPORT} Mehr folgt.", f"Eilig: {REPORT}")
    for place in order:
        _come(client, index, stories, copies[place])
    assert {fake.source(copy.id)["story"] for copy in copies} == {copies[order[0]].id}


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("at_once", [False, True])
def test_who_drops_two_articles_in_one_file_brings_neither_to_the_other(
    client: Elasticsearch,
    index: str,
    stories: Stories,
    fake: FakeElasticsearch,
    order: tuple[int, ...],
    at_once: bool,
) -> None:
    all_ = _stored(client, index, REPORT, OTHER, f"{REPORT}\n\n{OTHER}")
    documents = [all_[place] for place in order]
    for batch in [documents] if at_once else [[document] for document in documents]:
        _come(client, index, stories, *batch)
    report, other, review = (fake.source(document.id)["story"] for document in all_)
    assert report != other
    if order[-1] == 2:
        assert review == all_[2].id


def test_a_batch_sees_the_copies_and_the_unlike_of_the_parts_before(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    review, report, other, copy, way = _stored(
        client, index, f"{REPORT}\n\n{OTHER}", REPORT, OTHER, f"{REPORT} Mehr.", f"{OTHER} Mehr."
    )
    _come(client, index, stories, review)
    joined = stories.join([report])
    joined |= stories.join([other, copy], among=[report])
    joined |= stories.join([way], among=[report, other, copy])
    given = {id_: fields["story"] for id_, fields in joined.items()}
    assert given[report.id] == given[copy.id] == review.id
    assert given[other.id] == given[way.id] == other.id


def test_a_story_of_more_than_can_be_asked_about_is_joined_by_equal_texts_alone(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    report, longer, equal = _stored(client, index, REPORT, f"{REPORT} Mehr.", f"„{REPORT}“")
    _come(client, index, stories, report)
    for id_ in indexed(client, index, [f"{OTHER} Nummer {number}." for number in range(31)]):
        fields = {"story": report.id, "minhash": report.minhash}
        fake.store.single(index).update(id_, fields)
    client.indices.refresh(index=index)
    assert stories.join([longer])[longer.id]["story"] == longer.id
    assert stories.join([equal])[equal.id]["story"] == report.id


def test_a_story_that_could_not_be_asked_is_not_joined(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    report, longer = _stored(client, index, REPORT, f"{REPORT} Mehr.")
    _come(client, index, stories, report)
    failed = {"responses": [{"error": {"type": "any"}, "status": 503}]}
    fake.before("_msearch", lambda: fake.answer_with("_msearch", failed))
    assert stories.join([longer])[longer.id]["story"] == longer.id
    fake.come_back()
    assert stories.join([longer])[longer.id]["story"] == report.id


@pytest.mark.parametrize("at_once", [False, True])
def test_stories_that_an_older_version_had_joined_part_when_they_are_read_again(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch, at_once: bool
) -> None:
    texts = (REPORT, f"{REPORT} Mehr.", OTHER, f"{OTHER} Mehr.", f"{REPORT}\n\n{OTHER}")
    documents = _stored(client, index, *texts)
    name = documents[0].id
    _write(client, index, {d.id: {"story": name} for d in documents})
    client.indices.refresh(index=index)
    again = fetch_texts(client, index, [d.id for d in documents])
    for batch in [again] if at_once else [[document] for document in again]:
        _come(client, index, stories, *batch)
    story = [fake.source(document.id)["story"] for document in documents]
    assert story == [name, name, documents[2].id, documents[2].id, name]


def test_no_request_but_one_a_batch_is_asked_for_those_without_copies(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    report, other, copy = _stored(client, index, REPORT, OTHER, f"{REPORT} Mehr.")
    _come(client, index, stories, report)
    fake.asked.clear()
    stories.join([other])
    assert len(fake.asked) == 1
    stories.join([copy, other])
    assert len(fake.asked) == 3


def test_documents_of_older_versions_get_their_signature_now(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    (stored,) = _stored(client, index, REPORT)
    fake.store.single(index).update(stored.id, {"signature": [], "minhash": ""})
    (old,) = fetch_texts(client, index, [stored.id])
    assert old.minhash == ""
    fields = stories.join([old])[old.id]
    assert (fields["minhash"], tuple(fields["signature"])) == (stored.minhash, stored.signature)


def test_while_nobody_answers_articles_stay_alone(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    first, second = _stored(client, index, REPORT, OTHER)
    fake.go_away("_msearch|_refresh")
    joined = stories.join([first, second])
    assert [joined[d.id]["story"] for d in (first, second)] == [first.id, second.id]


def _stubs(client: Elasticsearch, index: str, *headlines: str) -> list[Stored]:
    """Articles of which nothing is left but their headlines and a notice that says so."""
    documents = []
    for number, headline in enumerate(headlines):
        fields = {"headline": headline, "body": GONE}
        signed = signature(fields)
        keys = {"signature": list(signed.bands), "minhash": signed.minhash}
        documents.append((f"gone-{number:03}", fields | keys))
    assert {fate.result for fate in create(client, index, documents)} == {"created"}
    client.indices.refresh(index=index)
    return fetch_texts(client, index, [id_ for id_, _ in documents])


def test_what_a_source_puts_under_every_headline_makes_no_story(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    *first, last = _stubs(client, index, *HEADLINES)
    joined = stories.join(first, among=[last])
    _write(client, index, joined)
    client.indices.refresh(index=index)
    joined |= stories.join([last])
    _write(client, index, {last.id: joined[last.id]})
    StoriesAgain(lambda: client, index).look(joined)
    assert {id_: fake.source(id_)["story"] for id_ in joined} == {id_: id_ for id_ in joined}
    assert len(joined) == len(HEADLINES)


def test_what_an_older_version_joined_for_that_comes_apart_when_it_is_read_again(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    documents = _stubs(client, index, *HEADLINES)
    for document in documents:
        old = {"story": documents[0].id, "minhash": document.minhash.partition(".")[0]}
        fake.store.single(index).update(document.id, old)
    client.indices.refresh(index=index)
    for document in fetch_texts(client, index, [document.id for document in documents]):
        joined = stories.join([document])
        _write(client, index, joined)
        StoriesAgain(lambda: client, index).look(joined)
    assert {fake.source(d.id)["story"] for d in documents} == {d.id for d in documents}


def test_a_copy_is_found_among_very_many_under_which_the_source_puts_the_same(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    others = [f"Nummer{n} gewinnt Rennen{n}" for n in range(neighbours.MOST + 5)]
    *crowd, first, second = _stubs(client, index, *others, HEADLINES[0], HEADLINES[0])
    for document in (*crowd, first):
        _write(client, index, {document.id: {"story": document.id}})
    client.indices.refresh(index=index)
    _come(client, index, stories, second)
    assert fake.source(second.id)["story"] == first.id


def test_what_else_a_document_has_of_a_field_is_not_asked_for(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Doc values are all values of a document, and Elasticsearch does not count what they take."""
    many = [f"made-up-{n:04}" for n in range(2_000)]
    keys = ["k1", "k2"]
    forged = {"signature": keys, "minhash": many, "story": many}
    documents = [(f"f{number}", forged) for number in range(3)]
    real = {"signature": keys, "minhash": "m", "story": many[0]}
    assert {fate.result for fate in create(client, index, documents, refresh=True)} == {"created"}
    assert [fate.result for fate in create(client, index, [("real", real)])] == ["created"]
    fake.most = 20_000
    found = neighbours.neighbours(client, index, {"new": keys}, refresh=True)["new"]
    first = [neighbours.Kin(f"f{number}", many[0], many[0]) for number in range(3)]
    assert found == [*first, neighbours.Kin("real", many[0], "m")]
    assert neighbours.closest(client, index, {"new": keys})["new"] == found
    assert neighbours.members(client, index, [many[0]]) == {many[0]: found}


def test_no_answer_brings_more_than_some_hundreds_of_hits(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Each may have some ten thousand characters in its ``minhash``."""
    one = {"signature": ["k"], "minhash": "x" * 30_000, "story": "s"}
    list(create(client, index, [("a", one), ("b", one)], refresh=True))
    fake.most = 2_000_000
    found = neighbours.neighbours(client, index, {f"{n}": ["k"] for n in range(60)}, refresh=False)
    assert {len(each) for each in found.values()} == {2}
