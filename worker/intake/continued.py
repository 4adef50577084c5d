"""A file that goes on where another of its name ended: one article, not two.

The rules are in ``former.py``. The former document and the former file in the archive go, the whole
takes their place. All of it can be cut short anywhere and done again: the whole is in the index
before its part leaves it, and in the spool until all of that is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from articles.limits import LARGEST_ARTICLE
from extraction.formats.identity import printable_path
from indexing.writing.replace import MadeOf, made_of_ids, made_of_paths, remove
from worker import beneath, failpoint
from worker.copies.copier import leaves
from worker.folders import Folders
from worker.intake.claimed import came_by
from worker.intake.copies import Copies, told_of
from worker.intake.fates import CAME, CHANGED
from worker.intake.former import WITHIN, claimed_within, is_former
from worker.intake.reading import Look, Part, ReadFile
from worker.site import NOWHERE, Site
from worker.spool import sender, settle
from worker.spool.copied import NAME as COPIES
from worker.spool.copied import ArchiveCopies
from worker.spool.disk import answers
from worker.spool.naming import failed_path
from worker.spool.origin import sender_of
from worker.spool.spool import Batch, iso

log = structlog.get_logger()

#: So long after an attempt what it sent may still be done; Elasticsearch that hung is caught up.
_ON_ITS_WAY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Continued:
    """Finds parts and wholes, and takes away what a whole has replaced."""

    folders: Folders
    client: Callable[[], Elasticsearch]
    index: str
    copies: Copies
    site: Site = NOWHERE

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files with what they have to do with others of their names.

        Costs a request only where there may be anything: the batch was worked on before, or other
        bytes have the name in the archive. Raises ``ServiceUnavailable`` and ``UsageError``.
        """
        told, again = batch.replaces(), batch.tried()
        named = told or {}
        met = [_or_waiting(self._met, read) for read in reads]
        asked = {
            printable_path(r.file.relative)
            for r in met
            if r.look and (again or r.file.relative in named or _other_bytes(r.look, r.met, told))
        }
        if not asked:
            return met
        keys = [read.article.key for read in met if read.article]
        olds = self._documents(batch, sorted(asked), named, keys)
        parts = [_or_waiting(lambda r: self._with_part(batch, r, olds, named), r) for r in met]
        unanswered = batch.unanswered()
        return [replace(r, part=replace(r.part, unanswered=unanswered)) for r in parts]

    def _met(self, read: ReadFile) -> ReadFile:
        return replace(read, met=Look.below(self.folders.archive, read.file.relative))

    def _documents(
        self,
        batch: Batch,
        paths: Sequence[str],
        named: Mapping[str, Sequence[str]],
        keys: Sequence[str],
    ) -> dict[str, list[MadeOf]]:
        """By path: those made lately, first those with these keys, and those that are named."""
        client, received = self.client(), batch.received
        times = iso(received - WITHIN), iso(received), iso(received + WITHIN)
        by_path: dict[str, list[MadeOf]] = {}
        came = came_by(self.copies.ledger, paths)
        found = made_of_paths(client, self.index, paths, *times, [*came.ids, *keys])
        for old in came.made(found, iso(received)):
            if not self.site.owns(old.site):
                continue  # a file of its name elsewhere is another one
            by_path.setdefault(old.path, []).append(old)
        ids = [id_ for ids in named.values() for id_ in ids]
        meant = {old.id: old for old in made_of_ids(client, self.index, ids)}
        for name, olds in named.items():
            known = by_path.setdefault(printable_path(name), [])
            known += [meant[id_] for id_ in olds if id_ in meant and meant[id_] not in known]
        return by_path

    def _with_part(
        self,
        batch: Batch,
        read: ReadFile,
        documents: Mapping[str, Sequence[MadeOf]],
        named: Mapping[str, Sequence[str]],
    ) -> ReadFile:
        """One file with what it has to do with these documents, if anything."""
        olds = documents.get(printable_path(read.file.relative), ())
        if read.look is None:
            return read
        own = tuple(old for old in olds if claimed_within(old, batch.received) == timedelta())
        if whole := self._whole(batch, read):
            return replace(read, part=Part(own, whole))
        if read.fault and olds:  # it is no article any more: nothing stays of what it was
            return replace(read, part=Part(own))
        if read.article is None or not olds:
            return read
        data, sha256 = _bytes(read), read.article.source.sha256
        meant = named.get(read.file.relative, ())
        former = [
            old
            for old in olds
            if self._goes_on(batch, read, old, data)
            or (old.id in meant and old.sha256 != sha256 and not self._has_other_file(old))
        ]
        return replace(read, part=Part(tuple(former)))

    def _goes_on(self, batch: Batch, read: ReadFile, old: MadeOf, data: bytes) -> bool:
        """Whether it goes on where that one's file ended; its sender's own, or gone already."""
        if not is_former(old, data, batch.received):
            return False
        if claimed_within(old, batch.received) == timedelta():
            return True  # this very file, as it was
        file = self._archived(old)
        return file is None or self._is_his(batch, read, self.folders.archive, file)

    def _archived(self, old: MadeOf) -> Path | None:
        return told_of(self.folders, old.path, old.sha256, old.bytes)

    def _is_his(self, batch: Batch, read: ReadFile, root: Path, file: Path) -> bool:
        """Whether the sender of this file sent that one, too, that lies below the root."""
        his = sender.of(file, str(file.relative_to(root)))
        return his in {None, sender_of(batch, read.file)}

    def _whole(self, batch: Batch, read: ReadFile) -> str:
        """The document of a longer file of its name that came later and begins with it, or "".

        As the ledger knows: for a part there is no other file, whatever a document says.
        """
        his = (
            (id_, file)
            for id_, file in self.copies.longer(batch, read)
            if self._is_his(batch, read, self.folders.archive, file)
        )
        return next((id_ for id_, file in his if self._begins(file, _bytes(read))), "")

    def _has_other_file(self, old: MadeOf) -> bool:
        """Whether it was corrected meanwhile: this file is an earlier version's then."""
        return bool(old.has_versions) and self._archived(old) is not None

    def _begins(self, archived: Path, data: bytes) -> bool:
        """Of what alone cannot be read nobody knows it."""
        archive = self.folders.archive
        try:
            return beneath.begins_with(archive, str(archived.relative_to(archive)), data)
        except OSError:
            if not answers(archive):
                raise
            return False

    def take_away(self, batch: Batch, read: ReadFile) -> bool:
        """Let go of what the file was before; false where somebody else is at it.

        Call it when the whole is in the index. The former file goes before its document, by
        which it is found again if this is cut short. Raises as :meth:`look`.
        """
        key = read.article.key if read.article and not read.part.whole else ""
        for old in read.part.former:
            if claimed_within(old, batch.received) != timedelta():
                self._discard(read, old)
                if old.id != key and self._is_of_another(read, old):
                    continue
            failpoint.reach("intake.discarded")
            if old.id != key and not self._removed(read, old):
                return False
            failpoint.reach("intake.removed")
            log.info("file.continued", path=printable_path(read.file.relative), id=key, was=old.id)
        return True

    def _removed(self, read: ReadFile, old: MadeOf) -> bool:
        with self.copies.put_back(old, read.file.relative):
            return remove(self.client(), self.index, old)

    def _discard(self, read: ReadFile, old: MadeOf) -> None:
        """Bytes go only where this file has them. They are compared before the lock is taken."""
        archive = self.folders.archive
        file = settle.archived_as(self.folders, read.file.relative, old.sha256, old.bytes)
        if file is None:
            return
        relative = str(file.relative_to(archive))
        look = Look.below(archive, relative)
        if not self._begins_with_old(read, relative):
            return
        with settle.settling(self.folders):
            if Look.below(archive, relative) == look:
                copies = ArchiveCopies(self.folders.data / COPIES)
                with suppress(ServiceUnavailable):  # `verify --archive-copies` finds it
                    leaves(self.folders, copies, archive, relative)
                beneath.unlink(archive, relative)

    def _begins_with_old(self, read: ReadFile, relative: str) -> bool:
        try:
            data = beneath.read_below(self.folders.archive, relative, LARGEST_ARTICLE)
        except OSError:
            if not answers(self.folders.archive):
                raise
            return False
        return beneath.begins_with(*beneath.split(read.file.path, read.file.relative), data)

    def _is_of_another(self, read: ReadFile, old: MadeOf) -> bool:
        """Whether an archived file has the document's bytes, and stands for it from now on."""
        file = self._archived(old)
        return file is not None and not _is_same(file, read.file.path)

    def why_wait(self, read: ReadFile) -> str:
        """Why a file cannot be moved yet, or "". Call it inside ``settling``."""
        if read.look is None:
            return ""
        if _may_come_yet(read.part, datetime.now(UTC)):
            return "an earlier attempt may still reach the index"
        now = Look.spooled(read.file)
        if now is not None and now != read.look:
            return CHANGED
        there = Look.below(self.folders.archive, read.file.relative)
        # By its number alone: its time may be set, by its sender too, as often as he likes.
        if there and there.inode not in {read.look.inode, read.met.inode if read.met else None}:
            return CAME
        return ""

    def before_archiving(self, batch: Batch, read: ReadFile) -> None:
        """Take a former part out of ``failed/``; its reason goes with the move into the archive."""
        failed, relative = self.folders.failed, failed_path(read.file.relative)
        look = Look.below(failed, relative)
        if look is None or read.look is None or look.size >= read.look.size:
            return
        if not self._is_his(batch, read, failed, failed / relative):
            return
        try:
            told = datetime.fromisoformat(str(settle.reason_of(failed / relative).get("time")))
            part = beneath.read_below(failed, relative, read.look.size)
            lately = abs(batch.received - told) <= WITHIN
            place = beneath.split(read.file.path, read.file.relative)
            if lately and beneath.begins_with(*place, part):
                beneath.unlink(failed, relative)
        except (ValueError, TypeError, OSError):
            return  # no reason, or a file that cannot be read: left where it is

    def original(self, batch: Batch, read: ReadFile) -> Path | None:
        """The archived file that a copy was made of; None where the file is none or it is gone.

        It stays, for its writer may still have it open, and the copy goes. Call it inside
        ``settling``.
        """
        original = self.folders.archive / read.file.relative
        there = Look.below(self.folders.archive, read.file.relative)
        if there is None or not read.look or there.inode == read.look.inode or not batch.reread():
            return None
        if not self._begins(original, _bytes(read)):
            return None
        self.drop(read)
        return original

    def drop(self, read: ReadFile) -> None:
        """Take away a file that a longer one in the archive begins with."""
        beneath.unlink(*beneath.split(read.file.path, read.file.relative))


def _or_waiting(work: Callable[[ReadFile], ReadFile], read: ReadFile) -> ReadFile:
    """What comes of a file; where the system refuses, it waits, and the others go on."""
    try:
        return work(read)
    except OSError as error:
        return ReadFile(read.file, trouble=str(error))


def _bytes(read: ReadFile) -> bytes:
    """Of a file of a batch."""
    root, below = beneath.split(read.file.path, read.file.relative)
    return beneath.read_below(root, below, LARGEST_ARTICLE)


def _other_bytes(look: Look, there: Look | None, told: object = None) -> bool:
    """Whether other bytes seem to have the place; the same size is the same file dropped again.

    The same inode may have had others before, but for one that was put in ``told`` to be that.
    """
    if there is None or (there.inode == look.inode and told is not None):
        return False
    return there.size != look.size or there.inode == look.inode


def _may_come_yet(part: Part, now: datetime) -> bool:
    """Whether a document of a part, which is not there, may be written by an attempt that died.

    Elasticsearch does what it was sent, in the order that it likes, though nobody waits for the
    answer any more: after the whole was read, the part would stand beside it for good.
    """
    missing = part.whole and not part.former
    return bool(missing and part.unanswered and abs(now - part.unanswered) < _ON_ITS_WAY)


def _is_same(file: Path, other: Path) -> bool:
    try:
        return file.samefile(other)
    except FileNotFoundError:
        return False
