"""``where``: what happened to a file or an article, from what is durable alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from articles.errors import UsageError
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care import failed_under
from worker.care.restore import meant, restore
from worker.care.retry import retry
from worker.care.taking_away import finish
from worker.care.where import Life, where
from worker.care.withdraw import Order, withdraw
from worker.spool.settle import reason_of


def dropped(container: FakeContainer, name: str, body: str, *, done: bool = True) -> str:
    """The batch that it was claimed into."""
    with container.spool.filling() as batch:
        content = json.dumps({"headline": "Bericht", "body": body, "id": "7"} if body else {})
        (batch.root / name).write_text(content)
    if done:
        container.intake.batch(batch.name)
    return batch.name


def happened(told: Life) -> list[tuple[str, str]]:
    return [(step.what, step.path) for step in told.steps]


def is_in(told: Life) -> list[tuple[str, str]]:
    return [(place.where, place.path) for place in told.places]


def test_a_file_of_an_article_that_was_corrected_and_copied(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    for name, body in (("a", "Eins."), ("b", "Zwei."), ("c", "Eins.")):
        dropped(container, f"{name}.json", body)
    whole = where(container, "s-7")
    ends = [("indexed", "a.json"), ("corrected", "b.json"), ("duplicate", "c.json")]
    claims = [("claimed", path) for _, path in ends]
    assert happened(whole) == [step for pair in zip(claims, ends, strict=True) for step in pair]
    assert whole.steps[1].detail == "version 1"
    archived = [("archive", f"{name}.json") for name in "abc"]
    assert sorted(is_in(whole)) == [*archived, ("index", "b.json")]
    copy = where(container, "c.json")
    assert happened(copy) == [("claimed", "c.json"), ("duplicate", "c.json")]
    assert [step.id for step in copy.steps] == ["", "s-7"]
    assert copy.places[-1].detail == "version 2 of 2, waits for enrichment"
    mark = {"state": "enriched", "pipeline": "p-1", "at": "2099-01-01T00:00:00Z"}
    fake.store.single("articles").update("s-7", {"enrichment": mark})
    assert happened(where(container, "b.json"))[-1] == ("enriched", "b.json")
    container.ledger.close()
    container.ledger.path.unlink()
    told = happened(where(container, "s-7"))
    assert told == [*happened(whole)[:4], ("enriched", "b.json")]


def test_a_file_that_failed_tells_each_time(container: FakeContainer) -> None:
    dropped(container, "leer.json", "")
    dropped(container, "leer.json", "")
    told = where(container, "leer.json")
    assert [step.what for step in told.steps if step.what != "claimed"] == ["failed", "failed"]
    assert "headline" in told.steps[-1].detail
    assert is_in(told) == [("failed", "leer.json")]


def looked_at(container: FakeContainer, path: str) -> tuple[Life, list[str]]:
    """What is told of a path, and the files in ``failed/`` whose reasons were read for it."""
    read = list[str]()

    def counted(file: Path) -> dict[str, Any]:
        read.append(file.name)
        return reason_of(file)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(failed_under, "reason_of", counted)
        return where(container, path), read


def test_of_what_failed_others_names_are_not_looked_into(container: FakeContainer) -> None:
    """Who drops files may drop a hundred thousand whose names begin as another's does."""
    dropped(container, "leer.json", "")
    for number in range(20):
        (container.folders.failed / f"leer{number}.json").write_text("")
        (container.folders.failed / f"leer~{number}.json").write_text("")
    told, read = looked_at(container, "leer.json")
    assert (is_in(told), read) == ([("failed", "leer.json")], ["leer.json"])


def test_of_very_many_that_may_be_of_a_path_the_first_are_looked_at(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First those that the ledger knows; that there are more is said."""
    monkeypatch.setattr(failed_under, "MOST", 5)
    dropped(container, "leer.json", "")
    with container.spool.filling() as batch:
        (batch.root / "leer.json").write_text("[]")
    container.intake.batch(batch.name)
    assert len(where(container, "leer.json").unasked) == 0
    for number in range(20):
        (container.folders.failed / f"leer~{number:012}.json").write_text("")
    told, read = looked_at(container, "leer.json")
    assert is_in(told) == [("failed", "leer.json")] * 2
    assert len(read) == 5
    assert [text for text in told.unasked if "leer.json" in text] == told.unasked != []


def test_what_waits_is_told_where(container: FakeContainer) -> None:
    (container.folders.inbox / "neu.txt").write_text("Text")
    assert is_in(where(container, "neu.txt")) == [("inbox", "neu.txt")]
    batch = dropped(container, "kiste.zip", "Eins.", done=False)
    assert is_in(where(container, "kiste.zip")) == [("spool", "kiste.zip")]
    (member,) = where(container, "kiste.zip/1.json").places
    assert member.detail.endswith(f"waits in {batch}, in kiste.zip")


def test_a_beginning_of_an_id_will_do_and_what_is_nowhere_is_refused(
    container: FakeContainer,
) -> None:
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_text("Bericht\n\nEin Text ohne Kennung.")
    container.intake.batch(batch.name)
    (step,) = (step for step in where(container, "a.txt").steps if step.id)
    assert happened(where(container, step.id[:8])) == happened(where(container, "a.txt"))
    with pytest.raises(UsageError, match="There is no article nirgends"):
        where(container, "nirgends.txt")


def test_an_index_that_is_away_leaves_the_rest(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    dropped(container, "a.json", "Eins.")
    fake.go_away()
    told = where(container, "a.json")
    assert happened(told) == [("claimed", "a.json"), ("indexed", "a.json")]
    assert "The index cannot be asked" in told.unasked[0]


def test_a_withdrawal_is_told_by_id_and_by_path_and_why(container: FakeContainer) -> None:
    dropped(container, "a.json", "Eins.")
    withdraw(container, ["s-7"], Order("court order", "desk"))
    finish(container)
    for text in ("s-7", "a.json"):
        told = where(container, text)
        step = next(step for step in told.steps if step.detail.startswith("court order (by desk)"))
        assert (step.what, step.path, step.id) == ("withdrawn", "a.json", "s-7")
        assert "index" not in {place.where for place in told.places}
        assert "archive" not in {place.where for place in told.places}


def test_what_was_before_a_withdrawal_and_its_end_stays(container: FakeContainer) -> None:
    dropped(container, "a.json", "Eins.")
    before = happened(where(container, "s-7"))
    withdraw(container, ["s-7"], Order("court order", "desk"))
    finish(container)
    gone = where(container, "s-7")
    assert happened(gone) == [*before, ("withdrawn", "a.json")]
    restore(container, [meant(container, "s-7")], who="Kanzlei")
    (batch,) = container.spool.batches()
    container.intake.batch(batch.name)
    for text in ("s-7", "a.json"):
        told = where(container, text)
        assert sorted(happened(told)) == sorted(
            [*before, *before, ("withdrawn", "a.json"), ("restored", "a.json")]
        )
        assert happened(told)[:2] == before
        assert [s.detail for s in told.steps if s.what == "restored"] == ["by Kanzlei"]
    container.ledger.close()
    assert container.ledger.counts()["indexed"] == 1


def test_a_failure_is_told_after_it_was_tried_again(container: FakeContainer) -> None:
    dropped(container, "a.json", "")
    (place,) = where(container, "a.json").places
    content = {"headline": "Bericht", "body": "Eins.", "id": "7"}
    Path(place.path and place.detail).write_text(json.dumps(content))
    retry(container, ["a.json"])
    (batch,) = container.spool.batches()
    container.intake.batch(batch.name)
    told = [step.what for step in where(container, "a.json").steps]
    assert told == ["claimed", "failed", "claimed", "indexed"]
    assert container.ledger.counts()["failed"] == 0


def test_a_ledger_of_an_older_release_tells_what_it_has(container: FakeContainer) -> None:
    dropped(container, "a.json", "Eins.")
    container.ledger.close()
    with closing(sqlite3.connect(container.ledger.path)) as database:
        database.execute("DROP TABLE past")
        database.commit()
    assert happened(where(container, "a.json")) == [("claimed", "a.json"), ("indexed", "a.json")]
    withdraw(container, ["s-7"], Order("court order", "desk"))
    finish(container)
    assert happened(where(container, "a.json"))[1:] == [
        ("indexed", "a.json"),
        ("withdrawn", "a.json"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/DATA/geheim.txt",
            "../geheim.txt",
            "ordner/geheim.txt",
            "x" * 5_000,
            "a/" * 3_000 + "a",
        ),
        *("a\\x00b/c", "\\ud800", "press/\\ud800", "press/\\x00", "\\ud800.reason.json/b", ""),
    ],
)
def test_a_document_with_a_path_that_no_file_has_is_looked_for_nowhere_else(
    container: FakeContainer, tmp_path: Path, path: str
) -> None:
    """Nor is the answer about all else lost."""
    folders = container.folders
    (folders.data / "geheim.txt").write_text("Geheim")
    (folders.inbox / "ordner").symlink_to(folders.data)
    (tmp_path / "press").mkdir()
    container.mirrors.add(tmp_path / "press")
    dropped(container, "a.json", "Eins.")
    told = path.replace("/DATA", str(folders.data))
    source = {"path": told, "sha256": "0" * 64}
    container.client.update(index="articles", id="s-7", doc={"source": source})
    assert sorted(is_in(where(container, "s-7"))) == [("archive", "a.json"), ("index", told)]


def test_a_file_that_cannot_be_read_is_named(
    container: FakeContainer, leased: Callable[[Path], Callable[[], None]]
) -> None:
    """It may be another's by now; that none is there would not be true."""
    dropped(container, "a.json", "Eins.")
    leased(container.folders.archive / "a.json")
    (sentence,) = where(container, "a.json").unasked
    assert sentence.startswith(f"{container.folders.archive / 'a.json'} cannot be read")
