"""Ask the kernel whether anybody holds a file open for writing.

A read lease (``fcntl(2)``, F_SETLEASE) is granted only while nobody does. It needs ownership
of the file or CAP_LEASE, and a local file system; elsewhere the answer is "cannot tell".
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
from pathlib import Path

from worker import beneath


def survive_broken_leases() -> None:
    """Ignore SIGIO in this process; a lease that is broken raises it, and it would end us."""
    signal.signal(signal.SIGIO, signal.SIG_IGN)


def open_writer(path: Path, relative: str = "") -> bool | None:
    """True while somebody has the file open for writing, False if nobody, None if unknowable.

    ``relative`` is the end of the path on which no link is followed; without it, its name.
    Raises ``OSError`` where the file cannot be opened (vanished, no permission, no file).
    """
    try:
        with beneath.parent(path, relative or path.name) as (folder, name):
            handle = beneath.open_file(name, folder)
    except BlockingIOError:
        return True  # a lease of somebody's own: nobody else opens it until he has done with it
    try:
        return writer_on(handle)
    finally:
        os.close(handle)


def writer_on(handle: int) -> bool | None:
    """The same for an open file descriptor."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return None
    try:
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False
