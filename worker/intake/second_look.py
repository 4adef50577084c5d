"""Files that were archived while nobody could tell whether they were still open: looked at again.

    data/unproven/<batch>-….json    files, what they looked like when they were read, how often
                                    they have been looked at since

A writer that pauses for longer than the quiet time writes on into the archive. Its file is then
read again, as it lies there, in place of what was indexed. What changes after the last look is for
``depesche verify --repair``.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from articles.limits import LARGEST_ARTICLE
from worker import beneath, failpoint
from worker.access_lists import as_listed
from worker.atomic import is_temporary, write_json
from worker.folders import Folders
from worker.intake.reading import Look
from worker.reconcile.publisher import TaskPublisher
from worker.spool import deposit, own_copy
from worker.spool.settle import settling
from worker.spool.spool import Spool

log = structlog.get_logger()

#: Seconds from one look to the next.
LOOKS = (3.0, 10.0, 30.0, 120.0, 440.0)
EVERY_SECONDS = 1.0
LEFT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Unproven:
    """An archived file: its path below the archive, what it looked like, its document's id.

    The id is empty where another file's document holds the article. ``sha256`` is of the bytes that
    were read.
    """

    path: str
    look: Look
    id: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class SecondLooks:
    """Intake notes the files, the watch process looks again."""

    folders: Folders
    publisher: TaskPublisher

    @property
    def _folder(self) -> Path:
        return self.folders.unproven

    def note(self, batch: str, files: list[Unproven]) -> None:
        """Remember files for a second look. A full disk costs the look, not the work."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            record = f"{batch}-{os.urandom(4).hex()}.json"  # a batch may be worked file by file
            self._write(self._folder / record, files, 0)

    def _write(
        self, record: Path, files: list[Unproven], looks: int, at: float | None = None
    ) -> None:
        content = [asdict(file) for file in files]
        at = time.time() if at is None else at
        write_json(record, {"at": at, "looks": looks, "files": content})

    def step(self, now: float, quiet: float, room: int) -> int:
        """Look at what is due and still for ``quiet`` seconds; how many are read again.

        ``room``: so many batches may be made.
        """
        sent = 0
        for record, content in self._due(now):
            files = [_unproven(file) for file in content["files"]]
            changed = [file for file in files if self._now(file) not in {None, file.look}]
            moving = [file for file in changed if not self._is_still(file, now, quiet)]
            if moving:
                files = self._part(record, content, files, moving)
                changed = [file for file in changed if file in files]
            if files and not changed:
                self._looked(record, files, int(content["looks"]) + 1)
            elif changed and room > 0:
                room -= 1
                sent += self._again(record, files, changed, int(content["looks"]))
        return sent

    def _again(
        self, record: Path, files: list[Unproven], changed: list[Unproven], looks: int
    ) -> int:
        """Have those read that were changed; how many they are.

        What its owner has shut is looked at another time, unless that is all.
        """
        changed = self._opening(changed) or changed
        try:
            self._read_again(changed)
        except OSError as error:  # a right, a full disk: the others need not wait for it
            log.warning("second_look.failed", path=changed[0].path, error=str(error))
            self._looked(record, files, looks + 1)
            return 0
        self._rest(record, files, changed)
        return len(changed)

    def _due(self, now: float) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        with suppress(FileNotFoundError):
            for name in sorted(os.listdir(self._folder)):
                record = self._folder / name
                if is_temporary(name):
                    _sweep(record, now)
                    continue
                with suppress(OSError, ValueError, LookupError, TypeError):
                    content = json.loads(record.read_text())
                    if abs(now - content["at"]) >= LOOKS[content["looks"]]:
                        yield record, content

    def _now(self, file: Unproven) -> Look | None:
        return Look.below(self.folders.archive, file.path)

    def _is_still(self, file: Unproven, now: float, quiet: float) -> bool:
        look = self._now(file)
        return look is None or abs(now - look.mtime / 1e9) >= quiet

    def _looked(self, record: Path, files: list[Unproven], looks: int) -> None:
        if looks < len(LOOKS):
            self._write(record, files, looks)
            return
        others = self._opening([file for file in files if not self._is_settled(file)])
        with suppress(OSError):
            if others:
                self._read_again(others)
        record.unlink(missing_ok=True)

    def _opening(self, files: list[Unproven]) -> list[Unproven]:
        return [file for file in files if self._opens(file)]

    def _opens(self, file: Unproven) -> bool:
        with suppress(OSError):
            os.close(beneath.open_below(self.folders.archive, file.path))
            return True
        return False

    def _is_settled(self, file: Unproven) -> bool:
        """Whether all is as read; a copy of our own is in its place, if others could change it."""
        with suppress(OSError):  # a right, a full disk, a hole: this one stays as it is
            return self._own(file)
        return True

    def _own(self, file: Unproven) -> bool:
        """From then on whoever has the old one open writes into nothing."""
        archive = self.folders.archive
        status = beneath.status(archive, file.path)
        if status is None or own_copy.is_ours(status):
            return True
        content = beneath.read_below(archive, file.path, LARGEST_ARTICLE)
        if file.sha256 and hashlib.sha256(content).hexdigest() != file.sha256:
            return False
        copy = own_copy.write(self._folder, content, as_listed(status, archive / file.path))
        own_copy.synchronise([copy])
        failpoint.reach("second_look.copied")
        try:
            return self._put(copy, file, Look.of(status))
        finally:
            copy.unlink(missing_ok=True)

    def _put(self, copy: Path, file: Unproven, look: Look) -> bool:
        """In its place, unless intake has put something else there since."""
        *names, name = beneath.parts(file.path)
        with settling(self.folders):
            if self._now(file) != look:
                return False
            with beneath.folder(self.folders.archive, names) as folder:
                os.rename(copy, name, dst_dir_fd=folder)
        return True

    def _part(
        self,
        record: Path,
        content: Mapping[str, Any],
        files: list[Unproven],
        moving: list[Unproven],
    ) -> list[Unproven]:
        """The others, which are due as before; those that are written to get a record of their own.

        Killed in between a file has two, and is looked at by both. None where there are no others,
        or where the disk is full.
        """
        others = [file for file in files if file not in moving]
        with suppress(OSError):
            if others:
                own = record.with_name(f"{record.stem[:200]}-{os.urandom(4).hex()}.json")
                self._write(own, moving, content["looks"])
                self._write(record, others, content["looks"], content["at"])
            return others
        return []

    def _rest(self, record: Path, files: list[Unproven], changed: list[Unproven]) -> None:
        """Those that are read again are noted anew by intake."""
        if rest := [file for file in files if file not in changed]:
            self._write(record, rest, 0)
        else:
            record.unlink(missing_ok=True)

    def _read_again(self, files: list[Unproven]) -> None:
        with Spool(self.folders.spool).filling() as batch:
            replaced = {file.path: [file.id] if file.id else [] for file in files}
            for _, error in deposit.reread(batch, self.folders.archive, replaced):
                raise error
        for file in files:
            log.info("file.grew_in_the_archive", path=file.path, id=file.id)
        self.publisher.intake(batch.name)


def _sweep(temporary: Path, now: float) -> None:
    """What a death has left behind; nobody takes so long to write one."""
    with suppress(OSError):
        if now - temporary.stat().st_ctime > LEFT_SECONDS:
            temporary.unlink()


def _unproven(content: Mapping[str, Any]) -> Unproven:
    sha256 = str(content.get("sha256", ""))  # 0.1.0 wrote none
    return Unproven(str(content["path"]), Look(**content["look"]), str(content["id"]), sha256)


def look_again(
    looks: SecondLooks, spool: Spool, stop: threading.Event, *, quiet: float, batches: int
) -> None:
    """Step every second until stopped, while the spool holds fewer than ``batches``."""
    while not stop.wait(EVERY_SECONDS):
        try:
            looks.step(time.time(), quiet, batches - len(spool))
        except Exception:
            log.exception("second_look.bug")
