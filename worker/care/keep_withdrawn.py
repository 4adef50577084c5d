"""What the watch process does for withdrawals: what is left of them, other sites', what came back.

And for what was corrected by hand: what is left of that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from articles.errors import DepescheError, UsageError
from extraction.formats.identity import OF_CONTENT
from worker.care.correct import Finishing as FinishingByHand
from worker.care.expire import expire_by_licence
from worker.care.looked import Looked
from worker.care.sharing import SECONDS, Disputed, settle, share
from worker.care.taking_away import HELD, OWN, SLOW, finish
from worker.care.withdrawals_lock import alone
from worker.care.withdrawn_documents import back_in, unindex
from worker.container import Container
from worker.spool.withdrawal import INDEX

log = structlog.get_logger()

EVERY_SECONDS = 1.0
#: After a step that could not be taken.
WAIT_SECONDS = 5.0
#: The index is looked through for what came back (a snapshot) so often, and for at most a
#: hundredth of the time; but it rests no longer than this, for anybody may have it take long.
SWEEP_SECONDS, LONGEST_REST = 60.0, 600.0
_RESTS = 100
#: Documents that are taken away at once, and withdrawals of each that others are asked about: who
#: writes what sites tell each other may have one document held by any number.
_AT_ONCE, _HOLDERS = 100, 10
EXPIRE_SECONDS = 3600.0
#: The files of Redis and Elasticsearch are written anew so often at most, for all together, and for
#: at most a quarter of the time: who may write documents may write what is purged again and again.
SLOW_SECONDS, _AS_LONG = 300.0, 3


@dataclass(slots=True)
class Chore:
    """Something to be done so often; it says how many seconds to rest at least."""

    do: Callable[[Container], float]
    due: float = 0.0


def quick() -> list[Chore]:
    """What nobody may wait for: documents and files, what was set, what expires."""
    return [Chore(Finishing(OWN)), Chore(FinishingByHand()), Chore(_expire)]


def sweeping() -> list[Chore]:
    """What takes as long as others have told of withdrawals: what came back."""
    return [Chore(sweep)]


def slow() -> list[Chore]:
    """What takes half a minute or more: the files of Redis and Elasticsearch."""
    return [Chore(Finishing(SLOW, SLOW_SECONDS))]


def containers() -> list[Chore]:
    """What may take hours: the containers that hold what is purged."""
    return [Chore(Finishing(HELD))]


def shared() -> list[Chore]:
    """What other sites have to learn of this one, and this one of them."""
    return [Chore(Sharing())]


def keep_withdrawn(container: Container, stop: threading.Event, chores: Sequence[Chore]) -> None:
    """Do the chores when they are due, until stopped.

    What cannot be done waits, says why, and keeps no other waiting.
    """
    said = set[str]()
    while not stop.wait(WAIT_SECONDS if said else EVERY_SECONDS):
        said = {why for chore in chores if (why := _done(container, chore, said))}


def _done(container: Container, chore: Chore, said: Collection[str]) -> str:
    """Do it if it is due; why it could not be done, or ""."""
    if time.monotonic() < chore.due:
        return ""
    try:
        chore.due = chore.do(container) + time.monotonic()
    except DepescheError as error:
        if str(error) not in said:
            log.warning("withdraw.waits", why=str(error))
        return str(error)
    except Exception as error:
        log.exception("withdraw.bug")
        return repr(error)
    return ""


class Finishing:
    """Takes what is left of some steps; looks for it only where anything has changed."""

    def __init__(self, steps: Sequence[str], rest: float = 0.0) -> None:
        """``rest``: for so many seconds at least when steps were taken, and behind long ones."""
        self._steps, self._looked, self._rest = steps, Looked(), rest
        self._seen, self._until = b"", 0.0

    def __call__(self, container: Container) -> float:
        """How long it rests: not where there was nothing to do, or not yet."""
        now, begins = container.tombstones.changes(), time.monotonic()
        if now == self._seen or begins < self._until:
            return 0.0
        is_due = bool(self._rest) and container.tombstones.is_left(self._steps, behind=INDEX)
        try:
            finish(container, steps=self._steps, looked=self._looked, ask=_ask_others)
        finally:  # also of what was in vain, but for the least: a service that is away is back soon
            if is_due:
                self._until = time.monotonic() + _AS_LONG * (time.monotonic() - begins)
        self._seen = now
        return self._rest if is_due else 0.0


def _ask_others(container: Container, ids: Sequence[str]) -> None:
    """What another site has let in meanwhile must not be taken down; nor waits one for it."""
    with suppress(DepescheError):
        settle(container, ids)


class Sharing:
    """Looks at the other sites, and tells what an older release has withdrawn, once."""

    def __init__(self) -> None:
        self._begun = False

    def __call__(self, container: Container) -> float:
        """How long it rests."""
        if not self._begun:
            container.tombstones.agreement.begin()
            self._begun = True
        share(container)
        return SECONDS


def _expire(container: Container) -> float:
    expire_by_licence(container, datetime.now(UTC))
    return EXPIRE_SECONDS


def sweep(container: Container) -> float:
    """Remove from the index what somebody brought back."""
    begins = time.monotonic()
    for names in container.tombstones.names(OF_CONTENT):
        back = back_in(container, names)
        for at in range(0, len(back), _AT_ONCE):
            _take_away_again(container, back[at : at + _AT_ONCE])
    return min(LONGEST_REST, max(SWEEP_SECONDS, _RESTS * (time.monotonic() - begins)))


def _take_away_again(container: Container, ids: Sequence[str]) -> None:
    """Of what is purged the files are written anew, too: what is deleted lies in them still."""
    tombstones = container.tombstones
    holders = tombstones.holders(_own(container, ids), _HOLDERS)
    with suppress(UsageError, Disputed):  # another site may have let it in just now
        settle(container, holders)
    with alone(container):
        purged = (one for one in tombstones.by_id(holders).values() if one.purged)
        tombstones.reopen_each({one.id: one.anew for one in purged})
        if removed := unindex(container, _own(container, ids)):
            log.warning("withdraw.came_back", documents=removed)


def _own(container: Container, ids: Sequence[str]) -> list[str]:
    """As ``documents_of`` has it: not by another's word, as that of a URL."""
    known = container.tombstones.of(ids)
    return [id_ for id_, one in known.items() if id_ == one.id or id_.startswith(OF_CONTENT)]
