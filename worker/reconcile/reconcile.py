"""The reconciler: the only retry. It sends messages for work that no message speaks of."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Collection
from itertools import chain
from pathlib import Path
from typing import Protocol

import structlog
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, UsageError, WrongType
from indexing.index.ready import check_writable
from indexing.writing import due, reenrich
from indexing.writing.reenrich import Requests
from tasks.names import ENRICH_QUEUE, INTAKE_QUEUE
from worker import failpoint
from worker.heartbeat.pulse import Pulse
from worker.reconcile.dispatch import Notifications, chunks, known_batches, known_documents, room
from worker.reconcile.leases import Contact, Lately, lost
from worker.reconcile.publisher import TaskPublisher
from worker.reconcile.queues import Look, Queues
from worker.spool.spool import Spool

log = structlog.get_logger()

#: Seconds between two looks: not always the same, for then a fault that comes at regular times,
#: too, could meet the same step of the same work for ever.
EVERY_SECONDS = (0.7, 1.3)
#: Seconds more where all was at rest, unless the watcher claims something meanwhile: what others
#: bring (``reenrich``, a worker on another machine) is seen three seconds later at most.
AT_REST_SECONDS = (1.3, 1.7)
INTAKE_LIMIT = 64


class DocumentsInFlight(Protocol):
    """What enrichment has in hand: ``worker.enrichment.in_flight``."""

    def look(self) -> tuple[set[str], dict[Path, set[str]]]:
        """The ids that somebody works on, and those whose worker died, by file."""
        ...


class Reconciler:
    """One step looks at everything and notifies of what no message speaks of; it never floods."""

    def __init__(
        self,
        spool: Spool,
        queues: Queues,
        client: Callable[[], Elasticsearch],
        index: str,
        publisher: TaskPublisher,
        in_flight: DocumentsInFlight,
        *,
        enrich_batch: int,
        enrich_queue: int,
        lease_seconds: float,
        fields: Collection[str] = (),
    ) -> None:
        self._spool = spool
        self._queues = queues
        self._client = client
        self._index = index
        self._publisher = publisher
        self._in_flight = in_flight
        self._enrich_batch = enrich_batch
        self._enrich_queue = enrich_queue
        self._lease_seconds = lease_seconds
        self._fields = fields
        #: Whether the last look found nothing at all: waiting, held, at work, or to be done.
        self.at_rest = False
        self._batch_notifications = Notifications()
        self._document_notifications = Notifications()
        self._contact = Contact()
        self._held_lately = Lately()

    def step(self) -> int:
        """Notify for what is due; how often. Raises ``ServiceUnavailable``, then for nothing."""
        failpoint.reach("reconcile.begins")
        self.at_rest = False
        self._spool.sweep()
        check_writable(self._client(), self._index, self._fields)
        look = self._look()
        alive, dead = self._in_flight.look()
        given = self._give_back(look, {*chain(*dead.values())} - alive)
        notified = self._batches(look)
        again = sum(self._notify_lost(file, ids - alive - given) for file, ids in dead.items())
        notified += again + self._documents(look, look.lengths[ENRICH_QUEUE] + again, alive)
        self.at_rest &= not dead
        self.at_rest &= not any(look.lengths.values()) and not len(self._spool)
        return notified

    def _look(self) -> Look:
        try:
            self._queues.give_back_older(time.monotonic(), self._lease_seconds)
            look = self._queues.look()
        except WrongType:  # no worker may be there that meets it, and removes it
            self._queues.remove_foreign()
            raise
        except ServiceUnavailable:
            self._contact.broken()
            raise
        self._contact.heard(time.monotonic(), look.moment)
        return look

    def _give_back(self, look: Look, dead: Collection[str]) -> set[str]:
        """Give back what is lost, to be done one at a time; the documents that it speaks of.

        Only here is known that their worker died: after mere outages that would crawl.
        """
        if gone := lost(look.held, self._contact.settled(), dead):
            self._queues.give_back(gone)
            log.warning("reconcile.given_back", messages=len(gone))
        return known_documents(held.message for held in gone if held.message)

    def _batches(self, look: Look) -> int:
        free = _room_for_batches(look)
        # What was fruitless goes behind what was not tried: those may be many, and for ever.
        tried = self._batch_notifications.times
        batches = sorted(self._spool.batches(), key=lambda b: tried(b.name)) if any(free) else []
        if not batches:
            return 0
        now = time.monotonic()
        waiting = known_batches(self._queues.waiting(INTAKE_QUEUE, INTAKE_LIMIT))
        known = waiting | self._batch_notifications.resting(now)
        held = known_batches(look.messages)
        notified = 0
        for batch in batches:
            if not any(free):
                break
            # A batch that a worker holds is published again only if its worker is known to be dead.
            if batch.name in known or (batch.name in held and not batch.abandoned()):
                continue
            if not free[behind := batch.had_turn()]:
                continue
            free[behind] -= 1
            self._batch_notifications.noted(batch.name, now)
            notified += self._publisher.intake(batch.name, behind=behind)
            failpoint.reach("reconcile.notified")
        return notified

    def _documents(self, look: Look, waiting: int, alive: set[str]) -> int:
        now = time.monotonic()
        held = self._held_lately.seen(known_documents(look.messages), now)
        free = room(waiting, self._enrich_queue)
        if not free:
            return 0
        asked, most = waiting or look.held, self._enrich_queue
        messages = self._queues.waiting(ENRICH_QUEUE, most) if asked else []
        known = known_documents(messages) | held | alive
        known |= self._document_notifications.resting(now)
        most = free * self._enrich_batch
        pending, requests = due.waiting(self._client(), self._index, most, known)
        notified = self._notify_documents(pending, False, now, requests.number)
        again, fault = self._again(requests, most - len(pending), known)
        notified += self._notify_documents(again, False, now, requests.number)
        if fault:  # only now: nobody waits for another program's query
            raise fault
        self.at_rest = not (look.held or known or pending or again)
        return notified

    def _again(
        self, requests: Requests, most: int, known: Collection[str]
    ) -> tuple[list[str], UsageError | None]:
        """What is asked to be read again, in slices; a request of which nothing is left is closed.

        The latest first: what is read for it is read for those before it, too. One that cannot be
        asked for, as only another program writes them, is passed over and told.
        """
        ids, finished, fault = list[str](), list[int](), None
        for request in requests.open:
            if len(ids) >= most:
                break
            others = {*known, *ids}
            try:
                found = due.due(self._client(), self._index, request, most - len(ids), others)
            except UsageError as error:
                fault = error
                continue
            ids += found.ids
            finished += [request.number] if found.finished else []
        if finished:
            failpoint.reach("reconcile.finishes")
            reenrich.finish(self._client(), self._index, finished)
            log.info("reenrich.finished", requests=finished)
        return ids, fault

    def _notify_lost(self, file: Path, ids: set[str]) -> int:
        """Publish, once, what a worker had in hand when it died and no message speaks of.

        To be done one at a time, as what is given back.
        """
        requests = reenrich.known(self._client(), self._index)
        left = due.still_due(self._client(), self._index, sorted(ids), requests)
        notified = self._notify_documents(left, True, time.monotonic(), requests.number)
        if not left or notified:
            file.unlink(missing_ok=True)
        return notified

    def _notify_documents(self, ids: list[str], careful: bool, now: float, request: int) -> int:
        notified = 0
        for chunk in chunks(ids, self._enrich_batch):
            if not self._publisher.enrich(chunk, careful, request):
                break
            notified += 1
            failpoint.reach("reconcile.notified_enrich")
            for document in chunk:
                self._document_notifications.noted(document, now)
        return notified


def _room_for_batches(look: Look) -> list[int]:
    """How many may be told of: of those that had no turn, and of those that had theirs.

    These stand behind all others. There may be much, for long, and anybody's: then none of them is
    told of again, for its message may be any of those.
    """
    behind = look.behind
    lengths = (look.lengths[INTAKE_QUEUE] - behind, behind)
    return [room(length, INTAKE_LIMIT) for length in lengths]


def reconcile(
    reconciler: Reconciler,
    wake: threading.Event,
    stop: threading.Event,
    pulse: Pulse | None = None,
) -> None:
    """Step about every second until stopped; hold still, said once, while a service is away.

    Where all is at rest, until ``wake`` is set it looks less often.
    """
    away, pulse = "", pulse or Pulse("watch")
    while not stop.wait(random.uniform(*EVERY_SECONDS)):  # noqa: S311
        pulse.turn("reconcile")
        try:
            claimed = wake.is_set()
            wake.clear()  # before the look: what was claimed until now is seen by it
            if notified := reconciler.step():
                log.info("reconcile.notified", notified=notified)
            if away:
                log.info("reconcile.goes_on")
            away = ""
            pulse.does("works" if claimed or notified else "idle")
        except (ServiceUnavailable, UsageError) as error:
            if str(error) != away:
                log.warning("reconcile.waits", why=str(error))
            away = str(error)
            pulse.does("waits", away)
        except Exception:
            log.exception("reconcile.bug")
        if reconciler.at_rest:
            wake.wait(random.uniform(*AT_REST_SECONDS))  # noqa: S311
