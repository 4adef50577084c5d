"""A log file that does not grow for ever, whoever of several processes writes to it.

Standard error, and output, of each process leads into it. Before a line is written, the process
looks whether the file still has its name: another may have put a new one in its place, or somebody
has removed it. Whoever finds it full does that. So whatever else is written there, by a library
or by a process that crashes, comes into the file as well.

Nobody else may write in its folder, and lead it elsewhere: see :mod:`worker.log_place`.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError
from worker import log_place
from worker.beneath import NotAFile
from worker.lock import taken

MEBIBYTE = 1024 * 1024
_OUTPUT, _ERROR = 1, 2
#: ``O_NONBLOCK``: a pipe that nobody reads, in the file's place, keeps no process waiting.
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class LogFile:
    """The file ``path``; of ``most`` bytes or more it becomes ``<path>.1``, and that ``.2`` …

    Where it cannot be renamed it begins anew, and says so. ``data``: see :mod:`worker.log_place`.
    """

    path: Path
    data: Path
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
        elif mine.st_size >= self.most and log_place.stream(self.path) is None:
            self._renew()

    def _open(self) -> None:
        handle = self.opened()
        for number in (_OUTPUT, _ERROR):
            os.dup2(handle, number)
        os.close(handle)

    def opened(self) -> int:
        """The file, open to be written at its end; it, and its folder, are made where they are not.

        Raises ``OSError`` where that cannot be: :class:`NotAFile` for a place that is unfit.
        """
        number = log_place.stream(self.path)
        if number is not None:
            return os.dup(number)
        with log_place.opened(self.path, self.data) as (folder, name):
            handle = os.open(name, _APPEND, 0o600, dir_fd=folder)
        fcntl.fcntl(handle, fcntl.F_SETFL, os.O_APPEND)
        return handle

    def begun(self) -> int:
        """The same, for who starts something. Raises ``UsageError`` for a place that is unfit."""
        try:
            return self.opened()
        except NotAFile as error:
            raise UsageError(
                f"No log is written to {self.path}: {error.strerror}. Set DEPESCHE_LOG_FILE to a "
                "file in a folder that nobody else may write."
            ) from error

    def _renew(self) -> None:
        """Under a lock of its own: whoever may read the log, or list its folder, can lock that."""
        try:
            self._renamed()
        except NotAFile:  # what has the name now may be another file
            raise
        except OSError as error:  # its folder is not ours to write, say
            self._begin_anew(error)
        else:
            self._open()

    def _renamed(self) -> None:
        with log_place.opened(self.path, self.data) as (folder, name):
            lock = os.open(f".{name}.lock", _LOCK, 0o600, dir_fd=folder)
            try:
                if taken(lock) and self._full(name, folder):  # else another is, or was, at it
                    self._rename(name, folder)
            finally:
                os.close(lock)

    def _rename(self, name: str, folder: int) -> None:
        for number in range(self.kept, 0, -1):
            younger = f"{name}.{number - 1}" if number > 1 else name
            with suppress(FileNotFoundError):
                os.rename(younger, f"{name}.{number}", src_dir_fd=folder, dst_dir_fd=folder)

    def _begin_anew(self, error: OSError) -> None:
        """What was written is lost: otherwise the disk would be full in the end."""
        os.ftruncate(_ERROR, 0)
        os.write(_ERROR, f"{self.path} begins anew, for it cannot be renamed: {error}\n".encode())

    def _full(self, name: str, folder: int) -> bool:
        with suppress(FileNotFoundError):
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            return status.st_size >= self.most
        return False
