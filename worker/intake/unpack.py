"""A file that holds many articles, part by part into batches of its members.

Each member becomes a file of its own under the container's path, in a batch of its own, and has its
own fate. A part is put into the spool and worked before the next is read, so that memory and disk
stay flat however much there is. Cut short anywhere, the same part is put into the batch of the same
name once more, which is worked as any batch is that is done twice.
"""

from __future__ import annotations

import io
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from io import FileIO
from itertools import islice

import structlog

from articles.errors import ArticleFault, Unreadable
from articles.limits import MEBIBYTE
from extraction.containers.member import HEAD, TAIL, Kind, Limits, Member, Opened, Sample
from extraction.containers.registry import is_named_so, kind_of
from extraction.formats.identity import printable_path
from worker import beneath, failpoint
from worker.access_lists import as_listed
from worker.folders import Folders
from worker.inbox import lease
from worker.inbox.names import ignored
from worker.intake.fates import WRITTEN, ItemFate
from worker.intake.former import WITHIN
from worker.intake.halting import Halting
from worker.intake.kept_open import MOST, SHORT, AllTaken, KeptOpen
from worker.intake.members import Doubt, NotAtFirst, Outlay, Reading, Trouble, with_more
from worker.intake.patience import Patience
from worker.intake.reading import ADVICE, HELD, Look
from worker.intake.slow import ADVICE as SINGLY
from worker.intake.slow import IN_IT, SlowMembers
from worker.intake.table_columns import TableColumns
from worker.intake.turn import ENDLESS, Turn
from worker.intake.unread import words
from worker.spool import deposit, kept, outsized, unpacked
from worker.spool.disk import answers
from worker.spool.ledger import Ledger
from worker.spool.origin import Origin, origin_of, pass_on
from worker.spool.outsized import refuse_holes
from worker.spool.spool import Batch, Spool, SpooledFile
from worker.spool.unpacked import Progress
from worker.wording import fates

log = structlog.get_logger()

#: How a part's batch is worked: told whether more parts come behind it.
Work = Callable[[Batch, bool], Sequence[ItemFate]]
#: So many parts may wait in the spool, one of which may wait for ever: then no more are put there.
MOST_WAITING = 4
#: Why one fails that its sender does not come to an end with.
STILL_WRITTEN = "it was still being written ten minutes after it was claimed"
#: How the reason ends of one that has more, and was only to let others have their turn.
SO_FAR = "unpacked so far"
#: Why one waits that took long already, and would have to be read from its beginning.
OTHERS = "other large ones are being unpacked"
_FATES = (
    *("indexed", "duplicate", "corrected", "asset", "failed", "unpacked", "withdrawn", "waiting"),
)
#: Bytes from which on one that is held in memory, or its table is, may take eleven times as many.
_LARGE = 16 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Portions:
    """What is unpacked at once: files and bytes of a part, seconds until others have their turn.

    A part ends with the turn: one member may take as long as a part.
    ``nesting``: how many containers may be in one another. ``clock`` tells the seconds.
    """

    files: int = 64
    bytes_: int = 8 * MEBIBYTE
    seconds: float = 30.0
    nesting: int = 3
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.monotonic

    def turn(self, each: float = ENDLESS, seconds: float = ENDLESS) -> Turn:
        """One that begins now, of fewer ``seconds`` where that is wanted; see there."""
        return Turn(self.clock, min(self.seconds, seconds), each)


@dataclass(frozen=True, slots=True)
class _Container:
    """One that is open, what it was when it was opened, and how far it is."""

    batch: Batch
    file: SpooledFile
    kind: Kind
    handle: FileIO
    status: os.stat_result
    progress: Progress


@dataclass(frozen=True, slots=True)
class Unpacker:
    """Unpacks containers. How far one is, stands in its batch.

    What is ``kept_open`` may be closed at any time. It is not read again from its beginning; but
    where all places are taken, one that took long waits.
    """

    folders: Folders
    spool: Spool
    ledger: Ledger
    portions: Portions
    leases: bool
    kept_open: KeptOpen = field(default_factory=KeptOpen)

    def kind(self, file: SpooledFile) -> Kind | None:
        """What kind of container a file is; None where it is none, or cannot be looked at."""
        try:
            with _opened(file) as handle:
                return kind_of_open(handle.fileno(), printable_path(file.relative))
        except OSError:
            return None

    def unpack(
        self,
        batch: Batch,
        file: SpooledFile,
        kind: Kind,
        work: Work,
        turn: Turn,
    ) -> ItemFate:
        """Unpack a container, or go on where it was left, and work its members.

        Its turn is as long as the one of its batch, or as what is spent to pass over what was read
        before, up to a minute. What takes longer to be passed over stays open.

        ``waiting`` where it is not at its end, cannot be read, or somebody still writes it. Raises
        ``NotAtFirst``, what ``work`` does, and ``OSError`` where the spool's disk is at fault: then
        the batch is to be done again.
        """
        path = printable_path(file.relative)
        try:
            with _opened(file) as handle:
                if self._is_written(batch, file, handle.fileno()):
                    return self.held(batch, file, STILL_WRITTEN)
                status = as_listed(os.fstat(handle.fileno()), handle.fileno())
                known = _begun(batch, file, status)
                container = _Container(batch, file, kind, handle, status, known)
                with self._reading(container) as reading:
                    reading.each = turn.each
                    return self._unpack(container, work, reading, turn)
        except AllTaken:
            return ItemFate(path, "waiting", "", OTHERS)
        except NotAtFirst:
            raise
        except ArticleFault as fault:
            return ItemFate(path, "failed", "", f"{fault.reason} {self._in(batch, file)}".strip())
        except FileNotFoundError:
            return ItemFate(path, "waiting", "", WRITTEN)
        except Trouble as trouble:
            return self.troubled(batch, file, trouble, trouble.held)

    def troubled(self, batch: Batch, file: SpooledFile, error: OSError, held: str = "") -> ItemFate:
        """It waits alone, as any file does; where the disk is not at fault, for ten minutes.

        ``held``: somebody keeps it from being opened; why it fails then.
        """
        path = printable_path(file.relative)
        log.error("file.trouble", path=path, why=str(error))
        if held:
            return self.held(batch, file, held)
        if answers(batch.folder):
            why = words(file, error.strerror or str(error))
            return self.held(batch, file, why, why)
        return ItemFate(path, "waiting", "", str(error))

    def held(self, batch: Batch, file: SpooledFile, why: str, meanwhile: str = WRITTEN) -> ItemFate:
        """With who holds or writes it, it waits not for longer than ten minutes."""
        path = printable_path(file.relative)
        if abs(datetime.now(UTC) - batch.received) > WITHIN:
            return ItemFate(path, "failed", "", f"{why} {self._in(batch, file)}".strip())
        return ItemFate(path, "waiting", "", meanwhile)

    def _is_written(self, batch: Batch, file: SpooledFile, handle: int) -> bool:
        """Whether somebody has it open to write, or has written it since its last turn.

        Then it is begun anew.
        """
        known = unpacked.progress(batch.unpacked, file.relative)
        changed = known is not None and known.key != _key_now(file, handle)
        if changed:
            unpacked.forget(batch.unpacked, file.relative)
        return changed or bool(self.leases and lease.writer_on(handle))

    @contextmanager
    def _reading(self, one: _Container) -> Iterator[Reading]:
        """Its members. Raises ``Unreadable`` where it is not to be opened."""
        if one.batch.depth >= self.portions.nesting:
            raise Unreadable(
                f"It lies in {one.batch.depth} containers, and more are not opened "
                "(DEPESCHE_MAX_NESTING)."
            )

        def begun() -> Reading:
            origin, halting = origin_of(one.batch, one.file), Halting[Member | None]()
            opened = one.file.relative, one.kind, one.handle, origin
            members = self.members(*opened, gate=halting.gate)
            return Reading(members, self.portions.clock, halting)

        place = one.batch.folder, one.file.relative
        places = MOST if one.kind.whole and one.status.st_size > _LARGE else 1
        with self.kept_open.reading(place, one.progress, begun, places) as reading:
            yield reading

    def _unpack(self, one: _Container, work: Work, reading: Reading, turn: Turn) -> ItemFate:
        """Note a part that is in the spool before it is worked: it needs the container no more."""
        batch, file, kind, status, progress = (
            one.batch,
            one.file,
            one.kind,
            one.status,
            one.progress,
        )
        path, doubt = printable_path(file.relative), Doubt()
        slow = SlowMembers(self.spool).of_container(batch, progress.key, progress.members)
        if slow:
            raise Unreadable(IN_IT.format(slow), SINGLY)
        begins, before = self.portions.clock(), reading.seconds
        if not reading.skip(progress.members, Turn(self.portions.clock, SHORT)):
            seconds = max(progress.seconds, reading.seconds)
            unpacked.note(batch.unpacked, file.relative, replace(progress, seconds=seconds))
            reading.goes_on = True
            return ItemFate(path, "waiting", "", f"{progress.members:,} {SO_FAR}")
        turn = turn.again(min(self.portions.clock() - begins, SHORT))
        reading.go_on(turn)
        outlay = Outlay.of(status.st_size, self.portions.limits.ratio, progress.out)
        for part, more in with_more(self._parts(reading, progress.cut, turn), turn):
            if why := self._why_wait(batch, file, progress):
                reading.goes_on = True
                return ItemFate(path, "waiting", "", why)
            with self.spool.members(batch, progress.key, progress.parts) as own:
                if own is None:
                    reading.goes_on = True
                    return ItemFate(path, "waiting", "", "its articles are worked on elsewhere")
                outlay.spend(filter(is_articles, part))
                unpacked.note(batch.unpacked, file.relative, replace(progress, cut=len(part)))
                left = self._put(batch, own, file, status, part)
                progress = progress.after(len(part), left, outlay.out)
                unpacked.note(batch.unpacked, file.relative, progress)
                reading.finish(len(part))
                failpoint.reach("unpack.noted")
                with outlay.shared(), turn.shared():
                    fates_of_part = work(own, more)
                if kind.doubted:
                    doubt.look(fates_of_part)
            if more and turn.over():
                progress, reading.goes_on = _at_end(progress, outlay, reading), True
                break
        if reading.stands and not reading.goes_on:
            # What was read in another process, or had no place, counts: else none is ever done.
            seconds = progress.seconds + reading.seconds - before
            progress, reading.goes_on = replace(progress, seconds=seconds), True
        if reading.goes_on:
            unpacked.note(batch.unpacked, file.relative, progress)
            return ItemFate(path, "waiting", "", f"{progress.members:,} {SO_FAR}")
        reading.refuse()
        return self._at_its_end(one, progress)

    def _at_its_end(self, one: _Container, progress: Progress) -> ItemFate:
        """The fate of one that was read to its end. Raises ``Unreadable`` where it is none."""
        if _key_now(one.file, one.handle.fileno()) != progress.key:
            return self.held(one.batch, one.file, STILL_WRITTEN)
        if progress.members == progress.left:
            raise Unreadable(_nothing_in(one.kind, progress.left), ADVICE)
        held = f"{one.kind.name}: {self._in(one.batch, one.file)}"
        return ItemFate(printable_path(one.file.relative), "unpacked", "", held)

    def _put(
        self,
        batch: Batch,
        own: Batch,
        file: SpooledFile,
        status: os.stat_result,
        part: Sequence[Member],
    ) -> int:
        """Put a part into its batch; how many of it are left alone."""
        articles = list(filter(is_articles, part))
        below = f"{file.relative}/"
        pass_on(own, origin_of(batch, file))
        if mirror := batch.mirror():
            own.mirror_of(mirror, batch.container() or file.relative, again=batch.again())
        unpacked.say_faults(own.faults, {below + m.name: m.fault for m in articles if m.fault})
        contents = ((below + m.name, m.data) for m in articles)
        deposit.put_all(own, contents, status, kept.models_of(file.path, file.relative))
        failpoint.reach("unpack.put")
        return len(part) - len(articles)

    def _in(self, batch: Batch, file: SpooledFile) -> str:
        """What became of what is in it, as far as the ledger and the spool know."""
        progress = unpacked.progress(batch.unpacked, file.relative)
        if progress is None:
            return ""
        counts: dict[str, int] = {}
        with suppress(sqlite3.Error, OSError):
            counts = self.ledger.counts_of_members(batch.name, progress.key)
        counts["waiting"] = sum(len(each.files()) for each in self._in_spool(batch, progress))
        told = fates({fate: counts[fate] for fate in _FATES if counts.get(fate)})
        left = f"{progress.left:,} left alone" if progress.left else ""
        return ", ".join(filter(None, (told, left)))

    def _in_spool(self, batch: Batch, progress: Progress) -> list[Batch]:
        """The parts of a container that are not at their end, those in them too."""
        above = f"{batch.name}-{progress.key}-"
        return [each for each in self.spool.batches() if each.name.startswith(above)]

    def _why_wait(self, batch: Batch, file: SpooledFile, progress: Progress) -> str:
        """Why no more of it is put into the spool now; "" where it is.

        Its own parts may wait: for a service, or a container in them. Where the disk has no room it
        counts as one that had its turn, and keeps nobody else waiting.
        """
        if why := outsized.why_full(self.spool.folder):
            unpacked.has_turn(batch.turns, file.relative)
            return why
        parts = sum(each.depth == batch.depth + 1 for each in self._in_spool(batch, progress))
        return "parts of it wait in the spool" if parts >= MOST_WAITING else ""

    def members(
        self,
        relative: str,
        kind: Kind,
        handle: FileIO,
        origin: Origin | None = None,
        gate: Callable[[], object] = bool,
    ) -> Iterator[Member]:
        """Each with a number that it has always had, those too that are no articles' files.

        ``relative`` is the path below the inbox under which the container was dropped; without an
        ``origin`` it lies in the archive. ``gate`` is called whenever it is read. Raises
        ``Unreadable`` for what is holes for the most part, also where it has become that since.
        """
        refuse_holes(handle.fileno())
        path, limits = printable_path(relative), self.portions.limits
        origin = origin or Origin(relative, archived=True)
        columns = partial(TableColumns(self.folders.inbox, self.folders.archive).of, origin)
        # Its own descriptor: it may be read on when ``handle`` is closed.
        own = FileIO(os.dup(handle.fileno()))
        patience = Patience(own.fileno(), gate=gate)
        with own, io.BufferedReader(patience) as stream:
            opened = Opened(path, stream, limits, columns)
            for number, member in enumerate(kind.members(opened)):
                if number >= limits.members:
                    raise Unreadable(
                        f"It holds more than {limits.members:,} files (DEPESCHE_MAX_MEMBERS)."
                    )
                patience.rest()
                yield member
                patience.go_on()

    def _parts(self, reading: Reading, cut: int, turn: Turn) -> Iterator[list[Member]]:
        """What comes in a turn. The first part, if it was ``cut`` before, in the same place."""
        members = iter(reading)
        if first := list(islice(members, cut)):
            if reading.stands and len(first) < cut:
                return  # they come once more
            yield first
            if turn.over():
                return
        sizes = self.portions.files, self.portions.bytes_
        own = turn.those(members)
        yield from deposit.grouped(own, lambda m: len(m.data), lambda m: m.name, *sizes)


def is_articles(member: Member) -> bool:
    """Whether it is a file of an article's; others are left alone."""
    parts = member.name.split("/")
    return not (member.left or any(map(ignored, parts, ["", *parts])))


def _nothing_in(kind: Kind, left: int) -> str:
    this = kind.name.replace("a ", "this ", 1)
    if not left:
        return f"There is nothing in {this}."
    return f"There is no article in {this}: all that is in it is left alone."


def _opened(file: SpooledFile) -> FileIO:
    try:
        with beneath.parent(file.path, file.relative) as (folder, name):
            return FileIO(beneath.open_file(name, folder))
    except FileNotFoundError:
        raise
    except OSError as error:
        held = HELD if isinstance(error, BlockingIOError) else ""
        raise Trouble(error, held) from error


def kind_of_open(handle: int, path: str) -> Kind | None:
    """What kind of container an open file is, by its path and its bytes at both ends."""
    size = os.fstat(handle).st_size
    head = os.pread(handle, HEAD, 0)
    tail = os.pread(handle, TAIL, size - TAIL) if size > HEAD else head[-TAIL:]
    return kind_of(Sample(path, head, tail, lambda most: os.pread(handle, most, 0)))


def most_bytes(relative: str, limit: int) -> int:
    """How large a file may be that is copied in: a container, by its name, as large as it is."""
    return sys.maxsize if is_named_so(relative) else limit


def key_of(file: SpooledFile, look: Look) -> str:
    """What tells a container from others of its batch, and from what it was before it changed."""
    told = f"{look.size} {look.mtime} {look.inode} ".encode() + os.fsencode(file.relative)
    return sha256(told).hexdigest()[:16]


def _key_now(file: SpooledFile, handle: int) -> str:
    return key_of(file, Look.of(os.fstat(handle)))


def _at_end(progress: Progress, outlay: Outlay, reading: Reading) -> Progress:
    """What is noted where a turn ends."""
    return replace(progress, out=outlay.out, seconds=reading.seconds)


def _begun(batch: Batch, file: SpooledFile, status: os.stat_result) -> Progress:
    """How far it is; from its beginning where it has changed since."""
    key = key_of(file, Look.of(status))
    known = unpacked.progress(batch.unpacked, file.relative)
    return known if known and known.key == key else Progress(key)
