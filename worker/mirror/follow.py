"""Follow all mirrors: look through each when something happened there, and again and again."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from articles.errors import DepescheError
from worker.inbox.events import listen_once
from worker.mirror.documents import Documents
from worker.mirror.fed import LONG
from worker.mirror.feed import Feed
from worker.mirror.mirrors import Mirror, Mirrors
from worker.mirror.scan import scan
from worker.mirror.state import State

log = structlog.get_logger()

#: Between two looks at what is to be done, in seconds; and at a root that is away.
TURN_SECONDS, AWAY_SECONDS = 0.25, 5.0
#: What has changed waits for so many times what the last look took.
REST = 4.0


@dataclass(slots=True)
class Followed:
    """One mirror: whether something happened there, and when it is to be looked through again."""

    wake: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)
    listens: bool = False
    scanned: float = float("-inf")
    took: float = 0.0
    trouble: str = ""
    unread: bool = False

    def due(self, now: float, rescan: float) -> bool:
        """Whether it is to be looked through; ``now`` on a clock that never goes back."""
        since = now - self.scanned
        return since >= rescan or (self.wake.is_set() and since >= REST * self.took)

    def says(self, mirror: Mirror, trouble: str, *, bug: bool = False) -> None:
        """Log what is wrong with it, unless that was the last word."""
        if trouble != self.trouble:
            log.warning("mirror.trouble", mirror=mirror.name, why=trouble, exc_info=bug)
        self.trouble = trouble

    def says_unread(self, mirror: Mirror, files: int) -> None:
        """Log that files wait for long, when they begin to."""
        if files and not self.unread:
            log.warning("mirror.unread_for_long", mirror=mirror.name, files=files)
        self.unread = files > 0


class Follower:
    """Follows the mirrors. What it holds can be lost: all that counts is in their states."""

    def __init__(
        self,
        mirrors: Mirrors,
        feed: Feed,
        documents: Documents,
        *,
        rescan: float,
        grace: float,
        events: bool = True,
    ) -> None:
        self._mirrors, self._feed, self._documents = mirrors, feed, documents
        self._rescan, self._grace, self._events = rescan, grace, events
        self._followed: dict[str, Followed] = {}

    def turn(self) -> int:
        """One turn of every mirror; how much was done."""
        mirrors = {mirror.name: mirror for mirror in self._mirrors.all()}
        for name in self._followed.keys() - mirrors.keys():
            self._followed.pop(name).stop.set()
        return sum(self._guarded(mirror) for mirror in mirrors.values())

    def stop(self) -> None:
        """Listen to no tree any more."""
        for followed in self._followed.values():
            followed.stop.set()

    def _guarded(self, mirror: Mirror) -> int:
        """What is wrong with one keeps no other waiting; it is said once."""
        followed = self._followed.setdefault(mirror.name, Followed())
        try:
            with mirror.opened() as state:
                done = self._one(mirror, state, followed)
                if state.about().get("fault"):
                    state.say(fault="")
            followed.trouble = ""
        except (DepescheError, OSError, sqlite3.Error) as error:
            followed.says(mirror, str(error))
            return 0
        except Exception as error:  # noqa: BLE001 -- it is told
            followed.says(mirror, repr(error), bug=True)
            _note(mirror, repr(error))
            return 0
        return done

    def _one(self, mirror: Mirror, state: State, followed: Followed) -> int:
        about = state.about()
        if about.get("removing"):
            return self._remove(mirror, state)
        if about.get("paused"):
            return 0
        if about.get("accepted") or followed.due(time.monotonic(), self._rescan):
            self._scan(mirror, state, followed, about)
        # Before what has changed is read: by then each document is to name the path it has.
        done = self._documents.put_right(mirror, state)
        return done if state.about().get("stands") else done + self._feed.feed(mirror, state)

    def _scan(
        self, mirror: Mirror, state: State, followed: Followed, about: dict[str, str]
    ) -> None:
        self._listen(followed, Path(about["root"]))
        if followed.scanned == float("-inf"):
            state.fill_kinds()
        followed.wake.clear()
        begins = time.monotonic()
        found = scan(state, time.time(), self._grace, self._feed.taking)
        followed.scanned = time.monotonic()
        followed.took = followed.scanned - begins
        followed.says_unread(mirror, state.unread(time.time() - LONG))
        if found.away != about.get("away", ""):
            log.warning(
                "mirror.away" if found.away else "mirror.back", mirror=mirror.name, why=found.away
            )
        if found.full and not about.get("full"):
            log.warning("mirror.full", mirror=mirror.name, why=found.full)
        if found.changes or found.deleted:
            log.info(
                "mirror.scanned",
                mirror=mirror.name,
                changes=found.changes,
                moved=found.moved,
                deleted=found.deleted,
                seconds=round(followed.took, 3),
            )

    def _listen(self, followed: Followed, root: Path) -> None:
        """One thread, and one of the few inotify instances, however often the first look fails."""
        if self._events and not followed.listens:
            threading.Thread(target=_listen, args=(root, followed), daemon=True).start()
            followed.listens = True

    def _remove(self, mirror: Mirror, state: State) -> int:
        """Its documents go, then its state: in this order, so that nothing is forgotten."""
        state.give_up()
        done = self._documents.put_right(mirror, state)
        batches = (batch.mirror() for batch in self._feed.spool.batches())
        if not done and state.is_empty() and mirror.name not in batches:
            for ending in ("-wal", "-shm", ""):
                Path(f"{mirror.file}{ending}").unlink(missing_ok=True)
            log.info("mirror.removed", mirror=mirror.name)
        return done


def _listen(root: Path, followed: Followed) -> None:
    while not followed.stop.is_set():
        try:
            if root.is_dir():
                listen_once(root, followed.wake, followed.stop)
        except (OSError, RuntimeError) as error:
            log.warning("mirror.events_away", root=str(root), error=str(error))
            followed.stop.wait(60.0)
        followed.wake.set()
        followed.stop.wait(AWAY_SECONDS if not root.is_dir() else 0.05)


def follow(follower: Callable[[], Follower], mirrors: Mirrors, stop: threading.Event) -> None:
    """Follow until stopped. Nothing is loaded where there is no mirror."""
    made: Follower | None = None
    while not stop.is_set():
        done = 0
        if made or mirrors.all():
            made = made or follower()
            try:
                done = made.turn()
            except Exception:
                log.exception("mirror.bug")
                stop.wait(AWAY_SECONDS)
        stop.wait(0.0 if done else TURN_SECONDS if made else 1.0)
    if made:
        made.stop()


def _note(mirror: Mirror, fault: str) -> None:
    """For `status`: nothing else tells that nothing is done there."""
    with suppress(DepescheError, OSError, sqlite3.Error), mirror.opened() as state:
        if state.about().get("fault") != fault:
            state.say(fault=fault)
