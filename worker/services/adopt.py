"""The cache, out of which programs run: nobody else may have written what is in it.

Root's earlier one is taken over.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import planted
from worker.others import who_exchanges, who_writes

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def check(*folders: Path, missing: bool = False) -> None:
    """Raise ``UsageError`` where a program would be run out of a folder that others write.

    Where ``HOME`` or ``XDG_CACHE_HOME`` is a folder like ``/tmp``, anybody may have been first:
    with a folder above it, too, in which he exchanges what was looked at. ``missing``: they may be
    made still, and are to be checked again then.
    """
    for folder in folders:
        if said := planted(folder, missing=missing) or _said_of(folder):
            raise UsageError(f"{said} Set XDG_CACHE_HOME to a folder that nobody else may write.")


def _said_of(folder: Path) -> str:
    said = who_exchanges(folder)
    if folder.exists() and (may := who_writes(folder)):
        said = f"{folder} {may}"
    return f"{said}, and what lies in {folder} would be run." if said else ""


def taken_over(old: Path, home: Path) -> bool:
    """Link, or else copy, an unpacked Elasticsearch of root's as ``home``; whether it was."""
    if not old.is_dir() or old.is_symlink() or not _is_roots(old.stat()):
        return False
    with tempfile.TemporaryDirectory(prefix="fetching-", dir=home.parent) as work:
        try:
            shutil.copytree(old, Path(work, "home"), symlinks=True, copy_function=_link)
        except (OSError, shutil.Error):
            return False
        shutil.rmtree(home, ignore_errors=True)
        Path(work, "home").rename(home)
    return True


def _link(source: str, target: str) -> None:
    if not _is_roots(os.lstat(source)):
        raise PermissionError(source)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _is_roots(status: os.stat_result) -> bool:
    return status.st_uid == 0 and not status.st_mode & _OTHERS_WRITE
