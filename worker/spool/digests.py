"""Digests of files: what tells whether two of one name are the same.

No file above the limit is read, however large it says it is; and none is read twice while it stays
as it is, so that who holds a lock can have all hashed before.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field

from articles.limits import LARGEST_ARTICLE
from worker import beneath
from worker.spool.disk import answers

_Identity = tuple[int, int, int, int, int]


class Unhashed(Exception):
    """A digest that is not known yet, and is not to be made now."""


class Unread(OSError):
    """A file that cannot be read, though its disk gives back others."""


@dataclass(slots=True)
class Digests:
    """What is known. ``frozen``: nothing is read any more; what is not known is ``Unhashed``.

    ``strict``: what alone cannot be read is ``Unread``, and no other file for that.
    """

    most: int = LARGEST_ARTICLE
    frozen: bool = False
    strict: bool = False
    _known: dict[_Identity, str] = field(default_factory=dict)

    def of(self, name: str, folder: int) -> str | None:
        """SHA-256 of a file in an open folder, as hexadecimal; None if it is gone.

        Of what is too large, alone cannot be read or is no file: of what tells it apart otherwise.
        Raises ``OSError`` where its disk is at fault.
        """
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return None
        identity = _identity(status)
        if not stat.S_ISREG(status.st_mode) or status.st_size > self.most:
            return _otherwise(status)
        if identity not in self._known:
            if self.frozen:
                raise Unhashed(name)
            digest = self._read(name, folder)
            if digest is None:
                return None
            self._known[identity] = digest
        return self._known[identity]

    def _read(self, name: str, folder: int) -> str | None:
        try:
            return self._hashed(name, folder)
        except FileNotFoundError:
            return None
        except OSError as error:
            refused = isinstance(error, PermissionError | BlockingIOError | beneath.NotAFile)
            if not refused and not answers(folder):
                raise
            if self.strict and not isinstance(error, beneath.NotAFile):
                raise Unread(error.errno, error.strerror) from error
            return _otherwise(os.stat(name, dir_fd=folder, follow_symlinks=False))

    def _hashed(self, name: str, folder: int) -> str:
        handle = beneath.open_file(name, folder)
        try:
            return hashlib.sha256(beneath.read_all(handle, self.most)).hexdigest()
        except beneath.TooLarge:  # it has grown just now
            return _otherwise(os.fstat(handle))
        finally:
            os.close(handle)

    def same(self, name: str, folder: int, other: str, others_folder: int) -> bool:
        """Whether two names are of the same bytes; of two sizes they are not, unread.

        Nor are they where the first has changed since it was read, and nothing is read any more:
        its owner may do so as often as it is looked at.
        """
        try:
            size = os.stat(name, dir_fd=folder, follow_symlinks=False).st_size
            if size != os.stat(other, dir_fd=others_folder, follow_symlinks=False).st_size:
                return False
        except FileNotFoundError:
            return False
        if self._has_changed(name, folder):
            return False
        return self.of(name, folder) == self.of(other, others_folder)

    def _has_changed(self, name: str, folder: int) -> bool:
        if not self.frozen:
            return False
        try:
            now = _identity(os.stat(name, dir_fd=folder, follow_symlinks=False))
        except FileNotFoundError:
            return True
        return now not in self._known and now[:2] in {known[:2] for known in self._known}

    def is_of(self, name: str, folder: int, digest: str, size: int = 0) -> bool:
        """Whether it is a file with that digest, and of so many bytes where that is told."""
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        if not stat.S_ISREG(status.st_mode) or (size and status.st_size != size):
            return False
        return self.of(name, folder) == digest


def _identity(status: os.stat_result) -> _Identity:
    times = status.st_mtime_ns, status.st_ctime_ns
    return status.st_dev, status.st_ino, status.st_size, *times


def _otherwise(status: os.stat_result) -> str:
    known = f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns}"
    return hashlib.sha256(known.encode()).hexdigest()
