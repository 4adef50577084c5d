"""What a process looks at before it works."""

from __future__ import annotations

import structlog

from worker.folders import Folders
from worker.renames import try_renames

log = structlog.get_logger()


def check_folders(folders: Folders) -> None:
    """Log what files cannot do now. Raises ``UsageError`` for what they will never do."""
    for sentence in try_renames(folders):
        log.error("folders.trouble", error=sentence, still="files wait where they are")
