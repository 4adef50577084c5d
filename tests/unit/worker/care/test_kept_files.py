"""Which archived files belong to a document."""

from __future__ import annotations

import json

from indexing.writing.versions import every
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.kept_files import file_of, kept_files


def dropped(container: FakeContainer, name: str, body: str) -> None:
    with container.spool.filling() as batch:
        content = json.dumps({"headline": "Bericht", "body": body, "id": "7"})
        (batch.root / name).write_text(content)
    container.intake.batch(batch.name)


def test_those_of_all_versions_and_copies(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    archive, ledger = container.folders.archive, container.ledger
    for name, body in (("a", "Eins."), ("a", "Zwei."), ("b", "Drei."), ("c", "Eins. ")):
        dropped(container, f"{name}.json", body)
    document = fake.source("s-7")
    own = kept_files(container.folders, "s-7", document)
    texts = [json.loads(path.read_text())["body"] for path in own]
    assert texts == ["Eins.", "Zwei.", "Drei."]
    assert kept_files(container.folders, "s-7", document, ledger) == [*own, archive / "c.json"]
    ledger.path.unlink()
    assert kept_files(container.folders, "s-7", document, ledger) == own


def test_what_is_gone_is_none(container: FakeContainer, fake: FakeElasticsearch) -> None:
    dropped(container, "a.json", "Eins.")
    (container.folders.archive / "a.json").unlink()
    (version,) = every(fake.source("s-7"))
    assert file_of(container.folders, version) is None
    assert kept_files(container.folders, "s-7", fake.source("s-7")) == []
