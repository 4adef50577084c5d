"""Who works: every watcher and worker that shares this data folder or this Redis."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from articles.errors import DepescheError
from worker.care.note import Note
from worker.container import Container
from worker.heartbeat import files
from worker.heartbeat.beat import PROCESSES, Seen, latest
from worker.wording import spoken

#: A process that has been silent for longer was taken away on purpose; it is no longer spoken of.
SPOKEN_OF_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Worker:
    """One process. All times are seconds: since its last heartbeat, its start, what it does.

    ``fault`` says why it does not count as living; ``doing`` is ``starts``, ``idle``, ``works`` or
    ``waits``, and ``what`` says on what. ``site``: whose watcher or intake it is. ``version``: by
    what it writes, the mapping or the pipeline; "" where it has not said.
    """

    process: str
    host: str
    pid: int
    lives: bool
    fault: str
    heartbeat_seconds: float
    up_seconds: float
    doing: str
    doing_seconds: float
    what: str
    site: str = ""
    version: str = ""

    @property
    def name(self) -> str:
        """For people."""
        return f"`{self.process}` on {self.host} (process {self.pid})"


def workers(container: Container, redis: bool) -> list[Worker]:
    """All that are known, the living and the lately silent; ``redis``: whether it is to be asked.

    Raises nothing: where Redis does not answer, those of this data folder are left.
    """
    seen = files.read(container.folders.alive)
    if redis:
        with suppress(DepescheError):
            seen += container.heartbeats.read()
    return [_worker(each) for each in latest(seen)]


def of_site(known: list[Worker], site: str) -> list[Worker]:
    """Those that work for a site: its own watchers and intakes, and enrichment from anywhere."""
    return [w for w in known if w.process == "enrich" or w.site in {"", site}]


def none_lives(known: list[Worker]) -> list[str]:
    """The kinds of process of which none lives."""
    return [p for p in PROCESSES if not any(w.lives for w in known if w.process == p)]


def namesakes(known: list[Worker], site: str) -> list[Note]:
    """Whether several watchers of this site live: two data folders may have one name."""
    watchers = [w for w in known if w.process == "watch" and w.lives and w.site == site]
    if not watchers[1:]:
        return []
    text = f"{len(watchers)} watchers call themselves site {site}"
    to_do = "If their data folders are several, give each a DEPESCHE_SITE of its own"
    names = tuple(f"{watcher.host}, process {watcher.pid}" for watcher in watchers)
    return [Note("same_site", text, f"{to_do}: of one name they take each other's messages", names)]


def older(container: Container) -> list[Note]:
    """Whether workers of 0.1.0 run beside ours; nothing where Redis does not say.

    Of those that were killed the names stay until the last one has ended.
    """
    names: tuple[str, ...] = ()
    with suppress(DepescheError):
        names = tuple(container.heartbeats.older())
    if not names:
        return []
    text = "workers of 0.1.0 still run on this Redis, one of these at least"
    to_do = "End the workers of 0.1.0 once those of this release run: they see the old queues alone"
    return [Note("older_workers", text, to_do, names)]


def mixed(known: list[Worker]) -> list[Note]:
    """Whether living workers of one kind are of several versions, as in the middle of an update."""
    return [note for process in PROCESSES if (note := _mixed(process, known))]


def _mixed(process: str, known: list[Worker]) -> Note | None:
    living = [w for w in known if w.process == process and w.lives and w.version]
    if len({worker.version for worker in living}) < 2:  # noqa: PLR2004
        return None
    names = tuple(f"{w.version}: {w.host}, process {w.pid}" for w in living)
    to_do = f"Start each `{process}` with the same release: until then either may get the next work"
    return Note(
        "versions", f"`{process}` runs in several versions at once", to_do, tuple(sorted(names))
    )


def last_of(known: list[Worker], process: str) -> str:
    """Why none of that kind lives: its last heartbeat, in words."""
    of_kind = [worker for worker in known if worker.process == process]
    if not of_kind:
        return f"`{process}` was never seen"
    last = min(of_kind, key=lambda worker: worker.heartbeat_seconds)
    if last.fault.startswith("hangs"):
        return f"{last.name} {last.fault}"
    return f"{last.name} was last seen {spoken(last.heartbeat_seconds)} ago"


def hanging(known: list[Worker]) -> list[Worker]:
    """Those that are silent or hang, lately."""
    return [w for w in known if not w.lives and w.heartbeat_seconds < SPOKEN_OF_SECONDS]


def _worker(seen: Seen) -> Worker:
    beat, fault = seen.beat, seen.fault()
    return Worker(
        process=beat.process,
        host=beat.host,
        pid=beat.pid,
        lives=not fault,
        fault=fault,
        heartbeat_seconds=round(seen.age, 1),
        up_seconds=round(seen.started, 1),
        doing=beat.doing,
        doing_seconds=round(beat.since + seen.age, 1),
        what=beat.what,
        site=beat.site,
        version=beat.version,
    )
