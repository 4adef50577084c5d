"""Who may write documents takes no article by its key (``known_as``) while the ledger knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.compared import Compared
from worker.care.repair import repair
from worker.care.verify import verify
from worker.spool.settle import archived_as

BODY = "Karsten Holm war in Bremen. " * 12
TEXT = f" date 2024-06-20 Amt : Bericht\n\n{BODY}"
CORRECTED = TEXT.replace("Bremen", "Celle", 1)


def worked(container: FakeContainer, name: str) -> dict[str, tuple[str, str]]:
    fates = container.intake.batch(name)
    container.client.indices.refresh(index="articles")
    return {fate.path: (fate.fate, fate.id) for fate in fates}


def dropped(container: FakeContainer, files: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The fate and the id of each."""
    with container.spool.filling() as batch:
        for path, content in files.items():
            (batch.root / path).write_text(content)
    return worked(container, batch.name)


def claimed(container: FakeContainer, fake: FakeElasticsearch, key: str) -> str:
    """The id of a document that says that it is known by this key."""
    store = fake.store.single("articles")
    spam = {**fake.source(next(iter(store.documents))), "headline": "Spam", "body": "Spam"}
    spam["source"] = {**spam["source"], "path": "spam.txt", "sha256": "ab" * 32}
    store.put("t-spam", {**spam, "known_as": [key]})
    container.client.indices.refresh(index="articles")
    return "t-spam"


def gone(container: FakeContainer, id_: str) -> None:
    container.client.delete(index="articles", id=id_, refresh=True)


def repaired(container: FakeContainer) -> dict[str, tuple[str, str]]:
    compared = Compared()
    verify(container, compared)
    repair(container, compared)
    return {k: v for b in container.spool.batches() for k, v in worked(container, b.name).items()}


def test_the_article_comes_back_as_itself(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    ((_, id_),) = dropped(container, {"a.txt": TEXT}).values()
    claimed(container, fake, id_)
    gone(container, id_)
    assert repaired(container) == {"a.txt": ("indexed", id_)}
    assert fake.source("t-spam").get("history") is None


def test_a_later_copy_is_one_of_the_article(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    ((_, id_),) = dropped(container, {"a.txt": TEXT}).values()
    claimed(container, fake, id_)
    assert dropped(container, {"b.txt": TEXT + "\n"}) == {"b.txt": ("duplicate", id_)}


@pytest.mark.parametrize("lost", ["ledger", "file"])
def test_where_nothing_tells_otherwise_the_document_is_believed(
    container: FakeContainer, fake: FakeElasticsearch, lost: str
) -> None:
    ((_, id_),) = dropped(container, {"a.txt": TEXT}).values()
    claimed(container, fake, id_)
    row = container.ledger.of_documents([id_])[0]
    container.ledger.close()
    file: Path = container.ledger.path
    if lost == "file":
        file = archived_as(container.folders, "a.txt", row.sha256) or file
    file.unlink()
    assert dropped(container, {"b.txt": TEXT}) == {"b.txt": ("corrected", "t-spam")}


def test_what_was_corrected_has_the_copies_of_all_its_texts(container: FakeContainer) -> None:
    ((_, id_),) = dropped(container, {"a.txt": TEXT}).values()
    assert dropped(container, {"a.txt": CORRECTED}) == {"a.txt": ("corrected", id_)}
    assert dropped(container, {"b.txt": CORRECTED}) == {"b.txt": ("duplicate", id_)}
    gone(container, id_)
    assert {id_ for _, id_ in repaired(container).values()} == {id_}
