"""Members of a container while they are read: up to its fault, in parts, with doubts."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

import structlog

from articles.errors import ArticleFault, TooSlow, Unreadable
from articles.limits import MEBIBYTE
from extraction.confined.hurry import Hurry
from extraction.containers.archive import refuse_bomb
from extraction.containers.member import Member
from extraction.processor import within
from worker.intake.fates import ItemFate
from worker.intake.halting import Halted, Halting
from worker.intake.reading import ADVICE, FIRST
from worker.intake.turn import ENDLESS, Turn

log = structlog.get_logger()

#: What a member that has come gives back of the seconds of the processor of a first turn.
_OF_MEMBER = 0.1
#: So many bytes may be put on the disk out of anything; what is only read may be more.
FREE = 8 * MEBIBYTE
#: So many members may fail, and above it half of those that were looked at.
MOST_FAILED = 1_000


class Trouble(OSError):
    """What the system says where one container cannot be read: it waits, and nobody else does.

    ``held``: somebody keeps it from being read; why it fails where that lasts too long.
    """

    def __init__(self, error: OSError, held: str = "") -> None:
        super().__init__(error.errno, error.strerror or str(error))
        self.held = held


class Doubt:
    """Whether it is a file of articles at all: what is none becomes two files on disk each."""

    def __init__(self) -> None:
        self._failed = self._looked_at = 0

    def look(self, fates: Sequence[ItemFate]) -> None:
        """See what became of a part. Raises ``Unreadable`` where most have failed, of very many."""
        self._looked_at += len(fates)
        self._failed += sum(fate.fate == "failed" for fate in fates)
        if self._failed >= MOST_FAILED and 2 * self._failed > self._looked_at:
            raise Unreadable(
                f"Of {self._looked_at:,} of its members {self._failed:,} are no articles, and the "
                "rest was not looked at.",
                "See in failed/ what is wrong with them.",
            )


class Outlay:
    """Bytes that are put on the disk of a container and of those in it, which share its allowance.

    Each by itself may unpack to so many times its size; small ones in one another, or side by side
    in one, would fill the disk with what their outermost never was.
    """

    def __init__(self, size: int, ratio: int, out: int, around: Outlay | None) -> None:
        self._size, self._ratio, self.out, self._around = size, ratio, out, around

    @classmethod
    def of(cls, size: int, ratio: int, out: int) -> Outlay:
        """That of a container of so many bytes, of which ``out`` bytes have come before.

        It counts for the container around it, too, if it is unpacked within one.
        """
        return cls(size, ratio, out, _around.get())

    def spend(self, part: Iterable[Member]) -> None:
        """Count a part. Raises ``Unreadable`` where it is out of all proportion."""
        self._add(sum(len(member.data) for member in part))

    def _add(self, count: int) -> None:
        self.out += count
        if self._around:
            self._around._add(count)
        refuse_bomb(self.out, self._size, self._ratio, FREE)

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While its members are worked, which may be containers."""
        token = _around.set(self)
        try:
            yield
        finally:
            _around.reset(token)


_around: ContextVar[Outlay | None] = ContextVar("around", default=None)


class NotAtFirst(TooSlow):
    """Members take longer to be had than is given in a first turn: they wait for a later one."""


class Reading:
    """Members until the container is at fault: those before its fault are had all the same.

    It may be gone through again: what was given and is not ``done`` comes once more, first.
    ``halting`` has its gate where it is read: there it stands still where its turn is over, if any.
    """

    def __init__(
        self,
        members: Iterator[Member],
        clock: Callable[[], float] = time.monotonic,
        halting: Halting[Member | None] | None = None,
    ) -> None:
        self._members = _told(members)
        self._clock = clock
        self._halting = halting
        self._is_over: Callable[[], bool] = bool
        #: What it took to read so far.
        self.seconds = 0.0
        self._in_vain = 0.0
        #: How many seconds of the processor it has from one member to the next, and waits then.
        self.each = ENDLESS
        self._given: deque[Member] = deque()
        self._fault: ArticleFault | None = None
        self.done = 0
        #: Whether it is only to let others have their turn that nobody reads on.
        self.goes_on = False
        self.places = 1
        #: Turns since it is open, but those in which it was passed over; the seconds of these.
        self.turns, self.passed = 0, 0.0
        #: What it took to read before it was opened here, as was noted.
        self.known = 0.0

    def __iter__(self) -> Iterator[Member]:
        yield from tuple(self._given)
        try:
            while member := self._next():  # whoever stops in between may go on later
                self._given.append(member)
                yield member
        except Halted:
            return
        except ArticleFault as fault:
            self._fault = fault

    @property
    def stands(self) -> bool:
        """Whether it stands still in the middle of a member."""
        return self._halting is not None and self._halting.stands

    def go_on(self, turn: Turn) -> None:
        """What comes now is read in this turn."""
        self._is_over = turn.over

    def finish(self, count: int) -> None:
        """So many are in the spool, and not needed any more."""
        for _ in range(count):
            self._given.popleft()
        self.done += count

    def skip(self, until: int, turn: Turn) -> bool:
        """Pass over what was read before, so many in all; False where the turn is over before.

        Raises ``Unreadable`` where it is not there any more.
        """
        before = self.seconds
        self.go_on(turn)
        try:
            return self._skip(until, turn)
        except Halted:
            self.turns -= 1
            return False
        finally:
            self.passed += self.seconds - before

    def _skip(self, until: int, turn: Turn) -> bool:
        while self.done < until:
            if turn.over():
                self.turns -= 1
                return False
            if self._given:
                self._given.popleft()
            elif not self._next():
                raise Unreadable("It holds less than it did before.", ADVICE)
            self.done += 1
        return True

    def _next(self) -> Member | None:
        """Raises ``Halted`` where others are to have their turn before it comes."""
        begins = self._clock()
        try:
            if self.each < ENDLESS and not self.stands:
                return self._at_first()
            if self._halting is None:
                return next(self._members, None)
            step = partial(next, self._members, None)
            return self._halting.result(step, partial(self._halts, begins))
        finally:
            self.seconds += self._clock() - begins

    def _halts(self, begins: float) -> bool:
        """Where it took long: else it comes, and the turn ends behind it."""
        return self._is_over() and self._clock() - begins > FIRST

    def _at_first(self) -> Member | None:
        """Raises ``NotAtFirst``; what is read is to be begun anew then."""
        begins, left = time.thread_time(), max(self.each - self._in_vain, _OF_MEMBER)
        late = NotAtFirst(f"It takes more than {self.each:g} seconds.", ADVICE)
        hurry = Hurry(left, late)
        with within(left, late), hurry.on():
            member = next(self._members, None)
        self._in_vain += time.thread_time() - begins + left - hurry.left - _OF_MEMBER
        self._in_vain = max(self._in_vain, 0.0)
        return member

    @property
    def is_cut_short(self) -> bool:
        """Whether it took too long for a first turn: then it is begun anew."""
        return isinstance(self._fault, NotAtFirst)

    def refuse(self) -> None:
        """Raise what was at fault, if anything was."""
        if self._fault:
            raise self._fault

    def close(self) -> None:
        """Let go of the container."""
        if self._halting:
            self._halting.close()
        self._members.close()


def _told(members: Iterator[Member]) -> Generator[Member, None, None]:
    """The same; an error that nobody has foreseen is the container's fault, and loud."""
    try:
        yield from members
    except (ArticleFault, FileNotFoundError, Trouble):
        raise
    except OSError as error:
        raise Trouble(error) from error
    except Exception as bug:
        log.exception("unpack.bug")
        raise Unreadable(f"A defect of Depesche: {bug!r}.", "Please report it.") from bug


def with_more(parts: Iterator[list[Member]], turn: Turn) -> Iterator[tuple[list[Member], bool]]:
    """Each part, and whether another one comes behind it; where the turn is over, it may."""
    part = next(parts, None)
    while part is not None:
        following = next(parts, None)
        yield part, following is not None or turn.over()
        part = following
