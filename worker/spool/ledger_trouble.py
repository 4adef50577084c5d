"""What is wrong with the ledger: the rule that says what helps, and the note that tells ``status``.

ledger.sqlite.trouble      since when, and why, nothing can be written down
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from worker.atomic import write_json
from worker.moment import moment

#: All that SQLite, and the disk below it, may raise. ``ValueError``: a text that is no Unicode.
FAULTS = (sqlite3.Error, sqlite3.Warning, OSError, ValueError)

Remedy = Literal["begin anew", "try again", "wait", "drop"]

#: The file is no ledger: garbage, half a file, or (``SQLITE_ERROR``) other tables than ours.
_BROKEN = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_SCHEMA,
    sqlite3.SQLITE_MISMATCH,
}
#: The rows themselves are at fault: written again, they would keep all others out for ever.
_ROWS = {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE}


def remedy(error: Exception) -> Remedy:
    """What helps: another file, the same once more, time (a lock, a disk, a right), or nothing."""
    if isinstance(error, OSError):
        return "wait"
    code = int(getattr(error, "sqlite_errorcode", None) or 0)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:  # somebody set it aside, or deleted it, meanwhile
        return "try again"
    if code & 0xFF in _BROKEN:
        return "begin anew"
    return "drop" if code == 0 or code & 0xFF in _ROWS else "wait"


def say(event: str, **values: object) -> None:
    """Log it. The library is loaded here: who only reads the ledger starts without it."""
    import structlog

    structlog.get_logger().error(event, **values)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Since when (ISO 8601 UTC) the ledger takes no rows, and what was raised."""

    since: str
    error: str


@dataclass(frozen=True, slots=True)
class TroubleNote:
    """The note beside the ledger. Where it cannot be written the log alone tells."""

    path: Path

    def read(self) -> Trouble | None:
        """The trouble, if there is any; a note that nobody can read tells of some, too."""
        try:
            content = json.loads(self.path.read_text())
            return Trouble(str(content["since"]), str(content["error"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            return Trouble("unknown", str(error))

    def write(self, error: Exception) -> None:
        """Note the error; an older note keeps its time."""
        before = self.read()
        now = moment()
        with suppress(OSError):
            write_json(self.path, {"since": before.since if before else now, "error": str(error)})

    def remove(self) -> None:
        """All is well again."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
