"""A file of many articles: each has its own fate, and is there once, wherever it was cut short."""

from __future__ import annotations

import errno
import fcntl
import gzip
import io
import json
import os
import shutil
import signal
import sqlite3
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from articles.article import Article
from articles.errors import ServiceUnavailable
from articles.limits import MEBIBYTE
from extraction.containers import json_lines
from extraction.containers.member import Kind, Member, Opened, Sample
from extraction.containers.registry import kind_of
from extraction.formats.parse import parse
from indexing.index.released import ReadersClient
from indexing.writing import write
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from tests.unit.extraction.containers.test_seven_zip import seven
from tests.unit.extraction.containers.test_warc import PAGE, page, warc
from tests.unit.extraction.documents.made_sheets import xlsx
from worker import beneath, failpoint
from worker.care.compared import Compared
from worker.care.members import folder_of
from worker.care.own_files import unpacking
from worker.care.repair import repair
from worker.care.verify import verify
from worker.intake import members, reading, unpack
from worker.intake.fates import WRITTEN, ItemFate
from worker.intake.former import WITHIN
from worker.intake.kept_open import SHORT, AllTaken, KeptOpen
from worker.intake.patience import Patience
from worker.intake.unpack import OTHERS
from worker.spool import deposit, outsized, settle, unpacked
from worker.spool.settle import reason_of
from worker.spool.spool import Batch
from worker.spool.unpacked import Progress


def row(number: object, **more: object) -> str:
    return json.dumps(
        {"headline": f"Bericht {number}", "body": f"Text {number} aus Bremen.", **more}
    )


def lines(count: int, first: int = 0) -> str:
    return "".join(f"{row(number)}\n" for number in range(first, first + count))


def batch_of(container: FakeContainer, **files: str | bytes) -> Batch:
    with container.spool.filling() as batch:
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            (batch.root / name.replace("__", ".")).write_bytes(raw)
    return batch


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def ids(fake: FakeElasticsearch) -> list[str]:
    return [id_ for index in fake.store.indices.values() for id_ in index.documents]


def paths(fake: FakeElasticsearch) -> Counter[str]:
    return Counter(fake.source(id_)["source"]["path"] for id_ in ids(fake))


class Clock:
    """Stands still, but where the test moves it on."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def in_portions(
    container: FakeContainer,
    files: int,
    seconds: float = 30.0,
    clock: Callable[[], float] = time.monotonic,
) -> FakeContainer:
    """Its intake, so many articles at once."""
    intake = container.intake
    portions = replace(intake.unpacker.portions, files=files, seconds=seconds, clock=clock)
    intake.unpacker = replace(intake.unpacker, portions=portions)
    return container


@pytest.fixture
def small(container: FakeContainer) -> FakeContainer:
    """Parts of three articles."""
    return in_portions(container, 3)


def test_each_article_has_its_own_fate(small: FakeContainer, fake: FakeElasticsearch) -> None:
    content = lines(4) + "{kaputt\n" + row(0) + "\n" + row(9)
    batch = batch_of(small, sammlung__jsonl=content, einzeln__txt="Ein Artikel\n\nMit Text.")
    fates = {fate.path: fate for fate in small.intake.batch(batch.name)}
    assert fates["einzeln.txt"].fate == "indexed"
    told = fates["sammlung.jsonl"]
    assert (told.fate, told.reason) == (
        "unpacked",
        "a file of JSON lines: 5 indexed, 1 duplicate, 1 failed",
    )
    there = {f"sammlung.jsonl/000000{number}.json" for number in (1, 2, 3, 4, 7)}
    assert paths(fake) == Counter({*there, "einzeln.txt"})
    own = {"sammlung.jsonl/sammlung.jsonl", "sammlung.jsonl/0000006.json", "einzeln.txt"}
    assert names(small.folders.archive) == there | own
    assert names(small.folders.failed) == {
        "sammlung.jsonl/0000005.json",
        "sammlung.jsonl/0000005.json.reason.json",
    }
    reason = reason_of(small.folders.failed / "sammlung.jsonl/0000005.json")
    assert "not valid JSON" in reason["error"]
    assert list(small.folders.spool.glob("2*")) == []
    assert small.ledger.counts() == {
        "indexed": 6,
        "duplicate": 1,
        "failed": 1,
        "unpacked": 1,
    }
    compared = Compared()
    verify(small, compared)
    assert compared.counts() == {}


def packed(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def lose(container: FakeContainer, fake: FakeElasticsearch, *lost: str) -> None:
    """As if a disk and an index had lost them."""
    for path in lost:
        (container.folders.archive / path).unlink()
    for index in fake.store.indices.values():
        gone = [i for i in index.documents if fake.source(i)["source"]["path"] in lost]
        for id_ in gone:
            del index.documents[id_]


def test_members_that_are_nowhere_are_named_and_unpacked_again(
    small: FakeContainer, fake: FakeElasticsearch
) -> None:
    inner = packed(a__json=row(7), b__json=row(8))
    outer = io.BytesIO(packed(c__json=row(9), kaputt__json="{", doppelt__json=row(9)))
    with zipfile.ZipFile(outer, "a") as zipped:
        zipped.writestr("innen.zip", inner)
    batch = batch_of(small, zeilen__jsonl=lines(4), presse__zip=outer.getvalue())
    small.intake.batch(batch.name)
    before = paths(fake)
    (small.folders.failed / "presse.zip/kaputt.json").unlink()
    (small.folders.failed / "presse.zip/kaputt.json.reason.json").unlink()
    row_2, deep = "zeilen.jsonl/0000002.json", "presse.zip/innen.zip/a.json"
    lose(small, fake, row_2, deep)
    (small.folders.archive / "presse.zip/c.json").unlink()  # its document stays

    compared = Compared()
    verify(small, compared)
    told = {each.path: each.detail for page in compared.pages("no_member", 10) for each in page}
    assert told == {
        row_2: "zeilen.jsonl/zeilen.jsonl",
        deep: "presse.zip/innen.zip/innen.zip",
        "presse.zip/c.json": "presse.zip/presse.zip",
    }, "what failed and was taken away is not missed"
    assert compared.counts() == {"no_member": 3}
    assert repair(small, compared) == 3
    again = Compared()
    verify(small, again)
    assert again.counts() == {}, "they are on their way"
    for batch in small.spool.batches():
        small.intake.batch(batch.name)
    assert paths(fake) == before
    verify(small, whole := Compared())
    assert whole.counts() == {}


def test_a_container_that_cannot_be_read_again_is_told(small: FakeContainer) -> None:
    small.intake.batch(batch_of(small, a__zip=packed(a__json=row(1), b__json=row(2))).name)
    archived = small.folders.archive / "a.zip/a.zip"
    archived.write_bytes(archived.read_bytes()[:-30] + b"\0" * 30)
    verify(small, compared := Compared())
    ((difference,),) = compared.pages("unreadable", 10)
    assert difference.path == "a.zip/a.zip"


def test_a_container_that_became_a_hole_is_told_and_not_read(
    small: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as out:
        out.addfile(tarfile.TarInfo("a.txt"))
    archived = small.folders.archive / "a.tar" / "a.tar"
    archived.parent.mkdir()
    archived.write_bytes(tar.getvalue())
    os.truncate(archived, 1 << 40)
    monkeypatch.setattr(unpack, "Patience", lambda *_, **__: pytest.fail("it was read"))
    verify(small, compared := Compared())
    ((difference,),) = compared.pages("unreadable", 10)
    assert difference.path == "a.tar/a.tar"
    assert "It has holes" in difference.detail
    assert repair(small, compared) == 0


@pytest.mark.parametrize(
    ("archived", "folder"),
    [
        ("a/b.zip/b.zip", "a/b.zip"),
        ("b.zip/b~0123456789ab.zip", "b.zip"),
        ("b.zip~/b.zip", "b.zip~"),
        ("b.zip", ""),
        ("a/b.zip", ""),
        ("a.zip/b.zip", ""),
    ],
)
def test_members_lie_where_their_container_does(archived: str, folder: str) -> None:
    assert folder_of(archived) == folder


def test_the_same_file_again_is_all_copies(small: FakeContainer, fake: FakeElasticsearch) -> None:
    for said in ("4 indexed", "4 duplicate"):
        batch = batch_of(small, a__jsonl=lines(4))
        (fate,) = small.intake.batch(batch.name)
        assert fate.reason == f"a file of JSON lines: {said}"
    assert len(ids(fake)) == 4
    assert len(names(small.folders.archive)) == 5


class Killed(BaseException):
    """As SIGKILL: nothing is tidied up."""


GAPS = (
    *("unpack.put", "unpack.noted", "unpack.recorded", "intake.read", "intake.indexed"),
    *("intake.recorded", "intake.moved", "intake.settled", "intake.notified", "spool.emptied"),
)


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("passes", [1, 2, 3])
def test_killed_in_every_gap(
    small: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    gap: str,
    passes: int,
) -> None:
    """The work marks of the dead stay: so does the lock's file, which nobody holds any more."""
    batch = batch_of(small, a__jsonl=lines(8) + "{kaputt\n", b__txt="Ein Artikel\n\nMit Text.")
    left = passes

    def reach(name: str) -> None:
        nonlocal left
        left -= name == gap
        if name == gap and not left:
            raise Killed

    monkeypatch.setattr(failpoint, "reach", reach)
    with suppress(Killed):  # some are not passed so often
        small.intake.batch(batch.name)
    for _ in range(3):
        for each in small.spool.batches():
            small.intake.batch(each.name)
    there = {f"a.jsonl/000000{number}.json" for number in range(1, 9)}
    assert paths(fake) == Counter({*there, "b.txt"})
    assert names(small.folders.archive) == {*there, "a.jsonl/a.jsonl", "b.txt"}
    assert "a.jsonl/0000009.json" in names(small.folders.failed)
    assert list(small.folders.spool.glob("2*")) == []
    counts = {"indexed": 9, "duplicate": 0, "failed": 1, "unpacked": 1}
    assert small.ledger.counts() == counts


MANY = range(1, 8)


def letter_with_attachments() -> bytes:
    letter = EmailMessage()
    letter["Subject"], letter["Message-ID"] = "Sieben Berichte", "<sieben@probe.example>"
    letter.set_content("Sieben Berichte liegen bei.\n\nMehr folgt.")
    for number in MANY:
        data = row(f"{number} im Brief").encode()
        letter.add_attachment(
            data, maintype="application", subtype="json", filename=f"{number}.json"
        )
    return letter.as_bytes()


#: A container of each kind that is not read as a stream of lines, and its members.
NEWER: dict[str, tuple[bytes, set[str]]] = {
    "a.7z": (
        seven({f"{number}.json": row(number).encode() for number in MANY}),
        {f"{number}.json" for number in MANY},
    ),
    "a.xlsx": (
        xlsx({"A": [["Titel", "Text"], *([f"Bericht {n}", f"Text {n}."] for n in MANY)]}),
        {f"{number + 1:07}.json" for number in MANY},
    ),
    "a.eml": (letter_with_attachments(), {"mail.eml", *(f"{n}.json" for n in MANY)}),
    "a.warc.gz": (
        warc([page(f"{n}.html", PAGE.replace("Brücke", f"Brücke {n}")) for n in MANY], packed=True),
        {f"{2 * number + 1:07}.mhtml" for number in MANY},
    ),
}


@pytest.mark.parametrize("gap", ["unpack.put:2", "unpack.noted:1", "intake.indexed:2"])
@pytest.mark.parametrize("name", NEWER)
def test_killed_in_the_middle_of_each_kind(
    small: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    gap: str,
) -> None:
    data, members_ = NEWER[name]
    batch = batch_of(small, **{name: data})
    point, _, left = gap.partition(":")
    passes = iter(range(1, 100))

    def reach(passed: str) -> None:
        if passed == point and next(passes) == int(left):
            raise Killed

    monkeypatch.setattr(failpoint, "reach", reach)
    with pytest.raises(Killed):
        small.intake.batch(batch.name)
    for _ in range(3):
        for each in small.spool.batches():
            small.intake.batch(each.name)
    there = {f"{name}/{member}" for member in members_}
    assert paths(fake) == Counter(there)
    assert names(small.folders.archive) == {*there, f"{name}/{name}"}
    assert list(small.folders.spool.glob("2*")) == []
    verify(small, compared := Compared())
    assert compared.counts() == {}


def test_what_ends_its_process_fails_alone(
    small: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(small, a__jsonl=lines(2) + row("Gift") + "\n" + lines(2, 10))
    _kill_by(small, monkeypatch, lambda data: b"Gift" in data)
    for _ in range(8):
        for each in small.spool.batches():
            with suppress(Killed):
                small.intake.batch(each.name)
    assert list(small.folders.spool.glob("2*")) == [], batch
    assert len(ids(fake)) == 4
    assert "a.jsonl/0000003.json" in names(small.folders.failed)
    assert "a.jsonl/a.jsonl" in names(small.folders.archive)


def test_what_ends_the_process_that_asks_what_it_is_fails_alone(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To tell a container from an article libraries read it, too."""

    def deadly(sample: Sample) -> Kind | None:
        if sample.path == "gift.eml":
            raise Killed
        return kind_of(sample)

    monkeypatch.setattr(unpack, "kind_of", deadly)
    batch = batch_of(container, a__txt="Ein Artikel\n\nMit Text.", b__jsonl=lines(2), gift__eml="x")
    for _ in range(6):
        with suppress(Killed):
            container.intake.batch(batch.name)
    assert "a.txt" in names(container.folders.archive)
    assert len(ids(fake)) == 3
    error = reason_of(container.folders.failed / "gift.eml")["error"]
    assert error == "it ended the process that read it, 3 times"
    assert list(container.folders.spool.glob("2*")) == []


def _kill_by(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, deadly: Callable[[bytes], bool]
) -> None:
    def read(data: bytes, *args: Any, **kwargs: Any) -> Article:
        if deadly(data):
            raise Killed
        return parse(data, *args, **kwargs)

    monkeypatch.setattr(reading, "parse", read)


def test_while_elasticsearch_is_away_it_waits_where_it_is(
    small: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(small, a__jsonl=lines(8))
    calls = 0
    genuine = write.create

    def create(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ServiceUnavailable("away")
        return genuine(*args, **kwargs)

    monkeypatch.setattr(write, "create", create)
    with pytest.raises(ServiceUnavailable):
        small.intake.batch(batch.name)
    assert len(ids(fake)) == 3
    (note,) = unpacking(small)
    assert note.text == "a.jsonl: 6 members unpacked so far"
    for each in small.spool.batches():
        small.intake.batch(each.name)
    assert len(ids(fake)) == 8
    assert list(unpacking(small)) == []


def test_no_more_is_unpacked_than_may_wait(
    small: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elasticsearch answers, and takes nothing."""
    batch = batch_of(small, a__jsonl=lines(60))
    genuine = write.create
    monkeypatch.setattr(write, "create", lambda *_, **__: _refused(*_))
    for _ in range(10):
        (fate,) = small.intake.batch(batch.name)
        assert (fate.fate, fate.reason) == ("waiting", "parts of it wait in the spool")
        for each in small.spool.batches()[1:]:
            small.intake.batch(each.name)
    assert len(small.spool) == 1 + unpack.MOST_WAITING
    assert batch.name not in small.publisher.batches
    monkeypatch.setattr(write, "create", genuine)
    while small.spool.batches():
        for each in small.spool.batches():
            small.intake.batch(each.name)
    assert len(ids(fake)) == 60
    assert small.ledger.counts()["indexed"] == 60


def _refused(_client: object, _index: str, documents: Any) -> list[write.WriteResult]:
    return [write.WriteResult(id_, "away", "429") for id_, _ in documents]


def test_a_large_one_gives_others_their_turn(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    in_portions(container, 3, clock=clock)
    monkeypatch.setattr(failpoint, "reach", lambda _: setattr(clock, "now", clock.now + 31))
    batch = batch_of(container, a__jsonl=lines(8))
    turns = 0
    while container.spool.batch(batch.name):
        (fate,) = container.intake.batch(batch.name)
        turns += 1
        if fate.fate == "waiting":
            assert fate.reason == f"{3 * turns} unpacked so far"
            assert container.publisher.batches[-1] == batch.name
    assert turns > 1
    assert fate == ItemFate("a.jsonl", "unpacked", "", "a file of JSON lines: 8 indexed")
    assert len(ids(fake)) == 8


def costly(
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    seconds: Callable[[], float],
    *named: str,
) -> list[str]:
    """Each member of these, or of ``a.jsonl``, takes so long; those that were read."""
    read: list[str] = []

    def members_of(opened: Opened) -> Iterator[Member]:
        for member in json_lines.KIND.members(opened):
            clock.now += seconds()
            read.append(member.name)
            yield member

    kind = replace(json_lines.KIND, members=members_of)
    kinds = dict.fromkeys(named or ("a.jsonl",), kind)
    monkeypatch.setattr(unpack, "kind_of_open", lambda _, path: kinds.get(path))
    return read


def test_members_that_take_long_end_their_part(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """128 of half a minute each were read before anybody else had a turn."""
    clock = Clock()
    in_portions(container, 64, clock=clock)
    read = costly(monkeypatch, clock, lambda: 20.0)
    batch = batch_of(container, a__jsonl=lines(5))
    assert turns_of(container, batch, read) == [
        "2: 2 unpacked so far",
        "2: 4 unpacked so far",
        "1: a file of JSON lines: 5 indexed",
    ]
    assert paths(fake) == Counter(f"a.jsonl/000000{number}.json" for number in range(1, 6))


def test_one_that_is_not_kept_open_is_passed_over_and_has_as_long_again(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    in_portions(container, 64, clock=clock)
    container.intake.unpacker = replace(container.intake.unpacker, kept_open=KeptOpen(most=0))
    read = costly(monkeypatch, clock, lambda: 12.0)
    batch = batch_of(container, a__jsonl=lines(6))
    assert turns_of(container, batch, read) == [
        "3: 3 unpacked so far",
        "6: a file of JSON lines: 6 indexed",  # as long again as the first three took
    ]
    assert len(ids(fake)) == 6


def turns_of(container: FakeContainer, batch: Batch, read: Sequence[str]) -> list[str]:
    """How many were read in each turn of a batch, and what became of its one container."""
    turns: list[str] = []
    while container.spool.batch(batch.name):
        begins = len(read)
        (fate,) = container.intake.batch(batch.name)
        turns.append(f"{len(read) - begins}: {fate.reason}")
    return turns


def test_one_kept_open_gives_what_was_read_ahead_of_its_turn(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part behind the last of a turn is known, and neither lost nor read again."""
    clock = Clock()
    in_portions(container, 3, clock=clock)
    read = costly(monkeypatch, clock, lambda: 0.0)
    monkeypatch.setattr(failpoint, "reach", lambda _: setattr(clock, "now", clock.now + 31))
    batch = batch_of(container, a__jsonl=lines(8))
    turns_of(container, batch, read)
    assert read == [f"000000{number}.json" for number in range(1, 9)]
    assert paths(fake) == Counter(f"a.jsonl/{name}" for name in read)


def test_however_many_are_begun_no_turn_gets_longer_and_longer(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where none has a place left, what took long waits for one; in the end all are unpacked."""
    clock = Clock()
    in_portions(container, 64, clock=clock)
    kept_open = KeptOpen(most=1)
    container.intake.unpacker = replace(container.intake.unpacker, kept_open=kept_open)
    costly(monkeypatch, clock, lambda: 20.0, "a.jsonl", "b.jsonl", "c.jsonl")
    batches = [
        batch_of(container, **{f"{name}__jsonl": lines(40, first)})
        for name, first in (("a", 0), ("b", 100), ("c", 200))
    ]
    longest, waited = 0.0, set[str]()
    for batch in batches * 150:
        begins = clock.now
        waited |= {fate.reason for fate in container.intake.batch(batch.name)}
        longest = max(longest, clock.now - begins)
    assert OTHERS in waited
    assert container.spool.batches() == []
    assert len(ids(fake)) == 120
    assert longest <= 4 * SHORT


def test_what_another_process_has_read_is_passed_over(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes in turn: each goes on with its own where the other one has stopped."""
    clock = Clock()
    in_portions(container, 64, clock=clock)
    costly(monkeypatch, clock, lambda: 20.0)
    ours, theirs = container.intake.unpacker, replace(container.intake.unpacker)
    theirs = replace(theirs, kept_open=KeptOpen())
    batch = batch_of(container, a__jsonl=lines(30))
    for number in range(30):
        container.intake.unpacker = (ours, theirs)[number % 2]
        container.intake.batch(batch.name)
    assert container.spool.batch(batch.name) is None
    assert paths(fake) == Counter(f"a.jsonl/{n:07}.json" for n in range(1, 31))
    assert open_files("a.jsonl") <= 1  # by the one that did not see its end
    for unpacker in (ours, theirs):
        container.intake.unpacker = unpacker
        container.intake.batch("none")
    assert not open_files("a.jsonl")


def open_files(name: str) -> int:
    """How many descriptors of this process are of a file of that name, which may be gone."""
    told: list[str] = []
    for place in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # it was that of the folder itself
            told.append(place.readlink().name)
    return sum(name in each for each in told)


def test_one_that_changes_while_it_is_kept_open_is_begun_anew(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    in_portions(container, 64, clock=clock)
    costly(monkeypatch, clock, lambda: 20.0)
    batch = batch_of(container, a__jsonl=lines(5))
    container.intake.batch(batch.name)
    (batch.root / "a.jsonl").write_text(lines(4, first=20))
    while container.spool.batch(batch.name):
        container.intake.batch(batch.name)
    assert paths(fake) == Counter(f"a.jsonl/{n:07}.json" for n in range(1, 5))
    assert all("Text 2" in fake.source(id_)["body"] for id_ in ids(fake))
    assert not open_files("a.jsonl")


def test_the_containers_of_a_batch_share_its_turn(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each had a turn of its own: of a hundred in one batch others waited for all."""
    clock = Clock()
    in_portions(container, 64, clock=clock)
    costly(monkeypatch, clock, lambda: 20.0, "a.jsonl", "b.jsonl", "c.jsonl")
    batch = batch_of(
        container, a__jsonl=lines(5), b__jsonl=lines(1, first=10), c__jsonl=lines(1, first=20)
    )
    turns = []
    while container.spool.batch(batch.name):
        fates = container.intake.batch(batch.name)
        turns.append(" ".join(f"{fate.path[0]}:{fate.fate}" for fate in fates))
        if any(fate.fate == "waiting" for fate in fates):
            assert container.publisher.batches[-1] == batch.name
    assert turns == [
        "a:waiting b:waiting c:waiting",
        "b:unpacked c:unpacked a:waiting",  # what has not been begun comes first
        "a:waiting",
        "a:unpacked",
    ]
    assert len(ids(fake)) == 7


def test_one_that_holds_much_in_memory_takes_all_places(tmp_path: Path) -> None:
    kept_open, closed = KeptOpen(most=4), list[str]()

    def begun(name: str, places: int, seconds: float) -> None:
        class Read(members.Reading):
            def close(self) -> None:
                closed.append(name)

        place = tmp_path, name
        with kept_open.reading(place, Progress(name), lambda: Read(iter(())), places) as reading:
            reading.goes_on, reading.seconds = True, seconds

    for name, places, seconds in (("a", 1, 50.0), ("b", 4, 100.0), ("c", 4, 70.0), ("d", 1, 90.0)):
        begun(name, places, seconds)
    assert closed == ["a", "c", "d"]
    long = Progress("d", seconds=SHORT + 1)
    again = kept_open.reading((tmp_path, "d"), long, lambda: members.Reading(iter(())))
    with pytest.raises(AllTaken):
        again.__enter__()


def test_one_without_end_takes_no_turn_of_another_in_its_batch(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sender touches it at each turn, so that it is begun anew."""
    clock = Clock()
    in_portions(container, 64, clock=clock)
    costly(monkeypatch, clock, lambda: 20.0, "a.jsonl", "b.jsonl")
    batch = batch_of(container, a__jsonl=lines(9), b__jsonl=lines(3, first=20))
    fates: list[str] = []
    for number in range(6):
        os.utime(batch.root / "a.jsonl", ns=(number, number))
        fates += [f"{fate.path[0]}:{fate.fate}" for fate in container.intake.batch(batch.name)]
    assert "b:unpacked" in fates
    assert fates.count("b:unpacked") == 1


def test_one_whose_parts_wait_stays_open(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To pass over what was read at each try might take all of a batch's turn."""
    in_portions(container, 1)
    read = costly(monkeypatch, Clock(), lambda: 0.0)
    batch = batch_of(container, a__jsonl=lines(9))
    fake.go_away(always=True)
    for _ in range(3):
        container.intake.batch(batch.name)
    assert len(read) == len(set(read))


@pytest.mark.parametrize("gap", ["unpack.put", "unpack.noted", "intake.moved", "intake.settled"])
@pytest.mark.parametrize("seconds", [(0.0, 40.0), (40.0, 0.0)], ids=["then-slow", "then-fast"])
@pytest.mark.parametrize("passes", [1, 2])
def test_killed_where_a_part_ended_by_time(
    container: FakeContainer,
    fake: FakeElasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    gap: str,
    seconds: tuple[float, float],
    passes: int,
) -> None:
    """The part that is put once more ends where it did, however long its members take now."""
    clock, left = Clock(), passes
    costly(monkeypatch, clock, lambda: seconds[left <= 0])

    def reach(name: str) -> None:
        nonlocal left
        left -= name == gap
        if name == gap and not left:
            raise Killed

    in_portions(container, 3, clock=clock)
    monkeypatch.setattr(failpoint, "reach", reach)
    batch = batch_of(container, a__jsonl=lines(8))
    for _ in range(20):
        for each in container.spool.batches():
            with suppress(Killed):
                container.intake.batch(each.name)
    assert container.spool.batches() == []
    assert paths(fake) == Counter(f"a.jsonl/000000{number}.json" for number in range(1, 9))
    assert len(names(container.folders.archive)) == 9
    counts = container.ledger.counts()
    assert {fate: count for fate, count in counts.items() if count} == {"indexed": 8, "unpacked": 1}
    assert container.ledger.counts_of_members(batch.name, keys(container, batch)) == {"indexed": 8}


def keys(container: FakeContainer, batch: Batch) -> str:
    """The key of the one container of a batch that is at its end."""
    with sqlite3.connect(container.ledger.path) as opened:
        told = opened.execute("SELECT DISTINCT batch FROM fates").fetchall()
    (key,) = {name.split("-")[2] for (name,) in told if name.count("-") > 1}
    return str(key)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in files.items():
            whole.writestr(name, data)
    return target.getvalue()


def test_containers_in_containers(container: FakeContainer, fake: FakeElasticsearch) -> None:
    inner = zipped(
        {"tief/a.txt": "Tief\n\nText.", "zeilen.jsonl.gz": gzip.compress(lines(2).encode())}
    )
    outer = zipped(
        {
            "b.txt": "Oben\n\nText.",
            "innen.zip": inner,
            ".DS_Store": b"x",
            "__MACOSX/._b.txt": b"x",
            "~$b.docx": b"x",
            "../hinaus.txt": "Hinaus\n\nText.",
        }
    )
    batch = batch_of(container, a__zip=outer)
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, fate.reason) == (
        "unpacked",
        "a ZIP archive: 5 indexed, 2 unpacked, 3 left alone",
    )
    assert set(paths(fake)) == {
        "a.zip/b.txt",
        "a.zip/hinaus.txt",
        "a.zip/innen.zip/tief/a.txt",
        "a.zip/innen.zip/zeilen.jsonl.gz/zeilen.jsonl/0000001.json",
        "a.zip/innen.zip/zeilen.jsonl.gz/zeilen.jsonl/0000002.json",
    }
    assert "a.zip/innen.zip/innen.zip" in names(container.folders.archive)
    assert list(container.folders.spool.glob("2*")) == []


def small_bombs() -> bytes:
    """Five that are each below what anything may unpack to, in one ZIP."""
    return zipped(
        {
            f"{number}.zip": zipped({f"{number}.txt": f"Titel {number}\n\n" + "Text. " * 20_000})
            for number in range(5)
        }
    )


def test_many_small_bombs_in_one_are_one(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "FREE", 200_000)
    portions = container.intake.unpacker.portions
    limits = replace(portions.limits, ratio=2)
    container.intake.unpacker = replace(
        container.intake.unpacker, portions=replace(portions, limits=limits)
    )
    batch = batch_of(container, a__zip=small_bombs())
    container.intake.batch(batch.name)
    assert len(ids(fake)) == 1
    failed = {name for name in names(container.folders.failed) if not name.endswith(".json")}
    assert failed == {f"a.zip/{number}.zip" for number in range(1, 5)}


def test_what_has_come_out_counts_when_its_turn_comes_again(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "FREE", 200_000)
    in_portions(container, 1, seconds=-1e9)
    batch = batch_of(container, a__zip=small_bombs())
    fates = [fate for _ in range(8) for fate in container.intake.batch(batch.name)]
    assert fates[0].fate == "waiting"
    assert fates[-1].fate == "failed"
    assert "unpacks to more than 200 times its size" in fates[-1].reason
    assert len(ids(fake)) == 1


def test_what_is_attached_to_a_mail_points_to_it(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["Message-ID"] = "Neue Brücke", "<7@example.org>"
    mail.set_content("Der Rat hat beschlossen.")
    mail.add_attachment("Gutachten zur Brücke\n\nSie hält.", filename="Gutachten.txt")
    mail.add_attachment(b"x", "image", "png", filename="logo.png")
    batch = batch_of(container, a__eml=mail.as_bytes())
    (fate,) = container.intake.batch(batch.name)
    assert fate.reason == "a mail with attachments: 2 indexed, 1 left alone"
    assert set(paths(fake)) == {"a.eml/mail.eml", "a.eml/Gutachten.txt"}
    assert "s-7@example.org" in ids(fake)
    assert "a.eml/a.eml" in names(container.folders.archive)
    assert not names(container.folders.failed)


def test_no_deeper_than_is_allowed(container: FakeContainer, fake: FakeElasticsearch) -> None:
    data = zipped({"a.txt": "Text\n\nText."})
    for depth in range(5):
        data = zipped({f"{depth}.zip": data})
    batch = batch_of(container, a__zip=data)
    container.intake.batch(batch.name)
    assert ids(fake) == []
    (failed,) = (n for n in names(container.folders.failed) if not n.endswith("reason.json"))
    assert failed == "a.zip/4.zip/3.zip/2.zip"
    error = reason_of(container.folders.failed / failed)["error"]
    assert "It lies in 3 containers, and more are not opened (DEPESCHE_MAX_NESTING)" in error


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a__json",
            f"[{row(1)}, {row(2)}",
            "ends in the middle, after item 1. 1 indexed",
        ),
        ("a__zip", zipped({}), "There is nothing in this ZIP archive"),
        ("a__csv", "x;y\n1;2\n", "None of its columns is known as the headline"),
    ],
)
def test_a_broken_one_fails_with_what_is_in(
    container: FakeContainer, fake: FakeElasticsearch, name: str, content: bytes | str, said: str
) -> None:
    batch = batch_of(container, **{name: content})
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "failed"
    assert said in fate.reason
    assert name.replace("__", ".") in names(container.folders.failed)
    assert len(ids(fake)) == fate.reason.count("indexed")


def test_what_holds_no_articles_is_given_up(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five million empty objects, in 15 MB, would be ten million files on disk."""
    monkeypatch.setattr(members, "MOST_FAILED", 6)
    in_portions(container, 4)
    batch = batch_of(container, a__json=f"[{row(1)}, {', '.join(['{}'] * 50)}]")
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "failed"
    assert "Of 8 of its members 7 are no articles, and the rest was not looked at." in fate.reason
    assert fate.reason.endswith("1 indexed, 7 failed")
    assert len(names(container.folders.failed)) == 2 * 8


def test_a_web_archive_is_not_given_up_for_pages_that_are_none(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST_FAILED", 2)
    in_portions(container, 4)
    texts = ["<p>Text.</p>"] * 8 + [f"<h1>Neue Brücke</h1><p>{'Der Rat hat beschlossen. ' * 9}</p>"]
    records = [page(f"{number}.html", text) for number, text in enumerate(texts)]
    batch = batch_of(container, a__warc=warc(records, packed=False))
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "unpacked"
    assert fate.reason == "a web archive: 1 indexed, 8 failed, 10 left alone"


def test_a_row_that_its_table_shifts_fails_with_its_place(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    batch = batch_of(container, a__csv="Titel;Text\nA;Text;mehr\nB;Text b\n")
    (fate,) = container.intake.batch(batch.name)
    assert fate.reason == "a table: 1 indexed, 1 failed"
    reason = reason_of(container.folders.failed / "a.csv/0000002.json")
    assert reason["error"] == "row 2 has 3 cells, and the table 2 columns"
    assert reason["stage"] == "unpack"


def test_one_with_nothing_but_what_is_left_alone_fails(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    batch = batch_of(container, a__zip=zipped({".presse/a.txt": "A", "b.txt~": "B"}))
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "failed"
    assert fate.reason.startswith("There is no article in this ZIP archive: all that is in it")
    assert fate.reason.endswith("2 left alone")


def test_news_that_is_held_back_fails_beside_what_is_free(
    small: FakeContainer, fake: FakeElasticsearch
) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    items = "".join(
        f'<newsItem guid="urn:a:{number}"><itemMeta>'
        f'<itemClass qcode="ninat:{kind}"/>{more}</itemMeta>'
        f"<contentMeta><headline>Bericht {number}</headline></contentMeta><contentSet><inlineData>"
        f"Text {number} aus Bremen.</inlineData></contentSet></newsItem>"
        for number, (kind, more) in enumerate(
            [
                ("text", ""),
                ("text", f"<embargoed>{ahead}</embargoed>"),
                ("text", '<pubStatus qcode="stat:canceled"/>'),
                ("picture", ""),
                ("text", "<embargoed>2024-06-19T12:00:00Z</embargoed>"),
            ]
        )
    )
    batch = batch_of(small, m__xml=f"<newsMessage><itemSet>{items}</itemSet></newsMessage>")
    (fate,) = small.intake.batch(batch.name)
    told = "a message of NewsML-G2: 3 indexed, 1 failed, 1 left alone"
    assert (fate.fate, fate.reason) == ("unpacked", told)
    assert paths(fake) == Counter(f"m.xml/000000{number}.xml" for number in (1, 2, 5))
    reason = reason_of(small.folders.failed / "m.xml/0000003.xml")
    assert "taken it back" in reason["error"]
    small.client.indices.refresh(index=small.settings.index)
    seen = ReadersClient.of(small.client).count(index=small.settings.index)
    assert seen["count"] == 2, "one is indexed, and kept from readers"
    compared = Compared()
    verify(small, compared)
    assert compared.counts() == {}


def test_a_feed_that_breaks_off_gives_what_came_before(
    small: FakeContainer, fake: FakeElasticsearch
) -> None:
    item = "<item><title>Bericht {0}</title><link>https://a.example/{0}</link></item>"
    feed = "<rss><channel>" + "".join(map(item.format, range(5)))
    batch = batch_of(small, f__rss=feed, again__rss=feed + "</channel></rss>")
    told = {fate.path: fate for fate in small.intake.batch(batch.name)}
    assert told["f.rss"].fate == "failed"
    assert "ends in the middle, after item 5" in told["f.rss"].reason
    assert told["again.rss"].fate == "unpacked"
    assert len(ids(fake)) == 5, "an item's key is its address, in whichever feed it comes"


def test_a_defect_costs_no_article_that_was_read_before_it(
    small: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(opened: Opened) -> Iterator[Member]:
        yield from json_lines.KIND.members(opened)
        raise IndexError("a bug")

    kind = replace(json_lines.KIND, members=broken)
    batch = batch_of(small, a__jsonl=lines(5))
    monkeypatch.setattr(unpack, "kind_of_open", lambda _, path: {"a.jsonl": kind}.get(path))
    (fate,) = small.intake.batch(batch.name)
    assert fate.fate == "failed"
    assert "A defect of Depesche: IndexError('a bug')" in fate.reason
    assert len(ids(fake)) == 5


def test_columns_are_read_from_the_nearest_file(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    inbox = container.folders.inbox
    (inbox / "presse").mkdir()
    (inbox / "columns.toml").write_text('headline = "fern"\nbody = "Text"')
    (inbox / "presse" / "columns.toml").write_text('headline = "nah"\nbody = "Text"')
    with container.spool.filling() as batch:
        for folder in ("presse", "anderes"):
            (batch.root / folder).mkdir()
            (batch.root / folder / "a.csv").write_text(f"nah;fern;Text\nNah {folder};Fern;Text\n")
    container.intake.batch(batch.name)
    told = {fake.source(id_)["headline"] for id_ in ids(fake)}
    assert told == {"Nah presse", "Fern"}


def test_columns_that_can_never_be_read_keep_no_batch_waiting(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    (container.folders.inbox / "columns.toml").write_text("#" * 70_000)
    batch = batch_of(container, a__csv="Titel;Text\nA;B\n")
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "failed"
    assert "columns.toml cannot be read: it has 70,000 bytes." in fate.reason
    assert list(container.folders.spool.glob("2*")) == []


def kept_by_a_lease(monkeypatch: pytest.MonkeyPatch, kept: str) -> None:
    """As if a lease lay on a file of the inbox."""
    genuine = beneath.read_below

    def read_below(root: Any, relative: str, most: int) -> bytes:
        if relative == kept:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return genuine(root, relative, most)

    monkeypatch.setattr(beneath, "read_below", read_below)


def tables(container: FakeContainer) -> Batch:
    """Two, of which the first has columns of its own."""
    (container.folders.inbox / "aaa").mkdir()
    (container.folders.inbox / "aaa" / "columns.toml").write_text('headline = "Titel"')
    with container.spool.filling() as batch:
        (batch.root / "aaa").mkdir()
        (batch.root / "aaa" / "x.csv").write_text("Titel;Text\nA;B\n")
        (batch.root / "nachbar.csv").write_text("Titel;Text\nC;D\n")
    return batch


def test_columns_that_somebody_holds_by_a_lease_hold_no_other_container(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = tables(container)
    kept_by_a_lease(monkeypatch, "aaa/columns.toml")
    fates = {fate.path: fate for fate in container.intake.batch(batch.name)}
    assert fates["nachbar.csv"].fate == "unpacked"
    assert fates["aaa/x.csv"] == ItemFate("aaa/x.csv", "waiting", "", WRITTEN)
    assert batch.held(), "it fills no spool"
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "waiting"
    monkeypatch.setattr(unpack, "WITHIN", timedelta(0))
    (fate,) = container.intake.batch(batch.name)
    said = f"aaa/columns.toml cannot be read: {reading.HELD}."
    assert fate == ItemFate("aaa/x.csv", "failed", "", said)
    assert reason_of(container.folders.failed / "aaa/x.csv")["error"] == said
    assert {fake.source(id_)["headline"] for id_ in ids(fake)} == {"C"}
    assert container.spool.batches() == []


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="only Linux has leases")
@pytest.mark.parametrize("begun", [False, True])
def test_who_writes_a_container_for_ever_has_it_in_failed_after_ten_minutes(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    """It waited for as long as he liked, and what was purged with it, by a path below its own.

    Where the kernel does not tell of writers, it is known by what is written between two turns.
    """
    in_portions(container, 2, 0.0)
    batch = batch_of(container, a__jsonl=lines(6))
    if begun:
        container.intake.unpacker = replace(container.intake.unpacker, leases=False)
        container.intake.batch(batch.name)
    with (batch.root / "a.jsonl").open("a") as written:
        for within in (WITHIN, timedelta(0)):
            monkeypatch.setattr(unpack, "WITHIN", within)
            written.write(row(within))
            written.flush()
            (fate,) = container.intake.batch(batch.name)
            assert fate.fate == ("waiting" if within else "failed")
            if begun and within:
                assert fate.reason == WRITTEN
                (fate,) = container.intake.batch(batch.name)
                assert fate.reason == f"1 {unpack.SO_FAR}"
    assert "ten minutes after it was claimed" in fate.reason
    error = reason_of(container.folders.failed / "a.jsonl")["error"]
    assert error == fate.reason
    assert container.spool.batches() == []


def linked_by_another(batch: Batch, folder: Path) -> Path:
    """Another link to the container, which is another user's."""
    os.link(batch.root / "a.jsonl", link := folder / "link")
    os.chown(link, 65_534, 65_534)
    return link


def grows_as_it_is_copied(monkeypatch: pytest.MonkeyPatch, link: Path) -> list[int]:
    """Whoever owns it adds a byte at each copy; the sizes of these."""
    genuine, sizes = deposit.put_open, list[int]()

    def put_open(
        batch: Batch, source: io.BufferedReader, relative: str, *seen: Any, **as_: Any
    ) -> None:
        sizes.append(link.stat().st_size)
        with link.open("ab") as file:
            file.write(b" ")
        genuine(batch, source, relative, *seen, **as_)

    monkeypatch.setattr(deposit, "put_open", put_open)
    return sizes


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="only Linux has leases")
def test_and_so_has_who_changes_it_by_another_link_as_often_as_it_is_copied(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It was copied again and again, before all others, and a purge waited for it."""
    batch = batch_of(container, a__jsonl=lines(6))
    link = linked_by_another(batch, tmp_path)
    sizes = grows_as_it_is_copied(monkeypatch, link)
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, fate.reason) == ("waiting", WRITTEN)
    assert (batch.held(), batch.had_turn(), len(sizes)) == (True, True, 1)
    monkeypatch.setattr(unpack, "WITHIN", timedelta(0))
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, fate.reason) == ("failed", unpack.STILL_WRITTEN)
    assert container.spool.batches() == []
    assert names(container.folders.failed) == {"a.jsonl", "a.jsonl.reason.json"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_what_changes_as_it_is_read_fails_beside_another_of_its_name(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its bytes were not known when it was moved, however often it was looked at: it waited."""
    (container.folders.failed / "a.jsonl").write_text("von gestern")
    batch = batch_of(container, a__jsonl=lines(6))
    link = linked_by_another(batch, tmp_path)
    grows_as_it_is_copied(monkeypatch, link)
    monkeypatch.setattr(unpack, "WITHIN", timedelta(0))

    def grows(*told: Any, **more: Any) -> None:
        settle.look_ahead(*told, **more)
        with link.open("ab") as file:
            file.write(b" ")

    monkeypatch.setattr("worker.intake.containers.look_ahead", grows)
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "failed"
    assert container.spool.batches() == []
    assert len(names(container.folders.failed)) == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_links_to_one_container_leave_a_gigabyte_of_the_disk(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each link is a copy of ours: of one file of their owner's they filled the disk."""
    batch = batch_of(container, a__jsonl=lines(6))
    linked_by_another(batch, tmp_path)
    monkeypatch.setattr(outsized, "LEFT", shutil.disk_usage(tmp_path).total)
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, "copies leave" in fate.reason) == ("failed", True)
    assert names(container.folders.failed) == {"a.jsonl", "a.jsonl.reason.json"}


def test_what_unpacks_to_much_waits_where_the_disk_is_full(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: small containers unpacked until there was no disk left, and all work waited."""
    left = outsized.LEFT
    monkeypatch.setattr(outsized, "LEFT", 2**62)
    batch = batch_of(container, a__jsonl=lines(6))
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, "are free on the disk" in fate.reason) == ("waiting", True)
    assert container.spool.batches() == [batch]
    assert not batch.keeps_waiting()
    monkeypatch.setattr(outsized, "LEFT", left)
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "unpacked"
    assert len(ids(fake)) == 6


def test_it_waits_at_the_part_for_which_there_is_no_room(
    small: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = iter(["", "", "full"])
    monkeypatch.setattr(outsized, "why_full", lambda _: next(full, ""))
    batch = batch_of(small, a__jsonl=lines(12))
    (fate,) = small.intake.batch(batch.name)
    assert (fate.fate, len(ids(fake))) == ("waiting", 6)
    (fate,) = small.intake.batch(batch.name)
    assert (fate.fate, len(ids(fake))) == ("unpacked", 12)


def test_a_small_one_puts_no_thousand_times_its_size_on_the_disk(container: FakeContainer) -> None:
    """Red before: a quarter of a gigabyte of whatever had, in failed/ for good."""
    zeros = {f"{number}.bin": b"1" + bytes(5 * MEBIBYTE) for number in range(4)}
    batch = batch_of(container, a__zip=zipped(zeros))
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, "more than 200 times its size" in fate.reason) == ("failed", True)
    failed = container.folders.failed
    assert sum((failed / name).stat().st_size for name in names(failed)) < 8 * MEBIBYTE
    assert not names(container.folders.archive)


def test_what_is_only_read_of_it_does_not_count(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    left = {f".{number}.bin": bytes(5 * MEBIBYTE) for number in range(4)}
    batch = batch_of(container, a__zip=zipped({**left, "a.txt": "Titel\n\nText."}))
    (fate,) = container.intake.batch(batch.name)
    assert fate.reason == "a ZIP archive: 1 indexed, 4 left alone"


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="only Linux has leases")
def test_and_so_does_a_lease_of_the_kernel_s(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    batch = tables(container)
    ignored = signal.signal(signal.SIGIO, signal.SIG_IGN)
    handle = os.open(container.folders.inbox / "aaa" / "columns.toml", os.O_RDWR)
    try:
        try:
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        except OSError:
            pytest.skip("this file system has none")
        fates = {fate.path: fate.fate for fate in container.intake.batch(batch.name)}
    finally:
        os.close(handle)
        signal.signal(signal.SIGIO, ignored)
    assert fates == {"aaa/x.csv": "waiting", "nachbar.csv": "unpacked"}
    (fate,) = container.intake.batch(batch.name)
    assert fate.fate == "unpacked", "whoever held it has done with it"
    assert {fake.source(id_)["headline"] for id_ in ids(fake)} == {"A", "C"}


def test_what_the_disk_says_of_one_container_costs_it_alone(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def members_of(_opened: Opened) -> Iterator[Member]:
        yield Member("1.json", row(1).encode())
        raise OSError(errno.EIO, "Input/output error")

    kinds = {
        "a.jsonl": replace(json_lines.KIND, members=members_of),
        "b.jsonl": json_lines.KIND,
    }
    monkeypatch.setattr(unpack, "kind_of_open", lambda _, path: kinds.get(path))
    batch = batch_of(container, a__jsonl=lines(1), b__jsonl=lines(2))
    fates = {fate.path: fate for fate in container.intake.batch(batch.name)}
    assert fates["a.jsonl"].fate == "waiting"
    assert "Input/output error" in fates["a.jsonl"].reason
    assert fates["b.jsonl"].fate == "unpacked"
    assert batch.held(), "it fills no spool"
    with monkeypatch.context() as patch:
        patch.setattr(unpack, "WITHIN", timedelta(0))
        patch.setattr(unpack, "answers", lambda _: False)
        (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, batch.held()) == ("waiting", False), "nor does it fail where a disk is away"
    kinds["a.jsonl"] = json_lines.KIND
    container.intake.batch(batch.name)
    assert container.spool.batches() == []


def test_one_that_alone_cannot_be_read_fails_after_ten_minutes(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: a checksum that its sender had made wrong kept a place of the spool for good."""

    def members_of(_opened: Opened) -> Iterator[Member]:
        raise OSError(errno.EIO, "Input/output error")
        yield

    kind = replace(json_lines.KIND, members=members_of)
    monkeypatch.setattr(unpack, "kind_of_open", lambda *_: kind)
    batch = batch_of(container, a__jsonl=lines(1))
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, batch.held()) == ("waiting", True)
    monkeypatch.setattr(unpack, "WITHIN", timedelta(0))
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, fate.reason) == (
        "failed",
        reason_of(container.folders.failed / "a.jsonl")["error"],
    )
    for told in (f"uid {os.geteuid()}", "a.jsonl", "Input/output error"):
        assert told in fate.reason
    assert container.spool.batches() == []


def test_a_full_disk_is_no_container_s_trouble(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The spool is everybody's: the batch is begun again when there is room."""
    genuine = deposit.put_all

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(deposit, "put_all", full)
    batch = batch_of(container, a__jsonl=lines(3), b__jsonl=lines(3, 10))
    with pytest.raises(OSError, match="No space"):
        container.intake.batch(batch.name)
    monkeypatch.setattr(deposit, "put_all", genuine)
    container.intake.batch(batch.name)
    assert len(ids(fake)) == 6
    assert container.spool.batches() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_where_everybody_may_put_files_nobody_names_the_columns_of_all(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    """He could swap headlines and texts of others, or have their tables fail, or wait for ever."""
    inbox = container.folders.inbox
    inbox.chmod(0o1777)
    for folder in (inbox, inbox / "seines"):
        folder.mkdir(exist_ok=True)
        (folder / "columns.toml").write_text('headline = "Text"\nbody = "Titel"')
        os.chown(folder / "columns.toml", 65_534, 65_534)
    os.chown(inbox / "seines", 65_534, 65_534)
    with container.spool.filling() as batch:
        (batch.root / "seines").mkdir()
        (batch.root / "a.csv").write_text("Titel;Text\nA;B\n")
        (batch.root / "seines" / "b.csv").write_text("Titel;Text\nC;D\n")
        os.chown(batch.root / "seines" / "b.csv", 65_534, 65_534)
    container.intake.batch(batch.name)
    assert {fake.source(id_)["headline"] for id_ in ids(fake)} == {"A", "D"}


TAR_HEAD = tarfile.TarInfo("a.txt").tobuf()


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.tar", TAR_HEAD),
        ("a.jsonl", row(1).encode() + b"\n"),
        ("a.mbox", b"From a@b Mon Jan  1 00:00:00 2024\nSubject: x\n\nbody\n"),
        ("a.gz", gzip.compress(row(1).encode())),
    ],
    ids=["tar", "jsonl", "mbox", "gz"],  # gzip notes the time: every process had another id
)
def test_a_hole_keeps_nobody_waiting(container: FakeContainer, name: str, begins: bytes) -> None:
    """Of four terabytes; it costs its sender nothing, and was read to the limit of the message."""
    batch = batch_of(container, **{name: begins})
    os.truncate(batch.root / name, 4 * 2**40)
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, "It has holes" in fate.reason) == ("failed", True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b"\n" * 4_000_000),
        ("a.jsonl.gz", gzip.compress(b"\n" * 4_000_000)),
        ("a.mbox", b"From a@b Mon Jan  1 00:00:00 2024\nSubject: x\n\n" + b"\n" * 4_000_000),
    ],
    ids=["jsonl", "jsonl.gz", "mbox"],
)
def test_what_is_read_and_read_while_nothing_comes_fails(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    monkeypatch.setattr(Patience.__init__, "__defaults__", (0.05, time.thread_time))
    batch = batch_of(container, **{name: content})
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, "no article came" in fate.reason) == ("failed", True)


def test_a_large_one_has_patience_for_each_of_its_articles(
    container: FakeContainer, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Patience.__init__, "__defaults__", (0.2, time.thread_time))
    batch = batch_of(container, a__jsonl="\n".join([row(n) + "\n" * 20_000 for n in range(60)]))
    (fate,) = container.intake.batch(batch.name)
    assert (fate.fate, len(ids(fake))) == ("unpacked", 60)


def test_what_is_written_meanwhile_is_begun_anew(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    in_portions(container, 2, 0.0)
    batch = batch_of(container, a__jsonl=lines(6))
    container.intake.batch(batch.name)
    (batch.root / "a.jsonl").write_text(lines(6, 100))
    while container.spool.batch(batch.name):
        container.intake.batch(batch.name)
    assert {f"Bericht {number}" for number in range(100, 106)} <= {
        fake.source(id_)["headline"] for id_ in ids(fake)
    }


def test_progress_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    place = tmp_path / "unpacked.json"
    for content in ("", "[]", '{"a": 7}', '{"a": {"key": "x", "neu": 1}}', "\xff"):
        place.write_text(content)
        assert unpacked.progress(place, "a") is None
        assert unpacked.all_progress(place) == {}
        assert unpacked.faults(place) == {}
