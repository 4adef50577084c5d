"""Batches into the index: each file comes to one end, and to none before its document is safe."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from articles.article import Article
from articles.errors import ServiceUnavailable, UsageError
from extraction.formats.parse import parse
from indexing.writing import write
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker import beneath
from worker.folders import Folders
from worker.inbox import lease
from worker.intake import reading, unread
from worker.intake.fates import CAME, CHANGED, ItemFate
from worker.intake.former import WITHIN
from worker.intake.reading import UNFINISHED, ReadFile
from worker.intake.same_path import SamePath
from worker.intake.unread import ALONE
from worker.spool import attempts, outsized, settle
from worker.spool.attempts import LIMIT
from worker.spool.digests import Digests
from worker.spool.ledger import Ledger
from worker.spool.spool import Batch, stamp

TEXT = " date 2024-06-20 Amt : Bericht {}\n\nKarsten Holm war in Bremen."


def batch_of(container: FakeContainer, **files: str | bytes) -> Batch:
    with container.spool.filling() as batch:
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            (batch.root / f"{name}.txt").write_bytes(raw)
    return batch


def worked(container: FakeContainer, batch: Batch) -> dict[str, ItemFate]:
    fates = container.intake.batch(batch.name)
    assert len({fate.path for fate in fates}) == len(fates)
    return {fate.path.removesuffix(".txt"): fate for fate in fates}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_each_file_comes_to_its_end(container: FakeContainer, fake: FakeElasticsearch) -> None:
    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2), twin=TEXT.format(1), leer=b"")
    fates = worked(container, batch)
    assert {name: fate.fate for name, fate in fates.items()} == {
        "a": "indexed",
        "b": "indexed",
        "twin": "duplicate",
        "leer": "failed",
    }
    assert names(container.folders.archive) == {"a.txt", "b.txt", "twin.txt"}
    assert names(container.folders.failed) == {"leer.txt", "leer.txt.reason.json"}
    assert not batch.folder.exists()
    source = fake.source(fates["a"].id)
    assert (source["headline"], source["source"]["path"]) == ("Bericht 1", "a.txt")
    assert source["enrichment"] == {"state": "pending", "attempts": 0}


def test_files_that_take_long_leave_the_others_for_another_turn(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    unpacker = container.intake.unpacker
    portions = replace(unpacker.portions, seconds=-1.0)  # each does
    container.intake.unpacker = replace(unpacker, portions=portions)
    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2), c=TEXT.format(3))
    for turn, left in enumerate((2, 1, 0), 1):
        fates = [fate.fate for fate in container.intake.batch(batch.name)]
        assert fates == ["indexed", *["waiting"] * left]
        assert len(container.publisher.batches) == min(turn, 2)  # at once, not by the reconciler
        assert not batch.abandoned()
    assert names(container.folders.archive) == {"a.txt", "b.txt", "c.txt"}


def article(body: str, **more: object) -> str:
    return json.dumps({"headline": "Bericht", "body": body, **more})


@pytest.mark.parametrize("key", [{"id": "dpa:7"}, {"url": "https://dpa.example/7"}])
def test_another_text_under_a_known_id_is_no_copy(
    container: FakeContainer, fake: FakeElasticsearch, key: dict[str, str]
) -> None:
    texts = {
        "first": article("Im Amt.\n\nIn Kiel.", **key),
        "same_text": article("Im  Amt.\n\nIn Kiel.", **key, agencies=["dpa"]),
        "longer": article("Im Amt.\n\nIn Kiel.\n\nUnd in Bonn.", **key),
        "twin": article("Im Amt.\n\nIn Kiel.", **key),
    }
    worked(container, batch_of(container, first=texts.pop("first")))
    fates = worked(container, batch_of(container, **texts))
    assert {name: fate.fate for name, fate in fates.items()} == {
        "same_text": "duplicate",
        "longer": "corrected",
        "twin": "duplicate",
    }
    assert fates["longer"].reason == "version 2 of its article"
    assert fake.source(fates["longer"].id)["body"] == "Im Amt.\n\nIn Kiel.\n\nUnd in Bonn."
    assert len(names(container.folders.archive)) == 4
    assert container.ledger.counts()["corrected"] == 1


def test_three_texts_of_one_batch_with_one_id_are_each_compared(container: FakeContainer) -> None:
    texts = {"a": article("Eins.", id="7"), "b": article("Zwei.", id="7")}
    fates = worked(container, batch_of(container, **texts, c=article("Eins. ", id="7")))
    assert [fates[name].fate for name in "abc"] == ["indexed", "corrected", "duplicate"]


def test_a_copy_in_the_same_bytes_costs_no_look_at_the_text(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    worked(container, batch_of(container, a=TEXT.format(1)))
    looks: list[str] = []
    fake.before("_mget", lambda: looks.append("again"), always=True)
    fates = worked(container, batch_of(container, b=TEXT.format(1)))
    assert (fates["b"].fate, len(looks)) == ("duplicate", 1)


def test_what_became_of_it_stands_in_the_ledger_and_the_enricher_is_rung(
    container: FakeContainer,
) -> None:
    batch = batch_of(container, a=TEXT.format(1), leer=b"")
    fates = worked(container, batch)
    entries = {entry.path: entry for entry in container.ledger.of_batch(batch.name)}
    assert entries["a.txt"].id == fates["a"].id
    assert (entries["leer.txt"].fate, entries["leer.txt"].sha256) == ("failed", "")
    assert container.publisher.documents == [([fates["a"].id], False)]
    reason = json.loads((container.folders.failed / "leer.txt.reason.json").read_text())
    assert (reason["stage"], reason["error"]) == ("parse", fates["leer"].reason)


def test_a_batch_is_worked_once(container: FakeContainer) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    with batch.owned():
        assert container.intake.batch(batch.name) == []
    assert len(worked(container, batch)) == 1
    assert container.intake.batch(batch.name) == []
    assert container.intake.batch("../../etc") == []


@pytest.mark.parametrize(("status", "kind"), [(429, "x"), (503, "x")])
def test_while_no_writes_are_taken_files_wait_in_the_spool(
    container: FakeContainer, fake: FakeElasticsearch, status: int, kind: str
) -> None:
    batch = batch_of(container, a=TEXT.format(1), leer=b"")
    fake.refuse("_bulk", status, kind)
    fates = worked(container, batch)
    assert (fates["a"].fate, str(status) in fates["a"].reason) == ("waiting", True)
    assert fates["leer"].fate == "failed"
    assert [file.relative for file in batch.files()] == ["a.txt"]
    assert container.publisher.documents == []
    assert worked(container, batch)["a"].fate == "indexed"


def test_a_document_that_was_written_by_a_try_before_is_no_duplicate(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(container, a=TEXT.format(1))

    class Died(Exception):
        pass

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record", _raise(Died()))
        with pytest.raises(Died):
            worked(container, batch)
    assert names(batch.root) == {"a.txt"}
    assert worked(container, batch)["a"].fate == "indexed"
    assert container.ledger.counts() == {"indexed": 1, "duplicate": 0, "failed": 0}


def _raise(error: BaseException) -> Callable[..., None]:
    def raising(*_: object, **__: object) -> None:
        raise error

    return raising


def test_what_was_odd_is_in_the_answer_and_a_file_from_the_future_is_doubted(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    batch = batch_of(
        container,
        odd=" date 03/04/2024 Amt : Bericht\n\nText.",
        ahead=" date 2203-04-01 Amt : Bericht\n\nText.",
        good=TEXT.format(1),
    )
    fates = worked(container, batch)
    assert {name: fate.fate for name, fate in fates.items()} == dict.fromkeys(fates, "indexed")
    assert "can be 2024-04-03 or 2024-03-04" in fates["odd"].warnings[0]
    assert "days after the day" in fates["ahead"].warnings[0]
    assert fates["good"].warnings == ()
    documents = fake.store.single("articles").documents
    ahead = documents[fates["ahead"].id].source
    assert (ahead["published"], ahead["date_problem"]) == ("2203-04-01", "future")
    assert "published_day" not in ahead


def test_after_a_death_each_file_is_tried_alone_and_not_for_ever(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2))
    (batch.folder / "working").touch()
    batch.attempts.write_text(json.dumps({"a.txt": LIMIT}))
    fates = worked(container, batch)
    assert fates["a"] == ItemFate(
        "a.txt", "failed", "", f"it ended the process that read it, {LIMIT} times"
    )
    assert fates["b"].fate == "indexed"
    assert len([line for line in fake.asked if "_bulk" in line]) == 1


def test_one_try_less_and_it_is_read(container: FakeContainer) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    (batch.folder / "working").touch()
    batch.attempts.write_text(json.dumps({"a.txt": LIMIT - 1}))
    assert worked(container, batch)["a"].fate == "indexed"


def test_deaths_while_elasticsearch_hangs_are_no_file_s_fault(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed again and again in the middle of the write: nothing is caught, as by SIGKILL."""

    class Killed(BaseException):
        pass

    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2))
    with monkeypatch.context() as patch:
        patch.setattr(write, "create", _raise(Killed()))
        for _ in range(2 * LIMIT + 2):
            with pytest.raises(Killed):
                worked(container, batch)
            assert (batch.folder / "working").exists(), "the death has left its mark"
    assert {name: fate.fate for name, fate in worked(container, batch).items()} == {
        "a": "indexed",
        "b": "indexed",
    }


def test_but_not_for_ever_while_it_is_looked_up_which_article_it_is(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others had written into a document ended the process every ten seconds, for good."""

    class Killed(BaseException):
        pass

    look = SamePath.look

    def deadly(self: SamePath, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        if any(read.file.relative == "a.txt" for read in reads):
            raise Killed
        return look(self, batch, reads)

    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2))
    with monkeypatch.context() as patch:
        patch.setattr(SamePath, "look", deadly)
        for _ in range(attempts.MOST_LOOKS + 1):
            with pytest.raises(Killed):
                worked(container, batch)
        assert [file.relative for file in batch.files()] == ["a.txt"], "its neighbour did not wait"
        fate = worked(container, batch)["a"]
    ended = "it was looked up which article it is, and that ended the process"
    assert (fate.fate, fate.reason) == ("failed", f"{ended} {attempts.MOST_LOOKS} times")


def test_a_look_that_failed_is_no_death(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    (batch.folder / "working").touch()
    with monkeypatch.context() as patch:
        patch.setattr(SamePath, "look", _raise(ServiceUnavailable("away")))
        for _ in range(attempts.MOST_LOOKS + 1):
            (batch.folder / "working").touch()
            assert worked(container, batch)["a"].fate == "waiting"
    assert worked(container, batch)["a"].fate == "indexed"


def test_deaths_while_it_is_read_are(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def deadly(data: bytes, path: str, **more: Any) -> Article:
        if path == "a.txt":
            raise Killed
        return parse(data, path, **more)

    monkeypatch.setattr(reading, "parse", deadly)
    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2))
    for _ in range(LIMIT + 1):
        with pytest.raises(Killed):
            worked(container, batch)
    assert [file.relative for file in batch.files()] == ["a.txt"], "its neighbour did not wait"
    assert worked(container, batch)["a"].reason == (
        f"it ended the process that read it, {LIMIT} times"
    )


def test_an_error_that_nobody_foresaw_is_not_met_for_ever(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    with monkeypatch.context() as patch:
        patch.setattr(write, "create", _raise(KeyError("x")))
        for _ in range(LIMIT + 1):
            with pytest.raises(KeyError):
                worked(container, batch)
    assert worked(container, batch)["a"].fate == "failed"


def test_a_ledger_that_takes_nothing_costs_its_rows_alone(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger, "_try_again", lambda _: None)  # no timer outlives the test
    container.intake.ledger.path.with_name("ledger.sqlite-lock").mkdir()
    assert worked(container, batch_of(container, a=TEXT.format(1)))["a"].fate == "indexed"
    assert names(container.folders.archive) == {"a.txt"}


def test_a_document_that_is_refused_fails_with_the_server_s_reason(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    fake.refuse("_bulk", 400, "document_parsing_exception")
    fate = worked(container, batch)["a"]
    assert fate.fate == "failed"
    assert fate.reason.startswith("document_parsing_exception")
    reason = json.loads((container.folders.failed / "a.txt.reason.json").read_text())
    assert reason["stage"] == "index"


def test_a_defect_of_ours_fails_one_file_and_asks_for_a_report(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:

    def broken(data: bytes, path: str, **more: Any) -> Article:
        if path == "a.txt":
            raise KeyError("x")
        return parse(data, path, **more)

    monkeypatch.setattr("worker.intake.reading.parse", broken)
    fates = worked(container, batch_of(container, a=TEXT.format(1), b=TEXT.format(2)))
    assert (fates["a"].fate, fates["b"].fate) == ("failed", "indexed")
    assert "a defect of Depesche: KeyError" in fates["a"].reason


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (PermissionError(13, "Permission denied"), "failed"),
        (FileNotFoundError(2, "gone"), "waiting"),
    ],
)
def test_a_file_that_cannot_be_opened(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, error: OSError, fate: str
) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    monkeypatch.setattr(reading, "FileIO", _raise(error))
    assert worked(container, batch)["a"].fate == fate


@pytest.mark.parametrize("where", ["read", "move"])
def test_what_one_file_does_to_the_system_keeps_no_other_waiting(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A bad sector, or what somebody does on purpose: its neighbours go on."""
    room = {"read": (beneath, "open_file"), "move": (settle, "models_of")}
    module, name = room[where]
    real = getattr(module, name)

    def fails(*args: Any) -> Any:
        if "b.txt" in {str(arg).rpartition("/")[2] for arg in args}:
            raise OSError(36, "File name too long")
        return real(*args)

    batch = batch_of(container, **{name: TEXT.format(name) for name in "abc"})
    with monkeypatch.context() as patch:
        patch.setattr(module, name, fails)
        fates = worked(container, batch)
    assert {name: fate.fate for name, fate in fates.items()} == {
        "a": "indexed",
        "b": "waiting",
        "c": "indexed",
    }
    assert "File name too long" in fates["b"].reason
    assert names(container.folders.archive) == {"a.txt", "c.txt"}
    assert worked(container, batch)["b"].fate == "indexed"
    assert names(container.folders.archive) == {"a.txt", "b.txt", "c.txt"}


def test_what_its_sender_changes_while_it_is_indexed_fills_no_spool(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: a thousand whose time was set anew all the time kept all places of the spool."""
    batch = batch_of(container, a=TEXT.format(1))

    def reach(name: str) -> None:
        if name == "intake.read":
            os.utime(batch.root / "a.txt", (1, 1))

    with monkeypatch.context() as patch:
        patch.setattr("worker.failpoint.reach", reach)
        fate = worked(container, batch)["a"]
    assert (fate.fate, fate.reason, batch.held()) == ("waiting", CHANGED, True)
    assert worked(container, batch)["a"].fate == "indexed"
    assert not batch.folder.exists()


def test_who_holds_a_lease_on_his_file_keeps_no_other_waiting_and_it_for_ten_minutes(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel then opens it for nobody else (fcntl(2)); he may take it again and again."""
    fcntl = pytest.importorskip("fcntl")
    lease.survive_broken_leases()
    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2))
    handle = os.open(batch.root / "a.txt", os.O_RDONLY)
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    fates = worked(container, batch)
    assert (fates["a"].fate, fates["b"].fate) == ("waiting", "indexed")
    assert batch.held()
    monkeypatch.setattr("worker.intake.batch_reader.WITHIN", timedelta())
    assert worked(container, batch)["a"].reason == reading.HELD
    os.close(handle)
    assert names(container.folders.failed) == {"a.txt", "a.txt.reason.json"}
    assert (container.folders.failed / "a.txt").read_text() == TEXT.format(1)


def test_a_broken_disk_is_no_file_s_fault(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    with monkeypatch.context() as patch:
        patch.setattr(reading, "FileIO", _raise(OSError(5, "Input/output error")))
        patch.setattr(unread, "answers", lambda _: False)
        fate = worked(container, batch)["a"]
    assert (fate.fate, fate.reason) == ("waiting", "[Errno 5] Input/output error")
    assert not (batch.folder / "working").exists()
    assert worked(container, batch)["a"].fate == "indexed"


@contextmanager
def unreadable(patch: pytest.MonkeyPatch, *names: str) -> Iterator[None]:
    """As if the system gave back nothing of these files, whoever asks (the key was taken away)."""
    real = os.open

    def opened(path: Any, *args: Any, **more: Any) -> int:
        if str(path).rpartition("/")[2] in names:
            raise OSError(errno.ENOKEY, "Required key not available")
        return real(path, *args, **more)

    with patch.context() as inner:
        inner.setattr("worker.beneath.os.open", opened)
        yield


def test_what_alone_cannot_be_read_fills_no_spool_and_fails_after_ten_minutes(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: a thousand of one sender's kept all places of the spool, for good."""
    (container.folders.failed / "b.txt").write_text("von gestern")
    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2))
    with unreadable(monkeypatch, "b.txt"):
        fates = worked(container, batch)
        assert (fates["a"].fate, fates["b"].fate) == ("indexed", "waiting")
        assert fates["b"].reason.startswith(ALONE)
        for told in (f"uid {os.geteuid()}", "b.txt", "Required key not available"):
            assert told in fates["b"].reason
        assert batch.held()
        batch = aged(batch)
        assert worked(container, batch)["b"].fate == "failed"
    assert not batch.folder.exists()
    assert len(names(container.folders.failed)) == 3
    (left,) = (p for p in container.folders.failed.glob("b*.txt") if p.name != "b.txt")
    assert left.read_text() == TEXT.format(2)
    assert "Required key not available" in settle.reason_of(left)["error"]


def test_what_failed_so_keeps_none_of_its_name_waiting(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: whether it is the beginning of the new one was to be read in ``failed/``."""
    worked(container, batch_of(container, b="\0"))
    real = beneath.read_below

    def read_below(root: Any, *told: Any) -> bytes:
        if root == container.folders.failed:
            raise OSError(errno.ENOKEY, "Required key not available")
        return real(root, *told)

    monkeypatch.setattr(beneath, "read_below", read_below)
    assert worked(container, batch_of(container, b=TEXT.format(2)))["b"].fate == "indexed"
    assert (container.folders.failed / "b.txt").exists()


@pytest.mark.parametrize("claimed", ["just now", "long ago"])
def test_where_the_disk_gives_back_nothing_at_all_everything_waits(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, claimed: str
) -> None:
    batch = batch_of(container, b=TEXT.format(2))
    batch = aged(batch) if claimed == "long ago" else batch
    with monkeypatch.context() as patch, unreadable(monkeypatch, "b.txt"):
        patch.setattr("worker.spool.disk.os.fsync", _raise(OSError(5, "Input/output error")))
        fate = worked(container, batch)["b"]
    assert (fate.fate, batch.held()) == ("waiting", False)
    assert worked(container, batch)["b"].fate == "indexed"


def test_what_can_be_read_once_more_was_the_disk_s_fault(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was away for an instant, and answers again."""
    batch = aged(batch_of(container, b=TEXT.format(2)))
    real, times = beneath.read_all, iter(range(9))

    def once(*args: Any) -> bytes:
        if not next(times):
            raise OSError(5, "Input/output error")
        return real(*args)

    monkeypatch.setattr(beneath, "read_all", once)
    fate = worked(container, batch)["b"]
    assert (fate.fate, batch.held()) == ("waiting", False)
    assert worked(container, batch)["b"].fate == "indexed"


@pytest.mark.parametrize("end", ["failed", "archive"])
def test_who_sets_the_time_of_another_of_its_name_all_the_time_keeps_it_from_no_end(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Red before: by a link to it; the bytes that were hashed were not those of that moment."""
    content = TEXT.format(2) if end == "archive" else "\0" * 20
    other = container.folders.data / end / "b.txt"
    batch = batch_of(container, b=content)
    other.write_bytes(b"x" * (batch.root / "b.txt").stat().st_size)
    real = settle.settling

    @contextmanager
    def settling(folders: Folders) -> Iterator[None]:
        os.utime(other, (1, 1))
        with real(folders):
            yield

    monkeypatch.setattr("worker.intake.ends.settling", settling)
    assert worked(container, batch)["b"].fate == ("failed" if end == "failed" else "indexed")
    assert not batch.folder.exists()
    assert len(list(other.parent.glob("b*.txt"))) == 2, "it lies beside the other"


def test_without_an_index_nothing_moves(container: FakeContainer, fake: FakeElasticsearch) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    fake.store.indices.clear()
    with pytest.raises(UsageError, match="index create"):
        worked(container, batch)
    assert names(batch.root) == {"a.txt"}


def test_whoever_sends_while_elasticsearch_is_away_is_told_that_it_waits(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    batch = batch_of(container, a=TEXT.format(1), leer=b"")
    fake.go_away()
    assert {fate.fate for fate in worked(container, batch).values()} == {"waiting"}
    fake.come_back()
    fates = worked(container, batch)
    assert (fates["a"].fate, fates["leer"].fate) == ("indexed", "failed")


def test_a_redis_that_is_away_costs_the_ring_and_not_the_work(container: FakeContainer) -> None:
    container.publisher.away = True
    batch = batch_of(container, a=TEXT.format(1))
    assert worked(container, batch)["a"].fate == "indexed"
    assert not batch.folder.exists()


def test_no_message_has_more_documents_than_are_set(container: FakeContainer) -> None:
    limit = container.settings.enrich_batch
    batch = batch_of(container, **{f"f{n}": TEXT.format(n) for n in range(limit + 1)})
    worked(container, batch)
    assert [len(ids) for ids, _ in container.publisher.documents] == [limit, 1]


def test_what_lies_alone_in_the_spool_can_be_searched_at_once(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    worked(container, batch_of(container, a=TEXT.format(1)))
    assert len(fake.store.single("articles").visible) == 1


def test_a_file_above_the_limit_fails(container: FakeContainer) -> None:
    container.settings = container.settings.model_copy(update={"max_file_bytes": 100})
    fates = worked(container, batch_of(container, a=TEXT.format("x" * 200), b=TEXT.format(1)[:90]))
    assert (fates["a"].fate, fates["b"].fate) == ("failed", "indexed")
    assert fates["a"].reason.startswith(
        "The file has 260 bytes, more than the limit of 100 (DEPESCHE_MAX_FILE_BYTES)"
    )


def test_nothing_is_hashed_while_others_wait_for_the_lock(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a file that comes under a name just then is done again."""
    held = [False]

    @contextmanager
    def settling(folders: Folders) -> Iterator[None]:
        held[0] = True
        yield
        held[0] = False

    def read(digests: Digests, name: str, folder: int) -> str | None:
        assert not held[0]
        return whole(digests, name, folder)

    whole = Digests._read
    monkeypatch.setattr(Digests, "_read", read)
    monkeypatch.setattr("worker.intake.ends.settling", settling)
    for number in range(3):
        fates = worked(container, batch_of(container, a=TEXT.format(number), b="\0" * number))
        ends = ("corrected" if number else "indexed", "failed")
        assert (fates["a"].fate, fates["b"].fate) == ends
    assert len(names(container.folders.archive)) == 3
    batch = batch_of(container, a=TEXT.format(99), b="\0" * 99)
    monkeypatch.setattr("worker.intake.ends.look_ahead", lambda *_, **__: None)
    fates = worked(container, batch)
    assert (fates["a"].reason, fates["b"].fate) == (CAME, "failed"), "what fails is not compared"
    assert batch.held()
    monkeypatch.undo()
    assert worked(container, batch)["a"].fate == "corrected"


def test_what_is_no_file_is_at_fault_alone(container: FakeContainer) -> None:
    """As an older version let into the spool: it held the whole batch, for ever."""
    batch = batch_of(container, a=TEXT.format(1))
    (batch.root / "link.txt").symlink_to("/etc/hostname")
    (batch.root / "weg").symlink_to("/etc")
    os.mkfifo(batch.root / "rohr.txt")
    fates = worked(container, batch)
    assert fates["a"].fate == "indexed"
    assert not batch.folder.exists()
    assert not (container.folders.spool / "refused").exists()
    assert list(container.folders.failed.iterdir()) == []


def test_what_others_can_still_change_is_copied_into_the_archive(container: FakeContainer) -> None:
    outside = container.folders.data / "outside.txt"
    outside.write_text(TEXT.format(1))
    outside.chmod(0o640)
    os.utime(outside, (1.5e9, 1.5e9))
    batch = batch_of(container, b=TEXT.format(2))
    os.link(outside, batch.root / "a.txt")
    inode = (batch.root / "b.txt").stat().st_ino
    assert {fate.fate for fate in worked(container, batch).values()} == {"indexed"}
    outside.write_text("gefälscht")
    archived = container.folders.archive / "a.txt"
    assert archived.read_text() == TEXT.format(1)
    status = archived.stat()
    assert (status.st_mode & 0o777, status.st_mtime, status.st_nlink) == (0o640, 1.5e9, 1)
    assert (container.folders.archive / "b.txt").stat().st_ino == inode, "that is ours alone"


def test_links_to_one_article_leave_some_of_the_disk(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: each is copied, as large as it is, and costs whoever makes it nothing."""
    batch = batch_of(container, a=TEXT.format(1), b=TEXT.format(2))
    os.link(batch.root / "a.txt", container.folders.data / "outside.txt")
    (batch.root / "b.txt").chmod(0o666)  # its copy is there instead of it
    monkeypatch.setattr(outsized, "LEFT", 2**62)
    fates = worked(container, batch)
    assert (fates["a"].fate, "copies leave" in fates["a"].reason) == ("failed", True)
    assert fates["b"].fate == "indexed"
    assert names(container.folders.failed) == {"a.txt", "a.txt.reason.json"}
    assert (container.folders.archive / "b.txt").stat().st_mode & 0o777 == 0o644


def test_killed_before_the_copy_is_in_place_nothing_is_lost(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(container, a=TEXT.format(1))
    os.link(batch.root / "a.txt", container.folders.data / "outside.txt")

    class Died(BaseException):
        pass

    def reach(name: str) -> None:
        if name == "intake.copied":
            raise Died

    with monkeypatch.context() as patch:
        patch.setattr("worker.failpoint.reach", reach)
        with pytest.raises(Died):
            worked(container, batch)
    assert worked(container, batch)["a"].fate == "indexed"
    assert not batch.folder.exists()
    assert names(container.folders.archive) == {"a.txt"}


def aged(batch: Batch) -> Batch:
    """As if it had been claimed a while ago."""
    name = f"{stamp(batch.received - WITHIN - timedelta(minutes=1))}-{batch.name[-8:]}"
    return Batch(batch.folder.rename(batch.folder.with_name(name)))


@pytest.mark.parametrize("content", [TEXT.format(1), ""])
def test_a_writer_who_does_not_end_holds_no_batch(container: FakeContainer, content: str) -> None:
    batch = batch_of(container, a=content, b=TEXT.format(2))
    with (batch.root / "a.txt").open("a") as writer:
        writer.write(" ")
        writer.flush()
        fates = worked(container, batch)
        assert {name: fate.fate for name, fate in fates.items()} == {"a": "waiting", "b": "indexed"}
        batch = aged(batch)
        fate = worked(container, batch)["a"]
        writer.write("Und so fort.")
    assert not batch.folder.exists()
    if content:
        assert fate.fate == "indexed"
        assert fate.warnings == (UNFINISHED,)
        assert (container.folders.archive / "a.txt").read_text() == f"{content} "
    else:
        assert fate.fate == "failed"
        assert names(container.folders.failed) == {"a.txt", "a.txt.reason.json"}
        assert (container.folders.failed / "a.txt").read_text() == " "


@pytest.mark.parametrize("held", [True, False])
def test_nor_does_one_who_changes_it_whenever_it_is_read(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    """Small, empty and far above the limit; with the file open or only a link to it."""
    monkeypatch.setattr("worker.inbox.lease.writer_on", lambda handle: held)
    batch = batch_of(container, a=TEXT.format(1), leer="", loch="")
    for file in batch.files():
        os.link(file.path, container.folders.data / file.relative)
    os.truncate(batch.root / "loch.txt", 2 * container.intake.max_file_bytes)

    def reach(name: str) -> None:
        if name == "intake.recorded":
            for file in ("a", "leer", "loch"):
                with (container.folders.data / f"{file}.txt").open("ab") as changed:
                    changed.write(b" ")

    monkeypatch.setattr("worker.failpoint.reach", reach)
    waiting = "leer", "loch"
    assert {worked(container, batch)[name].fate for name in waiting} == {"waiting"}
    fates = worked(container, aged(batch))
    assert {fates[name].fate for name in waiting} == {"failed"}
    assert len(container.spool) == 0
    assert names(container.folders.archive) == {"a.txt"}


def test_what_waited_for_elasticsearch_is_copied_no_more_than_ever(
    container: FakeContainer,
) -> None:
    batch = aged(batch_of(container, a=TEXT.format(1)))
    inode = (batch.root / "a.txt").stat().st_ino
    fate = worked(container, batch)["a"]
    assert (fate.fate, fate.warnings) == ("indexed", ())
    assert (container.folders.archive / "a.txt").stat().st_ino == inode
