"""From one mapping to the next: what is written meanwhile comes along, whatever goes wrong."""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import answers, copying
from indexing.index import migrate as module
from indexing.index.copying import Pace, Part
from indexing.index.manage import concrete_of, index_status
from indexing.index.migrate import Migration, Shape, migrate
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch

OLD = "articles-v1"
NEW = "articles-v2"


@pytest.fixture
def old(client: Elasticsearch, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch) -> str:
    """An index of an older version with three documents, behind its alias."""
    monkeypatch.setattr("indexing.index.mapping.MAPPING_VERSION", 2)
    monkeypatch.setattr(copying, "_FIRST_POLL_SECONDS", 0.0)
    properties = {"headline": {"type": "text"}, "published": {"type": "keyword"}}
    mappings: dict[str, Any] = {"properties": properties, "_meta": {"version": 1}}
    client.indices.create(index=OLD, mappings=mappings, aliases={"articles": {}})
    write(client, "a", "b", "c")
    return OLD


def write(client: Elasticsearch, *keys: str) -> None:
    fates = create(client, "articles", [(key, {"headline": key}) for key in keys])
    assert {one.result for one in fates} == {"created"}


def run(client: Elasticsearch, *, force: bool = False) -> tuple[Migration | None, list[str]]:
    said: list[str] = []
    return migrate(client, "articles", said.append, force=force), said


def documents(fake: FakeElasticsearch, name: str) -> set[str]:
    return set(fake.store.indices[name].documents)


def writable(fake: FakeElasticsearch, name: str) -> bool:
    return not fake.store.indices[name].blocks


def test_the_alias_moves_to_a_whole_copy_and_the_old_one_stays(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    done, said = run(client)
    assert done == Migration(OLD, NEW, 3)
    assert concrete_of(client, "articles") == NEW
    assert documents(fake, NEW) == documents(fake, OLD) == {"a", "b", "c"}
    assert (writable(fake, OLD), writable(fake, NEW)) == (False, True)
    assert said[0] == f"Building {NEW} beside {OLD}."
    assert index_status(client, "articles").current
    write(client, "d")


def test_the_settings_that_a_person_chose_are_kept(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    fake.store.indices[OLD].settings["index.refresh_interval"] = "7s"
    run(client)
    assert fake.store.indices[NEW].settings["index.refresh_interval"] == "7s"


def test_what_is_current_stays_unless_it_is_forced(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    run(client)
    assert run(client) == (None, [f"{NEW} has the current mapping (version 2)."])
    done, _ = run(client, force=True)
    assert done == Migration(NEW, f"{NEW}-2", 3)


def test_what_is_written_while_it_copies_comes_along(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    fake.before("_reindex", lambda: write(client, "late"))
    fake.before("_block", lambda: write(client, "last"))
    done, _ = run(client)
    assert done
    assert documents(fake, NEW) == {"a", "b", "c", "late", "last"}


def test_what_is_removed_after_it_was_copied_leaves_the_copy_and_it_takes_over(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    """As intake does with the document of a part when the whole is there."""
    fake.before("_block", lambda: client.delete(index=OLD, id="b"))
    done, _ = run(client)
    assert done == Migration(OLD, NEW, 2)
    assert documents(fake, NEW) == documents(fake, OLD) == {"a", "c"}


def test_where_much_is_written_meanwhile_it_is_copied_again_before_writers_wait(
    client: Elasticsearch, old: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FEW", 2)
    fake.before("_tasks", lambda: write(client, "d", "e", "f"))
    run(client)
    lines = [line.rpartition("/")[2] for line in fake.asked]
    assert lines[: lines.index("write")].count("_reindex") == 2
    assert documents(fake, NEW) == documents(fake, OLD)


def test_it_waits_for_a_copy_that_takes_its_time(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    status = {"created": 1, "updated": 0, "version_conflicts": 0, "total": 3}
    fake.answer_with("GET /_tasks", {"completed": False, "task": {"status": status}})
    _, said = run(client)
    assert "Copied 1 of 3." in said


def test_one_that_died_is_continued(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    fake.go_away("_block", always=False)
    with pytest.raises(ServiceUnavailable):
        run(client)
    assert concrete_of(client, "articles") == OLD
    fake.store.indices[OLD].update("a", {"headline": "neu"})
    done, _ = run(client)
    assert done == Migration(OLD, NEW, 3)
    assert fake.store.indices[NEW].documents["a"].source["headline"] == "neu"
    assert set(fake.store.indices) == {OLD, NEW}


def test_one_that_died_does_not_copy_again_what_is_copied(
    client: Elasticsearch, old: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying.parts, "__defaults__", (2,))
    fake.before("_reindex", lambda: fake.go_away("_reindex", always=False))
    with pytest.raises(ServiceUnavailable):
        migrate(client, "articles", print, pace=Pace(slices=1))
    assert documents(fake, NEW) == {"a", "b"}
    assert fake.store.indices[NEW].mappings["_meta"]["reached"] == {"0": 1}
    fake.store.indices[NEW].remove("a", None)  # so it is seen that nobody copies it once more
    fake.store.indices[OLD].remove("a", None)
    done, _ = run(client)
    assert done == Migration(OLD, NEW, 2)


def test_the_shape_that_is_wanted_is_built_and_then_left(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    fake.store.data_nodes = 3
    run(client)
    assert fake.store.indices[NEW].settings["index.number_of_replicas"] == 1
    shape = Shape(shards=2, replicas=0)
    done = migrate(client, "articles", print, shape=shape)
    assert done
    settings = fake.store.indices[done.new].settings
    assert (settings["index.number_of_shards"], settings["index.number_of_replicas"]) == (2, 0)


@given(
    st.dictionaries(st.integers(0, 5), st.integers(-1, 300)),
    st.lists(st.integers(-1, 300), min_size=1, max_size=5),
    st.integers(1, 100),
)
def test_the_parts_are_all_that_is_not_reached_once(
    reached: dict[int, int], last: list[int], size: int
) -> None:
    upto = dict(enumerate(last))
    made = list(copying.parts(reached, upto, size))
    numbers = [(p.shard, n) for p in made for n in range(p.above + 1, (p.upto or 0) + 1)]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {
        (shard, n) for shard in upto for n in range(reached.get(shard, -1) + 1, upto[shard] + 1)
    }
    assert all((p.upto or 0) - p.above <= size for p in made)


def test_as_many_slices_as_shards_are_the_shards() -> None:
    one, third = Part(0, 1, 4, None), Part(2, 3, -1, 9)
    assert "slice" not in one.source("x")
    assert one.source("x")["query"] == {"range": {"_seq_no": {"gt": 4}}}
    assert third.source("x")["slice"] == {"id": 2, "max": 3}
    assert third.source("x")["query"] == {"range": {"_seq_no": {"gt": -1, "lte": 9}}}


def test_an_index_left_by_something_else_is_not_continued(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    client.indices.create(index=NEW, mappings={"_meta": {"migrating_from": "another"}})
    done, _ = run(client)
    assert done == Migration(OLD, f"{NEW}-2", 3)


def test_a_document_that_does_not_fit_is_named_and_nothing_moves(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    list(create(client, "articles", [("schlecht", {"published": "gestern"})]))
    with pytest.raises(UsageError, match=r"schlecht cannot be copied to articles-v2: .*gestern"):
        run(client)
    assert concrete_of(client, "articles") == OLD
    assert writable(fake, OLD)


@pytest.mark.parametrize("step", ["_reindex", "_count", "_aliases"])
def test_whatever_breaks_while_writers_wait_lets_them_go_on(
    client: Elasticsearch, old: str, fake: FakeElasticsearch, step: str
) -> None:
    def break_() -> None:
        write(client, "last")
        fake.refuse(step, 503, "x")

    fake.before("_block", break_)
    with pytest.raises(ServiceUnavailable):
        run(client)
    assert concrete_of(client, "articles") == OLD
    assert writable(fake, OLD)


def test_where_the_swap_was_made_but_its_answer_lost_the_old_one_stays_closed(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    def swap() -> None:
        del fake.store.indices[OLD].aliases["articles"]
        fake.store.indices[NEW].aliases["articles"] = {}

    fake.before("_aliases", swap)
    with pytest.raises(UsageError, match="Another migration"):
        run(client)
    assert not writable(fake, OLD)


def test_a_copy_with_another_count_never_takes_over(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    def lose() -> None:
        fake.store.indices[NEW].visible = []

    # The first count is asked for while it catches up.
    fake.before("_count", lambda: fake.before("_count", lose))
    with pytest.raises(UsageError, match=r"holds 3 documents.*delete that index"):
        run(client)
    assert concrete_of(client, "articles") == OLD


def test_a_lost_task_and_one_given_up_are_told(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    fake.before("GET /_tasks", fake.store.tasks.clear)
    with pytest.raises(ServiceUnavailable, match="migrate again"):
        run(client)
    assert any("_cancel" in line for line in fake.asked)
    error = {"type": "task_cancelled_exception", "reason": "by a person"}
    fake.answer_with("GET /_tasks", {"completed": True, "error": error})
    with pytest.raises(ServiceUnavailable, match="by a person"):
        run(client)


def test_there_is_nothing_to_migrate_without_an_alias(client: Elasticsearch) -> None:
    with pytest.raises(UsageError, match="depesche index create"):
        run(client)


@pytest.mark.parametrize(("room", "tries"), [(99, 2), (6, 3), (1, 4)])
def test_where_elasticsearch_has_no_room_for_so_many_at_once_fewer_are_copied(
    client: Elasticsearch, old: str, fake: FakeElasticsearch, room: int, tries: int
) -> None:
    """Of forty of ten megabytes it gave the copying up, each time."""
    fake.store.largest_page = room
    done, _ = run(client)
    assert done == Migration(OLD, NEW, 3)
    assert sum("_reindex" in line for line in fake.asked) == tries


def test_where_it_has_room_for_none_it_is_told(
    client: Elasticsearch, old: str, fake: FakeElasticsearch
) -> None:
    fake.store.largest_page = 0
    with pytest.raises(ServiceUnavailable, match="gave the copying up"):
        run(client)


def test_where_it_has_no_room_even_to_be_asked_it_is_asked_again(
    client: Elasticsearch, old: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the copying had read was all of it."""
    monkeypatch.setattr(copying, "_POLL_SECONDS", 0.0)
    for pattern in ("GET /_tasks", "GET /_tasks", "_reindex"):
        fake.refuse(pattern, 429, "circuit_breaking_exception")
    done, _ = run(client)
    assert done == Migration(OLD, NEW, 3)


def test_what_elasticsearch_would_end_of_is_named_before_anything_is_copied(
    client: Elasticsearch, old: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_VALUES", 1_000)
    fake.store.indices[OLD].update("b", {"headline": ["x"] * 2_000})
    fake.asked.clear()
    with pytest.raises(UsageError, match=r"Too large to be copied: b\. .* delete these documents"):
        run(client)
    assert not any("_reindex" in line for line in fake.asked)
    assert concrete_of(client, "articles") == OLD
    assert writable(fake, OLD)
    client.delete(index=OLD, id="b")
    run(client)
    assert documents(fake, NEW) == {"a", "c"}


def test_so_is_what_is_written_while_it_copies(
    client: Elasticsearch, old: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "MOST_VALUES", 1_000)
    large = {"headline": ["x"] * 2_000}
    fake.before("_block", lambda: fake.store.indices[OLD].update("b", large))
    with pytest.raises(UsageError, match="Too large to be copied: b\\."):
        run(client)
    assert concrete_of(client, "articles") == OLD
    assert writable(fake, OLD)
