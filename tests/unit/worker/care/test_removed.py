"""A document that was removed is missed, whatever another document says of its file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.mirror.test_follow import Followed, text, tree
from worker.care import removed
from worker.care.compared import Compared
from worker.care.repair import repair
from worker.care.taking_away import finish
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw
from worker.spool import deposit

__all__ = ["tree"]

TEXT = " date 2024-06-20 Amt : Bericht {}\n\n" + "Karsten Holm war in Bremen. " * 12
OTHER = " date 2024-06-21 Wetter : Regen\n\n" + "Es regnet in Jena und in Gera. " * 12
DIGEST = sha256(TEXT.format(1).encode()).hexdigest()


def dropped(container: FakeContainer, **texts: str) -> dict[str, str]:
    """Ids by name."""
    with container.spool.filling() as batch:
        for name, text in texts.items():
            deposit.put(batch, io.BytesIO(text.encode()), f"{name}.txt")
    fates = container.intake.batch(batch.name)
    container.client.indices.refresh(index="articles")
    return {fate.path.removesuffix(".txt"): fate.id for fate in fates}


def repaired(container: FakeContainer) -> dict[str, list[tuple[str, str]]]:
    """The differences by kind, each put right since."""
    with closing(Compared()) as compared:
        verify(container, compared)
        pages = {kind: next(compared.pages(kind, 100)) for kind in compared.counts()}
        repair(container, compared)
    for batch in container.spool.batches():
        container.intake.batch(batch.name)
    container.client.indices.refresh(index="articles")
    return {kind: [(each.path, each.id) for each in page] for kind, page in pages.items()}


def claims(path: str) -> list[dict[str, Any]]:
    return [{"number": 2, "path": path, "sha256": DIGEST, "received_at": "2024-06-20T00:00:00Z"}]


@pytest.mark.parametrize("how", ["nobody", "a key", "a version", "its version", "own", "its own"])
def test_it_is_told_and_comes_back(
    container: FakeContainer, fake: FakeElasticsearch, how: str
) -> None:
    ids, index = dropped(container, a=TEXT.format(1), b=TEXT.format(2)), fake.store.single
    b = fake.source(ids["b"])
    forged: dict[str, dict[str, Any]] = {
        "a key": {"known_as": [ids["a"]]},
        "a version": {"history": claims("x.txt")},
        "its version": {"history": claims("a.txt")},
    }
    source = fake.source(ids["a"])["source"]
    container.client.delete(index="articles", id=ids["a"])
    container.client.update(index="articles", id=ids["b"], doc=forged.get(how, {}))
    if how.endswith("own"):
        path = "a.txt" if how == "its own" else "spam.txt"
        index("articles").put("s-spam", {**b, "source": {**source, "path": path}})
    container.client.indices.refresh(index="articles")
    assert repaired(container)["no_document"] == [("a.txt", ids["a"])]
    assert ids["a"] in index("articles").documents
    assert "no_document" not in repaired(container)


def test_one_of_its_files_is_enough(container: FakeContainer, fake: FakeElasticsearch) -> None:
    ids = dropped(container, a=TEXT.format(1), b=TEXT.format(2))
    dropped(container, copy=TEXT.format(1))
    container.client.delete(index="articles", id=ids["a"])
    container.client.update(index="articles", id=ids["b"], doc={"known_as": [ids["a"]]})
    container.client.indices.refresh(index="articles")
    assert repaired(container) == {"no_document": [("a.txt", ids["a"])]}
    assert repaired(container) == {}


def test_copies_and_what_the_ledger_does_not_know_are_well(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    ids = dropped(container, a=TEXT.format(1), b=TEXT.format(2))
    dropped(container, copy=TEXT.format(1))
    assert repaired(container) == {}
    container.client.delete(index="articles", id=ids["a"])
    container.client.update(index="articles", id=ids["b"], doc={"known_as": [ids["a"]]})
    container.client.indices.refresh(index="articles")
    container.ledger.close()
    container.ledger.path.unlink()
    assert repaired(container) == {}, "the document is believed"


def test_bytes_that_another_row_of_the_ledger_has_a_document_for_are_well(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """As after a lost index, whose articles may come back under other ids."""
    ids = dropped(container, a=TEXT.format(1))
    (entry,) = container.ledger.articles()
    of_old = type(entry)("old", "a.txt", "indexed", "t-old", DIGEST, "", entry.at)
    container.ledger.record([of_old])
    assert repaired(container) == {}
    assert set(fake.store.single("articles").documents) == set(ids.values())


def test_the_ledger_is_gone_through_twice_however_many_are_missed(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was once more for each page of them."""
    ids = dropped(container, **{name: TEXT.format(name) for name in "abcdx"})
    (x,) = (row for row in container.ledger.articles() if row.id == ids["x"])
    for name in "abcd":
        container.client.delete(index="articles", id=ids[name])
    claim = {"known_as": [ids[name] for name in "abcd"]}
    container.client.update(index="articles", id=ids["x"], doc=claim)
    container.client.indices.refresh(index="articles")
    (d,) = (row for row in container.ledger.articles() if row.id == ids["d"])
    container.ledger.record([replace(x, batch="old", path="d.txt", sha256=d.sha256)])
    monkeypatch.setattr(removed, "PAGE", 1)
    passes, whole = [], container.ledger.with_ids

    def counted() -> Iterator[tuple[str, str]]:
        passes.append("with_ids")
        return whole()

    monkeypatch.setattr(container.ledger, "with_ids", counted)
    monkeypatch.setattr(container.ledger, "of_digests", None)
    assert sorted(told(container)) == ["a.txt", "b.txt", "c.txt"], "d's bytes have a document"
    assert passes == ["with_ids"]


def test_what_was_withdrawn_and_is_there_again_is_told_as_that(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    ids = dropped(container, a=TEXT.format(1), b=TEXT.format(2))
    rows = list(container.ledger.articles())
    withdraw(container, [ids["a"]], Order("the press law", "desk"))
    finish(container)
    (container.folders.withdrawn / "a.txt").rename(container.folders.archive / "a.txt")
    container.ledger.record(rows)  # a back-up's, too
    container.client.update(index="articles", id=ids["b"], doc={"history": claims("x.txt")})
    container.client.indices.refresh(index="articles")
    assert repaired(container)["withdrawn"] == [("a.txt", ids["a"])]
    assert not (container.folders.archive / "a.txt").exists()
    assert ids["a"] not in fake.store.single("articles").documents


def lost(container: FakeContainer, taken: str, id_: str) -> None:
    """One is purged, and the other's document lost."""
    withdraw(container, [taken], Order("the press law", "desk", purge=True))
    finish(container)
    container.client.delete(index="articles", id=id_)
    container.client.indices.refresh(index="articles")


def test_an_article_with_the_text_of_one_that_was_purged_is_missed_and_comes_back(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    ids = dropped(container, a=TEXT.format(1), b=TEXT.format(2))
    b = fake.source(ids["b"])
    source = {**b["source"], "path": "spam.txt", "sha256": "ab" * 32}
    fake.store.single("articles").put("s-spam", {**b, "source": source})
    lost(container, "s-spam", ids["b"])
    assert repaired(container) == {"no_document": [("b.txt", ids["b"])]}
    assert (container.folders.archive / "b.txt").exists()
    assert ids["b"] in fake.store.single("articles").documents


@pytest.mark.parametrize("how", ["path", "key"])
def test_by_another_s_bytes_nothing_is_refused_whatever_a_document_says(
    container: FakeContainer, fake: FakeElasticsearch, how: str
) -> None:
    ids = dropped(container, a=TEXT.format(1), b=TEXT.format(2))
    digest = fake.source(ids["b"])["source"]["sha256"]
    forged = {**fake.source(ids["a"]), "headline": "Spam", "body": "Spam"}
    forged["known_as"] = [f"sha256:{digest}"] if how == "key" else []
    named = digest if how == "path" else "ab" * 32
    forged["source"] = {**forged["source"], "path": "\\x62.txt", "sha256": named}
    fake.store.single("articles").put("s-spam", forged)
    lost(container, "s-spam", ids["b"])
    assert repaired(container) == {"no_document": [("b.txt", ids["b"])]}
    assert ids["b"] in fake.store.single("articles").documents


def told(container: FakeContainer) -> list[str]:
    with closing(Compared()) as compared:
        verify(container, compared)
        return [one.path for page in compared.pages("no_document", 100) for one in page]


def test_that_of_a_mirror_s_file_is_missed_too(tree: Followed) -> None:
    for name, headline in {"a.txt": "Eins", "b.txt": "Zwei"}.items():
        tree.write(name, text(headline))
    tree.turn()
    ids = tree.documents()
    tree.container.client.delete(index="articles", id=ids["press/a.txt"])
    claim = {"known_as": [ids["press/a.txt"]]}
    tree.container.client.update(index="articles", id=ids["press/b.txt"], doc=claim)
    tree.container.client.indices.refresh(index="articles")
    assert told(tree.container) == ["press/a.txt"]


@pytest.mark.parametrize("name", ["0.txt", "z.txt"])
@pytest.mark.parametrize("together", [False, True])
def test_files_of_a_mirror_that_share_a_document_are_well(
    tree: Followed, name: str, *, together: bool
) -> None:
    long = "Die Debatte dauerte bis in den Abend, und viele sprachen. " * 10
    tree.write("a.txt", text("Eins", long))
    tree.turn()
    new = text("Eins, berichtigt", f"{long} Und mehr.")
    tree.write("a.txt", new)
    if not together:
        tree.turn()
    tree.write(name, new)
    tree.turn()
    assert len(tree.documents()) == 1
    assert told(tree.container) == []


FORGED: dict[str, dict[str, Any]] = {
    "a version": {"version": 2, "history": claims("x.txt")},
    "a number alone": {"version": 2},
    "nothing more": {},
}


@pytest.mark.parametrize("more", FORGED)
@pytest.mark.parametrize("whose", ["nobody's", "a copy's", "another's", "its neighbour's"])
def test_a_document_that_names_another_s_file_gets_not_its_text(
    container: FakeContainer, fake: FakeElasticsearch, whose: str, more: str
) -> None:
    """``verify --repair`` made it the file's article, and who withdrew it took the file along."""
    ids = dropped(container, a=TEXT.format(1), b=TEXT.format(2))
    dropped(container, copy=TEXT.format(1))
    beside = dropped(container, a=OTHER)["a"]  # another article of the path
    forged = {"nobody's": "t-" + "f" * 40, "a copy's": "t-" + "e" * 40}
    id_ = {**forged, "another's": ids["b"], "its neighbour's": beside}[whose]
    path = "copy.txt" if whose == "a copy's" else "a.txt"
    like = fake.source(ids["b"])
    source = {**like["source"], "path": path, "sha256": "0" * 64}
    document = {**like, "body": "Spam", "text": "Spam", "source": source, **FORGED[more]}
    index = fake.store.single("articles")
    index.documents.pop(id_, None)
    index.put(id_, {**document, "received_at": "2024-06-20T00:00:00.000000Z"})
    container.client.indices.refresh(index="articles")
    assert "changed" not in repaired(container)
    withdraw(container, [id_], Order("a double", "desk", purge=True))
    finish(container)
    archive = container.folders.archive
    assert {"a.txt", "copy.txt"} <= {file.name for file in archive.iterdir()}
    assert ids["a"] in index.documents
    assert {row.id for row in container.ledger.of_digests([DIGEST])} == {ids["a"]}


@pytest.mark.parametrize("lost", [False, True])
def test_a_file_that_was_changed_is_its_document_s_still(
    container: FakeContainer, fake: FakeElasticsearch, *, lost: bool
) -> None:
    """As the ledger knows its path; where that was lost, as the document says."""
    ids = dropped(container, a=TEXT.format(1))
    document = fake.source(ids["a"])
    if lost:
        container.ledger.close()
        container.ledger.path.unlink()
    else:  # another one that names the path gets nothing of it
        source = {**document["source"], "sha256": "0" * 64}
        forged = {**document, "source": source, "version": 2}
        fake.store.single("articles").put("t-" + "f" * 40, forged)
    for id_ in list(fake.store.single("articles").documents):
        fake.store.single("articles").update(id_, {"received_at": "2024-06-20T00:00:00.000000Z"})
    (container.folders.archive / "a.txt").write_text(TEXT.format("anders"))
    found = repaired(container)
    assert found["changed"] == [("a.txt", ids["a"])]
    (document,) = [each for each in index_of(fake).values() if each["headline"] == "Bericht anders"]
    assert "changed" not in repaired(container)


def index_of(fake: FakeElasticsearch) -> dict[str, Any]:
    return {id_: each.source for id_, each in fake.store.single("articles").documents.items()}
