"""A file that goes on, on real folders and an index in memory: one article and one file of it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from articles.errors import ServiceUnavailable
from extraction.formats.parse import parse
from indexing.writing import of_paths
from indexing.writing.document import to_document
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker import beneath
from worker.intake.continued import Continued
from worker.intake.fates import CAME, ItemFate
from worker.intake.reading import FileReader, ReadFile
from worker.spool.ledger import Ledger
from worker.spool.spool import Batch, SpooledFile, iso

HALF = b" date 2024-06-20 Amt : Bericht 1\n\nKarsten Holm war in Bremen.\n\n"
WHOLE = HALF + b"Er sprach dort.\n\n"
MORE = WHOLE + b"Dann fuhr er ab.\n"


class Died(Exception):
    """What no service raises."""


def dropped(container: FakeContainer, content: bytes, name: str = "a.txt") -> Batch:
    """A claimed file in a batch of its own."""
    with container.spool.filling() as batch:
        (batch.root / name).write_bytes(content)
    return batch


def work(container: FakeContainer, batch: Batch) -> ItemFate:
    (fate,) = container.intake.batch(batch.name)
    return fate


def archived(container: FakeContainer) -> dict[str, bytes]:
    archive = container.folders.archive
    return {p.name: p.read_bytes() for p in archive.rglob("*") if p.is_file()}


def bodies(container: FakeContainer, fake: FakeElasticsearch) -> list[str]:
    """The texts of all documents, and each made of the bytes of a file in the archive."""
    (index,) = fake.store.indices.values()
    sources = [document.source for document in index.documents.values()]
    for source in sources:
        assert source["enrichment"] == {"state": "pending", "attempts": 0}
        assert source["source"]["bytes"] in map(len, archived(container).values())
    return sorted(source["body"] for source in sources)


def is_one_whole(container: FakeContainer, fake: FakeElasticsearch, content: bytes) -> bool:
    """Whether the archive has this file alone and the index its text alone, and no work is left."""
    (body,) = bodies(container, fake)
    last = content.decode().strip().split("\n\n")[-1]
    assert body.endswith(last)
    return archived(container) == {"a.txt": content} and len(container.spool) == 0


def test_a_file_that_goes_on_replaces_its_part(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    for content in (HALF, WHOLE, MORE):
        assert work(container, dropped(container, content)).fate == "indexed"
        assert is_one_whole(container, fake, content)


@pytest.mark.parametrize(("first", "then"), [(HALF, WHOLE), (WHOLE, HALF)], ids=["whole", "half"])
def test_what_lies_in_the_archive_and_alone_cannot_be_read_holds_nobody(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, first: bytes, then: bytes
) -> None:
    """Red before: where Depesche is no root, its sender may take its key away there, too."""
    work(container, dropped(container, first))
    real, archive = beneath.open_file, container.folders.archive

    def opened(name: str, handle: int) -> int:
        if os.path.samestat(os.fstat(handle), archive.stat()):
            raise OSError(errno.ENOKEY, "Required key not available")
        return real(name, handle)

    monkeypatch.setattr(beneath, "open_file", opened)
    batch = dropped(container, then)
    (batch.root / "nachbar.txt").write_bytes(MORE)
    fates = {fate.fate for fate in container.intake.batch(batch.name)}
    assert fates <= {"indexed", "corrected"}
    assert len(list(archive.glob("a*.txt"))) == 2


def test_whatever_others_write_under_its_path_it_replaces_its_part(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_paths, "MOST", 5)
    now = iso(datetime.now(UTC))
    forged = to_document(parse(MORE, "a.txt"), now, now)
    others = [(f"x-{number}", forged) for number in range(20)]
    list(create(container.client, "articles", others, refresh=True))
    part = work(container, dropped(container, HALF))
    whole = work(container, dropped(container, WHOLE))
    assert (part.fate, whole.fate) == ("indexed", "indexed")
    (index,) = fake.store.indices.values()
    assert index.documents.keys() - {id_ for id_, _ in others} == {whole.id}


@pytest.mark.parametrize("away", [False, True])
def test_a_copy_of_the_part_that_did_not_go_on_gets_a_document_of_its_own(
    container: FakeContainer, fake: FakeElasticsearch, away: bool
) -> None:
    """The document stood for both files; where it cannot be removed now, that comes later."""
    work(container, dropped(container, HALF))
    assert work(container, dropped(container, HALF, "b.txt")).fate == "duplicate"
    whole = dropped(container, WHOLE)
    if away:
        fake.refuse("DELETE", 503, "x", always=True)
        with pytest.raises(ServiceUnavailable):
            work(container, whole)
        fake.come_back()
    work(container, whole)
    while batches := container.spool.batches():
        for batch in batches:
            work(container, batch)
    assert archived(container) == {"a.txt": WHOLE, "b.txt": HALF}
    assert len(bodies(container, fake)) == 2


def test_an_enriched_part_is_pending_again_as_a_whole(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    half = work(container, dropped(container, _as_json(HALF, "x1")))
    client, index = container.client, container.settings.index
    client.update(
        index=index, id=half.id, doc={"enrichment": {"state": "enriched"}, "people": ["K"]}
    )
    # A text of the same id: whoever writes JSON by appending leaves it valid with trailing space.
    whole = work(container, dropped(container, _as_json(HALF, "x1") + b"\n"))
    assert (half.id, whole.fate) == (whole.id, "indexed")
    source = fake.source(whole.id)
    assert source["enrichment"] == {"state": "pending", "attempts": 0}
    assert "people" not in source
    assert source["source"]["bytes"] == len(_as_json(HALF, "x1")) + 1


def _as_json(body: bytes, id_: str) -> bytes:
    return json.dumps({"id": id_, "headline": "Bericht", "body": body.decode()}).encode()


@pytest.mark.parametrize("first", ["half", "whole"])
def test_parts_that_wait_together_end_as_one_in_every_order(
    container: FakeContainer, fake: FakeElasticsearch, first: str
) -> None:
    half, whole = dropped(container, HALF), dropped(container, WHOLE)
    order = [half, whole] if first == "half" else [whole, half]
    fates = [work(container, batch).fate for batch in order]
    assert fates == (["indexed", "indexed"] if first == "half" else ["indexed", "duplicate"])
    assert is_one_whole(container, fake, WHOLE)


@pytest.mark.parametrize("first", ["half", "whole"])
def test_a_part_of_what_is_a_copy_of_another_file_ends_in_it(
    container: FakeContainer, fake: FakeElasticsearch, first: str
) -> None:
    work(container, dropped(container, WHOLE, "b.txt"))
    half, whole = dropped(container, HALF), dropped(container, WHOLE)
    for batch in [half, whole] if first == "half" else [whole, half]:
        work(container, batch)
    assert archived(container) == {"a.txt": WHOLE, "b.txt": WHOLE}
    assert len(bodies(container, fake)) == 1
    assert len(container.spool) == 0


def test_what_came_before_a_copy_and_is_no_beginning_of_it_stays(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    work(container, dropped(container, WHOLE, "b.txt"))
    other = dropped(container, HALF.replace(b"Bremen", b"Bonn"))
    work(container, dropped(container, WHOLE))
    assert work(container, other).fate == "indexed"
    assert len(archived(container)) == 3
    assert len(bodies(container, fake)) == 2


@pytest.mark.parametrize("first", ["half", "whole"])
def test_parts_that_are_worked_side_by_side_end_as_one(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """One looks, the other does all of its work, the first goes on and sees it at the move."""
    half, whole = dropped(container, HALF), dropped(container, WHOLE)
    slow, fast = (half, whole) if first == "half" else (whole, half)
    _between(monkeypatch, Ledger, "record", lambda: work(container, fast))
    fate = work(container, slow)
    assert (fate.fate, fate.reason) == ("waiting", CAME)
    work(container, slow)
    assert is_one_whole(container, fake, WHOLE)


def test_a_part_whose_document_comes_late_does_not_stay_beside_the_whole(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """A frozen Elasticsearch does what it was sent when its sender has long gone."""
    half = dropped(container, HALF)
    fake.go_away("_bulk")
    assert work(container, half).fate == "waiting"
    fake.come_back()
    assert work(container, dropped(container, WHOLE)).fate == "indexed"
    fate = work(container, half)
    assert (fate.fate, "may still reach" in fate.reason) == ("waiting", True)
    _arrives_late(container, half)
    os.utime(half.folder / "sent", (0, 0))
    assert work(container, half).fate == "duplicate"
    assert is_one_whole(container, fake, WHOLE)


def test_answers_about_its_neighbours_tell_nothing_of_a_part(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """They are sent again, one by one, while Elasticsearch is still at what was sent first."""
    half = dropped(container, HALF)
    (half.root / "b.txt").write_bytes(b" date 2024-06-20 Amt : Bericht 2\n\nEs blieb dabei.\n")
    fake.go_away("_bulk")
    assert {fate.fate for fate in container.intake.batch(half.name)} == {"waiting"}
    fake.come_back()
    assert work(container, dropped(container, WHOLE)).fate == "indexed"
    fates = {fate.path: fate.fate for fate in container.intake.batch(half.name)}
    assert fates == {"a.txt": "waiting", "b.txt": "indexed"}
    assert work(container, half).fate == "waiting"
    _arrives_late(container, half)
    os.utime(half.folder / "sent", (0, 0))
    assert work(container, half).fate == "duplicate"
    assert len(bodies(container, fake)) == 2


def test_a_part_whose_document_never_comes_is_done_in_the_end(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    half = dropped(container, HALF)
    fake.go_away("_bulk")
    work(container, half)
    fake.come_back()
    work(container, dropped(container, WHOLE))
    work(container, half)
    os.utime(half.folder / "sent", (0, 0))
    assert work(container, half).fate == "duplicate"
    assert is_one_whole(container, fake, WHOLE)


def _arrives_late(container: FakeContainer, batch: Batch) -> None:
    """What a former attempt has sent."""
    article = parse(HALF, "a.txt")
    document = to_document(article, iso(batch.received), iso(batch.received))
    list(create(container.client, container.settings.index, [(article.key, document)]))


def _between(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, do: Callable[[], object]
) -> None:
    """Do something once, in front of a call."""
    before, pending = getattr(owner, name), [do]

    def first_that(*arguments: Any, **more: Any) -> Any:
        while pending:
            pending.pop()()
        return before(*arguments, **more)

    monkeypatch.setattr(owner, name, first_that)


@pytest.mark.parametrize("step", ["intake.indexed", "intake.discarded", "intake.removed"])
def test_cut_short_anywhere_it_ends_the_same(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    work(container, dropped(container, HALF))
    batch = dropped(container, WHOLE)

    def reach(name: str) -> None:
        if name == step:
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr("worker.failpoint.reach", reach)
        with pytest.raises(Died):
            work(container, batch)
    assert work(container, batch).fate == "indexed"
    assert is_one_whole(container, fake, WHOLE)


def test_while_no_writes_are_taken_nothing_is_taken_away(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    work(container, dropped(container, HALF))
    batch = dropped(container, WHOLE)
    fake.refuse("_bulk", 503, "x")
    assert work(container, batch).fate == "waiting"
    assert archived(container) == {"a.txt": HALF}
    assert work(container, batch).fate == "indexed"
    assert is_one_whole(container, fake, WHOLE)


def test_a_part_that_is_written_meanwhile_is_taken_away_the_next_time(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    half = work(container, dropped(container, HALF))
    index = fake.store.single(container.settings.index)
    batch = dropped(container, WHOLE)
    fake.before("DELETE /.*_doc", lambda: index.update(half.id, {"story": "by somebody else"}))
    fate = work(container, batch)
    assert (fate.fate, "somebody else" in fate.reason) == ("waiting", True)
    assert half.id in index.documents
    assert work(container, batch).fate == "indexed"
    assert is_one_whole(container, fake, WHOLE)


def sent_by(uid: int, container: FakeContainer, content: bytes, name: str = "a.txt") -> Batch:
    """The same of another user's file."""
    batch = dropped(container, content, name)
    os.chown(batch.root / name, uid, -1)
    return batch


ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")


@ROOT
def test_what_its_own_sender_goes_on_with_replaces_its_part_though_the_archive_has_a_copy(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    for content in (HALF, WHOLE, MORE):
        assert work(container, sent_by(1000, container, content)).fate == "indexed"
        assert (container.folders.archive / "a.txt").stat().st_uid == 0
        assert is_one_whole(container, fake, content)


@ROOT
@pytest.mark.parametrize("first", [1000, 0])
def test_what_another_goes_on_with_is_a_correction_and_takes_nothing_away(
    container: FakeContainer, fake: FakeElasticsearch, first: int
) -> None:
    """Red before: who had read a file dropped it once more, with his own words behind it."""
    assert work(container, sent_by(first, container, HALF)).fate == "indexed"
    assert work(container, sent_by(65534, container, WHOLE)).fate == "corrected"
    assert sorted(archived(container).values()) == sorted([HALF, WHOLE])
    (index,) = fake.store.indices.values()
    (document,) = index.documents.values()
    assert [line["number"] for line in document.source["history"]] == [1]


@ROOT
def test_what_another_has_sent_in_the_meantime_is_not_all_of_a_part(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    part = sent_by(1000, container, HALF)
    work(container, sent_by(65534, container, WHOLE))
    work(container, part)
    assert sorted(archived(container).values()) == sorted([HALF, WHOLE])


@ROOT
def test_a_part_of_another_s_that_failed_stays(container: FakeContainer) -> None:
    broken = b" date 2024 Amt :"
    assert work(container, sent_by(1000, container, broken)).fate == "failed"
    work(container, sent_by(65534, container, broken + WHOLE))
    assert (container.folders.failed / "a.txt").read_bytes() == broken


def test_another_text_of_the_same_name_is_another_article(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    other = WHOLE.replace(b"Bremen", b"Dessau").replace(b"Bericht 1", b"Bericht 2")
    for content in (HALF, other, b" date 2024 Amt : Kurz\n\nKurz."):
        assert work(container, dropped(container, content)).fate == "indexed"
    assert len(bodies(container, fake)) == len(archived(container)) == 3


def test_a_shortened_text_is_a_correction(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    fates = [work(container, dropped(container, content)).fate for content in (WHOLE, HALF)]
    assert fates == ["indexed", "corrected"]
    assert (len(bodies(container, fake)), len(archived(container))) == (1, 2)


def test_what_goes_on_much_later_is_a_correction(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    long_ago = container.folders.spool / "20240619T120000.000000Z-0123abcd"
    (long_ago / "files").mkdir(parents=True)
    (long_ago / "files" / "a.txt").write_bytes(HALF)
    work(container, Batch(long_ago))
    assert work(container, dropped(container, WHOLE)).fate == "corrected"
    assert (len(bodies(container, fake)), len(archived(container))) == (1, 2)


def test_beside_an_old_file_of_that_name_too(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """The part is in the archive under another name then."""
    old = b" date 2023-01-01 Amt : Alt\n\nEin langer alter Bericht steht hier seit Jahren.\n" * 2
    (container.folders.archive / "a.txt").write_bytes(old)
    for content in (HALF, WHOLE):
        work(container, dropped(container, content))
    assert sorted(archived(container).values()) == sorted([old, WHOLE])
    assert len(bodies(container, fake)) == 1


def test_a_part_that_failed_goes_with_its_reason(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    whole = _as_json(HALF, "x1")
    assert work(container, dropped(container, whole[:40], "a.json")).fate == "failed"
    assert work(container, dropped(container, whole, "a.json")).fate == "indexed"
    assert archived(container) == {"a.json": whole}
    assert not any(container.folders.failed.iterdir())


@pytest.mark.parametrize("side_by_side", [False, True])
def test_a_part_that_is_no_article_ends_in_the_whole_that_came_first(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, side_by_side: bool
) -> None:
    whole = _as_json(HALF, "x1")
    part, rest = dropped(container, whole[:40], "a.json"), dropped(container, whole, "a.json")
    if side_by_side:
        _between(monkeypatch, Ledger, "record", lambda: work(container, rest))
        assert work(container, part).fate == "waiting"
    else:
        work(container, rest)
    assert work(container, part).fate == "duplicate"
    assert archived(container) == {"a.json": whole}
    assert len(container.spool) == 0
    assert not any(container.folders.failed.iterdir())


def test_another_file_that_failed_under_the_name_stays(container: FakeContainer) -> None:
    assert work(container, dropped(container, b"\0\1\2" * 40, "a.txt")).fate == "failed"
    assert work(container, dropped(container, WHOLE, "a.txt")).fate == "indexed"
    assert {p.name for p in container.folders.failed.iterdir()} == {"a.txt", "a.txt.reason.json"}


def test_a_hard_link_whose_text_went_on_is_read_again(
    container: FakeContainer, fake: FakeElasticsearch, tmp_path: Path
) -> None:
    """The archive has the whole already, for it is the same inode."""
    (tmp_path / "x").write_bytes(HALF)
    for content in (HALF, WHOLE):
        with (tmp_path / "x").open("r+b") as file:
            file.write(content)
        with container.spool.filling() as batch:
            os.link(tmp_path / "x", batch.root / "a.txt")
        assert work(container, batch).fate == "indexed"
    assert is_one_whole(container, fake, WHOLE)


# A file that changes while it is worked on ----------------------------------------------------


def appended(batch: Batch) -> Callable[[], object]:
    def append() -> None:
        with (batch.root / "a.txt").open("ab") as file:
            file.write(WHOLE[len(HALF) :])

    return append


def replaced(batch: Batch) -> Callable[[], object]:
    def put_in_its_place() -> None:
        other = batch.folder / "other"
        other.write_bytes(WHOLE)
        other.rename(batch.root / "a.txt")

    return put_in_its_place


@pytest.mark.parametrize("change", [appended, replaced])
@pytest.mark.parametrize(("owner", "name"), [(Ledger, "record"), (Continued, "look")])
def test_a_file_that_changes_before_the_move_is_done_again(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Batch], Callable[[], object]],
    owner: type,
    name: str,
) -> None:
    batch = dropped(container, HALF)
    _between(monkeypatch, owner, name, change(batch))
    fate = work(container, batch)
    assert (fate.fate, "changed" in fate.reason) == ("waiting", True)
    assert archived(container) == {}
    assert work(container, batch).fate == "indexed"
    assert is_one_whole(container, fake, WHOLE)
    assert container.ledger.counts()["indexed"] == 1


def test_a_file_that_is_no_article_any_more_leaves_no_document(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = dropped(container, HALF)
    _between(monkeypatch, Ledger, "record", lambda: (batch.root / "a.txt").write_bytes(b"\0\1"))
    assert work(container, batch).fate == "waiting"
    assert work(container, batch).fate == "failed"
    assert bodies(container, fake) == []
    assert archived(container) == {}


def test_a_file_that_failed_and_changed_is_read_again(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = dropped(container, b"")
    _between(monkeypatch, Ledger, "record", lambda: (batch.root / "a.txt").write_bytes(WHOLE))
    assert work(container, batch).fate == "waiting"
    assert work(container, batch).fate == "indexed"
    assert not any(container.folders.failed.iterdir())


def test_a_file_that_changes_while_it_is_read_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(HALF)

    def grows(*_: object) -> None:
        with (tmp_path / "a.txt").open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr("worker.inbox.lease.writer_on", grows)
    file = SpooledFile(tmp_path / "a.txt", "a.txt")
    assert FileReader(1000, leases=True).read(file) == ReadFile(file)
    monkeypatch.undo()
    assert FileReader(1000, leases=True).read(file).article


def test_nothing_is_asked_where_nothing_has_the_name(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    work(container, dropped(container, HALF))
    work(container, dropped(container, HALF))  # the same file again
    work(container, dropped(container, WHOLE.replace(b"Bericht 1", b"Bericht 2"), "b.txt"))
    assert not [line for line in fake.asked if "_refresh" in line or "_pit" in line]


def test_what_a_file_is_to_replace_is_named_by_a_repair(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    old = work(container, dropped(container, HALF))
    (container.folders.archive / "a.txt").write_bytes(MORE.replace(b"Bremen", b"Dessau"))
    with container.spool.filling() as batch:
        batch.replace({"a.txt": [old.id]})
        (batch.root / "a.txt").write_bytes(MORE.replace(b"Bremen", b"Dessau"))
    assert work(container, batch).fate == "indexed"
    assert is_one_whole(container, fake, MORE.replace(b"Bremen", b"Dessau"))


def test_a_size_as_others_write_it_keeps_no_file_of_the_batch_waiting(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """Of 4.5 Elasticsearch makes 4, and the document keeps it."""
    id_ = work(container, dropped(container, HALF)).id
    container.client.update(index="articles", id=id_, doc={"source": {"bytes": 4.5}})
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_bytes(WHOLE)
        (batch.root / "b.txt").write_bytes(MORE.replace(b"Bericht 1", b"Bericht 2"))
    fates = {fate.path: fate.fate for fate in container.intake.batch(batch.name)}
    assert fates == {"a.txt": "corrected", "b.txt": "indexed"}
