"""What others may still change under a purged file's names: whose it is, whatever is in it now.

Where Depesche is not root's, a file in the archive is its sender's until the last second look. He
can make it another one for the moment in which a purge looks for it, and as it was behind that.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from extraction.formats.identity import printable_path
from worker.container import Container
from worker.folders import Folders
from worker.spool.settle import of_others
from worker.spool.withdrawal import KeptFile


class Noted:
    """What was noted of files when they were read (``intake/second_look.py``), looked up once."""

    def __init__(self, folders: Folders) -> None:
        self._folder = folders.unproven

    def of(self, path: str, inode: int) -> set[str]:
        """SHA-256 of what was read of that very file."""
        return self._digests.get((path, inode), set())

    @cached_property
    def _digests(self) -> dict[tuple[str, int], set[str]]:
        found: dict[tuple[str, int], set[str]] = {}
        for record in self._folder.glob("*.json"):
            with suppress(OSError, ValueError, LookupError, TypeError):
                for file in json.loads(record.read_text())["files"]:
                    of_one = found.setdefault((file["path"], file["look"]["inode"]), set())
                    of_one.add(file["sha256"])
        return found


def changeable(
    container: Container, noted: Noted, file: KeptFile, root: Path, wanted: str
) -> Iterator[tuple[str, bool]]:
    """Paths below ``root`` of what may be the file, and whether it was noted as that.

    In the archive what was noted as other bytes is another file, and so are bytes that the ledger
    knows of others that came by such a path. In ``withdrawn/`` nobody has noted any: each is named.
    Nor is it any that is our own now, and was not noted.
    """
    is_archived = root == container.folders.archive
    for place, status, digest in of_others(root, wanted, file.sha256):
        below = str(place.relative_to(root))
        read_as = noted.of(below, status.st_ino) if is_archived else None
        if read_as:
            if file.sha256 in read_as:
                yield below, True
        elif status.st_uid != os.geteuid():
            is_another = is_archived and digest != file.sha256
            if not (is_another and _is_known(container, file.path, below, digest)):
                yield below, False


def _is_known(container: Container, told: str, below: str, digest: str) -> bool:
    with suppress(sqlite3.Error, OSError):
        rows = container.ledger.about([], [told, printable_path(below)])
        return any(row.sha256 == digest for row in rows)
    return False
