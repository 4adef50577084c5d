"""The folders under ``DEPESCHE_DATA``. All on one file system, so that a move is one rename."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import fault_of_folder


@dataclass(frozen=True, slots=True)
class Folders:
    """``inbox`` belongs to the users, ``spool`` is claimed work, the others are its ends."""

    data: Path

    @property
    def inbox(self) -> Path:
        return self.data / "inbox"

    @property
    def spool(self) -> Path:
        return self.data / "spool"

    @property
    def archive(self) -> Path:
        return self.data / "archive"

    @property
    def failed(self) -> Path:
        return self.data / "failed"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def enriching(self) -> Path:
        """What enrichment is at work on, for the reconciler to see."""
        return self.run / "enriching"

    @property
    def unproven(self) -> Path:
        """Archived files to be looked at again. Not in ``run``, which may be removed any time."""
        return self.data / "unproven"

    @property
    def alive(self) -> Path:
        """The heartbeats of the processes that share this folder."""
        return self.run / "alive"

    def present(self) -> Folders:
        """Create nothing; ``UsageError`` where there is no data, saying how to choose it."""
        if fault := fault_of_folder(self.data):
            raise UsageError(fault)
        return self

    def prepare(self) -> Folders:
        """Create what is missing; ``UsageError`` where renames between them could not work."""
        places = (self.inbox, self.spool, self.archive, self.failed, self.run)
        try:
            for place in places:
                place.mkdir(parents=True, exist_ok=True)
            devices = {place.stat().st_dev for place in places[:4]}
        except OSError as error:
            raise UsageError(f"{self.data} cannot be used: {error}. Set DEPESCHE_DATA.") from error
        if len(devices) > 1:
            raise UsageError(
                f"inbox, spool, archive and failed under {self.data} must be on one file "
                "system: a file moves between them by an atomic rename."
            )
        return self
