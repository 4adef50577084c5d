"""Files that take long to be read: others have their turn before them. No clock but a counted one.

A reader gives up after the seconds that it is allowed; here nothing takes any, but what is said to.
"""

from __future__ import annotations

import io
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from articles.errors import TooSlow
from extraction.confined.limits import Limits
from extraction.containers.member import Member
from extraction.formats.parse import parse
from indexing.writing.write import WriteResult
from tests.fakes.parts import FakeContainer
from tests.unit.extraction.documents.made_outlook import msg
from tests.unit.worker.intake.test_unpack import (
    Clock,
    batch_of,
    in_portions,
    lines,
    names,
    zipped,
)
from worker.intake import reading, shares
from worker.intake.documents import Documents
from worker.intake.fates import LATER, ItemFate
from worker.intake.kept_open import MOST
from worker.intake.patience import Patience
from worker.intake.senders import Senders
from worker.intake.shares import Shares
from worker.intake.turn import ENDLESS
from worker.intake.unpack import SO_FAR, Unpacker
from worker.spool import unpacked
from worker.spool.origin import note_senders
from worker.spool.settle import reason_of
from worker.spool.spool import Batch, SpooledFile

TEXT = "Bericht {}\n\nText {} aus Bremen."


@pytest.fixture
def clock(container: FakeContainer) -> Clock:
    clock = Clock()
    in_portions(container, 64, clock=clock)
    return clock


def costing(
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    seconds: Mapping[str, float],
    warnings: tuple[str, ...] = (),
) -> None:
    """Each file whose name begins so takes so long; what its reader may not take, it does not."""

    def slowly(data: bytes, path: str, *, limits: Limits, **more: Any) -> Any:
        name = path.rpartition("/")[2]
        cost = next((each for begins, each in seconds.items() if name.startswith(begins)), 0.0)
        clock.now += min(cost, limits.seconds)
        if cost > limits.seconds:
            raise TooSlow(f"more than {limits.seconds} seconds")
        article = parse(data, path, limits=limits, **more)
        return replace(article, source=replace(article.source, warnings=warnings))

    monkeypatch.setattr(reading, "parse", slowly)


def slow(count: int) -> dict[str, str]:
    """So many files that begin with ``b``, and an honest one behind them."""
    files = {f"b{number:02}__txt": TEXT.format(number, number) for number in range(count)}
    return {**files, "z__txt": TEXT.format("z", "z")}


def turn(container: FakeContainer, clock: Clock, batch: Batch) -> tuple[float, list[ItemFate]]:
    """How long it was, and the fates of what it was about."""
    begins = clock.now
    fates = container.intake.batch(batch.name)
    return clock.now - begins, fates


def longest_of(container: FakeContainer, clock: Clock, batch: Batch, until: str = "") -> float:
    """Of the turns until that name is in the archive, or nothing is left in the spool."""
    longest = 0.0
    for _ in range(500):
        if until and until in names(container.folders.archive):
            return longest
        if not container.spool.batches():
            return longest
        for each in container.spool.batches():
            longest = max(longest, turn(container, clock, each)[0])
    raise AssertionError("it is never done")


@pytest.mark.parametrize("died", [False, True])
def test_a_turn_ends_by_the_clock_after_a_death_too(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, died: bool
) -> None:
    """64 of half a minute each were read in one message, which was killed after ten minutes."""
    costing(monkeypatch, clock, {"b": 28.0})
    batch = batch_of(container, **slow(63))
    longest = 0.0
    for _ in range(500):
        if not batch.folder.exists():
            break
        if died:
            (batch.folder / "working").touch()
        longest = max(longest, turn(container, clock, batch)[0])
    assert not container.spool.batches()
    assert longest <= 30 + 28
    assert len(names(container.folders.archive)) == 64


@pytest.mark.parametrize("died", [False, True])
def test_a_file_beside_slow_ones_does_not_wait_for_them(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, died: bool
) -> None:
    """It waited for all that stand before it in the alphabet: for half an hour."""
    costing(monkeypatch, clock, {"b": 28.0})
    batch = batch_of(container, **slow(63))
    if died:
        (batch.folder / "working").touch()
    longest_of(container, clock, batch, until="z.txt")
    assert clock.now <= 63 * reading.FIRST + 30 + 28
    longest_of(container, clock, batch)
    assert len(names(container.folders.archive)) == 64


def test_what_takes_longer_than_it_may_fails_alone(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    costing(monkeypatch, clock, {"b": 31.0})
    batch = batch_of(container, **slow(1))
    assert [(f.path, f.fate) for f in turn(container, clock, batch)[1]] == [
        ("b00.txt", "waiting"),
        ("z.txt", "indexed"),
    ]
    _, (fate,) = turn(container, clock, batch)
    assert (fate.fate, fate.reason) == ("failed", "more than 30 seconds")


def test_whose_reader_may_take_no_longer_anyway_is_tried_once(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    costing(monkeypatch, clock, {"b": 31.0})
    reading = container.intake._reading
    reader = replace(reading.reader, limits=replace(reading.reader.limits, seconds=1))
    container.intake._reading = replace(reading, reader=reader)
    _, fates = turn(container, clock, batch_of(container, **slow(1)))
    assert [fate.fate for fate in fates] == ["failed", "indexed"]


def test_containers_in_one_another_have_one_turn_together(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each level had its own two minutes, and one file more."""
    costing(monkeypatch, clock, {"b": 28.0})
    texts = {name.replace("__", "."): text for name, text in slow(3).items()}
    inner = zipped({**texts, "c.zip": zipped({**texts, "d.zip": zipped(texts)})})
    batch = batch_of(container, a__zip=inner)
    assert longest_of(container, clock, batch) <= 30 + 3 * (10 + 28)
    assert len([n for n in names(container.folders.archive) if n.endswith("txt")]) == 12


def test_what_is_slow_is_told_to_wait_for_others(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    costing(monkeypatch, clock, {"b": 28.0})
    batch = batch_of(container, **slow(1))
    _, (fate, _) = turn(container, clock, batch)
    assert (fate.fate, fate.reason) == ("waiting", LATER)
    assert container.publisher.behind[-1] == batch.name


def test_the_files_of_a_message_have_one_turn_together(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each batch of them had its own: of many, the process was killed after ten minutes."""
    costing(monkeypatch, clock, {"b": 28.0})
    paths = [tmp_path / f"b{number:03}.txt" for number in range(200)]
    for number, path in enumerate(paths):
        path.write_text(TEXT.format(number, number))
    senders = Senders(container.intake, [tmp_path], (10, 10_000))
    answers = senders.files(list(map(str, paths)))
    assert clock.now <= 30 + 10
    assert {answer["fate"] for answer in answers} == {"waiting"}
    longest_of(container, clock, container.spool.batches()[0])
    assert len(list(container.folders.archive.rglob("b*.txt"))) == 200


@pytest.mark.parametrize(("count", "bound"), [(300, 2_400.0), (1_000, 3_000.0)])
def test_a_container_of_slow_members_is_given_up(
    container: FakeContainer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    bound: float,
) -> None:
    """Of 170 kB the processor had two hours and a half, and of a megabyte nine."""
    costing(monkeypatch, clock, {"b": 28.0})
    texts = {f"b{number:04}.txt": TEXT.format(number, number) for number in range(count)}
    batch = batch_of(container, a__zip=zipped({"a.txt": TEXT.format("a", "a"), **texts}))
    assert longest_of(container, clock, batch) <= 30 + 10 + 28
    assert clock.now <= bound
    assert "a.zip/a.txt" in names(container.folders.archive)
    failed = [path for path in container.folders.failed.rglob("*.*") if path.is_file()]
    reasons = [reason_of(path) for path in failed if not path.name.endswith(".reason.json")]
    assert {reason["error"].partition(":")[0] for reason in reasons} == {
        "Many files of its container take long to be read",
        "Many files in it take long to be read",
    }


def test_an_honest_container_is_not_given_up_for_some_slow_members(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    costing(monkeypatch, clock, {"b": 28.0, "c": 9.0})
    texts = {f"b{number:04}.txt": TEXT.format(number, number) for number in range(9)}
    texts |= {f"c{number:04}.txt": TEXT.format(number, number) for number in range(100, 200)}
    batch = batch_of(container, a__zip=zipped(texts))
    longest_of(container, clock, batch)
    assert not names(container.folders.failed)


@pytest.mark.parametrize("warnings", [(), ("Read by OCR (tesseract), which is sure of 91 %.",)])
def test_scans_take_long_by_nature(
    container: FakeContainer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    warnings: tuple[str, ...],
) -> None:
    costing(monkeypatch, clock, {"b": 28.0}, warnings)
    texts = {f"b{number:04}.txt": TEXT.format(number, number) for number in range(40)}
    longest_of(container, clock, batch_of(container, a__zip=zipped(texts)))
    assert bool(names(container.folders.failed)) == (not warnings)


def test_what_is_left_of_members_is_told_of_at_once(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the reconciler it is where few messages wait: of what is slow there may be many."""
    costing(monkeypatch, clock, {"b": 28.0})
    batch = batch_of(container, a__zip=zipped({"b.txt": TEXT.format(1, 1)}))
    container.intake.batch(batch.name)
    (left,) = container.spool.batches()
    assert left.depth == 1
    assert container.publisher.behind == [left.name]


def first_turn(container: FakeContainer, clock: Clock) -> float:
    """How long all are together that had none, one after another as they came."""
    begins = clock.now
    for batch in container.spool.batches():
        container.intake.batch(batch.name)
    return clock.now - begins


def quick_and_slow(count: int) -> dict[str, str]:
    return {name.replace("__", "."): text for name, text in slow(count).items()}


@pytest.mark.parametrize("died", [False, True])
def test_many_small_containers_of_slow_members_cost_others_a_try_each(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, died: bool
) -> None:
    """Each had half a minute: half a megabyte kept all others out for a quarter of an hour."""
    costing(monkeypatch, clock, {"b": 28.0})
    for _ in range(10):
        inner = zipped({"c.zip": zipped(quick_and_slow(20)), **quick_and_slow(20)})
        batch = batch_of(container, a__zip=inner)
        if died:
            (batch.folder / "working").touch()
    assert first_turn(container, clock) == 10 * reading.FIRST
    left = {batch.name for batch in container.spool.batches()}
    assert left == set(container.publisher.behind)
    longest_of(container, clock, container.spool.batches()[0])
    assert len(names(container.folders.archive)) > 10


def test_and_so_do_many_in_one_batch_or_message(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    costing(monkeypatch, clock, {"b": 28.0})
    small = {f"{number:02}__zip": zipped(quick_and_slow(3)) for number in range(20)}
    batch_of(container, **slow(5), **small)
    batch_of(container, **small)
    assert first_turn(container, clock) == 2 * reading.FIRST
    paths = [tmp_path / f"b{number}.txt" for number in range(30)]
    for number, path in enumerate(paths):
        path.write_text(TEXT.format(number, number))
    Senders(container.intake, [tmp_path], (10, 10_000)).files(list(map(str, paths)))
    assert clock.now == 3 * reading.FIRST


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_what_others_have_beside_them_is_read_at_once(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose files come at the same moment as slow ones of another does not wait with those."""
    costing(monkeypatch, clock, {"b": 28.0, "z.txt": 1.0})
    packed = {f"{number}__zip": zipped(quick_and_slow(3)) for number in range(3)}
    batch = batch_of(container, **slow(9), **packed, zz__zip=zipped({"y.txt": TEXT.format(1, 1)}))
    for name in ("z.txt", "zz.zip"):
        os.chown(batch.root / name, 1_000, 1_000)
    assert turn(container, clock, batch)[0] == reading.FIRST + 1.0
    assert names(container.folders.archive) == {"z.txt", "zz.zip/zz.zip", "zz.zip/y.txt"}
    longest_of(container, clock, batch)
    assert not names(container.folders.failed)
    assert len(names(container.folders.archive)) == 3 + 9 + 3 * 5


def test_who_sends_its_message_again_gets_it_no_turn_before_others(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sender knows the batch of what he sent: each message of 400 bytes was half a minute."""
    costing(monkeypatch, clock, {"b": 28.0})
    batch = batch_of(container, **slow(9))
    turn(container, clock, batch)
    begins, sent = clock.now, len(container.publisher.behind)
    for _ in range(20):
        assert container.intake.batch(batch.name, before_others=True) == []
    assert clock.now == begins
    assert container.publisher.behind[sent:] == [batch.name] * 20
    assert container.intake.batch(batch.name), "behind others it has its turn"


def test_whoever_brings_many_slow_files_keeps_no_other_sender_s_waiting(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty small ZIPs of slow documents held a scan of four seconds for a quarter of an hour."""
    costing(monkeypatch, clock, {"b": 28.0, "scan": 4.0})
    for number in range(12):
        _sent_by(1001, container, {f"b{number:02}{n}__txt": TEXT.format(n, number) for n in "xy"})
    honest = _sent_by(1002, container, {"scan__txt": TEXT.format("scan", "scan")})
    waiting = [each.name for each in container.spool.batches()]
    _worked_in_order(container, [], waiting)  # its first turn, in which each is too slow
    begins, waiting = clock.now, container.publisher.behind[:]
    _worked_in_order(container, waiting, [], until=lambda: not honest.folder.exists())
    assert clock.now - begins < 3 * 30
    _worked_in_order(container, waiting, [], until=lambda: not container.spool.batches())


@pytest.mark.parametrize(("scans", "most"), [(4.0, 24 * 5 + 5), (6.0, 24 * (5 + 10) + 30)])
def test_whoever_brings_them_with_many_uids_costs_others_a_short_turn_of_each(
    container: FakeContainer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    scans: float,
    most: float,
) -> None:
    """Red before: each had half a minute, and ``/etc/subuid`` gives everybody 65,536 of them."""
    costing(monkeypatch, clock, {"b": 28.0, "scan": scans})
    for number in range(24):
        files = {f"b{number:02}{n}__txt": TEXT.format(n, number) for n in "xy"}
        _sent_by(100_000 + number, container, files)
    honest = _sent_by(1002, container, {"scan__txt": TEXT.format("scan", "scan")})
    assert _seconds_until(container, clock, [honest]) <= most
    longest_of(container, clock, honest)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_whose_files_wait_for_their_writer_takes_nobody_s_turn(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: of the three that were tried none came further, and the order of messages was
    all that counted: one round of another's slow files for each scan but the first."""
    costing(monkeypatch, clock, {"b": 28.0, "scan": 4.0})
    with ExitStack() as written:
        for number in range(9):
            packed = {name: zipped({"a.txt": TEXT.format(number, name)}) for name in ("c", "d")}
            stuck = batch_of(container, c__zip=packed["c"], d__zip=packed["d"])
            for file in stuck.files():
                os.chown(file.path, 1003, 1003)
                written.enter_context(file.path.open("r+b"))
        for number in range(24):
            files = {f"b{number:02}{n}__txt": TEXT.format(n, number) for n in "xy"}
            _sent_by(1001, container, files)
        honest = [
            _sent_by(1002, container, {f"scan{number}__txt": TEXT.format("scan", number)})
            for number in range(4)
        ]
        assert _seconds_until(container, clock, honest) <= 3 * 30
    longest_of(container, clock, honest[0])


def test_who_is_alone_has_no_short_turns(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would be for nobody, and what was read in it be read once more."""
    costing(monkeypatch, clock, {"b": 28.0})
    batches = [
        _sent_by(1001, container, {f"b{number}__txt": TEXT.format(number, number)})
        for number in range(3)
    ]
    assert _seconds_until(container, clock, batches) == 3 * 28


@pytest.mark.parametrize("packed", [False, True])
def test_who_puts_many_slow_files_beside_another_s_has_it_wait_for_one_of_them(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    """Red before: what had no try came before what had, whosever it was: three minutes."""
    costing(monkeypatch, clock, {"b": 28.0, "scan": 4.0})
    files = {
        name: zipped({f"{name}.txt": TEXT.format(name, name)})
        if packed
        else TEXT.format(name, name)
        for name in (*(f"b{number:02}" for number in range(30)), "scan")
    }
    batch = batch_of(
        container, **{f"{n}__{'zip' if packed else 'txt'}": t for n, t in files.items()}
    )
    senders = {f.relative: 1002 if "scan" in f.relative else 1001 for f in batch.files()}
    note_senders(batch, senders)

    def scanned() -> bool:
        return any(name.endswith("scan.txt") for name in names(container.folders.archive))

    _worked_in_order(container, [], [batch.name])
    begins = clock.now
    _worked_in_order(container, container.publisher.behind[:], [], until=scanned)
    assert scanned()
    assert clock.now - begins <= 2 * 28 + 4
    longest_of(container, clock, batch)


def _seconds_until(container: FakeContainer, clock: Clock, batches: Sequence[Batch]) -> float:
    """How long it takes until they are done, when all in the spool have had their first turn."""
    _worked_in_order(container, [], [each.name for each in container.spool.batches()])
    begins, waiting = clock.now, container.publisher.behind[:]

    def done() -> bool:
        return not any(each.folder.exists() for each in batches)

    _worked_in_order(container, waiting, [], until=done)
    assert done()
    return clock.now - begins


def _packed(folder: Path, count: int) -> list[str]:
    """So many containers that take half a minute; each article in them is quick."""
    for number in range(count):
        texts = {f"m{n:02}.txt": TEXT.format(n, number) for n in range(15)}
        (folder / f"{number}.zip").write_bytes(zipped(texts))
    return [str(folder / f"{number}.zip") for number in range(count)]


def test_containers_of_messages_have_a_minute_before_everybody_s_files(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each had half a minute: 40 messages of 470 bytes were ten minutes. Texts beside them and who
    comes later are answered at once all the same."""
    costing(monkeypatch, clock, {"m": 1.9})
    senders = Senders(container.intake, [tmp_path], (10, 10_000_000))
    *paths, last = _packed(tmp_path, 6)
    (tmp_path / "ein.txt").write_text(TEXT.format("ein", "ein"))
    answers = [senders.files([path])[0]["fate"] for path in paths]
    assert answers == [*["unpacked"] * 3, *["waiting"] * 2]
    waits, text = senders.files([last, str(tmp_path / "ein.txt")])
    assert clock.now <= 60 + 30
    assert (waits["fate"], waits["reason"], text["fate"]) == ("waiting", LATER, "indexed")
    assert all(batch.had_turn() for batch in container.spool.batches())
    longest_of(container, clock, container.spool.batches()[0])
    assert len(names(container.folders.archive)) == 6 * 16 + 1
    clock.now += 3_600
    assert senders.files(paths[:1])[0]["fate"] == "unpacked", "in an hour all is forgotten"


def test_what_a_message_puts_off_has_no_first_turn_before_others(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each of its batches had half a minute more: one message of many was as many messages."""
    costing(monkeypatch, clock, {"m": 1.9})
    paths = _packed(tmp_path, 5)
    answers = Senders(container.intake, [tmp_path], (1, 10_000_000)).files(paths)
    assert [answer["fate"] for answer in answers] == [*["unpacked"] * 2, *["waiting"] * 3]
    begins = clock.now
    for batch in container.spool.batches():
        if not batch.had_turn():
            container.intake.batch(batch.name)
    assert clock.now == begins
    longest_of(container, clock, container.spool.batches()[0])
    assert len(names(container.folders.archive)) == 5 * 16


def test_where_they_had_it_a_full_spool_takes_no_more_of_them(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In a first turn nobody asked: as many lay there as were named."""
    costing(monkeypatch, clock, {"m": 1.9})
    senders = Senders(container.intake, [tmp_path], (10, 10_000_000), spool_batches=2)
    answers = [senders.files([path])[0] for path in _packed(tmp_path, 6)]
    assert [a["fate"] for a in answers] == [*["unpacked"] * 3, *["waiting"] * 2, "failed"]
    assert "the spool is full" in answers[-1]["reason"]


def test_one_that_waits_for_a_service_is_not_begun_again_and_again(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its share hardly grows while it only waits: each message would be the cause of the next."""
    costing(monkeypatch, clock, {"b": 28.0})
    mine = _sent_by(1001, container, slow(7))
    container.intake.batch(mine.name, before_others=True)
    for _ in range(2):
        container.intake.batch(mine.name)
    other = _sent_by(1002, container, {"b9__txt": TEXT.format(9, 9)})
    container.intake.batch(other.name, before_others=True)
    assert container.intake._batches.shares.before(mine) == [other]
    monkeypatch.setattr(Documents, "put", _away)
    sent = len(container.publisher.behind)
    fates = container.intake.batch(mine.name)
    assert {fate.fate for fate in fates} == {"waiting"}
    assert container.publisher.behind[sent:] == []


def _away(_: Documents, batch: Batch, reads: Sequence[Any], *, last: bool) -> list[WriteResult]:
    return [WriteResult("", "away", "Elasticsearch does not answer")] * len(reads)


def burns(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


@pytest.mark.parametrize("died", [False, True])
@pytest.mark.parametrize("what", ["kind", "members"])
def test_what_takes_long_before_an_article_comes_waits_behind_others(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch, what: str, died: bool
) -> None:
    """Empty lines in a packed box of mails: each box held all others for two minutes."""
    monkeypatch.setattr("worker.intake.intake.FIRST", 0.1)
    kind, members = container.intake.unpacker.kind, Unpacker.members

    def slowly_kind(_: Unpacker, file: SpooledFile) -> Any:
        burns(1.0 * (what == "kind" and file.relative.endswith("zip")))
        return kind(file)

    def slowly_members(self: Unpacker, *of: Any, **more: Any) -> Iterator[Member]:
        burns(1.0 * (what == "members"))
        yield from members(self, *of, **more)

    monkeypatch.setattr(Unpacker, "kind", slowly_kind)
    monkeypatch.setattr(Unpacker, "members", slowly_members)
    packed = zipped({"c.txt": TEXT.format("c", "c")})
    batch = batch_of(container, a__zip=packed, b__zip=packed, z__txt=TEXT.format("z", "z"))
    if died:
        (batch.folder / "working").touch()
    begins = time.thread_time()
    _worked_in_order(container, [], [batch.name])
    assert time.thread_time() - begins < 1.0
    assert names(container.folders.archive) == {"z.txt"}
    _worked_in_order(container, container.publisher.behind[:], [])
    assert not container.spool.batches()
    assert len(names(container.folders.archive)) == 5, "the boxes, what was in them, the text"


@pytest.mark.parametrize("packed", [False, True])
def test_what_a_confined_reader_computes_for_a_container_counts_too(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    """Red before: a mail of Outlook's of 16 kB had its reader's half minute before everybody's
    files. Its names take a quadratic time to be written into a mail."""
    monkeypatch.setattr("worker.intake.intake.FIRST", 1)
    portions = container.intake.unpacker.portions
    limits = replace(portions.limits, reader=replace(portions.limits.reader, seconds=3))
    portions = replace(portions, limits=limits)
    container.intake.unpacker = replace(container.intake.unpacker, portions=portions)
    mail = msg("Anlagen", "Text", {"\U0001f600" * 1_980 + f"{n}.txt": b"" for n in range(200)})
    files = {"a__zip": zipped({"b.msg": mail})} if packed else {"b__msg": mail}
    container.intake.batch(batch_of(container, **files).name, before_others=True)
    assert container.spool.batches(), "it waits behind others"
    assert not names(container.folders.failed)


def _sent_by(sender: int, container: FakeContainer, files: Mapping[str, str]) -> Batch:
    batch = batch_of(container, **files)
    note_senders(batch, {file.relative: sender for file in batch.files()})
    return batch


def _worked_in_order(
    container: FakeContainer,
    behind: list[str],
    first: list[str],
    until: Callable[[], bool] = lambda: False,
) -> None:
    """As a worker takes the messages, until there are none; ``behind``: of what had its turn."""
    for name in first:
        container.intake.batch(name, before_others=True)
    while behind and not until():
        sent = len(container.publisher.behind)
        container.intake.batch(behind.pop(0))
        behind += container.publisher.behind[sent:]


@pytest.fixture
def read(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[float]]:
    """When something of a container is read; each time it takes ten seconds."""
    moments: list[float] = []
    whole = Patience.readinto

    def slowly(patience: Patience, buffer: bytearray, /) -> int | None:
        clock.now += 10.0
        moments.append(clock.now)
        return whole(patience, buffer)

    monkeypatch.setattr(Patience, "readinto", slowly)
    yield moments
    for batch in container.spool.batches():  # what stands still holds its thread
        shutil.rmtree(batch.folder)
    container.intake.unpacker.kept_open.let_go()


def far_away(container: FakeContainer, name: str = "a.jsonl") -> Batch:
    """A batch that had a turn, and whose container's first member is far from its beginning."""
    batch = batch_of(container, **{name: "\n" * 200_000 + lines(2)})
    unpacked.has_turn(batch.turns, name)
    return batch


def test_what_gives_no_member_for_long_stops_there_and_goes_on_at_its_next_turn(
    container: FakeContainer, clock: Clock, read: list[float]
) -> None:
    """Red before: it had two minutes of the processor, whoever waited behind it."""
    batch = far_away(container)
    assert longest_of(container, clock, batch) <= 30 + 10
    assert len(read) <= 200_000 / io.DEFAULT_BUFFER_SIZE + 2
    assert names(container.folders.archive) == {
        "a.jsonl/a.jsonl", "a.jsonl/0200001.json", "a.jsonl/0200002.json"
    }  # fmt: skip


def test_what_is_told_of_it_is_that_others_have_their_turn(
    container: FakeContainer, clock: Clock, read: list[float]
) -> None:
    _, (fate,) = turn(container, clock, far_away(container))
    assert (fate.fate, fate.reason) == ("waiting", f"0 {SO_FAR}")
    assert len(read) == 4


def test_one_that_stands_still_is_closed_where_it_is(
    container: FakeContainer, clock: Clock, read: list[float]
) -> None:
    batch, before = far_away(container), threading.active_count()
    turn(container, clock, batch)
    assert threading.active_count() == before + 1
    shutil.rmtree(batch.folder)
    container.intake.unpacker.kept_open.let_go()
    assert (threading.active_count(), len(read)) == (before, 4)


def test_of_many_that_give_none_those_without_a_place_wait_for_one(
    container: FakeContainer, clock: Clock, read: list[float]
) -> None:
    """Or each would be begun anew at its next turn, and none be done."""
    for number in range(3 * MOST):
        far_away(container, f"{number}.jsonl")
    assert longest_of(container, clock, container.spool.batches()[0]) <= 30 + 10
    least = 3 * MOST * 200_000 / io.DEFAULT_BUFFER_SIZE
    assert len(read) <= 2 * least


def test_of_slow_ones_another_is_tried_first_in_each_short_turn(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: it was the same one each time, in vain, and its neighbours had none."""
    costing(monkeypatch, clock, {"b00": 28.0, "b01": 8.0})
    batch = batch_of(container, **slow(2))
    turn(container, clock, batch)
    for seconds in (5.0, 10.0, 10.0):
        with batch.owned():
            container.intake.owned(batch, seconds=seconds)
    assert names(container.folders.archive) == {"b01.txt", "z.txt"}


def test_what_a_batch_had_in_one_process_the_others_know(
    container: FakeContainer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: each process began with a short turn of its own, in vain for what takes long."""
    batch, other = (batch_of(container, **slow(2)) for _ in range(2))
    for each in (batch, other):
        unpacked.has_turn(each.turns, "b00.txt")
    monkeypatch.setattr(shares, "senders_of", lambda each: frozenset({each == other}))
    one, two = (Shares(container.spool, clock) for _ in range(2))

    def work() -> None:
        clock.now += one.seconds(batch)

    assert [two.seconds(batch)] + [one.of(batch, work) or two.seconds(batch) for _ in range(3)] == [
        5.0, 10.0, 20.0, ENDLESS
    ]  # fmt: skip
    assert [each.name for each in two.before(batch)] == [other.name]
    shutil.rmtree(batch.folder)
    one.of(other, lambda: shutil.rmtree(other.folder))
    assert not container.spool.batches()
