"""Which ``columns.toml`` speaks for a table: the nearest of those that may speak for it."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from articles.errors import Unreadable
from extraction.containers.columns import FILE
from extraction.containers.registry import is_named_so
from extraction.formats.identity import printable_path
from worker import beneath
from worker.intake.members import Trouble
from worker.intake.reading import HELD
from worker.spool.origin import Origin

log = structlog.get_logger()

_MOST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Looks in the ``inbox``, whatever else has tables: a mirror's tree, say, is others' folder.

    The ``archive`` tells which of its folders are containers'.
    """

    inbox: Path
    archive: Path

    def of(self, origin: Origin) -> bytes | None:
        """What the nearest one says, from the folder on in which the outermost container lay.

        Raises ``Unreadable`` where it can never be read: a batch would wait for it without end;
        ``Trouble`` while somebody, or a disk, keeps it from being read, unless that is overdue.
        """
        names = origin.path.split("/")[:-1]
        for end in range(len(names), -1, -1):
            if self._is_believed(names[:end], origin):
                return self._read("/".join([*names[:end], FILE]), origin)
        return None

    def _read(self, place: str, origin: Origin) -> bytes | None:
        try:
            return beneath.read_below(self.inbox, place, _MOST_BYTES)
        except (beneath.TooLarge, beneath.NotAFile, PermissionError) as error:
            said = f"{place} cannot be read: {error.strerror}."
            raise Unreadable(said, f"Mend {FILE}.") from error
        except FileNotFoundError:
            raise
        except OSError as error:
            held = HELD if isinstance(error, BlockingIOError) else ""
            if origin.overdue:
                log.warning("columns.held", path=printable_path(place), why=held or str(error))
                return None
            raise Trouble(error, held and f"{place} cannot be read: {held}.") from error

    def _is_believed(self, folder: Sequence[str], origin: Origin) -> bool:
        """Whether a folder has one, of somebody who may speak for the table."""
        place = "/".join([*folder, FILE])
        if not beneath.is_file(self.inbox, place):
            return False
        status = beneath.status(self.inbox, place)
        believed = status is not None and self._may_speak(status.st_uid, folder, origin)
        if status and not believed:
            log.warning("columns.not_believed", path=printable_path(place), owner=status.st_uid)
        return believed

    def _may_speak(self, owner: int, folder: Sequence[str], origin: Origin) -> bool:
        """The rule. Below a folder where everybody may put files, as in ``/tmp``, anybody makes
        others: there its owner speaks for all tables, and everybody for his own. Who may put files
        into the inbox is nobody in a mirror's tree. Of what is archived nobody knows whose it was:
        it is read as whoever's folder it lay in would have it; but under a container's name there
        was none, and anybody can have made one since.
        """
        if origin.mirrored or owner in {0, os.geteuid()}:
            return owner in {0, os.geteuid()}
        if origin.archived and self._is_in_container(folder):
            return False
        around = [self.inbox.stat(), *beneath.statuses(self.inbox, folder)]
        around = around[-1:] if origin.archived else around
        shared = next((each for each in around if each.st_mode & stat.S_ISVTX), None)
        return shared is None or owner in {shared.st_uid, origin.sender}

    def _is_in_container(self, folder: Sequence[str]) -> bool:
        """Whether the archive has, or had, a container under a name on the way."""
        ways = [folder[:depth] for depth in range(1, len(folder) + 1)]
        return any(is_named_so(way[-1]) or self._has_container(way) for way in ways)

    def _has_container(self, way: Sequence[str]) -> bool:
        """It lies in the folder of its members, which may have another name beside a file's."""
        places = ("/".join([*way, name]) for name in (way[-1], way[-1].removesuffix("~")))
        return any(beneath.is_file(self.archive, place) for place in places)
