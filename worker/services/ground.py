"""What the embedded Elasticsearch stands on: its folders, and who may write which of them.

Started by root it runs as another user. That user owns ``data``, ``logs`` and ``tmp``; the folder
itself and ``config`` stay root's, for what stands in ``config`` decides what Java runs.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError
from worker import beneath
from worker.services import elasticsearch_config as config
from worker.services import passage
from worker.services.folder import grant, hand_over, opened, put
from worker.services.process import LETS_ITS_GROUP_PASS
from worker.services.user import Account, nobodies

_ITS_OWN = ("data", "logs", "tmp")
_CONFIG = "config"
#: For the start that makes the key store: it may add a file, and take none away.
_OPEN, _SEALED = 0o1770, 0o750


@dataclass(frozen=True)
class Ground:
    """``folder`` is the service's own; ``account`` None where the server runs as ourselves."""

    folder: Path
    account: Account | None

    def prepare(self) -> list[Path]:
        """Make the folders, give the server its own; those above it that it may now pass.

        Raises ``UsageError`` for what cannot be handed over, and for a way that stays barred.
        """
        data, inner = self.folder.parents[1], self.folder.parts[-2:]
        if self.account:
            with opened(data, inner[0]) as services:  # first: what is made there inherits its list
                grant(services, 0o711)
        with opened(data, *inner) as folder:
            grant(folder, LETS_ITS_GROUP_PASS if self.account else 0o700, self._reader())
        for name in _ITS_OWN:
            with opened(data, *inner, name) as own:
                if self.account:
                    hand_over(own, self.account.ids, self.folder / name)
                grant(own, 0o700)
        return passage.open_way(self.folder, self.account) if self.account else []

    def write(self, texts: Mapping[str, str]) -> None:
        """Write ``config`` anew. Raises ``UsageError`` for a file there that is none of ours."""
        with opened(self.folder.parents[1], *self.folder.parts[-2:], _CONFIG) as folder:
            grant(folder, 0o700, self._reader())
            if strange := config.unknown(os.listdir(folder), texts):
                raise UsageError(
                    f"{self.folder / _CONFIG} holds what Depesche did not put there: "
                    f"{', '.join(strange)}. Elasticsearch would obey it; look at it, and remove it."
                )
            for name, text in texts.items():
                put(folder, name, text, 0o640 if self.account else 0o600, self._reader())
            if self.account:
                kept = _is_kept(folder, (self._keeper(), self.account.gid))
                grant(folder, _SEALED if kept else _OPEN, self._reader())

    def _reader(self) -> tuple[int, int] | None:
        """Whose what the server only reads is: the folder's owner's, and the server's group's.

        Where the folder is another user's, whose server root starts, it stays that user's.
        """
        return (self._keeper(), self.account.gid) if self.account else None

    def _keeper(self) -> int:
        uid = self.folder.lstat().st_uid
        return 0 if uid in nobodies() else uid


def seal(folder: Path) -> None:
    """Take ``config`` from the server again, its key store with it, once it is there."""
    if os.geteuid() != 0:
        return
    with opened(folder.parents[1], *folder.parts[-2:], _CONFIG) as inner:
        status = os.fstat(inner)
        if stat.S_IMODE(status.st_mode) == _SEALED:
            return
        grant(inner, _SEALED)
        try:
            handle = beneath.open_file(config.KEYSTORE, inner)
        except beneath.NotAFile:
            raise _not_plain(folder) from None
        try:
            if os.fstat(handle).st_nlink != 1:
                raise _not_plain(folder)
            grant(handle, 0o640, (status.st_uid, status.st_gid))
        finally:
            os.close(handle)


def writable(status: os.stat_result, account: Account) -> bool:
    """Whether the account may write that."""
    mine = status.st_uid == account.uid and status.st_mode & stat.S_IWUSR
    group = status.st_gid == account.gid and status.st_mode & stat.S_IWGRP
    return bool(mine or group or status.st_mode & stat.S_IWOTH)


def _is_kept(folder: int, owner: tuple[int, int]) -> bool:
    """Whether the key store is there, and root's; one that is the server's is thrown away."""
    try:
        handle = beneath.open_file(config.KEYSTORE, folder)
    except FileNotFoundError:
        return False
    except beneath.NotAFile:
        os.unlink(config.KEYSTORE, dir_fd=folder)
        return False
    try:
        status = os.fstat(handle)
        if status.st_uid == owner[0] and status.st_nlink == 1:
            grant(handle, 0o640, owner)
            return True
    finally:
        os.close(handle)
    os.unlink(config.KEYSTORE, dir_fd=folder)
    return False


def _not_plain(folder: Path) -> UsageError:
    return UsageError(f"{folder / _CONFIG / config.KEYSTORE} is no plain file.")
