"""Whether a disk is at fault where one of its files cannot be read, or that file alone."""

from __future__ import annotations

import os

from worker.atomic import PRIVATE

_SCRATCH = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BYTES = b"Depesche"


def answers(folder: str | os.PathLike[str] | int) -> bool:
    """Whether the disk of a folder gives back what is written to it now, out of no memory."""
    name = f".{os.getpid()}-{os.urandom(4).hex()}.tmp"
    try:
        above = os.dup(folder) if isinstance(folder, int) else os.open(folder, os.O_RDONLY)
        try:
            file = os.open(name, _SCRATCH, PRIVATE, dir_fd=above)
            try:
                os.unlink(name, dir_fd=above)
                return _gives_back(file)
            finally:
                os.close(file)
        finally:
            os.close(above)
    except OSError:
        return False


def _gives_back(file: int) -> bool:
    os.write(file, _BYTES)
    os.fsync(file)
    if hasattr(os, "posix_fadvise"):  # not on macOS
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    return os.pread(file, len(_BYTES), 0) == _BYTES
