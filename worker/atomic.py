"""Write a small file, or move one, so that a reader, or the next start, sees all or nothing."""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_TEMPORARY = re.compile(r"\.\d+-[0-9a-f]{8}\.tmp")


#: Rights of what Depesche keeps for itself.
PRIVATE = 0o600


def write_json(path: Path, content: Any, mode: int = PRIVATE, folder: int | None = None) -> None:
    """Replace ``path`` by the content as JSON, on disk before it is visible.

    ``folder`` is the open folder that a path without one lies in.
    """
    text = json.dumps(content, ensure_ascii=True, indent=1)
    write_bytes(path, text.encode(), mode=mode, folder=folder)


def write_bytes(
    path: Path,
    content: bytes,
    like: os.stat_result | None = None,
    *,
    mode: int = 0o666,
    folder: int | None = None,
) -> None:
    """Replace ``path`` by the bytes; the temporary name is a dotfile, which nobody claims.

    With ``like`` it gets the rights and, where we may give it, the group of that file.
    """
    temporary = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        handle = os.open(temporary, NEW, mode, dir_fd=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if like:
                with suppress(PermissionError):
                    os.fchown(handle, -1, like.st_gid)
                os.fchmod(handle, stat.S_IMODE(like.st_mode))
            os.fsync(handle)
        os.rename(temporary, path, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise


def make_private(path: Path) -> None:
    """Make an empty file that is ours alone, if there is none.

    For what SQLite opens then: it would make it as open as the umask lets it. Nothing else may ever
    open and close a file of SQLite: with the first descriptor that is closed all locks of the
    process on it are gone (POSIX), those of another thread's transaction, too
    (https://www.sqlite.org/howtocorrupt.html, 2.2). So the name comes when no descriptor is left.
    """
    if path.exists():
        return
    temporary = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.tmp")
    os.close(os.open(temporary, NEW, PRIVATE))
    try:
        os.link(temporary, path)
    except FileExistsError:  # somebody was quicker
        pass
    except OSError:  # a file system without links
        with suppress(FileExistsError):
            os.close(os.open(path, NEW, PRIVATE))
    finally:
        temporary.unlink()


def move(source: str | Path, target: str | Path, *, src: int | None, dst: int | None) -> None:
    """Rename a file, over another if need be; its old name is gone then, whatever was there.

    Between two links of one inode rename(2) does nothing and says that all is well: whoever drops
    the same hard link twice. ``src`` and ``dst`` are the open folders that relative names lie in.
    """
    os.rename(source, target, src_dir_fd=src, dst_dir_fd=dst)
    try:
        left = os.stat(source, dir_fd=src, follow_symlinks=False)
    except FileNotFoundError:
        return
    if os.path.samestat(left, os.stat(target, dir_fd=dst, follow_symlinks=False)):
        os.unlink(source, dir_fd=src)


def is_temporary(name: str) -> bool:
    """Whether a name is that of a file which a killed process had not finished writing."""
    return _TEMPORARY.fullmatch(name) is not None
