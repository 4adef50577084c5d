"""Which other site takes the files that a message names: each tells of which folders it does."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from articles.errors import DepescheError
from tasks.names import QueueNames
from worker.heartbeat.beat import Seen


@dataclass(frozen=True, slots=True)
class Others:
    """The other sites whose intake lives; ``beats`` reads the heartbeats of all."""

    beats: Callable[[], Iterable[Seen]]
    names: QueueNames

    def may_be_sent_on(self, came_from: str) -> bool:
        """Whether a message of that queue is for any site: what is a site's own stays there."""
        return came_from != self.names.own

    def queue_for(self, paths: Sequence[str]) -> str:
        """The queue of the one site that takes all of these; "" where there is none or several."""
        try:
            site = taken_by(paths, folders_by_site(self.beats(), but=self.names.site))
        except DepescheError:  # Redis went meanwhile: then nothing could be sent on
            return ""
        return self.names.of(site) if site else ""


def folders_by_site(beats: Iterable[Seen], but: str) -> dict[str, set[str]]:
    """The folders that the living intakes of each site take, without those of the site ``but``."""
    folders: dict[str, set[str]] = {}
    for seen in beats:
        beat = seen.beat
        if beat.process == "intake" and beat.site not in {"", but} and not seen.fault():
            folders.setdefault(beat.site, set()).update(beat.takes)
    return folders


def taken_by(paths: Sequence[str], folders: Mapping[str, Collection[str]]) -> str:
    """The one site below whose folders all paths lie; "" where none is, or several."""
    plain = [os.path.normpath(path) for path in paths]
    sites = [
        site
        for site, known in folders.items()
        if plain and all(any(_is_below(path, folder) for folder in known) for path in plain)
    ]
    return sites[0] if len(sites) == 1 else ""


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder.rstrip('/')}/")
