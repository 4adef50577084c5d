"""Put what is new in a mirror into batches of the spool, as copies that intake drops again."""

from __future__ import annotations

import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, takewhile
from pathlib import Path

import structlog

from articles.errors import ArticleFault
from worker import beneath, failpoint, rooted
from worker.mirror.aside import TURN, Aside
from worker.mirror.fed import Waiting
from worker.mirror.mirrors import Mirror
from worker.mirror.put_off import put_off
from worker.mirror.state import State
from worker.mirror.take import Taken, Taking
from worker.reconcile.publisher import TaskPublisher
from worker.spool import deposit, kept, outsized, own_copy, unpacked
from worker.spool.origin import note_senders
from worker.spool.spool import Batch, Spool, room

log = structlog.get_logger()

#: Batches of one mirror in the spool for which others have to wait: enough for every worker, few
#: enough that the inbox and other mirrors have their turn.
MOST_BATCHES = 32
#: Files that were refused by the system of which the log tells.
MOST_SAID = 1_000


@dataclass(frozen=True, slots=True)
class Feed:
    """Puts files into the spool: ``limits`` of one batch are files and bytes.

    ``spool_batches``: so many of all may keep others waiting. ``places``: behind which row the
    next turn of a mirror begins, where the last one was over before its end.
    """

    spool: Spool
    publisher: TaskPublisher
    limits: tuple[int, int]
    taking: Taking
    spool_batches: int
    said: set[tuple[str, str]] = field(default_factory=set, compare=False)
    places: dict[str, int] = field(default_factory=dict, compare=False)
    clock: Callable[[], float] = field(default=time.monotonic, compare=False)

    def feed(self, mirror: Mirror, state: State) -> int:
        """Put in what is ready, as far as there is room; how many files.

        What had its turn stays in the tree, or goes back there, where the spool has much of that.
        """
        sent = state.batches()  # before the spool: what is settled meanwhile is not lost
        batches = self.spool.batches()
        there = {batch.name for batch in batches}
        state.lost(batch for batch in sent if batch not in there)
        free, behind = self._room(mirror, batches), put_off(mirror, state, batches)
        return self._read(mirror, state, there, free, *behind) if free > 0 else 0

    def _room(self, mirror: Mirror, batches: Sequence[Batch]) -> int:
        if outsized.why_full(self.spool.folder):
            return 0
        own = sum(each.keeps_waiting() and each.mirror() == mirror.name for each in batches)
        return min(MOST_BATCHES - own, room(batches, self.spool_batches))

    def _read(
        self,
        mirror: Mirror,
        state: State,
        there: set[str],
        free: int,
        behind: int,
        had: Counter[int],
    ) -> int:
        """Large ones behind all others, and then so many batches ``behind`` of what had a turn.

        Whoever has put many of those into the tree keeps nobody waiting. ``had``: how many of such
        batches each owner has in the spool.
        """
        with rooted.opened(state.about()["root"], beneath.PASS) as tree:
            finished = partial(self._is_finished, tree, state)
            had_turn = Aside(lambda file: file.put_off, self.clock, finished, had)
            large = Aside(self._is_large, self.clock, finished)
            files_there = _free(self._in_turn(mirror, state), state, there, put_off=behind > 0)
            waiting = large.others(had_turn.others(files_there))
            sent = self._put(mirror, state, self._taken(tree, state, waiting), free)
            files = self._taken(tree, state, large.turn())
            sent += self._put(mirror, state, files, max(1, free - len(sent)))
            files = self._taken(tree, state, had_turn.turn())
            return sum(sent + self._put(mirror, state, files, behind, behind=True))

    def _in_turn(self, mirror: Mirror, state: State) -> Iterator[Waiting]:
        """Those that wait, until the turn is over: what is read in vain is no end of it.

        One at least. Where whoever asks wants no more, the next turn goes on with the one in hand.
        """
        ends, place = self.clock() + TURN, self.places.get(mirror.name, 0)
        for file in state.waiting(place):
            yield file
            self.places[mirror.name] = file.number
            if self.clock() >= ends:
                return
        self.places.pop(mirror.name, None)

    def _is_large(self, file: Waiting) -> bool:
        return file.look.size > self.taking.max_file_bytes

    def _put(
        self,
        mirror: Mirror,
        state: State,
        files: Iterator[Taken],
        most: int,
        *,
        behind: bool = False,
    ) -> list[int]:
        """How many files each batch got. On a disk that is full they wait."""
        groups = deposit.grouped(
            files, lambda t: t.size, lambda t: os.fsdecode(t.path), *self.limits
        )
        groups = takewhile(lambda _: not outsized.why_full(self.spool.folder), islice(groups, most))
        return [self._send(mirror, state, group, behind=behind) for group in groups]

    def _taken(self, tree: int, state: State, waiting: Iterator[Waiting]) -> Iterator[Taken]:
        """Those that are finished, and have other bytes than were indexed."""
        for file in waiting:
            taken = None
            with self._telling(state, file):
                taken = self.taking.take(tree, file)
            if taken and not self._is_as_before(state, file, taken):
                yield taken

    def _is_finished(self, tree: int, state: State, file: Waiting) -> int | None:
        with self._telling(state, file):
            return self.taking.finished(tree, file)
        return None

    @contextmanager
    def _telling(self, state: State, file: Waiting) -> Iterator[None]:
        """What cannot be read is at fault, or looked at again."""
        try:
            yield
        except FileNotFoundError:
            pass  # the next look misses it
        except (PermissionError, beneath.NotAFile) as error:
            state.fail(file.path, f"it cannot be read: {error.strerror}")
        except ArticleFault as fault:
            state.fail(file.path, fault.reason)
        except OSError as error:
            self._say_unread(os.fsdecode(file.path), str(error))

    def _is_as_before(self, state: State, file: Waiting, taken: Taken) -> bool:
        """Whether it has the bytes that it had, or those of one that is missed: it has moved."""
        if taken.digest == file.sha256:
            state.as_before(file.path)
            return True
        self.taking.rests.end(taken.status)
        return state.adopt(file.path, taken.digest)

    def _say_unread(self, path: str, why: str) -> None:
        """Once: each is tried four times a second, and who holds leases has the log turned over."""
        if (path, why) not in self.said and len(self.said) < MOST_SAID:
            self.said.add((path, why))
            log.warning("mirror.unread", path=path, why=why)

    def _send(self, mirror: Mirror, state: State, group: Sequence[Taken], *, behind: bool) -> int:
        with self.spool.filling() as batch:
            batch.mirror_of(mirror.name, again=behind)
            if behind:
                paths = (mirror.below + os.fsdecode(file.path) for file in group)
                unpacked.has_turn(batch.turns, *paths)
            state.sent(batch.name, {file.path: file.digest for file in group})
            failpoint.reach("mirror.sent")
            note_senders(
                batch, {mirror.below + os.fsdecode(f.path): f.status.st_uid for f in group}
            )
            root = state.about()["root"]
            copies = [
                (own_copy.write(batch.folder, f.data, f.status), f)
                for f in group
                if f.data is not None
            ]
            own_copy.synchronise([copy for copy, _ in copies])
            for copy, file in copies:
                _into(batch, copy, mirror.below + os.fsdecode(file.path))
            for file in group:
                if file.data is None:
                    _pour(batch, Path(root), mirror.below, file)
            failpoint.reach("mirror.put")
        self.publisher.intake(batch.name, behind=behind)
        log.info("mirror.sent", mirror=mirror.name, batch=batch.name, files=len(group))
        return len(group)


def _free(
    files: Iterator[Waiting], state: State, there: set[str], *, put_off: bool
) -> Iterator[Waiting]:
    """Those that wait, but for what is still on its way as it was before.

    What was ``put_off`` where it is wanted: there may be much of it.
    """
    for file in files:
        if file.put_off and not put_off:
            continue
        if file.batch not in there and not state.is_under_way(file.look):
            yield file


def _into(batch: Batch, copy: Path, relative: str) -> None:
    *names, last = beneath.parts(relative)
    copy.chmod(stat.S_IRUSR | stat.S_IWUSR)
    with kept.way(batch.root, names, mode=0o700) as (folder, _):
        os.rename(copy, last, dst_dir_fd=folder)


def _pour(batch: Batch, root: Path, below: str, file: Taken) -> None:
    """What is too large for the memory; where it has gone or changed meanwhile it is read again."""
    path = os.fsdecode(file.path)
    try:
        with rooted.opened(root, beneath.PASS) as tree:
            handle = beneath.open_below(tree, path)
        with os.fdopen(handle, "rb") as source:
            deposit.put_open(batch, source, below + path, file.status)
    except (OSError, ArticleFault) as error:
        log.warning("mirror.unread", path=path, why=str(error))
