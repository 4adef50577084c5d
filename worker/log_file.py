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

from tasks.real_path import real_path
from worker import rooted
from worker.beneath import PASS
from worker.lock import taken
from worker.log_place import is_stream

MEBIBYTE = 1024 * 1024
_OUTPUT, _ERROR = 1, 2
#: ``O_NONBLOCK``: a pipe that nobody reads, in the file's place, keeps no process waiting.
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
_LOCK = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


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
        elif mine.st_size >= self.most and not is_stream(self.path):
            self._renew()

    def _open(self) -> None:
        handle = self.opened()
        for number in (_OUTPUT, _ERROR):
            os.dup2(handle, number)
        os.close(handle)

    def opened(self) -> int:
        """The file, open to be written at its end; it, and its folder, are made where they are not.

        Raises ``OSError`` where that cannot be.
        """
        with suppress(FileExistsError):
            self.path.parent.mkdir(mode=0o700)
        handle = os.open(self.path, _APPEND, 0o600)
        fcntl.fcntl(handle, fcntl.F_SETFL, os.O_APPEND)
        return handle

    def _renew(self) -> None:
        """Under a lock of its own: whoever may read the log, or list its folder, can lock that."""
        try:
            self._renamed()
        except OSError as error:  # its folder is not ours to write, say
            self._begin_anew(error)
        else:
            self._open()

    def _renamed(self) -> None:
        log = real_path(self.path)
        with rooted.opened(log.parent, PASS) as folder:
            lock = os.open(f".{log.name}.lock", _LOCK, 0o600, dir_fd=folder)
            try:
                if taken(lock) and self._full():  # else another is at it, or was just before
                    self._rename(log.name, folder)
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

    def _full(self) -> bool:
        return self.path.exists() and self.path.stat().st_size >= self.most
