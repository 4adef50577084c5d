"""Which files of allowed folders are in the spool already, as copies: these are not copied again.

A message that names one has some hundred bytes, and the copy may have gigabytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from worker import beneath
from worker.intake.permitted import PermittedFile
from worker.spool.spool import Batch, Spool

#: So many are known; the oldest are forgotten.
_MOST = 10_000
_Look = tuple[int, ...]


@dataclass(slots=True)
class Copied:
    """What one process knows of them: by which path each was named, how it looked, and the copy."""

    spool: Spool
    _known: dict[Path, tuple[_Look, str, str]] = field(default_factory=dict)

    def waits(self, permitted: PermittedFile) -> bool:
        """Whether the file is in the spool as it is now."""
        if (known := self._known.get(permitted.file)) is None:
            return False
        look, name, relative = known
        batch = self.spool.batch(name)
        if batch and beneath.is_file(batch.root, relative):
            return look_of(permitted) == look
        del self._known[permitted.file]
        return False

    def note(self, batch: Batch, copies: Mapping[str, tuple[PermittedFile, _Look]]) -> None:
        """Of what was copied into a batch know what is left there, by its path in it."""
        for relative in copies.keys() & {file.relative for file in batch.files()}:
            permitted, look = copies[relative]
            self._known[permitted.file] = look, batch.name, relative
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]


def look_of(permitted: PermittedFile) -> _Look:
    """What tells a file from another one, and from what it was before; before it is copied."""
    try:
        status = beneath.status(*beneath.split(permitted.file, permitted.relative))
    except OSError:  # whoever copies it tells of that
        return ()
    if status is None:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
