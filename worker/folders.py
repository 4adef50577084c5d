"""The folders under ``DEPESCHE_DATA``. All on one file system, so that a move is one rename."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import fault_of_folder, fault_of_owner
from worker import access_lists, beneath

_LISTS = stat.S_IRGRP | stat.S_IROTH
_NOT_OURS = stat.S_IRWXG | stat.S_IRWXO


def shut(error: OSError) -> None:
    """For ``os.walk``: who may not look is told so, and not that nothing is there."""
    if isinstance(error, PermissionError):
        raise error


@dataclass(frozen=True, slots=True)
class Folders:
    """``inbox`` belongs to the users, ``spool`` is claimed work, the others are its ends."""

    data: Path

    @property
    def inbox(self) -> Path:
        return self.data / "inbox"

    @property
    def spool(self) -> Path:
        return self.data / "spool"

    @property
    def archive(self) -> Path:
        return self.data / "archive"

    @property
    def failed(self) -> Path:
        return self.data / "failed"

    @property
    def withdrawn(self) -> Path:
        """Files of articles that were taken down, until ``depesche restore`` or a purge."""
        return self.data / "withdrawn"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def enriching(self) -> Path:
        """What enrichment is at work on, for the reconciler to see."""
        return self.run / "enriching"

    @property
    def unproven(self) -> Path:
        """Archived files to be looked at again. Not in ``run``, which may be removed any time."""
        return self.data / "unproven"

    @property
    def alive(self) -> Path:
        """The heartbeats of the processes that share this folder."""
        return self.run / "alive"

    def present(self) -> Folders:
        """Create nothing; ``UsageError`` where there is no data, saying how to choose it."""
        if fault := fault_of_folder(self.data):
            raise UsageError(fault)
        return self.trusted()

    def trusted(self) -> Folders:
        """Whatever is there; ``UsageError`` where another may have planted it for us.

        Before that nothing in it is opened: it may be a pipe, or have SQLite delete any file.
        """
        if fault := fault_of_owner(self.data):
            raise UsageError(fault)
        return self

    def prepare(self) -> Folders:
        """Create what is missing; ``UsageError`` for a planted one, or where no rename could work.

        The inbox is as open as the umask makes it; all others are for their owner alone. Into the
        data folder others may pass, to the inbox, without seeing what else there is.
        """
        try:
            if not self.data.exists():
                if fault := fault_of_owner(self.data, missing=True):
                    raise UsageError(fault)
                self.data.parent.mkdir(parents=True, exist_ok=True)
                self.data.mkdir(mode=0o711, exist_ok=True)
            self.trusted()
            self.inbox.mkdir(exist_ok=True)
            for place in self.private:
                _make_private(place)
            moved = (self.inbox, self.spool, self.archive, self.failed, self.withdrawn)
            devices = {place.stat().st_dev for place in moved}
        except OSError as error:
            raise UsageError(f"{self.data} cannot be used: {error}. Set DEPESCHE_DATA.") from error
        if len(devices) > 1:
            raise UsageError(
                f"inbox, spool, archive, failed and withdrawn under {self.data} must be on one "
                "file system: a file moves between them by an atomic rename."
            )
        return self

    def make_inbox_again(self) -> None:
        """Make an inbox that somebody removed. Raises ``FileNotFoundError`` where all is gone.

        Then a disk is away, or the folder was moved: what is made in its place would hide it, and
        take files that nobody finds again.
        """
        if not (self.spool.is_dir() or self.archive.is_dir()):
            away = "its disk is away or it was moved, and nothing is claimed until it is back"
            raise FileNotFoundError(errno.ENOENT, away, str(self.data))
        self.inbox.mkdir(exist_ok=True)

    @property
    def private(self) -> tuple[Path, ...]:
        """What nobody else has any business in: articles under embargo, sources, passwords."""
        return self.spool, self.archive, self.failed, self.run, self.unproven, self.withdrawn

    def hide(self) -> bool:
        """Let nobody else list the data folder, or rename what is in it. Whether anybody could.

        Who may list it can hold its lock. Passing stays, and a group's right to list it, where it
        was not everybody's, nor anybody's whom an access list names. That list stays, and its mask
        lets whom it names do no more.
        """
        try:
            handle = os.open(self.data, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            access_lists.remove(handle, access_lists.DEFAULT)
            mode = stat.S_IMODE(os.fstat(handle).st_mode)
            closed = _hidden(mode)
            if access_lists.lets_list(handle):
                closed &= ~stat.S_IRGRP
            if closed != mode:
                os.fchmod(handle, closed)
            return bool(mode & ~closed & ~os.fstat(handle).st_mode)
        except OSError:
            return False  # it is not ours, or the file system has no rights
        finally:
            os.close(handle)

    def close_to_others(self) -> list[Path]:
        """Take others' rights away where an earlier version, or somebody, gave them; what had any.

        A folder with the set-group-id bit is shared with its group, and stays so.
        """
        named = ("ledger", "withdrawals", "by_hand")
        files = (file for name in named for file in self.data.glob(f"{name}.sqlite*"))
        ours = [*self.private, *files, self.data / "settle.lock"]
        return [place for place in ours if _closed(place)]


def _hidden(mode: int) -> int:
    """What of the data folder's rights stays."""
    mode &= ~(stat.S_IWGRP | stat.S_IWOTH)
    if not mode & stat.S_IROTH:
        return mode
    return mode & ~(stat.S_IROTH if mode & stat.S_ISGID else _LISTS)


def _make_private(place: Path) -> None:
    """Make a folder for its owner alone, if there is none: who shares one has his reasons."""
    if place.is_dir():
        return
    place.mkdir(mode=0o700, exist_ok=True)
    with beneath.folder(place) as handle:
        access_lists.remove(handle)


def _closed(place: Path) -> bool:
    """Whether it was open to everybody, and is no more. A link is not ours to follow.

    What is closed is not opened: see ``worker.atomic.make_private``.
    """
    try:
        if not place.lstat().st_mode & stat.S_IRWXO:
            return False
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        mode = os.fstat(handle).st_mode
        if not mode & stat.S_IRWXO:
            return False
        shared = stat.S_ISDIR(mode) and mode & stat.S_ISGID
        if not shared:
            access_lists.remove(handle)
        os.fchmod(handle, stat.S_IMODE(mode) & ~(stat.S_IRWXO if shared else _NOT_OURS))
        return not os.fstat(handle).st_mode & stat.S_IRWXO
    except OSError:
        return False  # it is not ours, or the file system has no rights
    finally:
        os.close(handle)
