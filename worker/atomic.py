"""Write a small file, or move one, so that a reader, or the next start, sees all or nothing."""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

_TEMPORARY = re.compile(r"\.\d+-[0-9a-f]{8}\.tmp")


def write_json(path: Path, content: Any) -> None:
    """Replace ``path`` by the content as JSON, on disk before it is visible."""
    write_bytes(path, json.dumps(content, ensure_ascii=True, indent=1).encode())


def write_bytes(path: Path, content: bytes, like: os.stat_result | None = None) -> None:
    """Replace ``path`` by the bytes; the temporary name is a dotfile, which nobody claims.

    With ``like`` it gets the rights and, where we may give it, the group of that file.
    """
    temporary = path.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            if like:
                with suppress(PermissionError):
                    os.fchown(file.fileno(), -1, like.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(like.st_mode))
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def move(source: str | Path, target: Path, *, folder: int | None = None) -> None:
    """Rename a file, over another if need be; its old name is gone then, whatever was there.

    Between two links of one inode rename(2) does nothing and says that all is well: whoever drops
    the same hard link twice. ``folder`` is the open folder that a relative source lies in.
    """
    os.rename(source, target, src_dir_fd=folder)
    try:
        left = os.stat(source, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if os.path.samestat(left, target.lstat()):
        os.unlink(source, dir_fd=folder)


def is_temporary(name: str) -> bool:
    """Whether a name is that of a file which a killed process had not finished writing."""
    return _TEMPORARY.fullmatch(name) is not None
