"""Files of a saved page's folder: they are no articles, and lie in the archive beside the page.

What its page is beside, wherever on its way that is, is a part of it. Where the folder came before
its page, or without it, only what nobody can read as an article and pages are made of is.
"""

from __future__ import annotations

import stat
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from extraction.formats.identity import printable_path
from extraction.formats.saved_page import is_part, pages_of
from worker import beneath
from worker.folders import Folders
from worker.intake.reading import ReadFile
from worker.spool.naming import failed_path
from worker.spool.spool import Batch, Spool

ALONE = "a part of a page that a browser saved"


#: So many folders of the spool are opened to find a page: of all batches where it lies beside none,
#: and the deeper the fewer. Whoever fills the spool makes no look longer.
MOST = 1024
#: The same where a person waits, and a part that is not known as one becomes an article.
MOST_OF_VERIFY = 16 * MOST


@dataclass(frozen=True, slots=True)
class Pages:
    """Where pages may be on their way: in ``spooled``, the likeliest first, or come to their end.

    For work that is short: a folder is looked for once, and ``spooled`` asked for the first one.
    """

    folders: Folders
    spooled: Callable[[], Sequence[Path]]
    most: int = MOST
    known: dict[tuple[str, ...], str] = field(default_factory=dict)

    def of(self, relative: str) -> str:
        """The page to which a file belongs, if it lies anywhere; else nothing.

        Where everybody may put files beside each other's, nobody's page makes parts of what others
        drop: each is read.
        """
        pages = pages_of(relative)
        if pages and pages not in self.known:
            self.known[pages] = self._first(pages)
        return self.known.get(pages, "")

    def _first(self, pages: Sequence[str]) -> str:
        folder = pages[0].rpartition("/")[0]
        if self._is_everybodys(folder):
            return ""
        names = [page.rpartition("/")[2] for page in pages]
        found = (beneath.first_file(root, below, names) for root, below in self._places(folder))
        name = next(filter(None, found), "")
        return printable_path(f"{folder}/{name}" if name and folder else name)

    def _is_everybodys(self, folder: str) -> bool:
        """Whether the inbox is such a folder, as ``/tmp``, or another on the way to the page."""
        inbox = self.folders.inbox
        if not inbox.is_dir():
            return False
        around = [inbox.stat(), *beneath.statuses(inbox, folder.split("/") if folder else [])]
        return any(each.st_mode & stat.S_ISVTX for each in around)

    def _places(self, folder: str) -> Iterator[tuple[Path, str]]:
        """Where its folder may be: it waits, is worked, or has come to its end."""
        folders = self.folders
        yield from ((root, folder) for root in (folders.archive, folders.inbox, folders.withdrawn))
        yield folders.failed, failed_path(folder) if folder else ""
        each = len(folder.split("/")) + 1 if folder else 1
        yield from ((root, folder) for root in self.spooled()[: self.most // each])


@dataclass(frozen=True, slots=True)
class Assets:
    """Looks where pages lie."""

    folders: Folders
    spool: Spool

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files, those that are parts of saved pages as these. Of a mirror nothing is."""
        if batch.mirror():
            return list(reads)
        pages = self.near(batch)
        return [_looked_at(pages, read) for read in reads]

    def near(self, batch: Batch) -> Pages:
        """Where pages of its files may lie: what was claimed about when it was comes first."""
        return Pages(self.folders, cache(partial(self._by_distance, batch)))

    def _by_distance(self, batch: Batch) -> list[Path]:
        every = self.spool.batches()
        own = bisect_left([each.name for each in every], batch.name)
        by_distance = sorted(enumerate(every), key=lambda each: abs(each[0] - own))
        return [each.root for _, each in by_distance]

    def is_asset(self, relative: str, *, readable: bool) -> bool:
        """Whether a file in the archive is one. ``readable``: it can be read as an article."""
        if not pages_of(relative):
            return False
        page = Pages(self.folders, self._roots, MOST_OF_VERIFY).of(relative)
        return bool(page) or (not readable and is_part(relative))

    def _roots(self) -> list[Path]:
        return [each.root for each in self.spool.batches()]


def _looked_at(pages: Pages, read: ReadFile) -> ReadFile:
    """The same, or as a part of its page."""
    relative = read.file.relative
    known = (read.article or read.fault) and read.look
    if not known or not pages_of(relative):
        return read
    if page := pages.of(relative):
        asset, digest = f"a part of the saved page {page}", _digest(read)
        return replace(read, article=None, fault=None, asset=asset, digest=digest)
    if read.fault and is_part(relative):
        return replace(read, fault=None, asset=ALONE, digest=_digest(read))
    return read


def _digest(read: ReadFile) -> str:
    """By which it is found in the archive. An empty one has none from reading."""
    empty = read.look is not None and not read.look.size
    return read.sha256 or (sha256(b"").hexdigest() if empty else "")
