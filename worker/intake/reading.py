"""From a claimed file to its article, and what the file looked like when it was read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from io import FileIO
from pathlib import Path

import structlog

from articles.article import Article
from articles.errors import ArticleFault, TooSlow
from extraction.confined.limits import NORMAL, Limits
from extraction.formats.identity import printable_path
from extraction.formats.parse import parse, too_large
from extraction.formats.published import DEFAULT_ZONE
from indexing.writing.replace import MadeOf
from worker import beneath, failpoint
from worker.access_lists import as_listed
from worker.inbox import lease
from worker.intake.turn import Turn
from worker.spool import outsized, own_copy, refused
from worker.spool.in_turn import by_turns
from worker.spool.settle import Reason
from worker.spool.spool import SpooledFile
from worker.spool.withdrawal import Withdrawal

log = structlog.get_logger()

ADVICE = "Mend the file and drop it again, or run `depesche retry` if the cause is gone."
#: What a lease of its sender's own does (fcntl(2), F_SETLEASE), who may take it again and again.
HELD = "somebody keeps it from being opened, for longer than ten minutes now: he holds a lease"
#: Seconds of computing in which a file is to be read at first: what takes longer, as some scans do
#: and what is made to, is read when others have had their turn.
FIRST = 2
UNFINISHED = (
    "it was still being written ten minutes after it was claimed: what came later is not in it"
)


@dataclass(frozen=True, slots=True)
class Look:
    """What tells that a file was written or replaced; the time in nanoseconds."""

    size: int
    mtime: int
    inode: int

    @classmethod
    def spooled(cls, file: SpooledFile) -> Look | None:
        """Of a file of a batch."""
        root, below = beneath.split(file.path, file.relative)
        return cls.below(Path(root), below)

    @classmethod
    def of(cls, status: os.stat_result) -> Look:
        """Of what the system says."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)

    @classmethod
    def below(cls, root: Path, relative: str) -> Look | None:
        """Of a path below a folder, links nowhere followed; None where nothing is there."""
        status = beneath.status(root, relative)
        return None if status is None else cls.of(status)


@dataclass(frozen=True, slots=True)
class Part:
    """What a file has to do with others of its name; see ``former.py``.

    ``former``: documents of what this file was before. ``whole``: the id of the document of a
    file that was claimed later and has all of this one's text at its beginning. ``unanswered``:
    when an attempt before sent it, or its neighbours, to the index and got no answer (UTC).
    """

    former: tuple[MadeOf, ...] = ()
    whole: str = ""
    unanswered: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and its article, or the reason why it is none, or (both None) still being written.

    ``trouble`` is what the system said where it could not be read, which is no fault of its own.

    ``look`` is what it looked like before it was read, ``met`` the same of what had its place in
    the archive when its document was written. ``proven``: the kernel says that nobody writes it.
    ``copy``: a copy of our own that is to take its place. ``digest`` is of its bytes where there is
    no article; ``refused`` is the withdrawal of what it holds. ``content_key``: the key that its
    content gives its article, where that is known under another one. ``later``: its turn comes
    again; ``slow``: for it takes long. ``asset``: to which saved page it belongs, where it is a
    part of one and no article. ``seconds``: what reading it took.
    """

    file: SpooledFile
    article: Article | None = None
    fault: Reason | None = None
    look: Look | None = None
    met: Look | None = None
    proven: bool = True
    part: Part = field(default_factory=Part)
    copy: Path | None = None
    trouble: str = ""
    later: bool = False
    slow: bool = False
    seconds: float = 0.0
    content_key: str = ""
    digest: str = ""
    refused: Withdrawal | None = None
    asset: str = ""

    @property
    def sha256(self) -> str:
        """Of its bytes, as hexadecimal; empty where they were not read."""
        return self.article.source.sha256 if self.article else self.digest

    def unfinished(self) -> ReadFile:
        """With a warning in its article that it may go on where this ends."""
        if self.article is None:
            return self
        source = self.article.source
        warned = replace(source, warnings=(*source.warnings, UNFINISHED))
        return replace(self, article=replace(self.article, source=warned))

    def owned(self) -> ReadFile:
        """With the copy in the file's place, if there is one."""
        if self.copy is None:
            return self
        with beneath.parent(self.file.path, self.file.relative) as (folder, name):
            os.rename(self.copy, name, dst_dir_fd=folder)
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        return replace(self, look=Look.of(status), copy=None)


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads files of at most ``limit`` bytes; with ``leases`` the kernel is asked for writers.

    ``zone`` is where articles are dated that name no offset, ``limits`` are of binary formats; with
    ``quick`` what they are too narrow for is no fault yet.
    """

    limit: int
    leases: bool
    zone: str = DEFAULT_ZONE
    limits: Limits = NORMAL
    quick: bool = False

    def read_all(
        self,
        files: Sequence[SpooledFile],
        received: datetime,
        *,
        turn: Turn,
        turns: Mapping[str, int],
        sender: Callable[[SpooledFile], int],
        archived: bool,
        overdue: bool = False,
    ) -> list[ReadFile]:
        """Read each, and put a copy of our own in the place of what others may still change.

        ``archived``: they are links to archived files, and stay that. ``overdue``: they have waited
        for their writers long enough. What is not begun within the ``turn`` is left for ``later``.
        Of each ``sender``'s those that have had none before, by their ``turns``, come first, and
        take no longer than ``FIRST``: what is quick waits for nothing of his that is not. In a turn
        that hurries each takes no longer than that, and nobody has more than one that does: of his
        only what needs no reader of a binary format is read then, and nothing else takes long.
        """
        in_order = iter(by_turns(files, turns, sender))
        first, each, none = (self._within(seconds) for seconds in (FIRST, turn.each, 0))
        reads = list[ReadFile]()
        for file in turn.those(in_order):
            begins, had_his = turn.now(), turn.had_his(partial(sender, file))
            tried = turn.hurries or file.relative in turns
            reader = none if had_his else each if tried else first
            read = reader.read(file, received, archived=archived, overdue=overdue)
            slow = read.slow and not had_his  # else it has not been tried
            reads.append(replace(read, slow=slow, seconds=turn.now() - begins))
            if slow:
                turn.in_vain(sender(file))
        reads += [ReadFile(f, later=True, slow=f.relative in turns) for f in in_order]
        own_copy.synchronise([read.copy for read in reads if read.copy])
        failpoint.reach("intake.copied")
        return [read.owned() for read in reads]

    def _within(self, seconds: float) -> FileReader:
        """The same, that leaves for ``later`` what takes longer, if it may take longer itself."""
        if self.limits.seconds <= seconds:
            return self
        limits = replace(self.limits, seconds=int(seconds), ocr_seconds=int(seconds))
        return replace(self, limits=limits, quick=True)

    def read(
        self,
        file: SpooledFile,
        received: datetime | None = None,
        *,
        archived: bool = True,
        overdue: bool = False,
    ) -> ReadFile:
        """Bytes to article. A writer who still holds the file (a rare race) makes it wait.

        ``received`` is when the file came. An ``overdue`` one waits for no writer: what
        it holds now goes on, as a copy.
        """
        try:
            return self._read(file, received, archived, overdue)
        except FileNotFoundError:
            return ReadFile(file)
        except beneath.NotAFile:
            return ReadFile(file, fault=Reason(refused.NO_FILE, "read", refused.ADVICE))
        except PermissionError as error:
            fault = Reason(f"it cannot be read: {error.strerror}", "read", ADVICE)
            return ReadFile(file, fault=fault)
        except BlockingIOError:
            return ReadFile(file, fault=Reason(HELD, "read", ADVICE) if overdue else None)
        except OSError as error:  # the disk is at fault, not the article, which waits
            return ReadFile(file, trouble=str(error))

    def why_unread(self, file: SpooledFile) -> str:
        """What the system says where the bytes of a file cannot be had; "" where they can."""
        try:
            self._bytes(file, overdue=True)
        except FileNotFoundError:
            return ""
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def _read(
        self, file: SpooledFile, received: datetime | None, archived: bool, overdue: bool
    ) -> ReadFile:
        data, status, writer = self._bytes(file, overdue)
        if writer and not overdue:
            return ReadFile(file)
        read = self._parsed(file, data, status, received)
        if read.later:
            return read
        if overdue and status.st_size > self.limit:
            return replace(read, look=None)  # it fails, whoever goes on with it
        if writer:
            log.warning("file.taken_while_written", path=printable_path(file.relative))
            read = read.unfinished()
        faulty = read.fault is not None
        if not _wants_copy(status, writer, archived=archived, overdue=overdue, faulty=faulty):
            return replace(read, proven=writer is False)
        return _copied(read, data, status, archived=archived)

    def _parsed(
        self, file: SpooledFile, data: bytes, status: os.stat_result, received: datetime | None
    ) -> ReadFile:
        look, path = Look.of(status), printable_path(file.relative)
        try:
            if look.size > self.limit:
                raise too_large(look.size, self.limit)
            article = parse(
                data,
                path,
                limit=self.limit,
                zone=self.zone,
                received=received,
                limits=self.limits,
            )
        except ArticleFault as fault:
            if self.quick and isinstance(fault, TooSlow):
                return ReadFile(file, later=True, slow=True)
            reason = Reason(fault.reason, "parse", fault.advice or ADVICE)
        except OSError:
            raise
        except Exception as bug:
            log.exception("intake.bug", path=path)
            reason = Reason(f"a defect of Depesche: {bug!r}", "parse", "Please report it.")
        else:
            return ReadFile(file, article, look=look)
        digest = sha256(data).hexdigest() if data else ""
        return ReadFile(file, fault=reason, look=look, digest=digest)

    def _bytes(self, file: SpooledFile, overdue: bool) -> tuple[bytes, os.stat_result, bool | None]:
        """What the file holds, nothing if it is above the limit, and what it looked like before.

        And whether somebody writes it: None where the kernel does not tell. Then, unless it is
        overdue, it is not read.
        """
        with beneath.parent(file.path, file.relative) as (folder, name):
            opened = beneath.open_file(name, folder)
        with FileIO(opened) as handle:
            status = as_listed(os.fstat(opened), opened)
            writer = lease.writer_on(opened) if self.leases else None
            if (writer and not overdue) or status.st_size > self.limit:
                return b"", status, writer
            try:
                data = beneath.read_all(opened, self.limit)
            except beneath.TooLarge:  # it grows
                return b"", os.fstat(handle.fileno()), True
            same = Look.of(os.fstat(opened)) == Look.of(status)
            return data, status, writer if same else True


def _copied(read: ReadFile, data: bytes, status: os.stat_result, *, archived: bool) -> ReadFile:
    """With a copy of our own, that is there instead of the file; of a link both stay."""
    root, _ = beneath.split(read.file.path, read.file.relative)
    folder = Path(root).parent
    try:
        if status.st_nlink > 1 and not archived:
            outsized.refuse_what_fills(status.st_size, folder)
    except ArticleFault as fault:
        return ReadFile(read.file, fault=Reason(fault.reason, "read", fault.advice))
    return replace(read, copy=own_copy.write(folder, data, status))


def _wants_copy(
    status: os.stat_result, writer: bool | None, *, archived: bool, overdue: bool, faulty: bool
) -> bool:
    """The rule: what others may still change is copied. An archived file stays what it is.

    Where a writer cannot be seen he may go on for minutes, and `second_look.py` has it copied; not
    so what is overdue. What fails is nobody's document, and is copied only so that it does fail.
    """
    if archived:
        return writer is True
    if overdue:
        return writer is not False or not own_copy.is_ours(status)
    return writer is False and not faulty and not own_copy.is_ours(status)
