"""Texts without an id that come again under their path: known again, or articles of their own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest

from extraction.formats.parse import parse
from indexing.writing import of_paths
from indexing.writing.document import to_document
from indexing.writing.recognise import Known
from indexing.writing.versions import every
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker import failpoint
from worker.care.compared import Compared
from worker.care.repair import repair
from worker.care.verify import verify
from worker.intake.fates import ItemFate
from worker.intake.same_article import is_same_article, recognised
from worker.spool.naming import distinct_name, dropped_name
from worker.spool.spool import Batch

NOW = "2024-06-20T10:00:00+00:00"
BODY = (
    "Die Stadt Dessau baut eine Brücke über die Mulde, und Karsten Holm vom Bauamt erwartet, dass "
    "im Herbst die ersten Pfeiler stehen. Gerechnet wird mit Kosten von neun Millionen Euro, von "
    "denen das Land die Hälfte trägt. Gegner des Baus wollen vor Gericht ziehen.\n"
)
OTHER = (
    "Im Stadtpark von Zerbst ist am Morgen ein Fuchs gesehen worden. Der Förster Jan Behrend rät, "
    "Hunde an der Leine zu führen und das Tier nicht zu füttern, bis es weitergezogen ist.\n"
)


def text(headline: str, body: str, date: str = "2024-06-20") -> str:
    return f" date {date} Amt : {headline}\n\nDer Vorspann.\n\n{body}"


def undated(headline: str, body: str) -> str:
    return f"{headline}\n\nDer Vorspann.\n\n{body}"


def batch_of(container: FakeContainer, **files: str) -> Batch:
    with container.spool.filling() as batch:
        for name, content in files.items():
            (batch.root / f"{name}.txt").write_text(content)
    return batch


def dropped(container: FakeContainer, name: str, content: str) -> ItemFate:
    (fate,) = container.intake.batch(batch_of(container, **{name: content}).name)
    return fate


def documents(fake: FakeElasticsearch) -> dict[str, int]:
    """How many versions each document has, by id."""
    (index,) = fake.store.indices.values()
    return {id_: len(every(document.source)) for id_, document in index.documents.items()}


def differences(container: FakeContainer) -> Compared:
    compared = Compared()
    container.client.indices.refresh(index="articles")
    verify(container, compared)
    return compared


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text("Brücke", BODY), text("Brücke", OTHER)),  # same headline and date
        (text("Brücke", BODY), text("Brücke kommt", BODY.replace("neun", "zehn"))),
        (undated("Brücke", BODY), undated("Brücke kommt", BODY.replace("neun", "zehn"))),
        (undated("Brücke", BODY), text("Brücke", BODY.replace("neun", "zehn"))),
    ],
)
def test_what_is_recognised_is_a_correction(
    container: FakeContainer, fake: FakeElasticsearch, before: str, after: str
) -> None:
    first, second = dropped(container, "a", before), dropped(container, "a", after)
    assert (first.fate, second.fate, second.id) == ("indexed", "corrected", first.id)
    assert dropped(container, "a", after).fate == "duplicate"
    assert dropped(container, "a", before).fate == "duplicate"
    assert documents(fake) == {first.id: 2}
    assert differences(container).counts() == {}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (text("Brücke", BODY), text("Fuchs", OTHER)),
        (undated("Brücke", BODY), undated("Brücke", OTHER)),  # a headline alone
        (text("Wetter", BODY), text("Wetter", BODY.replace("neun", "zehn"), "2024-06-21")),
    ],
)
def test_what_is_not_recognised_is_another_article(
    container: FakeContainer, fake: FakeElasticsearch, before: str, after: str
) -> None:
    fates = [dropped(container, "artikel", content) for content in (before, after)]
    assert [fate.fate for fate in fates] == ["indexed", "indexed"]
    assert documents(fake) == dict.fromkeys((fate.id for fate in fates), 1)


def test_whatever_others_write_under_a_path_its_article_is_recognised(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no end to what they write: some of it is read, and what the ledger knows first."""
    monkeypatch.setattr(of_paths, "MOST", 5)
    before, after = text("Brücke", BODY), text("Brücke", BODY.replace("neun", "zehn"))
    forged = to_document(parse(after.encode(), "a.txt"), NOW, NOW)
    others = [(f"t-{number:040}", forged) for number in range(20)]
    list(create(container.client, "articles", others, refresh=True))
    first = dropped(container, "a", before)
    assert dropped(container, "a", text("Brücke", OTHER)).id == first.id
    assert len(documents(fake)) == len(others) + 1


@pytest.mark.parametrize("received", ["2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"])
def test_a_copy_of_its_document_gets_no_correction(
    container: FakeContainer, fake: FakeElasticsearch, received: str
) -> None:
    """It was buried as an earlier version of what said of itself that it was received later."""
    before, after = text("Brücke", BODY), text("Brücke", BODY.replace("neun", "zehn"))
    first = dropped(container, "a", before)
    forged = {**fake.source(first.id), "received_at": received}
    list(create(container.client, "articles", [("t-" + "f" * 40, forged)], refresh=True))
    assert dropped(container, "a", after).id == first.id
    assert "zehn" in fake.source(first.id)["body"]


def test_an_older_article_of_its_path_gets_no_correction_whatever_its_document_says(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """The ledger knows both; which came last it knows as well."""
    older = dropped(container, "a", text("Wetter", OTHER))
    before, after = text("Brücke", BODY), text("Brücke", BODY.replace("neun", "zehn"))
    newest = dropped(container, "a", before)
    told = fake.source(newest.id)
    alike = {name: told[name] for name in ("signature", "minhash")}
    alike |= {"received_at": "2030-01-01T00:00:00Z"}
    container.client.update(index="articles", id=older.id, doc=alike, refresh=True)
    assert dropped(container, "a", after).id == newest.id
    assert "zehn" in fake.source(newest.id)["body"]


@pytest.mark.parametrize("has_versions", [False, True])
def test_what_says_it_is_its_beginning_gets_no_correction(
    container: FakeContainer, fake: FakeElasticsearch, has_versions: bool
) -> None:
    """Of what comes next under a path the first bytes are known to everybody."""
    before, after = text("Brücke", BODY), text("Brücke", BODY.replace("neun", "zwölf"))
    first = dropped(container, "a", before)
    source = {"path": "a.txt", "bytes": 5, "sha256": sha256(after[:5].encode()).hexdigest()}
    forged = {**fake.source(first.id), "source": source}
    if has_versions:
        forged |= {"version": 7, "history": [{"number": 6, "path": "a.txt"}, {"number": 7}]}
    list(create(container.client, "articles", [("t-" + "f" * 40, forged)], refresh=True))
    assert dropped(container, "a", after).id == first.id
    assert "zwölf" in fake.source(first.id)["body"]


@pytest.mark.parametrize("is_its_own", [False, True])
def test_what_says_it_is_longer_swallows_no_shorter_correction(
    container: FakeContainer, fake: FakeElasticsearch, is_its_own: bool
) -> None:
    """What was cut at its end was taken for a part of a text that says it came later."""
    before, after = text("Brücke", BODY + "\n" + OTHER), text("Brücke", BODY)
    first = dropped(container, "a", before)
    forged = {"received_at": (datetime.now(UTC) + timedelta(minutes=5)).isoformat()}
    if is_its_own:
        container.client.update(index="articles", id=first.id, doc=forged)
    else:
        copy = ("t-" + "f" * 40, {**fake.source(first.id), **forged})
        list(create(container.client, "articles", [copy], refresh=True))
    second = dropped(container, "a", after)
    assert (second.fate, second.id) == ("corrected", first.id)
    assert len(list(container.folders.archive.iterdir())) == 2


def test_the_same_text_under_another_path_is_none(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, "a", text("Brücke", BODY))
    other = dropped(container, "b", text("Brücke", BODY.replace("neun", "zehn")))
    assert other.fate == "indexed"
    assert len(documents(fake)) == 2


def test_a_copy_of_another_article_is_no_correction(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    changed = text("Brücke", BODY.replace("neun", "zehn"))
    dropped(container, "a", text("Brücke", BODY))
    other = dropped(container, "b", changed)
    copy = dropped(container, "a", changed)
    assert (copy.fate, copy.id) == ("duplicate", other.id)


def test_a_copy_of_a_corrected_text_is_one_under_any_path(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    changed = text("Brücke", BODY.replace("neun", "zehn"))
    first = dropped(container, "a", text("Brücke", BODY))
    dropped(container, "a", changed)
    container.client.indices.refresh(index="articles")
    for name, content in (("b", changed), ("c", changed + "\n"), ("d", text("Brücke", BODY))):
        copy = dropped(container, name, content)
        assert (copy.fate, copy.id) == ("duplicate", first.id)
    dropped(container, "a", changed.replace("zehn", "elf"))
    container.client.indices.refresh(index="articles")
    assert dropped(container, "e", changed).fate == "duplicate"
    assert documents(fake) == {first.id: 3}
    assert differences(container).counts() == {}


def test_a_copy_in_the_batch_of_the_correction_is_one(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    changed = text("Brücke", BODY.replace("neun", "zehn"))
    first = dropped(container, "a", text("Brücke", BODY))
    fates = container.intake.batch(batch_of(container, a=changed, b=changed).name)
    assert [(fate.fate, fate.id) for fate in fates] == [
        ("corrected", first.id),
        ("duplicate", first.id),
    ]
    assert dropped(container, "c", changed).fate == "duplicate"  # no refresh was waited for
    assert documents(fake) == {first.id: 2}


def test_an_archive_that_comes_again_corrects_the_member_that_changed(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    for body in (BODY, BODY.replace("neun", "zehn")):
        with container.spool.filling() as batch, ZipFile(batch.root / "mappe.zip", "w") as packed:
            packed.writestr("a.txt", text("Brücke", body))
            packed.writestr("b.txt", text("Fuchs", OTHER))
            packed.writestr("b.txt", text("Fuchs", OTHER))  # appended once more: left alone
        container.intake.batch(batch.name)
    assert sorted(documents(fake).values()) == [1, 2]
    fates = container.ledger.counts()
    assert (fates["indexed"], fates["corrected"], fates["duplicate"]) == (2, 1, 1)


class Died(Exception):
    """What no service raises."""


@pytest.mark.parametrize("step", ["intake.created", "intake.corrected", "intake.indexed"])
def test_cut_short_anywhere_it_is_one_version(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = dropped(container, "a", text("Brücke", BODY))
    batch = batch_of(container, a=text("Brücke", BODY.replace("neun", "zehn")))

    def reach(name: str) -> None:
        if name == step:
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr("worker.failpoint.reach", reach)
        with pytest.raises(Died):
            container.intake.batch(batch.name)
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, documents(fake)) == ("corrected", {first.id: 2})


def test_one_that_grows_keeps_its_versions(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    first = dropped(container, "a", text("Brücke", BODY))
    changed = text("Brücke", BODY.replace("neun", "zehn"))
    dropped(container, "a", changed)
    grown = dropped(container, "a", changed + "\nMehr am Abend.\n")
    assert (grown.fate, grown.id, documents(fake)) == ("corrected", first.id, {first.id: 2})
    container.client.indices.refresh(index="articles")
    assert dropped(container, "b", changed + "\nMehr am Abend.\n").fate == "duplicate"


def test_an_archive_that_is_read_anew_has_one_article_of_them(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    first = dropped(container, "a", text("Brücke", BODY))
    dropped(container, "a", text("Brücke", BODY.replace("neun", "zehn")))
    fake.store.single("articles").documents.clear()
    assert repair(container, differences(container)) == 2
    for batch in container.spool.batches():
        container.intake.batch(batch.name)
    assert documents(fake) == {first.id: 2}
    assert "zehn" in fake.source(first.id)["body"]
    assert differences(container).counts() == {}


def known(content: str, id_: str, received_at: str = "") -> Known:
    article = parse(content.encode(), "a.txt")
    published = article.published.value if article.published else ""
    return Known(id_, "a.txt", article.headline, published, article.minhash, received_at)


def test_of_several_the_most_alike_is_meant() -> None:
    article = parse(text("Brücke", BODY.replace("neun", "zehn")).encode(), "a.txt")
    near, far = known(text("Brücke", BODY), "t-1"), known(text("Brücke", OTHER), "t-2")
    assert recognised([far, near], article) == near
    assert recognised([], article) is None


@pytest.mark.parametrize(
    ("date", "same"),
    [("2024-06-20", True), ("2024-06", True), ("2024", True), ("2024-06-21", False)],
)
def test_dates_as_exact_as_they_are_may_be_one_day(date: str, same: bool) -> None:
    article = parse(text("Brücke", OTHER).encode(), "a.txt")
    assert is_same_article(known(text("Brücke", BODY, date), "t-1"), article) is same


def test_the_name_that_a_file_was_dropped_under_is_told_by_its_digest() -> None:
    digest = "0123456789ab" + "c" * 52
    for name in ("a.txt", "ohne", "ein~mal.tar.gz"):
        for mark in (digest[:12], digest):
            assert dropped_name(f"x/{distinct_name(name, mark)}", digest) == f"x/{name}"
        assert dropped_name(f"x/{distinct_name(name, 'f' * 12)}", digest) != f"x/{name}"


def _dies_before_its_own_document_goes(point: str) -> None:
    if point == "intake.discarded":
        raise Died


@pytest.mark.parametrize(
    ("step", "cut_short"),
    [("intake.read", False), ("intake.indexed", False), ("intake.indexed", True)],
)
def test_two_that_are_worked_at_once_are_one_article(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    cut_short: bool,
) -> None:
    """Each is looked at before the other lies in the archive; the texts have the same length."""
    more = " ".join(f"Im Fall {number} war Petra Lindenau in Dessau." for number in range(20))
    batches = [batch_of(container, a=text("Bericht", f"Stand {n}. {more}")) for n in (1, 2)]

    def meanwhile(point: str) -> None:
        if point == step:
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            container.intake.batch(batches[1].name)

    monkeypatch.setattr(failpoint, "reach", meanwhile)
    container.intake.batch(batches[0].name)
    container.client.indices.refresh(index=container.settings.index)
    if cut_short:
        monkeypatch.setattr(failpoint, "reach", _dies_before_its_own_document_goes)
        with pytest.raises(Died):
            container.intake.batch(next(iter(container.spool.batches())).name)
        monkeypatch.setattr(failpoint, "reach", lambda _: None)
    for batch in container.spool.batches():
        container.intake.batch(batch.name)
    (id_,) = [id_ for index in fake.store.indices.values() for id_ in index.documents]
    assert len(every(fake.source(id_))) == 2
    assert "Stand 2" in fake.source(id_)["body"]
    assert list(container.spool.batches()) == []


def test_the_third_is_of_the_article_whose_file_is_there(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is cut short before its file is archived, and is the most like the third."""
    more = " ".join(f"Im Fall {number} war Petra Lindenau in Dessau." for number in range(20))
    texts = [
        f"Stand 1. {more}",
        f"Stand 2. {more} Dazu kam am Abend noch etwas.",
        f"Stand 3. {more}",
    ]
    first, *others = [batch_of(container, a=text("Bericht", one)) for one in texts]

    def died(point: str) -> None:
        if point == "intake.indexed":
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr(failpoint, "reach", died)
        with pytest.raises(Died):
            container.intake.batch(first.name)
    for batch in [*others, first, *container.spool.batches()]:
        container.intake.batch(batch.name)
        container.client.indices.refresh(index=container.settings.index)
    (id_,) = [id_ for index in fake.store.indices.values() for id_ in index.documents]
    assert len(every(fake.source(id_))) == len(texts)
    assert "Stand 3" in fake.source(id_)["body"]
    assert list(container.spool.batches()) == []
