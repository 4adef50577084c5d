"""What two looks at the same moment did not see is put right by the second look."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from elasticsearch import Elasticsearch

from indexing.writing.stored import fetch_texts
from indexing.writing.write import Update, enriched
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.reading import indexed
from tests.unit.worker.enrichment.test_stories import OTHER, REPORT
from worker.enrichment.stories import Fields, Stories
from worker.enrichment.stories_again import AT_ONCE, StoriesAgain


class Room:
    """Documents whose stories are written as a test says."""

    def __init__(self, client: Elasticsearch, index: str, fake: FakeElasticsearch) -> None:
        self.client, self.index, self.fake = client, index, fake
        self.again = StoriesAgain(lambda: client, index)
        self.fields: dict[str, Fields] = {}

    def fill(self, *bodies: str, stories: tuple[int, ...] = ()) -> list[str]:
        """Write articles that have not seen each other, or into the stories of these."""
        ids = indexed(self.client, self.index, bodies)
        of = dict(zip(ids, (ids[place] for place in stories or range(len(ids))), strict=True))
        first = Stories(lambda: self.client, self.index)
        for stored in fetch_texts(self.client, self.index, ids):
            fields = first.join([stored])[stored.id] | {"story": of[stored.id]}
            update = Update(stored.id, stored.seq_no, stored.primary_term, fields)
            (fate,) = enriched(self.client, self.index, [update])
            assert fate.result == "updated"
            self.fields[stored.id] = fields
        return ids

    def story(self, id_: str) -> str:
        """The story a document is in."""
        return str(self.fake.source(id_).get("story", ""))

    def look(self, *ids: str) -> None:
        """Look again at these, or at all."""
        self.again.look({id_: self.fields[id_] for id_ in ids or self.fields})


@pytest.fixture
def room(client: Elasticsearch, index: str, fake: FakeElasticsearch) -> Room:
    return Room(client, index, fake)


@pytest.mark.parametrize("who", [0, 1])
def test_those_that_were_read_at_the_same_moment_meet(room: Room, who: int) -> None:
    ids = room.fill(REPORT, f"{REPORT} Mehr folgt.")
    room.look(ids[who])
    assert {room.story(id_) for id_ in ids} == {min(ids)}


def test_so_do_two_stories(room: Room) -> None:
    copies = [f"{REPORT} {word}" for word in ("Mehr.", "Ende.", "Folgt.", "Neu.")]
    ids = room.fill(*copies, stories=(0, 0, 2, 2))
    room.look(ids[3])
    assert {room.story(id_) for id_ in ids} == {min(ids[0], ids[2])}


def test_the_second_look_leaves_those_that_are_not_enriched_yet(room: Room) -> None:
    (waiting,) = indexed(room.client, room.index, [REPORT])
    (id_,) = room.fill(f"{REPORT} Mehr.")
    room.look(id_)
    assert (room.story(id_), room.story(waiting)) == (id_, "")


def test_articles_that_joined_what_holds_both_at_the_same_moment_leave_it(room: Room) -> None:
    review, report, other = room.fill(f"{REPORT}\n\n{OTHER}", REPORT, OTHER, stories=(0, 0, 0))
    room.look(report, other)
    assert [room.story(id_) for id_ in (review, report, other)] == [review, report, other]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1)])
def test_what_holds_both_joins_no_two_that_came_at_the_same_moment(
    room: Room, order: tuple[int, ...]
) -> None:
    ids = room.fill(f"{REPORT}\n\n{OTHER}", REPORT, OTHER)
    for place in order:
        room.look(ids[place])
    assert room.story(ids[1]) != room.story(ids[2])


def test_whoever_is_brought_there_by_another_worker_meanwhile_is_seen_as_well(room: Room) -> None:
    review, report, other = room.fill(f"{REPORT}\n\n{OTHER}", REPORT, OTHER)

    def joins() -> None:  # what a look elsewhere, that saw the review alone, does now
        for id_ in (review, other):
            room.fake.store.single(room.index).update(id_, {"story": min(review, report)})

    room.fake.before("_bulk", joins)
    room.look(report)
    assert room.story(report) != room.story(other) or room.story(report) == report
    room.look(other)
    assert room.story(report) != room.story(other)


def test_a_story_is_not_taken_over_where_one_of_it_is_unlike(room: Room) -> None:
    ids = room.fill(f"{REPORT} {OTHER}", OTHER, REPORT, stories=(0, 0, 2))
    room.look(ids[2])
    assert [room.story(id_) for id_ in ids] == [ids[0], ids[0], ids[2]]


def test_the_second_look_asks_in_pieces_and_refreshes_once(room: Room) -> None:
    fields: dict[str, Fields] = {
        f"d{n}": {"story": f"d{n}", "signature": [f"k{n}"], "minhash": ""}
        for n in range(AT_ONCE + 1)
    }
    room.fake.asked.clear()
    room.again.look(fields)
    said = [line.rpartition("/")[2] for line in room.fake.asked]
    assert said == ["_refresh", *["_msearch"] * 11], "of 30 hits each, ten at once"


def test_while_nobody_answers_it_costs_nothing(room: Room) -> None:
    ids = room.fill(REPORT, f"{REPORT} Mehr.")
    room.fake.go_away("_msearch|_refresh")
    room.look()
    assert [room.story(id_) for id_ in ids] == ids


def test_a_copy_that_is_written_meanwhile_is_put_into_the_story_all_the_same(room: Room) -> None:
    ids = sorted(room.fill(REPORT, f"{REPORT} Mehr."))
    store = room.fake.store.single(room.index)
    room.fake.before("_bulk", lambda: store.update(ids[1], {"byline": ["jemand"]}))
    room.look(ids[0])
    source = room.fake.source(ids[1])
    assert (source["story"], source["byline"]) == (ids[0], ["jemand"])


def test_whoever_leaves_and_is_written_meanwhile_leaves_all_the_same(room: Room) -> None:
    ids = room.fill(f"{REPORT} {OTHER}", REPORT, OTHER, stories=(0, 0, 0))
    store = room.fake.store.single(room.index)
    room.fake.before("_bulk", lambda: store.update(ids[1], {"byline": ["jemand"]}))
    room.look(ids[1])
    source = room.fake.source(ids[1])
    assert (source["story"], source["byline"]) == (ids[1], ["jemand"])
    assert room.story(ids[2]) == ids[0]


def test_a_join_that_was_cut_short_is_made_by_the_next_look(room: Room) -> None:
    copies = [f"{REPORT} {word}" for word in ("Mehr.", "Ende.", "Folgt.", "Neu.")]
    ids = room.fill(*copies, stories=(0, 0, 2, 2))
    name, old = sorted((ids[0], ids[2]))
    half = next(id_ for id_ in ids if room.story(id_) == old)
    room.fake.store.single(room.index).update(half, {"story": name})  # here a worker was killed
    room.look(ids[3])
    assert {room.story(id_) for id_ in ids} == {name}


def test_several_workers_that_look_at_the_same_moment_end_with_one_story(room: Room) -> None:
    ids = room.fill(*(f"{REPORT} Fassung {number}." for number in range(9)))
    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda place: room.look(*ids[place::3]), range(3)))
    assert {room.story(id_) for id_ in ids} == {min(ids)}
