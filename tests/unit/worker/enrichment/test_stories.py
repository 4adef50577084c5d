"""Near-identical articles become one story, whatever order they come in."""

from __future__ import annotations

from itertools import permutations

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from indexing.writing.stored import Stored, fetch_texts
from indexing.writing.write import Update, enriched
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.reading import indexed
from worker.enrichment.stories import AT_ONCE, Fields, Stories

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
def test_copies_that_come_one_after_the_other_are_one_story(
    client: Elasticsearch,
    index: str,
    stories: Stories,
    fake: FakeElasticsearch,
    order: tuple[int, ...],
) -> None:
    copies = _stored(client, index, REPORT, f"{REPORT} Mehr folgt.", f"Eilig: {REPORT}")
    for place in order:
        _write(client, index, stories.join([copies[place]]))
        client.indices.refresh(index=index)
    least = min(copy.id for copy in copies)
    assert {fake.source(copy.id)["story"] for copy in copies} == {least}


def test_copies_of_one_message_meet_before_any_is_written(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    *copies, other = _stored(client, index, REPORT, f"{REPORT} Mehr.", OTHER)
    first, second = sorted(copies, key=lambda copy: copy.id)
    fake.store.single(index).visible = []
    joined = stories.join([second], among=[first, other])
    assert joined[second.id]["story"] == first.id
    assert stories.join([other], among=copies)[other.id]["story"] == other.id
    assert stories.join([second])[second.id]["story"] == second.id


def test_those_that_were_read_at_the_same_moment_meet_in_the_second_look(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    first, second = _stored(client, index, REPORT, f"{REPORT} Mehr folgt.")
    fake.store.single(index).visible = []  # neither sees the other
    fields = stories.join([first]) | stories.join([second])
    assert {each["story"] for each in fields.values()} == {first.id, second.id}
    _write(client, index, fields)
    stories.join_again(fields)
    assert {fake.source(id_)["story"] for id_ in fields} == {min(fields)}


def test_the_second_look_leaves_those_that_are_not_enriched_yet(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    first, second = sorted(_stored(client, index, REPORT, f"{REPORT} Mehr."), key=lambda d: d.id)
    fields = stories.join([second])
    fields[second.id]["story"] = second.id
    _write(client, index, fields)
    stories.join_again(fields)
    assert fake.source(second.id)["story"] == second.id
    assert "story" not in fake.source(first.id)


def test_the_second_look_asks_in_pieces_and_refreshes_once(
    stories: Stories, fake: FakeElasticsearch
) -> None:
    fields: dict[str, Fields] = {
        f"d{n}": {"story": f"d{n}", "signature": [f"k{n}"], "minhash": ""}
        for n in range(AT_ONCE + 1)
    }
    fake.asked.clear()
    stories.join_again(fields)
    said = [line.rpartition("/")[2] for line in fake.asked]
    assert said == ["_refresh", "_msearch", "_msearch"]


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
    stories.join_again(joined)  # costs nothing


def test_stories_that_cannot_be_joined_now_are_told(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    first, second = sorted(_stored(client, index, REPORT, f"{REPORT} Mehr."), key=lambda d: d.id)
    _write(client, index, {second.id: {"story": second.id}})
    client.indices.refresh(index=index)
    fake.go_away("_pit")
    with pytest.raises(ServiceUnavailable):
        stories.join([first])


def test_a_copy_that_is_written_meanwhile_is_put_into_the_story_all_the_same(
    client: Elasticsearch, index: str, stories: Stories, fake: FakeElasticsearch
) -> None:
    first, second = sorted(_stored(client, index, REPORT, f"{REPORT} Mehr."), key=lambda d: d.id)
    _write(client, index, {second.id: {"story": second.id}})
    client.indices.refresh(index=index)
    fake.before("_bulk", lambda: fake.store.single(index).update(second.id, {"byline": ["jemand"]}))
    stories.join([first])
    assert (fake.source(second.id)["story"], fake.source(second.id)["byline"]) == (
        first.id,
        ["jemand"],
    )
