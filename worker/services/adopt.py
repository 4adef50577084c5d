"""The cache, out of which programs run: nobody else may have written what is in it."""

from __future__ import annotations

from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import planted
from worker.others import who_exchanges, who_writes


def check(*folders: Path, missing: bool = False) -> None:
    """Raise ``UsageError`` where a program would be run out of a folder that others write.

    Where ``HOME`` or ``XDG_CACHE_HOME`` is a folder like ``/tmp``, anybody may have been first:
    with a folder above it, too, in which he exchanges what was looked at. ``missing``: they may be
    made still, and are to be checked again then.
    """
    for folder in folders:
        if said := planted(folder, missing=missing) or _said_of(folder, missing):
            raise UsageError(f"{said} Set XDG_CACHE_HOME to a folder that nobody else may write.")


def _said_of(folder: Path, missing: bool) -> str:
    said = who_exchanges(folder, missing=missing)
    if folder.exists() and (may := who_writes(folder)):
        said = f"{folder} {may}"
    return f"{said}, and what lies in {folder} would be run." if said else ""
