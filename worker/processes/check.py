"""What a process looks at before it works."""

from __future__ import annotations

import structlog

from tasks.data_folder import exchanged
from worker.folders import Folders
from worker.renames import try_renames

log = structlog.get_logger()


def check_folders(folders: Folders) -> None:
    """Log what files cannot do now. Raises ``UsageError`` for what they will never do."""
    for place in folders.close_to_others():
        log.warning("folders.closed", path=str(place), because="everybody could read it")
    if open_to_all := exchanged(folders.data):
        sentence = "everybody may put other folders in the place of those in it: chmod o-w"
        log.error("folders.open", path=str(open_to_all), error=sentence)
    for sentence in try_renames(folders):
        log.error("folders.trouble", error=sentence, still="files wait where they are")
