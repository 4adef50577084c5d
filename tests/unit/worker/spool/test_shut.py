"""Folders that take a file's place as it is claimed, and that only root could move then."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.security.stage import ANOTHER, DEPESCHE, folders_of_depesche
from tests.security.stranger import as_root, as_user
from worker import failpoint
from worker.folders import Folders
from worker.spool import deposit
from worker.spool.spool import CLAIMED, Batch, Spool

pytestmark = as_root


@pytest.fixture
def folders() -> Iterator[Folders]:
    with folders_of_depesche() as made:
        yield made


def shut_folder(place: Path) -> None:
    """A folder with something in it that only root could move now, for its parent would change."""
    place.mkdir()
    (place / ".x").touch()
    os.chown(place, ANOTHER, ANOTHER)
    place.chmod(0o555)


def admitted(batch: Batch) -> tuple[list[str], bool]:
    """What is to be worked, and whether the batch goes once that is done."""
    for _ in range(2):
        deposit.admit_claimed(batch)
    files = batch.files()
    for file in files:
        file.path.unlink()
    return [file.relative for file in files], batch.close()


def test_what_was_shut_as_it_was_claimed_holds_no_batch(folders: Folders) -> None:
    """Red before: all of the batch waited for good, and 1,024 such batches ended the intake."""
    batch = Batch(folders.spool / "20261201T000000.000000Z-0123456789ab")
    claimed = batch.folder / CLAIMED
    for folder in (batch.folder, batch.root, claimed, claimed / "his", claimed / "his" / "a"):
        folder.mkdir(mode=0o700)
        os.chown(folder, DEPESCHE, DEPESCHE)
    for name in ("his/a/1.txt", "his/a/2.txt", "oben.txt"):
        shut_folder(claimed / name)
    for name in ("his/a/gut.txt", "his/gut.txt", "z.txt"):
        (claimed / name).write_text("Ein Artikel")
    seen = as_user(DEPESCHE, partial(admitted, batch))
    assert seen == (["his/a/gut.txt", "his/gut.txt", "z.txt"], True)
    kept = list((folders.spool / "refused").iterdir())
    assert len(kept) == 2, "one place for a folder of ours, and none for a try"
    paths = {json.loads((place / "reason.json").read_text())["path"] for place in kept}
    assert "oben.txt" in paths
    assert len(list((folders.spool / "refused").glob("*/what/*/.x"))) == 3


def test_a_claim_of_what_is_shut_meanwhile_leaves_nothing_in_the_batch(folders: Folders) -> None:
    folders.inbox.chmod(0o1777)
    (folders.inbox / "his").mkdir()
    place = folders.inbox / "his" / "a.txt"
    shut_folder(place)
    os.chown(place.parent, ANOTHER, ANOTHER)
    place.parent.chmod(0o777)
    place.chmod(0o777)
    his = os.open(place, os.O_RDONLY)
    moved, shut = os.pipe(), os.pipe()

    def shuts() -> None:
        os.read(moved[0], 1)
        os.fchmod(his, 0o555)
        os.write(shut[1], b".")

    def claims() -> tuple[str, bool]:
        def held(name: str) -> None:
            if name == "deposit.held":
                os.write(moved[1], b".")
                os.read(shut[0], 1)

        failpoint.reach = held
        with Spool(folders.spool).filling() as batch:
            try:
                deposit.claim(batch, place, "his/a.txt")
            except OSError as error:
                return str(error), batch.close()
            return "", False

    him = threading.Thread(target=shuts)
    him.start()
    told = as_user(DEPESCHE, claims)
    him.join()
    assert isinstance(told, tuple), told
    assert "regular" in told[0]
    assert told[1], "nothing of it is left in the batch"
    assert not Spool(folders.spool).batches()
    assert len(list((folders.spool / "refused").glob("*/what/a.txt/.x"))) == 1
