"""Containers that hold what is purged: found while nobody waits, and in the end."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

import pytest

from articles.errors import ServiceUnavailable
from tests.fakes.parts import FakeContainer
from tests.unit.worker.intake.test_unpack import in_portions
from worker import failpoint
from worker.care import holders, inventory, looked, may_hold, putting_away, withdrawals_lock
from worker.care.keep_withdrawn import Finishing
from worker.care.looked import Looked
from worker.care.restore import restore
from worker.care.taking_away import HELD, OWN, SLOW, finish
from worker.care.withdraw import Order, withdraw
from worker.intake import unpack
from worker.intake.patience import Patience
from worker.lock import locked
from worker.spool import deposit
from worker.spool.ledger import Entry
from worker.spool.spool import Batch, stamp
from worker.spool.withdrawal import FILES, KeptFile, Withdrawal

BODY = "Karsten Holm war in Bremen. " * 12
TEXT = f" date 2024-06-20 Amt : Bericht {{}}\n\n{BODY}"
#: Containers in one another, where they are archived.
BOTH = ["woche.zip/heft.zip/heft.zip", "woche.zip/woche.zip"]
PURGE = Order("court order 7 O 12/26", "desk", purge=True)


@pytest.fixture
def id_(container: FakeContainer) -> str:
    """An article that came out of a container, which is archived beside it."""
    ids = unpacked(container, "news.zip", zipped(a=TEXT.format(1), b=TEXT.format(2)))
    return ids["news.zip/a.txt"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that members were read of, by name, each time."""
    names: list[str] = []

    def noted(handle: int, **more: Any) -> Patience:
        names.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        return Patience(handle, 0.3, **more)

    monkeypatch.setattr(unpack, "Patience", noted)
    return names


def zipped(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return content.getvalue()


def unpacked(container: FakeContainer, name: str, content: bytes) -> dict[str, str]:
    """The ids of the articles in a container that was dropped, by their paths."""
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(content), name)
    container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    rows = container.client.search(index="articles", query={"match_all": {}})["hits"]["hits"]
    return {row["_source"]["source"]["path"]: str(row["_id"]) for row in rows}


def archived(container: FakeContainer) -> list[str]:
    root = container.folders.archive
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def failed(container: FakeContainer, *names: str) -> list[Path]:
    """Files of two other articles each, called as if they held it."""
    places = [container.folders.failed / name for name in names]
    for place in places:
        place.write_bytes(zipped(c=f"{place.name} eins", d=f"{place.name} zwei"))
    return places


def came_again(container: FakeContainer, id_: str, number: int) -> None:
    """Another text of what is purged, as intake notes it."""
    refused(container, id_, KeptFile(f"news.zip/v{number}.txt", f"{number:064x}"))


def refused(container: FakeContainer, id_: str, file: KeptFile) -> None:
    container.tombstones.add_file(id_, file)
    container.tombstones.reopen(id_, [FILES])
    at = "2026-12-01T00:00:00Z"
    container.ledger.record([Entry("b", file.path, "withdrawn", id_, file.sha256, "", at)])


def nested(container: FakeContainer) -> list[str]:
    """The ids of an article that came out of a container in another one."""
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("heft.zip", zipped(a=TEXT.format(1)))
    return list(unpacked(container, "woche.zip", outer.getvalue()).values())


def hollow(path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo("x.txt"))
    os.truncate(path, 1 << 40)


def spooled(container: FakeContainer, name: str, seconds: float) -> Batch:
    """A container that was claimed so many seconds from now."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    with container.spool.filling() as batch:
        deposit.put(batch, io.BytesIO(zipped(a=TEXT.format(1), c=TEXT.format(3))), name)
    later = batch.folder.with_name(f"{stamp(moment)}-{batch.name[-12:]}")
    batch.folder.rename(later)
    return Batch(later)


def test_a_purge_waits_for_no_container_that_came_later_and_has_it_all_the_same(
    container: FakeContainer, id_: str
) -> None:
    """Whoever keeps one of that path from being begun kept what was purged in the archive."""
    withdraw(container, [id_], PURGE)
    batch = spooled(container, "news.zip", 60)
    finish(container)
    assert archived(container) == ["news.zip/b.txt"]
    assert container.tombstones.unfinished() == []
    container.intake.batch(batch.name)
    finish(container)
    assert archived(container) == ["news.zip/b.txt", "news.zip/c.txt"]


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_purge_waits_for_one_that_came_before_or_has_been_begun(
    container: FakeContainer, id_: str, seconds: float
) -> None:
    batch = spooled(container, "news.zip", seconds)
    in_portions(container, 1, 0.0)
    if seconds > 0:
        container.intake.batch(batch.name)
    withdraw(container, [id_], PURGE)
    with pytest.raises(ServiceUnavailable, match="is being unpacked"):
        finish(container)
    while container.spool.batches():
        container.intake.batch(batch.name)
    finish(container)
    assert archived(container) == ["news.zip/b.txt", "news.zip/c.txt"]


def test_nobody_waits_while_containers_are_read(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []

    def looking(handle: int, path: str) -> object:
        with locked(container.folders.data / "withdrawals.lock", 0):
            looks.append(path)
        return unpack.kind_of_open(handle, path)

    for module in (holders, may_hold):
        monkeypatch.setattr(module, "kind_of_open", looking)
    withdraw(container, [id_], PURGE)
    finish(container)
    assert looks, "it was looked at"
    assert archived(container) == ["news.zip/b.txt"]
    assert container.tombstones.unfinished() == []


def test_its_own_files_go_before_any_container_is_read(
    container: FakeContainer, id_: str, read: list[str]
) -> None:
    withdraw(container, [id_], PURGE)
    finish(container, steps=OWN)
    assert (archived(container), read) == (["news.zip/b.txt", "news.zip/news.zip"], [])
    Finishing(HELD)(container)
    assert archived(container) == ["news.zip/b.txt"]
    assert not any(FILES in one.todo for one in container.tombstones.all())


def test_a_file_that_came_again_goes_before_any_container_is_read(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "TURN", -1.0)
    withdraw(container, [id_], PURGE)
    finish(container)
    failed(container, "news~1.zip", "news~2.zip")
    (container.folders.archive / "news.zip" / "a.txt").write_text(TEXT.format(1))
    container.tombstones.reopen(id_, [FILES])
    with pytest.raises(ServiceUnavailable, match="Of 2 files"):
        finish(container)
    assert archived(container) == ["news.zip/b.txt"]


def test_own_files_are_looked_for_once_however_long_containers_take(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def looking(_container: FakeContainer, file: KeptFile, _roots: object) -> Iterator[NoReturn]:
        asked.append(file.path)
        yield from ()

    withdraw(container, [id_], PURGE)
    finishing = Finishing(OWN)
    finishing(container)
    monkeypatch.setattr(putting_away, "places", looking)
    container.tombstones.done([id_], SLOW, [0])
    finishing(container)
    assert asked == [], "many that wait for it would be looked for again with each that is done"


def test_holes_are_not_read_and_it_is_said_that_they_stay(
    container: FakeContainer, id_: str, read: list[str]
) -> None:
    places = [container.folders.failed / f"news~{n}.zip" for n in range(3)]
    for place in places:
        hollow(place)
    said: list[str] = []
    withdraw(container, [id_], PURGE)
    finish(container, said.append)
    assert set(read) == {"news.zip"}
    assert [place.name for place in places if place.exists()] == [place.name for place in places]
    told = [line for line in said if "holes" in line]
    assert [line.split()[0] for line in told] == [f"failed/{place.name}" for place in places]
    assert archived(container) == ["news.zip/b.txt"]


def test_each_is_read_once_for_all_files_of_an_article(
    container: FakeContainer, id_: str, read: list[str]
) -> None:
    failed(container, "news~1.zip", "news~2.zip")
    withdraw(container, [id_], PURGE)
    finish(container)
    assert sorted(read) == ["news.zip", "news~1.zip", "news~2.zip"]


def test_what_takes_longer_than_a_turn_is_gone_on_with(
    container: FakeContainer, id_: str, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "TURN", -1.0)
    failed(container, "news~1.zip", "news~2.zip")
    withdraw(container, [id_], PURGE)
    known = Looked()
    for left in (3, 2):
        with pytest.raises(ServiceUnavailable, match=f"Of {left} files .* 1 are looked through"):
            finish(container, looked=known)
        assert archived(container) == ["news.zip/b.txt"], "what was found has gone already"
        assert container.tombstones.all()[0].todo == (FILES,)
    finish(container, looked=known)
    assert sorted(read) == ["news.zip", "news~1.zip", "news~2.zip"], "none twice"
    assert container.tombstones.unfinished() == []


def test_what_may_lie_in_one_that_waits_for_its_turn_stays_to_tell_of_it(
    container: FakeContainer, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "TURN", -1.0)
    withdraw(container, nested(container), PURGE)
    known = Looked()
    read.clear()
    with pytest.raises(ServiceUnavailable, match="Of 2 files"):
        finish(container, looked=known)
    assert archived(container) == BOTH
    finish(container, looked=known)
    assert (archived(container), read) == ([], ["heft.zip", "woche.zip"])


def test_what_lies_in_one_that_has_changed_stays_to_tell_of_it(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def touched(point: str) -> None:
        if point == "withdraw.looked":
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            os.utime(container.folders.archive / BOTH[1], ns=(1, 1))

    withdraw(container, nested(container), PURGE)
    monkeypatch.setattr(failpoint, "reach", touched)
    with pytest.raises(ServiceUnavailable, match="has changed"):
        finish(container)
    assert archived(container) == BOTH
    finish(container)
    assert archived(container) == []


def test_each_is_read_once_however_many_texts_come(
    container: FakeContainer, id_: str, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "TURN", -1.0)
    (broken, *_) = failed(container, "news~1.zip", "news~2.zip", "news~3.zip")
    os.truncate(broken, broken.stat().st_size - 30)
    withdraw(container, [id_], PURGE)
    known = Looked()
    for number in range(3):
        with suppress(ServiceUnavailable):
            finish(container, looked=known)
        came_again(container, id_, number)
    finish(container, looked=known)
    assert sorted(read) == ["news.zip", "news~1.zip", "news~2.zip", "news~3.zip"]
    assert container.tombstones.unfinished() == []


def test_nothing_is_read_again_for_what_comes_when_the_purge_is_done(
    container: FakeContainer, id_: str, read: list[str]
) -> None:
    failed(container, "news~1.zip", "news~2.zip")
    withdraw(container, [id_], PURGE)
    known = Looked()
    for number in range(3):
        finish(container, looked=known)
        assert container.tombstones.unfinished() == []
        came_again(container, id_, number)
    assert sorted(read) == ["news.zip", "news~1.zip", "news~2.zip"]


def test_a_text_that_came_late_is_found_in_what_was_read_before(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "TURN", -1.0)
    places = failed(container, "news~1.zip", "news~2.zip", "news~3.zip")
    withdraw(container, [id_], PURGE)
    known = Looked()
    for _ in range(2):
        with pytest.raises(ServiceUnavailable, match="Of"):
            finish(container, looked=known)
    digest = sha256(b"news~1.zip zwei").hexdigest()
    refused(container, id_, KeptFile("news.zip/late.txt", digest))
    for _ in range(2):
        with suppress(ServiceUnavailable):
            finish(container, looked=known)
    assert [place.exists() for place in places] == [False, True, True]
    finish(container, looked=known)
    assert container.tombstones.unfinished() == []


def test_what_looks_alike_by_chance_is_read_once_more_and_stays(
    container: FakeContainer, id_: str, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked, "TURN", -1.0)
    monkeypatch.setattr(inventory, "print_of", lambda _: 7)
    places = failed(container, "news~1.zip", "news~2.zip")
    withdraw(container, [id_], PURGE)
    known = Looked()
    for number in range(2):
        with pytest.raises(ServiceUnavailable, match="Of"):
            finish(container, looked=known)
        came_again(container, id_, number)
    monkeypatch.setattr(looked, "TURN", 1e9)
    finish(container, looked=known)
    assert all(place.exists() for place in places)
    assert read.count("news~1.zip") == 2
    assert container.tombstones.unfinished() == []


def test_one_that_holds_it_and_cannot_go_yet_is_not_read_again_with_each_text(
    container: FakeContainer, read: list[str], leased: Callable[[Path], Callable[[], None]]
) -> None:
    (id_,) = nested(container)
    withdraw(container, [id_], PURGE)
    let_go, known = leased(container.folders.archive / BOTH[1]), Looked()
    read.clear()
    for number in range(3):
        with pytest.raises(ServiceUnavailable, match="cannot be looked"):
            finish(container, looked=known)
        came_again(container, id_, number)
    assert (archived(container), read) == (BOTH, ["heft.zip"])
    let_go()
    finish(container, looked=known)
    assert archived(container) == []


def test_what_is_found_goes_though_the_article_came_again_meanwhile(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def came(point: str) -> None:
        if point == "withdraw.looked":
            came_again(container, id_, 1)

    withdraw(container, [id_], PURGE)
    monkeypatch.setattr(failpoint, "reach", came)
    finish(container)
    assert archived(container) == ["news.zip/b.txt"]
    assert FILES in container.tombstones.all()[0].todo, "what came is still to be looked for"


def test_a_folder_of_many_files_is_gone_through_once(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds: list[str] = []

    def looking(handle: int, path: str) -> object:
        kinds.append(path)
        return unpack.kind_of_open(handle, path)

    for module in (holders, may_hold):
        monkeypatch.setattr(module, "kind_of_open", looking)
    failed(container, "news~1.zip", "news~2.zip", "newsletter.zip", "new.zip")
    files = [KeptFile(f"news.zip/{n}.txt", f"{n:064x}") for n in range(100)]
    assert holders.Holders(container).of(files, [files[0].path]).containers == []
    of_each, when_read = ["news.zip/news.zip", "news~1.zip", "news~2.zip"], 3 * ["news.zip"]
    assert sorted(kinds) == sorted(of_each + when_read)


def test_who_takes_own_files_away_waits_for_no_lock_where_containers_alone_are_left(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(container, [id_], PURGE)
    finish(container, steps=OWN)
    monkeypatch.setattr(withdrawals_lock, "LOCK_SECONDS", 0.0)
    with locked(container.folders.data / "withdrawals.lock", 0):
        finish(container, steps=OWN)
    assert FILES in container.tombstones.all()[0].todo


def test_the_ledger_is_asked_once_for_the_copies_of_a_hundred(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def asking(ids: Sequence[str]) -> list[Entry]:
        asked.append(ids)
        return of_documents(ids)

    withdraw(container, [id_], PURGE)
    finish(container, steps=OWN)
    of_documents = container.ledger.of_documents
    monkeypatch.setattr(container.ledger, "of_documents", asking)
    finish(container, steps=HELD)
    assert asked == [[id_]]


def test_one_that_takes_too_long_is_named_and_keeps_no_other(
    container: FakeContainer, id_: str, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (place,) = failed(container, "news~1.zip")
    monkeypatch.setattr(looked, "LONGEST", -1.0)
    withdraw(container, [id_], PURGE)
    known = Looked()
    for _ in range(2):
        with pytest.raises(ServiceUnavailable, match=r"failed/news~1\.zip takes more than"):
            finish(container, looked=known)
    assert archived(container) == ["news.zip/b.txt"]
    assert read.count("news~1.zip") == 1
    assert container.tombstones.all()[0].todo == (FILES,)
    place.unlink()
    finish(container, looked=known)
    assert container.tombstones.unfinished() == []


def test_one_that_cannot_be_opened_keeps_no_other_and_is_not_forgotten(
    container: FakeContainer, id_: str, leased: Callable[[Path], Callable[[], None]]
) -> None:
    (place,) = failed(container, "news~1.zip")
    withdraw(container, [id_], PURGE)
    let_go = leased(place)
    with pytest.raises(ServiceUnavailable, match=r"failed/news~1\.zip cannot be looked"):
        finish(container)
    assert archived(container) == ["news.zip/b.txt"]
    assert container.tombstones.all()[0].todo == (FILES,)
    let_go()
    finish(container)
    assert container.tombstones.unfinished() == []


def with_columns(container: FakeContainer) -> Path:
    """Purge a row of a table in a ZIP, behind whose name somebody has laid columns since."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", f"Titel;Text\nEins;{BODY}\nZwei;{BODY}\n")
    ids = unpacked(container, "woche.zip", packed.getvalue())
    withdraw(container, [ids["woche.zip/a.csv/0000002.json"]], PURGE)
    place = container.folders.inbox / "woche.zip" / "columns.toml"
    place.parent.mkdir()
    place.write_text('headline = "Text"\nbody = "Titel"\n')
    return place


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_stranger_s_lease_on_columns_keeps_no_purge_from_its_end(
    container: FakeContainer, leased: Callable[[Path], Callable[[], None]]
) -> None:
    """Where everybody may put files, of a folder in his own name that is called like the ZIP."""
    place = with_columns(container)
    container.folders.inbox.chmod(0o1777)
    for path in (place.parent, place):
        os.chown(path, 65_534, 65_534)
    leased(place)
    finish(container)
    assert container.tombstones.unfinished() == []
    assert archived(container) == ["woche.zip/a.csv/0000003.json"]


def test_nor_does_anybody_s_for_longer_than_ten_minutes(
    container: FakeContainer,
    leased: Callable[[Path], Callable[[], None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leased(with_columns(container))
    with pytest.raises(ServiceUnavailable, match="cannot be looked"):
        finish(container)
    assert "woche.zip/woche.zip" in archived(container)
    monkeypatch.setattr(holders, "WITHIN", timedelta(seconds=-1))
    finish(container)
    assert container.tombstones.unfinished() == []
    assert archived(container) == ["woche.zip/a.csv/0000003.json"]


def test_what_may_lie_in_one_that_cannot_be_opened_stays_to_tell_of_it(
    container: FakeContainer, leased: Callable[[Path], Callable[[], None]]
) -> None:
    withdraw(container, nested(container), PURGE)
    let_go = leased(container.folders.archive / BOTH[1])
    with pytest.raises(ServiceUnavailable, match="cannot be looked"):
        finish(container)
    assert archived(container) == BOTH
    let_go()
    finish(container)
    assert archived(container) == []


def test_what_is_odd_about_one_article_keeps_no_other(container: FakeContainer, id_: str) -> None:
    first = Withdrawal("t-0", "x", "r", "2026-11-29T00:00:00Z", "desk", True, PURGE.steps)
    odd = KeptFile("\\ud800.reason.json/x.txt", "0" * 64)
    container.tombstones.add([(first, [], [odd])])
    withdraw(container, [id_], PURGE)
    for steps in (OWN, HELD):
        with suppress(ServiceUnavailable):
            finish(container, steps=steps)
    assert archived(container) == ["news.zip/b.txt"]


def test_restored_while_containers_were_read_they_stay(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def restored(point: str) -> None:
        if point == "withdraw.looked":
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            restore(container, container.tombstones.all())

    withdraw(container, [id_], PURGE)
    monkeypatch.setattr(failpoint, "reach", restored)
    finish(container)
    assert archived(container) == ["news.zip/b.txt", "news.zip/news.zip"]
    assert container.tombstones.all() == []


def test_who_withdraws_another_does_not_wait_for_its_containers(
    container: FakeContainer, id_: str, read: list[str]
) -> None:
    withdraw(container, [id_], PURGE)
    finish(container, steps=OWN)
    finish(container, ids=["t-another"])
    assert (archived(container), read) == (["news.zip/b.txt", "news.zip/news.zip"], [])


def test_nothing_is_written_anew_while_it_is_in_the_index(
    container: FakeContainer, id_: str
) -> None:
    withdraw(container, [id_], PURGE)
    finish(container, steps=SLOW)
    assert set(SLOW) < set(container.tombstones.all()[0].todo)
    finish(container)
    assert container.tombstones.unfinished() == []


def test_containers_come_behind_the_document_so_that_the_ledger_knows(
    container: FakeContainer, id_: str
) -> None:
    withdraw(container, [id_], PURGE)
    for steps in (HELD, OWN, HELD):
        finish(container, steps=steps)
    rows = container.ledger.of_documents([id_])
    assert [row.fate for row in rows] == ["withdrawn"]


def test_a_container_that_changes_while_it_is_read_is_tried_again(
    container: FakeContainer, id_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def touched(point: str) -> None:
        if point == "withdraw.looked":
            monkeypatch.setattr(failpoint, "reach", lambda _: None)
            os.utime(container.folders.archive / "news.zip" / "news.zip", ns=(1, 1))

    withdraw(container, [id_], PURGE)
    monkeypatch.setattr(failpoint, "reach", touched)
    with pytest.raises(ServiceUnavailable, match="has changed"):
        finish(container)
    assert FILES in container.tombstones.all()[0].todo
    finish(container)
    assert archived(container) == ["news.zip/b.txt"]
    assert container.tombstones.unfinished() == []
