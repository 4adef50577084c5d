"""What cannot be taken away keeps nothing else from being put back."""

from __future__ import annotations

import io
import pickle
from contextlib import closing
from zipfile import ZipFile

import pytest

from tests.fakes.parts import FakeContainer
from worker.care.compared import Compared
from worker.care.repair import Unfinished, repair
from worker.care.taking_away import QUICK, finish
from worker.care.verify import verify
from worker.care.withdraw import Order, withdraw
from worker.spool import deposit

TEXT = " date 2024-06-20 Amt : Bericht {}\n\n" + "Karsten Holm war in Bremen. " * 12


def dropped(container: FakeContainer) -> dict[str, str]:
    """Ids by path."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("c.txt", TEXT.format("C"))
    files = {"a.txt": TEXT.format("A").encode(), "b.txt": TEXT.format("B").encode()}
    with container.spool.filling() as batch:
        for path, content in {**files, "kiste.zip": packed.getvalue()}.items():
            deposit.put(batch, io.BytesIO(content), path)
    container.intake.batch(batch.name)
    container.client.indices.refresh(index="articles")
    return {row.path: row.id for row in container.ledger.articles()}


def compared(container: FakeContainer) -> Compared:
    found = Compared()
    container.client.indices.refresh(index="articles")
    verify(container, found)
    return found


def test_all_else_is_put_back_and_counted(container: FakeContainer) -> None:
    ids = dropped(container)
    file = container.folders.archive / "a.txt"
    content = file.read_bytes()
    withdraw(container, [ids["a.txt"]], Order("court order", "test"))
    finish(container, steps=QUICK)
    file.write_bytes(content)  # as a back-up brings it
    for path in ("b.txt", "kiste.zip/c.txt"):
        container.client.delete(index="articles", id=ids[path])
    with closing(compared(container)) as found:
        away = container.folders.withdrawn.rename(container.folders.data / "away")
        container.folders.withdrawn.write_text("")  # in the way
        with pytest.raises(Unfinished) as told:
            repair(container, found)
    container.folders.withdrawn.unlink()
    away.rename(container.folders.withdrawn)
    assert told.value.sent == 3
    assert pickle.loads(pickle.dumps(told.value)).sent == 3
    waiting = {f.relative for batch in container.spool.batches() for f in batch.files()}
    assert waiting == {"b.txt", "kiste.zip/c.txt"}
    assert file.exists()
    for batch in container.spool.batches():
        container.intake.batch(batch.name)
    finish(container, steps=QUICK)
    assert not file.exists()
    assert compared(container).counts() == {}
