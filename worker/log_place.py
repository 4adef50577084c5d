"""Where a log may lie: it is renamed there, and what root logs has names in it that others choose.

Where others may rename things, or put a link, they could lead it into any file of root's.
"""

from __future__ import annotations

from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import planted
from tasks.real_path import real_path, way
from worker.others import who_takes_away, who_writes

#: What a process was started with, not a file that it may rename: `/dev/stdout` leads to `/proc`.
_STREAMS = {Path("/proc"), *(Path("/dev", name) for name in ("stdout", "stderr", "fd"))}


def is_stream(path: Path) -> bool:
    """Whether a path means an open file of a process. Raises ``OSError`` for too many links."""
    return not _STREAMS.isdisjoint(way(path))


def check(path: Path, data: Path) -> None:
    """Raise ``UsageError`` where others could put something in the place of the log, or move it.

    In the data folder, but for its inbox, who may write is trusted, and so is who may above it.
    """
    fault = planted(path)
    if not (fault or _is_within(path, data) or is_stream(path)):
        fault = _fault_of_folders(path)
    if fault:
        raise UsageError(
            f"No log is written to {path}: {fault.rstrip('.')}. Set DEPESCHE_LOG_FILE to a file in "
            "a folder that nobody else may write."
        )


def _is_within(path: Path, data: Path) -> bool:
    real, home = real_path(path), real_path(data)
    return real.is_relative_to(home) and not real.is_relative_to(home / "inbox")


def _fault_of_folders(path: Path) -> str:
    last = real_path(path).parent
    for folder in dict.fromkeys(place.parent for place in way(path)):
        try:
            said = (who_writes if folder == last else who_takes_away)(folder)
        except FileNotFoundError:  # it is made by us
            continue
        except OSError as error:
            return f"{folder} cannot be looked at: {error.strerror}"
        if said:
            return f"{folder} {said}"
    return ""
