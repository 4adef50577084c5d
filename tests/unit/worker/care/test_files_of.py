"""Which archived files belong to a document."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from articles.article import Version
from indexing.writing.versions import every
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.files_of import copies_of, file_of, files_of
from worker.care.holders import Held, Holders
from worker.care.may_hold import MayHold
from worker.care.putting_away import places
from worker.spool.withdrawal import KeptFile


def dropped(container: FakeContainer, name: str, body: str) -> None:
    with container.spool.filling() as batch:
        content = json.dumps({"headline": "Bericht", "body": body, "id": "7"})
        (batch.root / name).write_text(content)
    container.intake.batch(batch.name)


def test_those_of_all_versions_and_copies(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    ledger = container.ledger
    for name, body in (("a", "Eins."), ("a", "Zwei."), ("b", "Drei."), ("c", "Eins. ")):
        dropped(container, f"{name}.json", body)
    document = fake.source("s-7")
    own = [file_of(container.folders, version) for version in every(document)]
    assert [json.loads(path.read_text())["body"] for path in own if path] == [
        "Eins.",
        "Zwei.",
        "Drei.",
    ]
    assert len(files_of(document)) == len(own)
    assert "c.json" in {kept.path for kept in copies_of(ledger, ["s-7"])["s-7"]}
    ledger.path.unlink()
    assert copies_of(ledger, ["s-7"]) == {}


def test_what_is_gone_is_none(container: FakeContainer, fake: FakeElasticsearch) -> None:
    dropped(container, "a.json", "Eins.")
    (container.folders.archive / "a.json").unlink()
    (version,) = every(fake.source("s-7"))
    assert file_of(container.folders, version) is None


#: Paths that no file of an archive has, and digests that are none.
IMPOSSIBLE = (
    *("../../etc/passwd", "/etc/passwd", "a" * 300, "a/" * 300 + "a", "a//b", ".", ""),
    *("\\x00", "a\\ud800b", "\\U00110000", "\\Uffffffff"),
    *("\\ud800.reason.json", "\\ud800.reason.json/a", "a/" * 2_000 + "a", "\\x00.reason.json/a"),
    "x" * 20_000 + ".reason.json",
)


@pytest.mark.parametrize("path", IMPOSSIBLE)
@pytest.mark.parametrize("digest", [sha256(b"x").hexdigest(), "../../../x", "x" * 300, "a\0b", ""])
def test_what_no_file_can_have_is_of_none(container: FakeContainer, path: str, digest: str) -> None:
    assert file_of(container.folders, Version(1, path, digest)) is None
    kept = KeptFile(path, digest)
    folders = container.folders
    assert list(places(container, kept, (folders.archive, folders.failed))) == []
    assert Holders(container).of([kept]) == Held([], [])


@pytest.mark.parametrize(
    "path", ["", "../a", "/etc/passwd", "\\ud800.reason.json", "a/" * 2_000 + "a"]
)
def test_a_document_tells_of_no_file_that_none_of_ours_can_be(path: str) -> None:
    digest = sha256(b"x").hexdigest()
    line = {"number": 2, "path": path, "sha256": digest}
    document = {"source": {"path": path, "sha256": digest}, "history": [line]}
    assert files_of(document) == []


def test_of_folders_that_are_not_there_nothing_is_remembered(container: FakeContainer) -> None:
    """A document of many megabytes may tell of millions."""
    may_hold = MayHold(container)
    for n in range(20):
        assert list(may_hold.candidates(f"{n}/" * 90 + "a.txt")) == []
    assert may_hold._names == {}
