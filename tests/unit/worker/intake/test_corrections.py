"""Corrections, on real folders and an index in memory: one article, and each of its texts once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest

from indexing.writing.versions import current, every
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.compared import Compared
from worker.care.repair import repair
from worker.care.retry import retry
from worker.care.verify import verify
from worker.intake.fates import ItemFate
from worker.spool.spool import Batch

KEY = "s-7"


class Died(Exception):
    """What no service raises."""


def article(body: str, **more: object) -> str:
    return json.dumps({"headline": "Bericht", "body": body, "id": "7", **more})


def batch_of(container: FakeContainer, **files: str) -> Batch:
    with container.spool.filling() as batch:
        for name, content in files.items():
            (batch.root / f"{name}.json").write_text(content)
    return batch


def dropped(container: FakeContainer, **files: str) -> list[ItemFate]:
    return container.intake.batch(batch_of(container, **files).name)


def numbers(fake: FakeElasticsearch) -> dict[int, str]:
    """The paths of all versions, by number."""
    return {version.number: version.path for version in every(fake.source(KEY))}


def differences(container: FakeContainer) -> dict[str, int]:
    compared = Compared()
    container.client.indices.refresh(index=container.settings.index)
    verify(container, compared)
    return compared.counts()


def aged(fake: FakeElasticsearch) -> None:
    """Let it be of yesterday: what is new may still be on its way."""
    yesterday = "2024-06-20T00:00:00.000000Z"
    history = [{**line, "received_at": yesterday} for line in fake.source(KEY).get("history", [])]
    fake.store.single("articles").update(KEY, {"received_at": yesterday, "history": history})


def test_a_correction_is_one_document_and_keeps_both_files(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    (first,) = dropped(container, a=article("Eins.", published="2024-06-19"))
    container.client.update(
        index="articles", id=KEY, doc={"enrichment": {"state": "enriched"}, "story": "t-1"}
    )
    (second,) = dropped(container, a=article("Zwei.", published="2024-06-19"))
    assert (first.fate, second.fate, second.id) == ("indexed", "corrected", KEY)
    assert second.reason == "version 2 of its article"
    source = fake.source(KEY)
    assert (source["body"], source["version"], source["changed"]) == ("Zwei.", 2, ["body"])
    assert (source["story"], source["enrichment"]["state"]) == ("t-1", "pending")
    (line,) = source["history"]
    assert (line["number"], line["path"], line["headline"]) == (1, "a.json", "Bericht")
    assert source["earlier"] == ["Bericht\n\nEins."]
    assert len(os.listdir(container.folders.archive)) == 2
    assert container.publisher.documents[-1] == ([KEY], False)
    assert container.ledger.counts() == {"indexed": 1, "corrected": 1, "duplicate": 0, "failed": 0}
    aged(fake)
    assert differences(container) == {}


@pytest.mark.parametrize("again", ["Eins.", "Zwei.", "Eins.  "])
def test_a_copy_of_any_of_its_texts_corrects_nothing(
    container: FakeContainer, fake: FakeElasticsearch, again: str
) -> None:
    dropped(container, a=article("Eins."))
    dropped(container, a=article("Zwei."))
    (copy,) = dropped(container, c=article(again, agencies=["dpa"]))
    assert copy.fate == "duplicate"
    assert fake.source(KEY)["body"] == "Zwei."
    aged(fake)
    assert differences(container) == {}


def test_many_texts_of_one_batch_are_versions_in_its_order(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    texts = {name: article(f"Text {name}.") for name in "abcd"}
    fates = dropped(container, **texts, e=article("Text  b."))
    assert [fate.fate for fate in fates] == ["indexed", *["corrected"] * 3, "duplicate"]
    assert numbers(fake) == {n: f"{name}.json" for n, name in enumerate("abcd", 1)}
    assert current(fake.source(KEY)).number == 4


def test_what_was_claimed_before_and_comes_after_is_an_earlier_version(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    old, new = batch_of(container, a=article("Eins.")), batch_of(container, b=article("Zwei."))
    container.intake.batch(new.name)
    (late,) = container.intake.batch(old.name)
    assert (late.fate, fake.source(KEY)["body"]) == ("corrected", "Zwei.")
    assert late.reason == "version 2 of its article, and not the current one"
    assert numbers(fake) == {1: "b.json", 2: "a.json"}
    assert fake.source(KEY)["earlier"] == ["Bericht\n\nEins."]
    aged(fake)
    assert differences(container) == {}


@pytest.mark.parametrize("step", ["intake.created", "intake.corrected", "intake.indexed"])
@pytest.mark.parametrize("after", ["nothing", "another"])
def test_cut_short_anywhere_it_is_one_version(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: str,
) -> None:
    dropped(container, a=article("Eins."))
    batch = batch_of(container, b=article("Zwei."))
    with monkeypatch.context() as patch:
        patch.setattr("worker.failpoint.reach", _dies_at(step))
        with pytest.raises(Died):
            container.intake.batch(batch.name)
    if after == "another":
        dropped(container, c=article("Drei."))
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "corrected"
    assert sorted(numbers(fake).values()) == [
        "a.json",
        "b.json",
        *["c.json"] * (after != "nothing"),
    ]
    assert fake.source(KEY)["body"] == ("Zwei." if after == "nothing" else "Drei.")
    assert len(container.spool) == 0


def _dies_at(step: str) -> Callable[[str], None]:
    def reach(name: str) -> None:
        if name == step:
            raise Died

    return reach


def test_a_first_text_that_is_done_again_after_its_correction_is_indexed(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = batch_of(container, a=article("Eins."))
    with monkeypatch.context() as patch:
        patch.setattr("worker.failpoint.reach", _dies_at("intake.indexed"))
        with pytest.raises(Died):
            container.intake.batch(first.name)
    dropped(container, b=article("Zwei."))
    assert [fate.fate for fate in container.intake.batch(first.name)] == ["indexed"]
    assert numbers(fake) == {1: "a.json", 2: "b.json"}


def test_whoever_writes_meanwhile_is_no_loss(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, a=article("Eins."))
    index = fake.store.single("articles")

    def enriched() -> None:
        index.update(KEY, {"people": ["K"]})

    fake.before("_bulk", lambda: fake.before("_bulk", enriched))
    (fate,) = dropped(container, b=article("Zwei."))
    assert fate.fate == "corrected"
    assert "people" not in fake.source(KEY), "what was read of the text before"


def test_one_that_is_always_written_waits_and_nothing_is_lost(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, a=article("Eins."))
    index = fake.store.single("articles")
    fake.before("_bulk", lambda: index.update(KEY, {"story": "t-2"}), always=True)
    batch = batch_of(container, b=article("Zwei."))
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, "somebody else" in fate.reason) == ("waiting", True)
    fake.come_back()
    assert [fate.fate for fate in container.intake.batch(batch.name)] == ["corrected"]


def test_a_file_that_grows_is_its_version_still(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, a=article("Eins."))
    dropped(container, b=article("Zwei."))
    (fate,) = dropped(container, b=article("Zwei.") + "\n")
    assert fate.fate == "corrected"
    assert numbers(fake) == {1: "a.json", 2: "b.json"}
    assert current(fake.source(KEY)).bytes == len(article("Zwei.")) + 1


def test_an_empty_index_gets_the_same_current_text_from_the_archive(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    for number, name in enumerate("cab"):
        dropped(container, **{name: article(f"Text {name}.")})
        os.utime(container.folders.archive / f"{name}.json", (1e9 + number, 1e9 + number))
    del fake.store.single("articles").documents[KEY]
    for name in "cab":  # each in a batch of its own, in the order of the names
        assert differences(container).keys() <= {"no_document", "no_version"}
        _repair_one(container, name)
    assert fake.source(KEY)["body"] == "Text b."
    assert sorted(numbers(fake).values()) == ["a.json", "b.json", "c.json"]
    aged(fake)
    assert differences(container) == {}


def _repair_one(container: FakeContainer, name: str) -> None:
    compared = Compared()
    container.client.indices.refresh(index="articles")
    verify(container, compared)
    repair(container, compared)
    for batch in container.spool.batches():
        container.intake.batch(batch.name)


def test_a_version_whose_file_is_gone_is_told(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, a=article("Eins."))
    dropped(container, a=article("Zwei."))
    aged(fake)
    (container.folders.archive / "a.json").unlink()
    assert differences(container) == {"version_lost": 1}


def test_a_current_text_whose_file_is_gone_is_not_an_earlier_one_changed(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, a=article("Eins."))
    dropped(container, a=article("Zwei."))
    aged(fake)
    (beside,) = container.folders.archive.glob("a~*")
    beside.unlink()
    assert differences(container) == {"no_file": 1}


def test_one_that_failed_and_is_tried_again_came_when_it_failed(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    fake.refuse("_bulk", 400, "mapper_parsing_exception")
    assert [fate.fate for fate in dropped(container, a=article("Eins."))] == ["failed"]
    (reason,) = container.folders.failed.glob("*.reason.json")
    told = json.loads(reason.read_text())
    reason.write_text(json.dumps({**told, "time": "2024-06-19T12:00:00+00:00"}))
    dropped(container, b=article("Zwei."))
    assert retry(container, []).files == 1
    (batch,) = container.spool.batches()
    (late,) = container.intake.batch(batch.name)
    assert (late.fate, fake.source(KEY)["body"]) == ("corrected", "Zwei.")
    (line,) = fake.source(KEY)["history"]
    assert line["arrived_at"] == "2024-06-19T12:00:00.000000Z"


def test_a_number_that_another_client_wrote_refuses_no_correction(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, a=article("Eins."))
    container.client.update(index="articles", id=KEY, doc={"version": 2**31 - 1})
    for name, body in {"b": "Zwei.", "c": "Drei."}.items():
        (fate,) = dropped(container, **{name: article(body)})
        assert fate.fate == "corrected", fate.reason
    assert numbers(fake) == {1: "a.json", 2: "b.json", 3: "c.json"}
