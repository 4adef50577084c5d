"""Attempts at a document that a service cut short, and no death: they count for nothing.

    run/survived/<sha256 of the id>      one byte for each; there until the document is settled

On disk, because the next attempt may be another process's.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AbortedAttempts:
    """The folder of those files. A full disk costs the count, not the work."""

    folder: Path

    def of(self, document: str) -> int:
        """How many there were."""
        try:
            return self._path(document).stat().st_size
        except OSError:
            return 0

    def count(self, document: str) -> None:
        """One more."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._path(document).open("ab", buffering=0) as file:
                file.write(b".")

    def forget(self, document: str) -> None:
        """The document is enriched, or failed."""
        with suppress(OSError):
            self._path(document).unlink(missing_ok=True)

    def _path(self, document: str) -> Path:
        return self.folder / hashlib.sha256(document.encode()).hexdigest()
