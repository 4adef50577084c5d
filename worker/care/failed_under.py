"""The files in ``failed/`` that were dropped under a path, each with its reason."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

from worker.folders import Folders
from worker.intake.told import possible_path
from worker.spool.naming import REASON, begin_of_others, failed_path, is_name_for, names_of
from worker.spool.settle import reason_of

#: Reasons that are read for one path: who may drop files may call them so that they might be its.
MOST = 1_000
#: Of the names that a file gets, those that it gets but where somebody means others to have them.
_FIRST = 3

#: A failed file, and its reason.
Failure = tuple[Path, dict[str, Any]]


@dataclass(slots=True)
class FailedUnder:
    """Each folder is listed once. ``left`` are paths of which not all was looked at."""

    folders: Folders
    left: list[str] = field(default_factory=list)
    _listed: dict[Path, list[str]] = field(default_factory=dict)

    def of(self, path: str, digests: Iterable[str] = ()) -> list[Failure]:
        """Those of a path; ``digests`` are of files that are known to have failed, looked at first.

        A name tells of which path a file may be, and its reason of which it is.
        """
        below = possible_path(path)
        if not below:
            return []
        wanted = self.folders.failed / failed_path(below)
        names = self._names(wanted)
        sure = {
            name for digest in digests for name in islice(names_of(wanted.name, digest), _FIRST)
        }
        names.sort(key=lambda name: (name != wanted.name, name not in sure, name))
        if len(names) > MOST:
            self.left.append(path)
        files = (wanted.with_name(name) for name in names[:MOST])
        found = ((file, reason_of(file)) for file in files)
        return sorted((f, reason) for f, reason in found if reason.get("path") == below)

    def _names(self, wanted: Path) -> list[str]:
        """The names in its folder that a file which was to have this one may have got."""
        names, begin = self._listing(wanted.parent), begin_of_others(wanted.name)
        behind = (names[at] for at in range(bisect_left(names, begin), len(names)))
        alike = takewhile(lambda name: name.startswith(begin), behind)
        found = [name for name in alike if is_name_for(wanted.name, name)]
        at = bisect_left(names, wanted.name)
        return found + [name for name in names[at : at + 1] if name == wanted.name]

    def _listing(self, folder: Path) -> list[str]:
        if folder not in self._listed:
            self._listed[folder] = []
            with suppress(OSError):  # it is not there, or a name is longer than any
                names = (name for name in os.listdir(folder) if not name.endswith(REASON))
                self._listed[folder] = sorted(names)
        return self._listed[folder]
