"""What is withdrawn, expires, is purged or went on has no copy any more."""

from __future__ import annotations

import io
import zipfile

import pytest

from indexing.writing import states
from tests.fakes.bucket import Memory
from tests.fakes.parts import FakeContainer
from worker.care.taking_away import finish
from worker.care.withdraw import Order, withdraw
from worker.copies.copier import Copier
from worker.intake.fates import ItemFate
from worker.spool import deposit

TEXT = f" date 2024-06-20 Amt : Bericht {{}}\n\n{'Karsten Holm war in Bremen. ' * 12}{{}}"
SAID = TEXT.format("eins", "")


def dropped(container: FakeContainer, **files: bytes) -> list[ItemFate]:
    with container.spool.filling() as batch:
        for name, content in files.items():
            deposit.put(batch, io.BytesIO(content), name.replace("_", "."))
    fates = container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)
    return fates


@pytest.fixture
def store() -> Memory:
    return Memory()


@pytest.fixture
def copier(container: FakeContainer, store: Memory) -> Copier:
    return Copier(container.folders, container.copies, store)


@pytest.mark.parametrize("purge", [False, True])
def test_what_is_withdrawn_or_purged(
    container: FakeContainer, store: Memory, copier: Copier, purge: bool
) -> None:
    fates = dropped(container, a_txt=SAID.encode(), b_txt=TEXT.format("zwei", "Und Kiel.").encode())
    copier.step()
    assert store.files.keys() == {"a.txt", "b.txt"}
    id_ = next(fate.id for fate in fates if fate.path == "a.txt")
    withdraw(container, [id_], Order("court order", "desk", purge=purge))
    finish(container)
    copier.step()
    assert store.files.keys() == {"b.txt"}


def test_a_container_that_holds_what_is_purged(
    container: FakeContainer, store: Memory, copier: Copier
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", SAID)
        archive.writestr("b.txt", TEXT.format("zwei", "Und Kiel."))
    dropped(container, c_zip=packed.getvalue())
    copier.step()
    assert sorted(store.files) == ["c.zip/a.txt", "c.zip/b.txt", "c.zip/c.zip"]
    origins = states.origins(container.client, container.settings.index)
    id_ = next(one.id for page in origins for one in page if one.path == "c.zip/a.txt")
    withdraw(container, [id_], Order("court order", "desk", purge=True))
    finish(container)
    copier.step()
    assert [key.rpartition("/")[2] for key in store.files] == ["b.txt"]
    assert not any(SAID.encode() in content for content in store.files.values())


def test_a_part_that_went_on(container: FakeContainer, store: Memory, copier: Copier) -> None:
    dropped(container, a_txt=SAID.encode())
    copier.step()
    whole = f"{SAID} Und so geht es weiter."
    dropped(container, a_txt=whole.encode())
    copier.step()
    copier.step()
    assert store.files == {"a.txt": whole.encode()}
