"""What a process looks at before it works."""

from __future__ import annotations

import stat

import structlog

from worker.folders import Folders
from worker.renames import try_renames

log = structlog.get_logger()


def check_folders(folders: Folders) -> None:
    """Log what files cannot do now. Raises ``UsageError`` for what they will never do."""
    for place in folders.close_to_others():
        log.warning("folders.closed", path=str(place), because="everybody could read it")
    if folders.data.stat().st_mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH:
        sentence = "everybody may put other folders in the place of spool/ and archive/: chmod o-w"
        log.error("folders.open", path=str(folders.data), error=sentence)
    for sentence in try_renames(folders):
        log.error("folders.trouble", error=sentence, still="files wait where they are")
