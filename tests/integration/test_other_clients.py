"""What another client of Elasticsearch may write or set, and what it costs everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from extraction.formats.parse import parse
from indexing.entities.entity import entity
from indexing.index.manage import create_index
from indexing.index.migrate import migrate
from indexing.index.ready import check_writable
from indexing.searching.search import Query, get, search
from indexing.searching.similar import similar
from indexing.writing import stories
from indexing.writing.document import to_document
from indexing.writing.due import waiting
from indexing.writing.recognise import known_as, recognisable
from indexing.writing.replace import made_of_paths
from indexing.writing.states import counts
from indexing.writing.stored import fetch_texts
from indexing.writing.write import Update, create, enriched, mark_failed

NOW = datetime.now(UTC)
#: Elasticsearch gives no more counts than this in one answer.
MOST_BUCKETS = 65_536


def document(key: str, **fields: Any) -> dict[str, Any]:
    text = f" date 2024-06-19 Merkel spricht {key}\n\nAngela Merkel sprach in Berlin von {key}.\n"
    made = to_document(parse(text.encode(), f"{key}.txt"), NOW.isoformat(), NOW.isoformat())
    names = {"people": ["Angela Merkel"], "story": key, "enrichment": {"state": "enriched"}}
    return made | names | fields


def put(client: Elasticsearch, index: str, *keys: str) -> None:
    fates = create(client, index, [(key, document(key)) for key in keys], refresh=True)
    assert [fate.result for fate in fates] == ["created"] * len(keys)


def months() -> list[str]:
    return [f"{n // 12:04}-{n % 12 + 1:02}-01" for n in range(12, MOST_BUCKETS + 100)]


def moments() -> list[str]:
    return [(NOW + timedelta(seconds=n)).isoformat() for n in range(MOST_BUCKETS + 100)]


def test_no_document_ends_the_searches_and_counts_of_all(client: Elasticsearch, index: str) -> None:
    put(client, index, "a", "b")
    hostile = {
        "in-two-stories": document("x", story=["a", "c"]),
        "of-all-months": document("y", published_day=months()),
        "of-all-times": document("z", indexed_at=(times := moments()))
        | {"enrichment": {"state": "enriched", "at": times}},
    }
    for key, content in hostile.items():
        client.index(index=index, id=key, document=content, require_alias=True)
    client.indices.refresh(index=index)
    for query in (Query(), Query("Merkel")):
        shown = {hit.id for hit in search(client, index, query).hits}
        assert {"a", "b", "of-all-months", "of-all-times"} <= shown
        every = search(client, index, query, every_copy=True)
        assert {hit.id for hit in every.hits} >= {"a", "b", *hostile}
        assert "2024-06" in {bucket.value for bucket in every.facets["month"]}
    known = entity(client, index, "Angela Merkel")
    assert known is not None
    assert known.articles == 5
    assert counts(client, index).enriched == 5


@pytest.mark.parametrize("end", ["enriched", "failed"])
def test_a_state_with_dots_in_its_key_keeps_no_document_pending(
    client: Elasticsearch, index: str, end: str
) -> None:
    content = document("x")
    del content["enrichment"]
    client.index(index=index, id="x", document=content | {"enrichment.state": "pending"})
    assert waiting(client, index, 10).pending == ["x"]
    (stored,) = fetch_texts(client, index, ["x"])
    if end == "failed":
        assert mark_failed(client, index, stored, "it is none", NOW.isoformat())
    else:
        update = Update("x", stored.seq_no, stored.primary_term, {"enrichment": {"state": end}})
        assert [fate.result for fate in enriched(client, index, [update])] == ["updated"]
    assert waiting(client, index, 10).pending == []
    counted = counts(client, index)
    assert (counted.pending, counted.enriched + counted.failed) == (0, 1)


@contextmanager
def dropping(client: Elasticsearch, index: str, setting: str) -> Iterator[None]:
    """The index has an ingest pipeline that drops whatever is written."""
    name = f"drop-{uuid4().hex}"
    client.ingest.put_pipeline(id=name, processors=[{"drop": {}}])
    client.indices.put_settings(index=index, settings={setting: name})
    try:
        yield
    finally:
        client.indices.put_settings(index=index, settings={setting: "_none"})
        client.ingest.delete_pipeline(id=name)


def test_no_pipeline_has_articles_called_written_that_are_not(
    client: Elasticsearch, index: str
) -> None:
    with dropping(client, index, "index.default_pipeline"):
        put(client, index, "a")
    assert get(client, index, "a")
    with (
        dropping(client, index, "index.final_pipeline"),
        pytest.raises(UsageError, match=r"index\.final_pipeline"),
    ):
        list(create(client, index, [("b", document("b"))]))
    assert get(client, index, "b") is None


def test_a_template_of_others_takes_no_text_away(client: Elasticsearch) -> None:
    alias = f"depesche-test-{uuid4().hex}"
    settings = {"default_pipeline": "nirgends", "final_pipeline": "nirgends"}
    mappings: dict[str, Any] = {"_source": {"enabled": False}}
    template = {"settings": settings, "mappings": mappings}
    client.indices.put_index_template(
        name=alias, index_patterns=[f"{alias}*"], priority=500, template=template
    )
    try:
        create_index(client, alias)
        put(client, alias, "a")
        (stored,) = fetch_texts(client, alias, ["a"])
        update = Update("a", stored.seq_no, stored.primary_term, {"people": ["Olaf Scholz"]})
        assert [fate.result for fate in enriched(client, alias, [update])] == ["updated"]
        assert "Berlin" in stored.texts["body"]
        assert fetch_texts(client, alias, ["a"])[0].texts == stored.texts
        check_writable(client, alias)
    finally:
        client.indices.delete_index_template(name=alias)
        for name in client.indices.get(index=f"{alias}-v*"):
            client.indices.delete(index=name)


def test_an_index_that_leaves_texts_out_has_work_wait(client: Elasticsearch) -> None:
    alias = f"depesche-test-{uuid4().hex}"
    client.indices.create(
        index=f"{alias}-v0", aliases={alias: {}}, mappings={"_source": {"excludes": ["body"]}}
    )
    try:
        with pytest.raises(UsageError, match="keeps no whole documents"):
            check_writable(client, alias)
    finally:
        client.indices.delete(index=f"{alias}-v0")


def test_an_alias_with_another_index_fails_no_article(client: Elasticsearch, index: str) -> None:
    other = f"{index}-fremd"
    client.indices.create(index=other)
    client.indices.put_alias(index=other, name=index)
    (own, *_) = [name for name in client.indices.get(index=index) if name != other]
    client.indices.put_alias(index=own, name=index, is_write_index=False)
    for attempt in (
        lambda: list(create(client, index, [("a", document("a"))])),
        lambda: check_writable(client, index),
        lambda: fetch_texts(client, index, ["a"]),
        lambda: similar(client, index, "a"),
    ):
        with pytest.raises(UsageError, match=r"(alias|several)"):
            attempt()


def test_no_odd_value_of_one_document_hides_others_or_has_the_server_called_away(
    client: Elasticsearch, index: str
) -> None:
    name, others = "Zoë Zeß-O'Mara (Wien)", [f"Anna Nummer {n:03}" for n in range(150)]
    put(client, index, "a")
    content = document("b", people=[*others, name], version=2**31 - 1)
    content["source"] |= {"bytes": 4.5}
    client.index(index=index, id="b", document=content, refresh=True)
    assert [stored.id for stored in fetch_texts(client, index, ["a", "", "b"])] == ["a", "b"]
    for asked in (name, name.lower()):
        known = entity(client, index, asked)
        assert known
        assert known.name == name


def test_who_claims_a_key_by_many_documents_hides_no_other(
    client: Elasticsearch, index: str
) -> None:
    keys = [f"t-{n:040}" for n in range(4)]
    put(client, index, "a")
    claims = [keys[0], [keys[0]], [[keys[0]], "x"]]
    forged = [(f"forged-{n}", document(f"f{n}", known_as=claims[n % 3])) for n in range(9)]
    for id_, content in [*forged, ("real", document("real", known_as=[keys[2]]))]:
        client.index(index=index, id=id_, document=content, refresh=True)
    found = known_as(client, index, keys)
    assert set(found) == {keys[0], keys[2]}
    assert found[keys[2]] == "real"


def test_of_very_many_values_of_a_field_the_first_is_given(
    client: Elasticsearch, index: str
) -> None:
    many, keys = [f"{n:020}" for n in range(30_000)], ["k1", "k2"]
    content = document("x", signature=keys, minhash=many, story=many)
    client.index(index=index, id="many", document=content)
    none = document("y", signature=keys, minhash=[])
    del none["story"]
    client.index(index=index, id="none", document=none)
    one = document("z", signature=keys, minhash="m", story=many[7])
    client.index(index=index, id="one", document=one)
    found = stories.neighbours(client, index, {"new": keys}, refresh=True)["new"]
    assert {(k.id, k.story, k.minhash) for k in found} == {
        ("many", many[0], many[0]),
        ("none", "", ""),
        ("one", many[7], "m"),
    }
    assert stories.closest(client, index, {"new": keys})["new"] == found
    assert stories.members(client, index, [many[7], "none"])[many[7]] == [
        kin for kin in found if kin.id != "none"
    ]
    every = search(client, index, Query("Merkel"), every_copy=True)
    assert {hit.id: hit.story for hit in every.hits} == {
        "many": many[0],
        "none": "",
        "one": many[7],
    }


def test_who_seems_alike_at_great_length_hides_nothing_from_similar(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, "a", "b")
    patient = client.options(request_timeout=60)
    content = document("a", body=" ".join(f"wort{n}" for n in range(20_000)), story="l")
    for number in range(3):
        patient.index(index=index, id=f"large-{number}", document=content)
    patient.indices.refresh(index=index)
    assert "b" in {like.id for like in similar(client, index, "a")}


def test_of_documents_under_a_path_that_nobody_knows_no_more_is_asked_than_of_small_ones(
    client: Elasticsearch, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred with 18 MB each held the intake of the next text for ten minutes."""
    now, many = NOW.isoformat(timespec="microseconds").replace("+00:00", "Z"), 120
    same = {"headline": "Eine Zeile", "source": {"path": "a.txt", "sha256": "ab", "bytes": 7}}
    same |= {"received_at": now, "by_hand": {"x": "y" * 4_000_000}, "history": {"x": "y"}}
    small = same | {"by_hand": {"x": "y"}, "published": "2024-06", "published_precision": "month"}
    put_raw(client, index, {f"t-large-{number}": same for number in range(6)})
    put_raw(client, index, {f"t-small-{number}": small for number in range(many)})
    far = {"t-several": small | {"published": ["2025-03", "2024-07"]}}
    put_raw(client, index, far | {"t-far": small | {"published": "-0044-03-15"}})
    put_raw(client, index, {"t-own": same | {"version": 3, "history": [{"number": 1}]}})
    sent = recorded(client, monkeypatch)
    found = recognisable(client, index, ["a.txt"], ["Eine Zeile"], [], ["t-own"])
    alike = {one.id: one for one in found}
    assert next(iter(alike)) == "t-own"
    assert len(alike) == many + 9
    assert (alike["t-large-5"].published, alike["t-large-5"].sha256) == ("", "ab")
    assert {alike[f"t-small-{number}"].published for number in range(many)} == {"2024-06"}
    assert (alike["t-several"].published, alike["t-far"].published) == ("2024-07", "")
    assert (
        sum("_search" in path for path, _ in sent),
        sum(size for _, size in sent) < 200_000,
    ) == (
        3,
        True,
    )
    sent.clear()
    since, at, until = ((NOW + timedelta(minutes=m)).isoformat() for m in (-1, 1, 2))
    made_of = made_of_paths(client, index, ["a.txt"], since, at, until, ["t-own"])
    made = {old.id: old for old in made_of}
    assert made.keys() == alike.keys()
    assert {old.received_at[:23] for old in made.values()} == {now[:23]}
    assert (made["t-own"].version, made["t-own"].has_versions) == (3, True)
    assert {old.bytes for old in made.values()} == {7}
    assert sum(size for _, size in sent) < 200_000


def put_raw(client: Elasticsearch, index: str, documents: dict[str, dict[str, Any]]) -> None:
    lines = [
        part for id_, content in documents.items() for part in ({"index": {"_id": id_}}, content)
    ]
    patient = client.options(request_timeout=60)
    assert not patient.bulk(index=index, operations=lines, refresh=True)["errors"]


def recorded(client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Paths of what is asked from now on, and characters of the answers."""
    sent, perform = list[tuple[str, int]](), client.perform_request

    def asked(method: str, path: str, **more: Any) -> Any:
        answer = perform(method, path, **more)
        sent.append((path, len(str(answer.body))))
        return answer

    monkeypatch.setattr(client, "perform_request", asked)
    return sent


def test_a_version_that_has_wrapped_ends_no_migration(client: Elasticsearch, index: str) -> None:
    """The highest version that Elasticsearch takes, and one more write: it was below zero."""
    highest: dict[str, Any] = {"version": 2**63 - 1, "version_type": "external"}
    client.index(index=index, id="a", document={"headline": "Alt"}, **highest)
    client.index(index=index, id="a", document={"headline": "Neu"})
    client.index(index=index, id="b", document={"headline": "Anders"}, **highest)
    for _ in range(2):
        assert migrate(client, index, lambda _: None, force=True)
        found = {id_: client.get(index=index, id=id_)["_source"]["headline"] for id_ in "ab"}
        assert found == {"a": "Neu", "b": "Anders"}
        client.index(index=index, id="b", document={"headline": "Anders"})
