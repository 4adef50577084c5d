"""What was corrected by hand stays, whatever comes, until it is undone."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import manage
from indexing.index.migrate import migrate
from indexing.writing.rewrite import rewrite, whole
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.compared import Compared
from worker.care.correct import Finishing, correct, finish
from worker.care.repair import repair
from worker.care.taking_away import finish as finish_withdrawals
from worker.care.verify import verify
from worker.care.where import where
from worker.care.withdraw import Order, withdraw
from worker.intake.fates import ItemFate
from worker.spool import deposit

TEXT = " date 2024 Amt : Bericht vom Hafen\n\nKarsten Holm war in Bremen. {}"


def dropped(container: FakeContainer, name: str, text: str) -> ItemFate:
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(text.encode()), name)
    (fate,) = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return fate


def json_of(**more: Any) -> str:
    return json.dumps({"headline": "Hafen", "body": "Eins.", "id": "dpa:7", **more})


def done(container: FakeContainer, id_: str, **values: list[str]) -> None:
    correct(container, id_, values, "desk")
    finish(container)


def work(container: FakeContainer) -> list[ItemFate]:
    return [f for batch in container.spool.batches() for f in container.intake.batch(batch.name)]


@pytest.fixture
def id_(container: FakeContainer) -> str:
    return dropped(container, "a.json", json_of()).id


def test_it_is_in_the_document_and_said_to_be_by_hand(
    container: FakeContainer, fake: FakeElasticsearch, id_: str
) -> None:
    done(container, id_, published=["19. Juni 2024"], byline=["Anna Kern"], kicker=["Bremen"])
    document = fake.source(id_)
    assert document["published"] == document["published_day"] == "2024-06-19"
    assert document["published_precision"] == "day"
    assert (document["byline"], document["kicker"]) == (["Anna Kern"], "Bremen")
    assert document["corrected_by_hand"] == ["byline", "kicker", "published"]
    assert "date_problem" not in document
    assert document["enrichment"]["state"] == "pending"
    assert container.publisher.documents[-1] == ([id_], False)
    told = [step.detail for step in where(container, id_).steps if step.what == "corrected by hand"]
    assert told[0] == "byline: Anna Kern (by desk)"


def test_it_stays_when_a_corrected_text_comes_and_says_what_that_says(
    container: FakeContainer, fake: FakeElasticsearch, id_: str
) -> None:
    done(container, id_, headline=["Hafen in Not"], published=["2024-06"])
    assert dropped(container, "kopie.json", json_of(genre="x")).fate == "duplicate"
    new = json_of(headline="Hafen 2", body="Zwei.", published="2023-01-01")
    assert dropped(container, "a.json", new).fate == "corrected"
    document = fake.source(id_)
    assert (document["headline"], document["body"]) == ("Hafen in Not", "Zwei.")
    assert document["published"] == "2024-06"
    assert document["changed"] == ["body"]
    assert [line["source"].get("headline") for line in document["by_hand"]] == ["Hafen 2", None]
    assert dropped(container, "b.json", new + " ").fate == "duplicate"
    correct(container, id_, {}, "desk", undo=["all"])
    finish(container)
    document = fake.source(id_)
    assert (document["headline"], document["published"]) == ("Hafen 2", "2023-01-01")
    assert "by_hand" not in document
    assert "corrected_by_hand" not in document


def test_one_field_is_undone_and_the_others_stay(
    container: FakeContainer, fake: FakeElasticsearch, id_: str
) -> None:
    done(container, id_, agency=["afp"], genre=["Kommentar"])
    correct(container, id_, {"slugline": ["Hafen/Bremen"]}, "desk", undo=["agency"])
    finish(container)
    assert fake.source(id_)["corrected_by_hand"] == ["genre", "slugline"]
    assert "agency" not in fake.source(id_)
    with pytest.raises(UsageError, match="genre, slugline was"):
        correct(container, id_, {}, "desk", undo=["agency"])


def test_it_outlives_a_new_mapping_and_the_index_itself(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, "a.txt", TEXT.format(1)).id
    done(container, id_, published=["2024-06"], headline=["Bericht von der Elbe"])
    index = container.settings.index
    migrate(container.client, index, lambda _: None, force=True)
    manage.drop(container.client, manage.old_versions(container.client, index))
    assert fake.source(id_)["published"] == "2024-06"
    container.client.delete(index=index, id=id_, refresh=True)
    compared = Compared()
    verify(container, compared)
    repair(container, compared)
    assert [fate.fate for fate in work(container)] == ["indexed"]
    assert fake.source(id_)["headline"] == "Bericht von der Elbe"
    assert fake.source(id_)["corrected_by_hand"] == ["headline", "published"]


def test_verify_knows_a_document_that_does_not_say_so(
    container: FakeContainer, fake: FakeElasticsearch, id_: str
) -> None:
    before = fake.source(id_)
    done(container, id_, published=["2024-06"])
    index = container.settings.index
    (now,) = whole(container.client, index, [id_])
    rewrite(container.client, index, [(now, before)])
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {"by_hand": 1}
    repair(container, compared)
    assert fake.source(id_)["published"] == "2024-06"


def test_what_is_cut_short_behind_the_note_is_done_by_the_watch_process(
    container: FakeContainer, fake: FakeElasticsearch, id_: str
) -> None:
    chore = Finishing()
    correct(container, id_, {"published": ["2024-06"]}, "desk")
    assert "published" not in fake.source(id_)
    chore(container)
    assert fake.source(id_)["published"] == "2024-06"
    assert container.by_hand.unfinished() == {}
    fake.asked.clear()
    chore(container)
    assert not fake.asked, "it looks only where anything has changed"


def test_a_text_that_is_written_at_the_same_moment_gets_it_too(
    container: FakeContainer, fake: FakeElasticsearch, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = container.intake._taking_in.documents
    corrected = type(documents)._corrected

    def meanwhile(self: Any, *args: Any, **more: Any) -> Any:
        done(container, id_, published=["2024-06"])
        return corrected(self, *args, **more)

    monkeypatch.setattr(type(documents), "_corrected", meanwhile)
    assert dropped(container, "a.json", json_of(body="Zwei.")).fate == "corrected"
    finish(container)
    assert (fake.source(id_)["published"], fake.source(id_)["body"]) == ("2024-06", "Zwei.")


def test_an_id_is_another_name_of_its_article_and_texts_under_it_are_versions(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    id_ = dropped(container, "a.txt", TEXT.format(1)).id
    done(container, id_, id=["dpa:7"])
    assert fake.source(id_)["known_as"] == ["s-dpa:7"]
    assert dropped(container, "neu.json", json_of(body="Zwei.")).fate == "corrected"
    assert {i for x in fake.store.indices.values() for i in x.documents} == {id_}
    assert dropped(container, "kopie.json", json_of(body="Zwei. ")).fate == "duplicate"
    compared = Compared()
    verify(container, compared)
    assert compared.counts() == {}
    done(container, id_, agency=["dpa"])
    correct(container, id_, {}, "desk", undo=["id"])
    finish(container)
    assert "known_as" not in fake.source(id_)
    assert dropped(container, "drei.json", json_of(body="Drei.")).fate == "indexed"


def test_an_id_or_an_address_of_another_article_is_refused(
    container: FakeContainer, id_: str
) -> None:
    other = dropped(container, "b.txt", TEXT.format(2)).id
    with pytest.raises(UsageError, match="another article's already"):
        correct(container, other, {"id": ["dpa:7"]}, "desk")
    with pytest.raises(UsageError, match="has that id already"):
        correct(container, id_, {"id": ["dpa:7"]}, "desk")
    done(container, other, url=["https://dpa.example/7"])
    third = dropped(container, "c.txt", TEXT.format(3)).id
    with pytest.raises(UsageError, match=other):
        correct(container, third, {"url": ["https://dpa.example/7/"]}, "desk")
    correct(container, id_, {"url": ["https://dpa.example/7"]}, "desk")  # its own id tells it


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"body": ["x"]}, "cannot be set by hand"),
        ({"headline": [" "]}, "cannot be without headline"),
        ({"published": ["2024-02-31"]}, "does not exist"),
        ({"published": ["04/05/2024"]}, "can be 2024-05-04 or 2024-04-05"),
        ({"url": ["n/a"]}, "no web address"),
        ({"language": ["xx"]}, "no language"),
        ({"genre": ["x" * 2001]}, "more than 2,000"),
    ],
)
def test_what_cannot_be_is_refused(
    container: FakeContainer, id_: str, values: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        correct(container, id_, values, "desk")
    assert container.by_hand.of([id_]) == {}


def test_a_dry_run_says_what_it_would_and_writes_nothing(
    container: FakeContainer, fake: FakeElasticsearch, id_: str
) -> None:
    before = fake.source(id_)
    told = correct(container, id_, {"published": ["2024"]}, "desk", dry_run=True)
    assert [(c.field, c.after) for c in told.changed if c.field == "published"] == [
        ("published", "2024")
    ]
    finish(container)
    assert fake.source(id_) == before
    assert container.by_hand.of([id_]) == {}


def test_with_elasticsearch_away_it_is_noted_and_done_later(
    container: FakeContainer, fake: FakeElasticsearch, id_: str
) -> None:
    correct(container, id_, {"published": ["2024-06"]}, "desk")
    fake.go_away()
    with pytest.raises(ServiceUnavailable):
        finish(container)
    fake.come_back()
    finish(container)
    assert fake.source(id_)["published"] == "2024-06"


def test_a_purge_forgets_it_and_a_withdrawal_keeps_it(container: FakeContainer, id_: str) -> None:
    done(container, id_, headline=["Hafen in Not"])
    withdraw(container, [id_], Order("court order", "desk"))
    finish_withdrawals(container)
    assert id_ in container.by_hand.of([id_])
    withdraw(container, [id_], Order("court order", "desk", purge=True))
    finish_withdrawals(container)
    assert container.by_hand.of([id_]) == {}
    data = (container.settings.data / "by_hand.sqlite").read_bytes()
    assert b"Hafen in Not" not in data
