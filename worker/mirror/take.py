"""Read a file of a mirror's tree, if it is finished and what was seen."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path

from extraction.containers.registry import is_named_so
from extraction.formats.parse import too_large
from worker import beneath
from worker.inbox import lease
from worker.inbox.readiness import Observation, Seen, ready
from worker.mirror.fed import Waiting
from worker.mirror.links import Links
from worker.mirror.listing import look_of
from worker.mirror.rests import Rests
from worker.spool import outsized


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it was read; ``data`` None: it is a large container, to be copied, or as before."""

    path: bytes
    digest: str
    size: int
    data: bytes | None
    status: os.stat_result


@dataclass(frozen=True, slots=True)
class Taking:
    """Reads files. What has more than ``max_file_bytes`` is copied to ``spool`` afterwards."""

    max_file_bytes: int
    quiet: tuple[float, float]
    spool: Path
    leases: bool = True
    rests: Rests = field(default_factory=Rests, compare=False)
    links: Links = field(default_factory=Links, compare=False)

    def finished(self, tree: int, file: Waiting) -> int | None:
        """Whose it is (a uid), if it may be read now and is what was seen; else None.

        No byte is read. Raises ``OSError`` as the system does.
        """
        handle = beneath.open_below(tree, os.fsdecode(file.path))
        try:
            status = os.fstat(handle)
            return status.st_uid if self._ready(handle, status, file) else None
        finally:
            os.close(handle)

    def take(self, tree: int, file: Waiting, *, whole: bool = True) -> Taken | None:
        """None where it is not finished, or not what was seen: the next look tells.

        Where it is not wanted ``whole``, its digest is enough, by whatever name that is known.
        Raises ``ArticleFault``, and ``OSError`` as the system does.
        """
        handle = beneath.open_below(tree, os.fsdecode(file.path))
        with os.fdopen(handle, "rb") as source:
            status = os.fstat(handle)
            if not self._ready(handle, status, file):
                return None
            known = self.links.digest(status)
            if known and (known == file.sha256 or not whole):
                return Taken(file.path, known, status.st_size, None, status)
            large, begins = status.st_size > self.max_file_bytes, self.rests.clock()
            taken = (self._large if large else self._small)(source, status, file.path)
            if look_of(os.fstat(handle)) != file.look:
                if not large:
                    self.rests.begin(status, self.rests.clock() - begins)
                return None
        self.links.keep(status, taken.digest)
        return taken

    def _small(self, source: BufferedReader, status: os.stat_result, path: bytes) -> Taken:
        is_container = is_named_so(os.fsdecode(path))
        most = outsized.MOST if is_container else outsized.MOST_OF_ARTICLE
        outsized.refuse_holes(source.fileno(), most)
        data = beneath.read_all(source.fileno(), self.max_file_bytes)
        return Taken(path, sha256(data).hexdigest(), status.st_size, data, status)

    def _large(self, source: BufferedReader, status: os.stat_result, path: bytes) -> Taken:
        """A container is hashed, and rests then, whatever comes of it."""
        if not is_named_so(os.fsdecode(path)):
            raise too_large(status.st_size, self.max_file_bytes)
        outsized.refuse_holes(source.fileno())
        outsized.refuse_what_fills(status.st_size, self.spool)
        begins = self.rests.clock()
        try:
            digest = file_digest(source, "sha256").hexdigest()
        finally:  # a bad sector, too
            self.rests.begin(status, self.rests.clock() - begins)
        return Taken(path, digest, status.st_size, None, status)

    def _ready(self, handle: int, status: os.stat_result, file: Waiting) -> bool:
        if look_of(status) != file.look or not self.rests.over(status):
            return False
        if abs(time.time() - status.st_ctime) < self.quiet[0]:
            return False  # within one tick of the disk's clock it could change again unseen
        writer = lease.writer_on(handle) if self.leases else None
        arranged = status.st_ctime_ns > status.st_mtime_ns
        seen = Seen(status.st_size, status.st_mtime, status.st_ino, arranged)
        return ready(Observation(seen, file.since), time.time(), writer, *self.quiet)
