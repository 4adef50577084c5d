"""Uploads by other users of the machine: docs/compose.md, "Other users' uploads"."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.security.stage import ANOTHER, DEPESCHE, folders_of_depesche
from tests.security.stranger import as_root, as_user
from worker.folders import Folders
from worker.inbox.inbox import Scan
from worker.inbox.shut import UNMOVABLE, UNREADABLE
from worker.inbox.watch import Watcher
from worker.spool.spool import Spool

pytestmark = as_root

DESK = 64_400
#: Linux, posix_acl_xattr.h: (tag, rights, id) of user::rwx, user:DEPESCHE:rwx, group::rwx,
#: mask::rwx, other::---, which is what `setfacl -d -m u:DEPESCHE:rwx` makes of 2770.
NOBODY_IN_PARTICULAR = 0xFFFF_FFFF
DEFAULT = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", *entry)
    for entry in (
        (0x01, 7, NOBODY_IN_PARTICULAR),
        (0x02, 7, DEPESCHE),
        (0x04, 7, NOBODY_IN_PARTICULAR),
        (0x10, 7, NOBODY_IN_PARTICULAR),
        (0x20, 0, NOBODY_IN_PARTICULAR),
    )
)


class Silent:
    """Tells nobody."""

    def intake(self, batch: str) -> bool:
        return True


@pytest.fixture
def folders() -> Iterator[Folders]:
    """A data folder of Depesche's user, whose inbox belongs to the group `desk`."""
    with folders_of_depesche() as made:
        os.chown(made.inbox, DEPESCHE, DESK)
        made.inbox.chmod(0o2770)
        yield made


def with_default_list(inbox: Path) -> None:
    try:
        os.setxattr(inbox, "system.posix_acl_default", DEFAULT)
    except OSError as error:
        pytest.skip(f"this file system has no access lists: {error}")


def upload(inbox: Path, umask: int, mode: int = 0o666) -> None:
    """What a member of the group does: a file, and one in a folder of her own."""
    os.umask(umask)
    (inbox / "anna").mkdir()
    for path in (inbox / "a.txt", inbox / "anna" / "b.txt"):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, mode)
        os.write(handle, b"Ein Artikel")
        os.close(handle)
        os.utime(path, (1.7e9, 1.7e9))


def uploaded(folders: Folders, umask: int, mode: int = 0o666) -> None:
    work = partial(upload, folders.inbox, umask, mode)
    assert as_user(ANOTHER, work, [DESK]) is None


def look(folders: Folders) -> tuple[list[str], dict[str, str]]:
    """As Depesche's user: the claimed files that it can read; what is left alone, and why."""
    publisher: Any = Silent()
    watcher = Watcher(
        folders,
        publisher,
        quiet=0.01,
        quiet_unproven=0.01,
        batch_files=9,
        batch_bytes=1000,
        spool_batches=9,
    )
    for _ in range(4):
        watcher.scan()
        time.sleep(0.05)
    scan = Scan(folders.inbox, 2e9)
    left = [file.relative for file in scan.files()]
    claimed = [file for batch in Spool(folders.spool).batches() for file in batch.files()]
    read = [file.relative for file in claimed if file.path.read_bytes() == b"Ein Artikel"]
    assert set(left) <= scan.left_alone.keys()
    return sorted(read), scan.left_alone


def looked(folders: Folders) -> tuple[list[str], dict[str, str]]:
    seen = as_user(DEPESCHE, partial(look, folders))
    assert isinstance(seen, tuple), seen
    return seen


@pytest.mark.parametrize("umask", [0o002, 0o022, 0o027, 0o077])
def test_with_a_default_access_list_every_umask_does(folders: Folders, umask: int) -> None:
    with_default_list(folders.inbox)
    uploaded(folders, umask)
    assert looked(folders) == (["a.txt", "anna/b.txt"], {})


@pytest.mark.parametrize(
    ("umask", "taken", "left"),
    [
        (0o022, ["a.txt"], {"anna/b.txt": UNMOVABLE}),
        (0o077, [], {"a.txt": UNREADABLE}),
    ],
)
def test_a_group_alone_does_not_do_and_each_file_that_stays_is_named(
    folders: Folders, umask: int, taken: list[str], left: dict[str, str]
) -> None:
    uploaded(folders, umask)
    read, alone = looked(folders)
    assert read == taken
    assert left.items() <= alone.items()
    assert len(alone) == 2 - len(taken)


def test_what_is_secret_on_purpose_stays_until_it_is_opened(folders: Folders) -> None:
    with_default_list(folders.inbox)
    uploaded(folders, 0o022, 0o600)
    assert looked(folders) == ([], {"a.txt": UNREADABLE, "anna/b.txt": UNREADABLE})
    opened: Callable[[], None] = partial(os.chmod, folders.inbox / "a.txt", 0o640)
    assert as_user(ANOTHER, opened, [DESK]) is None
    assert looked(folders) == (["a.txt"], {"anna/b.txt": UNREADABLE})
