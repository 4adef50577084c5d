"""Batches: who owns them, what a death leaves behind, and that no name leads elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import DepescheError, ServiceUnavailable, UsageError
from worker.spool import attempts
from worker.spool.spool import Batch, Spool

HOLD = """
import sys
from pathlib import Path
from worker.spool.spool import Batch
batch = Batch(Path(sys.argv[1]))
with batch.owned() as mine, batch.working() as died:
    print(mine, died, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    (tmp_path / "spool").mkdir()
    return Spool(tmp_path / "spool")


def made(spool: Spool) -> Batch:
    """An empty batch that nobody owns."""
    with spool.filling() as batch:
        return batch


@pytest.fixture
def batch(spool: Spool) -> Batch:
    return made(spool)


def fill(batch: Batch, *names: str) -> None:
    for name in names:
        path = batch.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def hold(batch: Batch) -> tuple[subprocess.Popen[bytes], bytes]:
    """Another process that owns the batch and works on it; what it says when it does."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(batch.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def end(process: subprocess.Popen[bytes], *, kill: bool) -> None:
    if kill:
        process.kill()
    process.communicate(timeout=20)


def test_a_name_tells_when_the_batch_was_claimed(spool: Spool) -> None:
    before = datetime.now(UTC)
    batch = made(spool)
    assert before <= batch.received <= datetime.now(UTC)
    assert batch.received.utcoffset() == timedelta(0)
    again = spool.batch(batch.name)
    assert again == batch
    assert again.received == batch.received


def test_batches_are_listed_oldest_first_and_nothing_else_is(spool: Spool) -> None:
    assert spool.batches() == []
    batches = [made(spool) for _ in range(20)]
    (spool.folder / "notes").mkdir()
    (spool.folder / ".hidden").mkdir()
    assert sorted(batches, key=lambda one: one.received) == spool.batches()
    assert len({one.name for one in batches}) == len(spool) == 20


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "../inbox", "/etc", "x", "20240101T000000.000000Z-0000000g",
     "20240101T000000.000000Z-00000000", "20240101T000000.000000Z-00000000\n",
     "20240101T000000.000000Z-00000000/../../inbox", "20240101T000000.000000Z-00000000\0"],
)  # fmt: skip
def test_other_names_lead_nowhere(spool: Spool, name: str) -> None:
    made(spool)
    (spool.folder.parent / "x").mkdir()
    (spool.folder.parent / "inbox").mkdir()
    assert spool.batch(name) is None


@given(st.text(max_size=60))
def test_no_text_leads_out_of_the_spool(name: str) -> None:
    assert Spool(Path("/")).batch(name) is None


def test_the_release_before_takes_no_batch_of_ours_and_we_take_its(spool: Spool) -> None:
    """Its intake knows no files but those in ``files``, and removes a batch that has none there."""
    theirs = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-([0-9a-f]{8})")  # as 0.1.0 has it
    with spool.filling() as ours:
        assert not theirs.fullmatch(ours.name)
    (spool.folder / "20240619T120000.000001Z-0123abcd").mkdir()
    assert [batch.name for batch in spool.batches()] == [
        "20240619T120000.000001Z-0123abcd",
        ours.name,
    ]


def test_files_are_listed_by_path_with_their_way_below_the_inbox(batch: Batch) -> None:
    fill(batch, "b.txt", "a/z.txt", "a/b/c.txt")
    assert [file.relative for file in batch.files()] == ["a/b/c.txt", "a/z.txt", "b.txt"]
    assert [file.path.read_text() for file in batch.files()] == ["a/b/c.txt", "a/z.txt", "b.txt"]


def test_what_lies_beside_the_files_is_not_among_them(batch: Batch) -> None:
    fill(batch, "a.txt")
    with batch.owned(), batch.working():
        attempts.count(batch.attempts, "a.txt")
        (batch.folder / "put-0000").touch()
        assert [file.relative for file in batch.files()] == ["a.txt"]


def test_a_batch_is_locked_before_it_can_be_seen(spool: Spool) -> None:
    with spool.filling() as batch:
        assert spool.batches() == [batch]
        with batch.owned() as mine:
            assert not mine
    with batch.owned() as mine:
        assert mine


def test_only_a_batch_whose_worker_died_is_abandoned(batch: Batch) -> None:
    assert not batch.abandoned(), "nobody has begun"
    process, _ = hold(batch)
    assert not batch.abandoned(), "somebody works"
    end(process, kill=True)
    assert batch.abandoned()


def test_a_batch_has_one_owner_at_a_time(batch: Batch) -> None:
    with batch.owned() as first:
        assert first
        with batch.owned() as second:
            assert not second
        with batch.owned() as third:
            assert not third, "giving up a lock that one never had must not free it"
    with batch.owned() as fourth:
        assert fourth


def test_another_process_owns_it_until_it_is_killed(batch: Batch) -> None:
    process, said = hold(batch)
    try:
        assert said == b"True False"
        with batch.owned() as mine:
            assert not mine
    finally:
        end(process, kill=True)
    with batch.owned() as mine:
        assert mine


def test_a_death_leaves_a_mark_and_an_orderly_end_none(batch: Batch) -> None:
    process, said = hold(batch)
    end(process, kill=True)
    assert said == b"True False"
    process, said = hold(batch)
    end(process, kill=False)
    assert said == b"True True"
    with batch.working() as died:
        assert not died


def test_work_that_raises_is_done_carefully_next_time(batch: Batch) -> None:
    with pytest.raises(ZeroDivisionError), batch.working():
        raise ZeroDivisionError
    with batch.working() as died:
        assert died


@pytest.mark.parametrize("error", [ServiceUnavailable("away"), UsageError("no such alias")])
def test_a_service_that_refuses_is_no_death(batch: Batch, error: DepescheError) -> None:
    with pytest.raises(type(error)), batch.working():
        raise error
    with batch.working() as died:
        assert not died


def test_a_batch_that_is_gone_cannot_be_owned(spool: Spool, batch: Batch) -> None:
    assert batch.close()
    with batch.owned() as mine:
        assert not mine
    assert not batch.folder.exists()
    assert spool.batch(batch.name) is None


def test_a_batch_with_files_left_is_not_closed(batch: Batch) -> None:
    fill(batch, "a/b.txt")
    assert not batch.close()
    assert (batch.root / "a" / "b.txt").exists()


def test_closing_takes_empty_folders_and_marks_along(spool: Spool, batch: Batch) -> None:
    (batch.root / "a" / "b").mkdir(parents=True)
    attempts.count(batch.attempts, "a/b/gone.txt")
    (batch.folder / "put-0000").touch()
    with batch.owned():
        assert batch.close()
    assert list(spool.folder.iterdir()) == []


@settings(deadline=None, max_examples=20)
@given(names=st.lists(st.text(max_size=20), max_size=12))
def test_attempts_are_counted_by_name(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    path = tmp_path_factory.mktemp("attempts") / "attempts.json"
    for position, name in enumerate(names):
        assert attempts.count(path, name) == names[: position + 1].count(name)
    assert attempts.counted(path) == {name: names.count(name) for name in names}
    assert len(os.listdir(path.parent)) == bool(names), "no temporary file stays"


@pytest.mark.parametrize("content", ["", "{", "\x00", '{"a": '])
def test_an_unreadable_count_is_no_count(tmp_path: Path, content: str) -> None:
    path = tmp_path / "attempts.json"
    path.write_text(content)
    assert attempts.counted(path) == {}
    assert attempts.count(path, "a\udcff") == 1
    assert attempts.counted(path) == {"a\udcff": 1}


@pytest.mark.parametrize("content", ["[]", "7", "null"])
def test_what_is_no_table_of_counts_is_no_count(tmp_path: Path, content: str) -> None:
    path = tmp_path / "attempts.json"
    path.write_text(content)
    assert attempts.counted(path) == {}
