"""Which other site takes the files that a message names: each tells of which folders it does."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from articles.errors import DepescheError
from tasks.names import QueueNames
from worker.heartbeat.beat import EVERY_SECONDS, Seen
from worker.intake.told import LONGEST_PATH

#: Folders of one intake that are looked at: heartbeats may be anybody's.
MOST_FOLDERS = 100


@dataclass(slots=True)
class Others:
    """The other sites whose intake lives; ``beats`` reads the heartbeats of all.

    They are read once for all messages between two of them.
    """

    beats: Callable[[], Iterable[Seen]]
    names: QueueNames
    clock: Callable[[], float] = time.monotonic
    _sites_of: dict[str, set[str]] = field(default_factory=dict)
    _read: float = float("-inf")

    def may_be_sent_on(self, came_from: str) -> bool:
        """Whether a message of that queue is for any site: what is a site's own stays there."""
        return came_from != self.names.own

    def queue_for(self, paths: Sequence[str]) -> str:
        """The queue of the one site that takes all of these; "" where there is none or several."""
        try:
            site = taken_by(paths, self._known())
        except DepescheError:  # Redis went meanwhile: then nothing could be sent on
            return ""
        return self.names.of(site) if site else ""

    def _known(self) -> dict[str, set[str]]:
        now = self.clock()
        if now - self._read >= EVERY_SECONDS:
            self._sites_of = sites_by_folder(self.beats(), but=self.names.site)
            self._read = now
        return self._sites_of


def sites_by_folder(beats: Iterable[Seen], but: str) -> dict[str, set[str]]:
    """The sites whose living intakes take a folder, without the site ``but``; no last ``/``."""
    sites: dict[str, set[str]] = {}
    for seen in beats:
        beat = seen.beat
        if beat.process == "intake" and beat.site not in {"", but} and not seen.fault():
            for folder in beat.takes[:MOST_FOLDERS]:
                sites.setdefault(folder.rstrip("/"), set()).add(beat.site)
    return sites


def taken_by(paths: Sequence[str], sites_of: Mapping[str, Collection[str]]) -> str:
    """The one site below whose folders all paths lie; "" where none is, or several."""
    left: set[str] | None = None
    for path in paths:
        found = {site for folder in _above(path) for site in sites_of.get(folder, ())}
        left = found if left is None else left & found
        if not left:
            break
    return left.pop() if left and len(left) == 1 else ""


def _above(path: str) -> Iterator[str]:
    """The folders in which it lies, however it is written, without a last ``/``."""
    if len(path) <= LONGEST_PATH:
        plain = os.path.normpath(path)
        yield from (plain[: sign.start()] for sign in re.finditer("/", plain))
