"""What is under embargo: nothing that readers can call shows it until then."""

from __future__ import annotations

import inspect
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from articles.article import Enrichment, Mention, Quote
from articles.errors import UsageError
from depesche import Archive, Query
from indexing.entities.surnames import bearers
from indexing.index.released import ReadersClient
from indexing.writing.document import enrichment_fields
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.intake.fates import ItemFate

AHEAD = (datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds")
#: In the article under embargo alone.
PERSON, PLACE, WORD, HELD = "Zenobia Quastenflosser", "Quittenhausen", "quarzuhrig", "s-geheim"
BODY = f"{PERSON} sagte in {PLACE}: „Das Werk ist {WORD} und steht bald still.“ Alle staunten."
FREE = "Das Werk in Bremen steht still. Alle staunten, sagte Karsten Holm im Werk dazu."


def dropped(container: FakeContainer, name: str, **parts: Any) -> ItemFate:
    content = {"headline": "Werk schließt", "published": "2024-06-19", **parts}
    with container.spool.filling() as batch:
        (batch.root / name).write_text(json.dumps(content))
    (fate,) = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return fate


def read_out(fake: FakeElasticsearch, id_: str, person: str, place: str, story: str) -> None:
    """As enrichment would have it."""
    surface = person.rsplit(maxsplit=1)[-1]
    found = Enrichment(
        people=(person,),
        places=(place,),
        keyphrases=("Werk",),
        quotes=(Quote("Das Werk steht still.", "direct", person, "PER", "sagte", "body", 0, 9),),
        mentions=(Mention("PER", person, surface, "body", 0, len(surface)),),
    )
    fields = enrichment_fields(found, "p", "2024-06-19T12:00:00Z") | {"story": story}
    fake.store.single("articles").update(id_, fields)


@pytest.fixture
def world(container: FakeContainer, fake: FakeElasticsearch) -> FakeContainer:
    """One article that is free, and one under embargo, of one story."""
    dropped(container, "frei.json", id="frei", body=FREE)
    dropped(container, "geheim.json", id="geheim", body=BODY, embargo_until=AHEAD)
    read_out(fake, "s-frei", "Karsten Holm", "Bremen", "s-frei")
    read_out(fake, HELD, PERSON, PLACE, "s-frei")
    container.client.indices.refresh(index="articles")
    return container


def written(where: Archive, query: str) -> str:
    stream = io.StringIO()
    where.export(query).write(stream, "jsonl")
    return stream.getvalue()


#: Every function of an archive -> what it tells, asked for what is held in each way.
TELLS: dict[str, Callable[[Archive], object]] = {
    "search": lambda a: [
        asdict(a.search(q, every_copy=every))
        for q in ("", "Werk", WORD, "in:2024", "person:Quastenflosser", "Werk -Bremen")
        for every in (False, True)
    ],
    "pages": lambda a: [asdict(page) for page in a.pages(Query("Werk", all_versions=True))],
    "export": lambda a: [written(a, q) for q in ("", WORD)],
    "get": lambda a: a.get(HELD),
    "document": lambda a: a.document(HELD),
    "versions": lambda a: a.versions(HELD),
    "version": lambda a: a.version(HELD, 1),
    "identify": lambda a: [_told(a.identify, text) for text in (HELD, "geheim.json", "s-geh")],
    "entity": lambda a: [a.entity(name) for name in (PERSON, "Quastenflosser", PLACE, "Bremen")],
    "timeline": lambda a: [a.timeline(name) for name in (PERSON, "Quastenflosser", PLACE, "")],
    "entities": lambda a: [a.entities("person"), a.entities("place", "2024-06")],
    "similar": lambda a: [_told(a.similar, HELD), a.similar("s-frei")],
    "story": lambda a: [_told(a.story, HELD), a.story("s-frei")],
    "suggest": lambda a: [a.suggest("Zeno"), a.suggest("Quit", "place")],
    "near": lambda a: [a.near("Zenobia"), a.near("Quitenhausen", "place")],
}
#: What tells of no article, and what tells that one is held.
BESIDE = {"close", "of", "from_env", "client", "embargo"}
SECRETS = ("Zenobia", PLACE, "quarzuhrig und", "geheim.json", "'s-geheim'")


def _told(function: Callable[[str], object], text: str) -> object:
    try:
        return function(text)
    except UsageError as error:
        return str(error).replace(text, "…")


def test_every_function_of_an_archive_is_looked_at() -> None:
    public = {name for name, _ in inspect.getmembers(Archive) if name[0] != "_"}
    assert public == TELLS.keys() | BESIDE


@pytest.mark.parametrize("name", TELLS)
def test_none_tells_of_what_is_held(world: FakeContainer, name: str) -> None:
    index = world.settings.index
    told = repr(TELLS[name](Archive(world.client, index, settings=world.settings)))
    assert not [secret for secret in SECRETS if secret in told]
    whole = Archive(world.client, index, settings=world.settings, embargoed=True)
    if name not in {"near", "similar"}:
        held = repr(TELLS[name](whole))
        assert [secret for secret in SECRETS if secret in held], "else this tests nothing"


def test_counts_and_facets_leave_it_out_and_it_comes_by_itself(
    world: FakeContainer, fake: FakeElasticsearch
) -> None:
    where = Archive(world.client, "articles")
    results = where.search("Werk")
    assert (results.articles, results.hits[0].copies) == (1, 0)
    assert [bucket.value for bucket in results.facets["people"]] == ["Karsten Holm"]
    assert where.embargo(HELD).startswith(AHEAD[:19])
    assert where.embargo("s-frei") == where.embargo("s-nirgends") == ""
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    fake.store.single("articles").update(HELD, {"embargo_until": past})
    world.client.indices.refresh(index="articles")
    assert where.search("Werk").articles == 2
    assert where.document(HELD)
    assert where.embargo(HELD) == ""


def test_no_word_is_taken_for_one_that_only_a_held_article_has(world: FakeContainer) -> None:
    queries = ("quarzuhrg", "Werk quarzuhrg", "Werk Bremen quarzuhrg")
    told = [repr(Archive(world.client, "articles").search(query)) for query in queries]
    assert not [each for each in told if "quarzuhrig" in each]
    whole = Archive(world.client, "articles", embargoed=True).search("quarzuhrg")
    assert whole.respelled == {"quarzuhrg": "quarzuhrig"}


def test_whom_a_surname_means_is_told_by_what_is_free_alone(world: FakeContainer) -> None:
    known = bearers(world.client, "articles", [("Quastenflosser", ""), ("Holm", "")])
    assert [[bearer.name for bearer in each] for each in known] == [[], ["Karsten Holm"]]


def test_a_request_that_nobody_has_thought_of_is_refused(world: FakeContainer) -> None:
    client = ReadersClient.of(world.client)
    with pytest.raises(NotImplementedError, match="scroll"):
        client.scroll(scroll_id="x")
    with pytest.raises(NotImplementedError, match="bulk"):
        client.options(request_timeout=1).bulk(operations=[])


def test_an_embargo_is_lifted_and_set_by_a_later_text_and_by_the_same_one(
    container: FakeContainer,
) -> None:
    where = Archive(container.client, "articles")

    def seen() -> bool:
        return where.document("s-7") is not None

    def drop(name: str, body: str, **more: str) -> str:
        return dropped(container, name, id="7", body=body, **more).fate

    assert (drop("a.json", "Eins.", embargo_until=AHEAD), seen()) == ("indexed", False)
    assert (drop("a2.json", "Eins.", embargo_until=AHEAD, genre="x"), seen()) == (
        "duplicate",
        False,
    )
    assert (drop("b.json", "Eins."), seen()) == ("corrected", True)
    assert (drop("c.json", "Eins.", embargo_until=AHEAD), seen()) == ("corrected", False)
    assert (drop("d.json", "Zwei."), seen()) == ("corrected", True)
    assert (drop("e.json", "Drei.", embargo_until="1.1.2020"), seen()) == ("corrected", True)
    assert (drop("f.json", "Drei."), seen()) == ("duplicate", True)


def test_without_an_id_of_its_own_only_the_same_path_lets_it_go(container: FakeContainer) -> None:
    where = Archive(container.client, "articles")
    held = dropped(container, "a.json", body="Eins.", embargo_until=AHEAD)
    assert dropped(container, "fremd.json", body="Eins.").fate == "duplicate"
    assert where.document(held.id) is None
    assert dropped(container, "a.json", body="Eins.").fate == "corrected"
    assert where.document(held.id)


def test_nor_does_a_copy_from_elsewhere_hold_what_readers_have(container: FakeContainer) -> None:
    """Red before: who had the text hid its article until 2099, by a copy under any name."""
    where = Archive(container.client, "articles")
    free = dropped(container, "a.json", body="Eins.")
    hidden = dropped(container, "fremd.json", body="Eins.", embargo_until=AHEAD)
    assert (hidden.fate, hidden.id) == ("duplicate", free.id)
    assert where.document(free.id)
    assert dropped(container, "a.json", body="Eins.", embargo_until=AHEAD).fate == "corrected"
    assert where.document(free.id) is None
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds")
    assert dropped(container, "c.json", body="Eins.", embargo_until=later).fate == "corrected"


def test_what_has_no_end_that_can_be_told_fails_as_ever(container: FakeContainer) -> None:
    fate = dropped(container, "a.json", body="Eins.", embargo_until="bis auf weiteres")
    assert (fate.fate, "end cannot be read" in fate.reason) == ("failed", True)


def test_an_earlier_text_that_is_held_is_told_nowhere(world: FakeContainer) -> None:
    fate = dropped(world, "geheim.json", id="geheim", headline="Frei", body=FREE)
    assert fate.fate == "corrected"
    settings = world.settings
    with Archive.of(settings) as archive:
        archive.client = ReadersClient.of(world.client)
        assert [v.headline for v in archive.versions(HELD)] == ["Frei", ""]
        assert not archive.search(Query(WORD, all_versions=True)).hits
        assert WORD not in json.dumps(archive.document(HELD))
        with pytest.raises(UsageError, match="embargoed until"):
            archive.version(HELD, 1)
    with Archive.of(settings, embargoed=True) as archive:
        archive.client = world.client
        assert WORD in (archive.version(HELD, 1) or {})["body"]
