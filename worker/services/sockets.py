"""Where the socket of a service lies: in a folder that nobody else may enter."""

from __future__ import annotations

import os
import re
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from articles.errors import UsageError
from worker.services.folder import is_private

_NAME = "redis.sock"


def choose(folder: Path, before: Path | None, owner: int) -> Path:
    """In the service's own folder, or where it was ``before``, or in a new one below ``TMPDIR``.

    Where it was is made again if somebody has cleared ``TMPDIR`` up.
    ``owner`` is the number of the user whose server it is. A socket's path may have some 100
    bytes, and not every file system holds sockets. Raises ``UsageError`` where none does.
    """
    if before and before.parent.parent == Path(tempfile.gettempdir()):
        _make_again(before.parent, owner)
    for place in (folder, before.parent if before else None):
        if place and is_private(place, owner) and _holds_sockets(place):
            return place / _NAME
    made = Path(tempfile.mkdtemp(prefix="depesche-"))
    if _holds_sockets(made):
        _give(made, owner)
        return made / _NAME
    made.rmdir()
    raise UsageError(
        f"Redis cannot have a socket in {folder}, nor in {made.parent}: set TMPDIR to a folder "
        "with a short path on a local disk."
    )


def _make_again(place: Path, owner: int) -> None:
    try:
        place.mkdir(mode=0o700)
    except OSError:  # it is there, and ``is_private`` says whose
        return
    _give(place, owner)


def _give(made: Path, owner: int) -> None:
    if owner != os.geteuid():
        os.chown(made, owner, -1, follow_symlinks=False)


def url_of(path: Path) -> str:
    """The address of a Redis that listens there."""
    return f"unix://{quote(str(path))}?db=0"


def path_of(url: str) -> Path:
    """The path in such an address."""
    return Path(unquote(urlsplit(url).path))


def path_in(configuration: str) -> Path | None:
    """The path in the text of a ``redis.conf``, as it is written there."""
    match = re.search(r'^unixsocket "((?:[^"\\]|\\.)+)"$', configuration, re.MULTILINE)
    return Path(re.sub(r"\\(.)", r"\1", match[1])) if match else None


def _holds_sockets(folder: Path) -> bool:
    path = folder / f"{_NAME}.{os.getpid()}"  # as long as the longest of process numbers is
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.bind(str(path))
        except OSError:
            return False
        finally:
            with suppress(OSError):
                path.unlink()
    return True
