"""A log file that does not grow for ever, whoever of several processes writes to it.

Standard error, and output, of each process leads into it. Before a line is written, the process
looks whether the file still has its name: another may have put a new one in its place, or somebody
has removed it. Whoever finds it full does that. So whatever else is written there, by a library
or by a process that crashes, comes into the file as well.
"""

from __future__ import annotations

import errno
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from tasks.data_folder import planted
from worker.beneath import NotAFile
from worker.lock import taken
from worker.own_file import appended

MEBIBYTE = 1024 * 1024
_OUTPUT, _ERROR = 1, 2


@dataclass(frozen=True, slots=True)
class LogFile:
    """The file ``path``; of ``most`` bytes or more it becomes ``<path>.1``, and that ``.2`` …

    Where it cannot be renamed it begins anew, and says so.
    """

    path: Path
    most: int = 16 * MEBIBYTE
    kept: int = 4

    def follow(self) -> None:
        """Let output and error of this process lead into the file that has the name now.

        Raises ``OSError`` where there can be none.
        """
        mine = os.fstat(_ERROR)
        try:
            current = os.path.samestat(mine, self.path.stat())
        except FileNotFoundError:
            current = False
        if not current:
            self._open()
        elif mine.st_size >= self.most:
            self._renew()

    def _open(self) -> None:
        handle = self.opened()
        for number in (_OUTPUT, _ERROR):
            os.dup2(handle, number)
        os.close(handle)

    def opened(self) -> int:
        """The file, open to be written at its end; it is made where it is not there.

        Raises ``OSError``, too, for one, or a link, that another user may have planted.
        """
        self._check()
        handle = self._appended()
        try:
            self._check()  # it may have come since
            fcntl.fcntl(handle, fcntl.F_SETFL, os.O_APPEND)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def _appended(self) -> int:
        try:
            return appended(self.path.absolute())
        except NotAFile as error:
            raise _refusal(f"{self.path}: {error.strerror}.") from error

    def _check(self) -> None:
        if said := planted(self.path):
            raise _refusal(said)

    def _renew(self) -> None:
        """Under a lock of the file itself: the folder may be the data folder, which `up` holds."""
        with os.fdopen(self._appended(), "a") as file:
            if taken(file) and self._full():  # else another is at it
                try:
                    self._rename()
                except OSError as error:  # where all may write, another has put one of the names
                    self._begin_anew(error)
                else:
                    self._open()

    def _rename(self) -> None:
        for number in range(self.kept, 0, -1):
            older = self._older(number - 1)
            if older.exists():
                older.replace(self._older(number))

    def _begin_anew(self, error: OSError) -> None:
        """What was written is lost: otherwise the disk would be full in the end."""
        os.ftruncate(_ERROR, 0)
        os.write(_ERROR, f"{self.path} begins anew, for it cannot be renamed: {error}\n".encode())

    def _full(self) -> bool:
        """Whether it still is: another process may have been at it just before."""
        return self.path.exists() and self.path.stat().st_size >= self.most

    def _older(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}") if number else self.path


def _refusal(sentence: str) -> PermissionError:
    return PermissionError(errno.EACCES, f"{sentence} Set DEPESCHE_LOG_FILE to a file of yours")
