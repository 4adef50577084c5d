"""Whose a key of a withdrawn article is, where a document says that it is another site's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import pytest

from extraction.formats.identity import document_key
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.worker.care.test_sharing import looked
from tests.unit.worker.care.test_withdraw import (
    ORDER,
    beside,
    documents,
    dropped,
    files,
    gone,
    work,
)
from worker import failpoint
from worker.care.claimed_keys import of_no_other
from worker.care.compared import Compared
from worker.care.keep_withdrawn import sweep
from worker.care.restore import meant, restore
from worker.care.sharing import share
from worker.care.taking_away import finish
from worker.care.verify import verify
from worker.care.withdraw import withdraw
from worker.care.withdrawn_documents import left_under_keys
from worker.container import Container

SHORT = " date 2024-06-20 Amt : Züge stehen\n\nKeine Züge {} bis Mittag."
URL = "https://example.org/zug"


def forged(fake: FakeElasticsearch, key: str, site: str) -> None:
    """A document as another client may write it."""
    source = {"path": "anders.txt", "site": site, "sha256": "0" * 64}
    document = {"headline": "x", "source": source, "enrichment": {"state": "enriched"}}
    fake.store.single("articles").put(key, document)
    fake.store.single("articles").refresh()


def news(**fields: str) -> str:
    return json.dumps({"headline": "Zug", **fields})


@pytest.fixture
def corrected(hamburg: FakeContainer, fake: FakeElasticsearch) -> tuple[str, str]:
    """The id of an article that was corrected, and the key of its text since."""
    id_ = dropped(hamburg, a_txt=SHORT.format("in Jena"))["a.txt"].id
    assert dropped(hamburg, a_txt=SHORT.format("in Gera"))["a.txt"].id == id_
    (key,) = fake.source(id_)["known_as"]
    return id_, key


def left_out(container: FakeContainer) -> dict[str, str]:
    """What ``verify`` says of documents that a withdrawal leaves."""
    compared = Compared()
    verify(container, compared)
    return {one.id: one.detail for page in compared.pages("left_out", 9) for one in page}


def test_a_document_of_another_site_lets_no_text_of_the_article_in(
    hamburg: FakeContainer, fake: FakeElasticsearch, corrected: tuple[str, str]
) -> None:
    """Its key was none of the withdrawal's: the text came in as its copy, and all was well."""
    id_, key = corrected
    forged(fake, key, "anderswo")
    gone(hamburg, [id_])
    assert dropped(hamburg, b_txt=SHORT.format("in  Gera"))["b.txt"].fate == "withdrawn"
    assert files(hamburg.folders.archive) == []
    sweep(hamburg)
    assert documents(fake) == {key}, "it may be another article"
    assert left_under_keys(hamburg, [id_]) == [key]
    assert left_out(hamburg) == {key: f"a document of another site, and withdrawn as {id_}"}
    gone(hamburg, [key])
    assert documents(fake) == set()
    assert left_under_keys(hamburg, [id_]) == []
    assert left_out(hamburg) == {}


def test_nor_does_one_under_the_key_of_its_address(
    hamburg: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(hamburg, a_json=news(id="dpa-1", url=URL, body="Es hält."))["a.json"].id
    key = document_key(url=URL)
    forged(fake, key, "anderswo")
    gone(hamburg, [id_])
    assert dropped(hamburg, c_json=news(url=URL, body="Es fährt."))["c.json"].fate == "withdrawn"
    assert documents(fake) == {key}


def test_nor_at_a_third_site(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    corrected: tuple[str, str],
) -> None:
    id_, key = corrected
    forged(fake, key, "anderswo")
    withdraw(hamburg, [id_], ORDER)
    looked(hamburg, bremen)
    assert dropped(bremen, b_txt=SHORT.format("in  Gera"))["b.txt"].fate == "withdrawn"
    assert documents(fake) == {key}


def test_a_claim_to_another_site_s_article_takes_nothing_from_it_there(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(hamburg, a_txt=SHORT.format("in Jena"))["a.txt"].id
    other = dropped(bremen, b_txt=SHORT.format("in Ulm"))["b.txt"].id
    hamburg.client.update(index="articles", id=id_, doc={"known_as": [other]})
    withdraw(hamburg, [id_], ORDER)
    looked(hamburg, bremen)
    sweep(bremen)
    assert documents(fake) == {other}
    assert dropped(bremen, b_txt=SHORT.format("in Ulm und Bonn"))["b.txt"].id == other
    assert dropped(hamburg, c_txt=SHORT.format("in Ulm"))["c.txt"].fate == "withdrawn"
    assert left_out(hamburg).keys() == {other}
    assert left_out(bremen) == {}


def test_a_document_of_another_site_is_taken_away_for_no_likeness(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Who may write documents could have one be like any that its ledger does not know."""
    text = " date 2024-06-20 Amt : Bericht\n\n" + "Karsten Holm war in {}. " * 12
    id_ = dropped(hamburg, a_txt=text.format(*["Bremen"] * 12))["a.txt"].id
    (other,) = beside(hamburg, fake, id_, 1)
    source = {"path": "a.txt", "site": "bremen"}
    hamburg.client.update(index="articles", id=other, doc={"source": source}, refresh=True)
    gone(hamburg, [id_])
    assert documents(fake) == {other}
    assert left_under_keys(hamburg, [id_]) == [other]


def test_what_was_let_in_again_by_its_own_id_is_refused_for_no_claim(
    hamburg: FakeContainer, bremen: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Its file is not in the archive then, nor its document in the index."""
    id_ = dropped(hamburg, a_txt=SHORT.format("in Jena"))["a.txt"].id
    other = dropped(bremen, b_txt=SHORT.format("in Ulm"))["b.txt"].id
    hamburg.client.update(index="articles", id=id_, doc={"known_as": [other]})
    withdraw(hamburg, [id_], ORDER)
    looked(hamburg, bremen)
    gone(bremen, [other])
    assert restore(bremen, [meant(bremen, other)], tell=lambda: share(bremen)) == 1
    assert [fate.fate for fate in work(bremen)] == ["indexed"]


def test_nor_does_its_text_that_comes_here_just_then(
    hamburg: FakeContainer,
    bremen: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    id_ = dropped(hamburg, a_txt=SHORT.format("in Jena"))["a.txt"].id
    other = dropped(bremen, b_txt=SHORT.format("in Ulm"))["b.txt"].id
    hamburg.client.update(index="articles", id=id_, doc={"known_as": [other]})

    def withdrawn(point: str) -> None:
        if point == "intake.indexed":
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            gone(hamburg, [id_])

    monkeypatch.setattr(failpoint, "reach", withdrawn)
    assert dropped(hamburg, c_txt=SHORT.format("in Ulm"))["c.txt"].fate == "waiting"
    finish(hamburg)
    assert [fate.fate for fate in work(hamburg)] == ["withdrawn"]
    assert documents(fake) == {other}


def test_nor_is_it_taken_away_where_its_site_cannot_be_read(
    hamburg: FakeContainer, fake: FakeElasticsearch, corrected: tuple[str, str]
) -> None:
    id_, key = corrected
    forged(fake, key, "anderswo" * 100_000)
    fake.most = 400_000
    gone(hamburg, [id_])
    assert documents(fake) == {key}
    assert dropped(hamburg, b_txt=SHORT.format("in  Gera"))["b.txt"].fate == "withdrawn"


def test_what_documents_under_its_path_claim_is_not_even_asked_about(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """A thousand with 5,000 keys each, of which few have a place, held it for ten minutes."""
    text = " date 2024-06-20 Amt : Bericht\n\n" + "Karsten Holm war in Bremen. " * 12
    asked = []
    for name, count in {"a.txt": 0, "b.txt": 3_000}.items():
        id_ = dropped(container, **{name.replace(".", "_"): text + name})[name].id
        keys = [f"t-{name[0]}{n:039x}" for n in range(count)]
        for other in beside(container, fake, id_, 5, name):
            claims = {"known_as": keys, "url": URL}
            container.client.update(index="articles", id=other, doc=claims)
        before = len(fake.asked)
        withdraw(container, [id_], ORDER)
        asked.append(len(fake.asked) - before)
        assert len(container.tombstones.keys([id_])[id_]) < 20
    assert asked[0] == asked[1]
    finish(container)
    assert documents(fake) == set()


def test_of_many_that_are_withdrawn_at_once_the_claims_of_some_are_held(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = list[int]()

    def told(parts: Container, keys: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
        held.append(len(keys))
        return of_no_other(parts, keys)

    monkeypatch.setattr("worker.care.withdraw.of_no_other", told)
    withdraw(container, [f"s-{number}" for number in range(250)], ORDER)
    assert len(container.tombstones.all()) == 250
    assert max(held) <= 100
