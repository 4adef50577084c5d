"""Two data folders on one index: each knows what is its own, and a document knows both files."""

from __future__ import annotations

import json

import pytest

from articles.errors import ServiceUnavailable
from indexing.searching.expired import Expiry
from indexing.writing import copies
from indexing.writing.copies import copies_of
from indexing.writing.versions import every
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.compared import Compared
from worker.care.correct import correct, finish
from worker.care.expire import expire, expired
from worker.care.repair import repair
from worker.care.verify import verify
from worker.care.withdraw import Order, other_sites

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nKarsten Holm war in Bremen."
YESTERDAY = "2024-06-20T00:00:00.000000Z"


def known(body: str) -> str:
    """An article with an id of its own."""
    return json.dumps({"headline": "Bericht", "id": "7", "body": body})


def dropped(container: FakeContainer, **files: str) -> dict[str, tuple[str, str]]:
    """Ingest files; the fate and the document of each by its name."""
    with container.spool.filling() as batch:
        for name, content in files.items():
            (batch.root / f"{name}.txt").write_text(content)
    fates = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return {fate.path.removesuffix(".txt"): (fate.fate, fate.id) for fate in fates}


def compared(container: FakeContainer) -> Compared:
    made = Compared()
    container.client.indices.refresh(index=container.settings.index)
    verify(container, made)
    return made


def differences(container: FakeContainer) -> dict[str, list[str]]:
    seen = compared(container)
    return {kind: [d.path for d in next(seen.pages(kind, 9))] for kind in seen.counts()}


def aged(fake: FakeElasticsearch) -> None:
    """Let all be of yesterday: what is new may still be on its way."""
    index = fake.store.single("articles")
    for id_ in list(index.documents):
        source = fake.source(id_)
        lines = {
            name: [{**line, "received_at": YESTERDAY} for line in source[name]]
            for name in ("copies", "history")
            if source.get(name)
        }
        index.update(id_, {"received_at": YESTERDAY, **lines})


def test_a_document_has_the_site_of_its_file(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    (_, one), (_, other) = (
        *dropped(hamburg, a=TEXT.format(1)).values(),
        *dropped(bremen, a=TEXT.format(2)).values(),
    )
    assert fake.source(one)["source"]["site"] == "hamburg"
    assert fake.source(other)["source"]["site"] == "bremen"


def test_each_site_misses_its_own_files_and_no_other(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Red before: each called the other's articles missing, and a real loss was one of many."""
    dropped(hamburg, a=TEXT.format(1), b=TEXT.format(2))
    dropped(bremen, a=TEXT.format(3), c=TEXT.format(4))
    aged(fake)
    for site, other in ((hamburg, "bremen"), (bremen, "hamburg")):
        seen = compared(site)
        assert seen.counts() == {}
        assert seen.elsewhere() == {other: 2}
    (bremen.folders.archive / "c.txt").unlink()
    assert differences(bremen) == {"no_file": ["c.txt"]}
    assert differences(hamburg) == {}
    (bremen.folders.archive / "a.txt").write_text(TEXT.format(5))
    assert differences(bremen) == {"changed": ["a.txt"], "no_file": ["c.txt"]}
    assert differences(hamburg) == {}


def test_one_article_at_two_sites_is_one_document_that_knows_both_files(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    assert dropped(bremen, x=TEXT.format(1), y=TEXT.format(1)) == {
        "x": ("duplicate", id_),
        "y": ("duplicate", id_),
    }
    assert len(fake.store.single("articles").documents) == 1
    (copy,) = copies_of(fake.source(id_))
    assert (copy.site, copy.path) == ("bremen", "x.txt")
    assert copy.sha256 == fake.source(id_)["source"]["sha256"]
    aged(fake)
    assert differences(hamburg) == differences(bremen) == {}
    for name in ("x", "y"):
        (bremen.folders.archive / f"{name}.txt").unlink()
    assert differences(bremen) == {"no_file": ["x.txt"]}
    assert differences(hamburg) == {}
    (hamburg.folders.archive / "a.txt").unlink()
    assert differences(hamburg) == {"no_file": ["a.txt"]}


def test_a_correction_at_another_site_keeps_both_and_misses_neither(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    for site, body in ((hamburg, "Eins."), (bremen, "Eins."), (bremen, "Zwei.")):
        with site.spool.filling() as batch:
            (batch.root / f"{body}json").write_text(known(body))
        site.intake.batch(batch.name)
    source = fake.source("s-7")
    assert [(v.number, v.site) for v in every(source)] == [(1, "hamburg"), (2, "bremen")]
    assert [copy.site for copy in copies_of(source)] == ["bremen"]
    aged(fake)
    assert differences(hamburg) == differences(bremen) == {}
    (hamburg.folders.archive / "Eins.json").unlink()
    assert differences(hamburg) == {"version_lost": ["Eins.json"]}
    assert differences(bremen) == {}


def test_a_folder_that_is_called_otherwise_still_knows_its_own(
    hamburg: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(hamburg, a=TEXT.format(1))
    aged(fake)
    (hamburg.folders.data / "site").write_text("hamburg\naltona\n")
    renamed = FakeContainer(hamburg.settings.model_copy(update={"site": ""}))
    assert renamed.site.name == "altona"
    assert differences(renamed) == {}
    (hamburg.folders.archive / "a.txt").unlink()
    assert differences(renamed) == {"no_file": ["a.txt"]}


def test_a_document_of_an_older_release_is_looked_for_everywhere(
    hamburg: FakeContainer, fake: FakeElasticsearch
) -> None:
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    hamburg.client.update(index="articles", id=id_, doc={"source": {"site": None}})
    aged(fake)
    (hamburg.folders.archive / "a.txt").unlink()
    assert differences(hamburg) == {"no_file": ["a.txt"]}


def test_a_repair_tells_the_documents_of_an_older_release_their_site(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    ids = {**dropped(hamburg, a=TEXT.format(1)), **dropped(bremen, b=TEXT.format(2))}
    for _, id_ in ids.values():
        hamburg.client.update(index="articles", id=id_, doc={"source": {"site": None}})
    aged(fake)
    assert differences(hamburg) == {"no_file": ["b.txt"]}
    assert repair(bremen, compared(bremen)) == repair(hamburg, compared(hamburg)) == 0
    sites = {name: fake.source(id_)["source"]["site"] for name, (_, id_) in ids.items()}
    assert sites == {"a": "hamburg", "b": "bremen"}
    assert differences(hamburg) == differences(bremen) == {}


def test_what_is_missing_here_is_put_back_by_its_own_site(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    hamburg.client.delete(index="articles", id=id_, refresh=True)
    assert differences(bremen) == {}
    assert repair(hamburg, compared(hamburg)) == 1
    (batch,) = hamburg.spool.batches()
    hamburg.intake.batch(batch.name)
    assert fake.source(id_)["source"]["site"] == "hamburg"


def test_whoever_withdraws_is_told_where_else_there_are_files(
    hamburg: FakeContainer, bremen: FakeContainer
) -> None:
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    ((_, alone),) = dropped(hamburg, b=TEXT.format(2)).values()
    assert other_sites(hamburg, [id_, alone]) == {}
    dropped(bremen, x=TEXT.format(1))
    assert other_sites(hamburg, [id_, alone]) == {id_: ["bremen"]}
    assert other_sites(bremen, [id_, alone]) == {id_: ["hamburg"], alone: ["hamburg"]}


def test_what_is_old_goes_at_its_own_site(hamburg: FakeContainer, bremen: FakeContainer) -> None:
    """Withdrawn elsewhere, its file would stay here for ever, and come in again."""
    dropped(hamburg, a=TEXT.format(1))
    ((_, id_),) = dropped(bremen, b=TEXT.format(2)).values()
    expiry = Expiry("2024-12-01")
    assert [one.id for page in expired(bremen, expiry) for one in page] == [id_]
    assert expire(bremen, expiry, Order("old", "test"), lambda _: None) == 1
    assert not (bremen.folders.archive / "b.txt").exists()
    assert (hamburg.folders.archive / "a.txt").exists()
    assert differences(hamburg) == {}


def test_a_copy_that_cannot_be_noted_waits(
    hamburg: FakeContainer, bremen: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_, id_),) = dropped(hamburg, a=TEXT.format(1)).values()
    with monkeypatch.context() as patch:
        away = ServiceUnavailable("Elasticsearch does not answer")
        patch.setattr(copies, "note", lambda *_: {0: str(away)})
        assert dropped(bremen, x=TEXT.format(1)) == {"x": ("waiting", id_)}
    (batch,) = bremen.spool.batches()
    (fate,) = bremen.intake.batch(batch.name)
    assert fate.fate == "duplicate"


def test_what_was_set_by_hand_outlives_a_text_that_another_site_has(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Red before: the site that did not know of it wrote its text without."""
    for site, body in ((hamburg, "Eins."), (bremen, "Zwei."), (bremen, "Drei.")):
        with site.spool.filling() as batch:
            (batch.root / "a.json").write_text(known(body))
        assert site.intake.batch(batch.name)[0].id == "s-7"
        if site is hamburg:
            values = {"headline": ["Von Hand"], "published": ["2024-06"], "agency": ["dpa"]}
            correct(hamburg, "s-7", values, "anna")
            finish(hamburg)
    source = fake.source("s-7")
    assert (source["body"], source["version"]) == ("Drei.", 3)
    assert (source["headline"], source["agency"]) == ("Von Hand", ["dpa"])
    assert (source["published"], source["published_precision"]) == ("2024-06", "month")
    assert source["corrected_by_hand"] == ["agency", "headline", "published"]
    assert [line.get("source", {}).get("headline") for line in source["by_hand"]][1] == "Bericht"
    assert {line["who"] for line in source["by_hand"]} == {"anna"}
    aged(fake)
    assert differences(hamburg) == {}
    correct(hamburg, "s-7", {}, "anna", undo=["headline"])
    finish(hamburg)
    assert fake.source("s-7")["headline"] == "Bericht"
    with bremen.spool.filling() as batch:
        (batch.root / "a.json").write_text(known("Vier."))
    bremen.intake.batch(batch.name)
    assert fake.source("s-7")["corrected_by_hand"] == ["agency", "published"]
