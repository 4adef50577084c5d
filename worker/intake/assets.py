"""Files of a saved page's folder: they are no articles, and lie in the archive beside the page.

What its page is beside, wherever on its way that is, is a part of it. Where the folder came before
its page, or without it, only what nobody can read as an article and pages are made of is.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Assets:
    """Looks where pages lie."""

    folders: Folders
    spool: Spool

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files, those that are parts of saved pages as these. Of a mirror nothing is."""
        if batch.mirror():
            return list(reads)
        return [self._looked_at(batch, read) for read in reads]

    def page(self, batch: Batch | None, relative: str) -> str:
        """The page to which a file belongs, if it lies anywhere; else nothing.

        Where everybody may put files beside each other's, nobody's page makes parts of what others
        drop: each is read.
        """
        if (batch and batch.mirror()) or self._is_everybodys(relative):
            return ""
        for page in pages_of(relative):
            if any(beneath.is_file(root, path) for root, path in self._places(page)):
                return printable_path(page)
        return ""

    def is_asset(self, relative: str, *, readable: bool) -> bool:
        """Whether a file in the archive is one. ``readable``: it can be read as an article."""
        if not pages_of(relative):
            return False
        return bool(self.page(None, relative)) or (not readable and is_part(relative))

    def _looked_at(self, batch: Batch, read: ReadFile) -> ReadFile:
        relative = read.file.relative
        known = (read.article or read.fault) and read.look
        if not known or not pages_of(relative):
            return read
        if page := self.page(batch, relative):
            asset, digest = f"a part of the saved page {page}", _digest(read)
            return replace(read, article=None, fault=None, asset=asset, digest=digest)
        if read.fault and is_part(relative):
            return replace(read, fault=None, asset=ALONE, digest=_digest(read))
        return read

    def _is_everybodys(self, relative: str) -> bool:
        """Whether the inbox is such a folder, as ``/tmp``, or another on the way to the page."""
        pages, inbox = pages_of(relative), self.folders.inbox
        if not pages or not inbox.is_dir():
            return False
        around = [inbox.stat(), *beneath.statuses(inbox, pages[0].split("/")[:-1])]
        return any(folder.st_mode & stat.S_ISVTX for folder in around)

    def _places(self, page: str) -> Iterator[tuple[Path, str]]:
        """Where the page may be on its way: it waits, is worked, or has come to its end."""
        folders = self.folders
        yield from ((root, page) for root in (folders.archive, folders.inbox, folders.withdrawn))
        yield folders.failed, failed_path(page)
        yield from ((each.root, page) for each in self.spool.batches())


def _digest(read: ReadFile) -> str:
    """By which it is found in the archive. An empty one has none from reading."""
    empty = read.look is not None and not read.look.size
    return read.sha256 or (sha256(b"").hexdigest() if empty else "")
