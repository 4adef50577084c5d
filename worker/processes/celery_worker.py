"""Run a Celery worker in this process."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import psutil
from celery import Celery, signals
from celery.apps.worker import Worker, install_worker_term_handler
from celery.platforms import SecurityWarning

from tasks.reconnect import address_of, names_of
from worker.heartbeat.heart import Heart
from worker.heartbeat.leases import Leases
from worker.heartbeat.shared import SharedWord
from worker.processes.children import Children
from worker.processes.consumer import BeatingConsumer
from worker.processes.holding import held
from worker.processes.overdue import Watch
from worker.processes.parent import end_with_parent

#: After a signal to end: seconds until tasks that still run are given up, and until all is.
GIVE_UP_TASKS = 12.0
GIVE_UP = 16.0
#: Behind the limit of a message: its child has been ended long before.
GRACE = 60.0


class _Worker(Worker):  # type: ignore[misc]  # celery ships no types
    """Ctrl-C as SIGTERM: once is enough, a second one changes nothing, and no word on stdout."""

    def install_platform_tweaks(self, worker: object) -> None:
        super().install_platform_tweaks(worker)
        for name in ("SIGTERM", "SIGINT"):
            install_worker_term_handler(worker, sig=name, verbose=False)

    def stop(self, in_sighandler: bool = False, exitcode: int | None = None) -> None:
        """As Celery does, by a signal or an error, and in time: with a child that has died before
        it had read its message, it would write its last word to that for ever.
        """
        _after(GIVE_UP, _kill_all)
        super().stop(in_sighandler, exitcode)


def serve(
    app: Celery,
    name: str,
    queues: Sequence[str],
    processes: int,
    renew: int,
    heart: Heart,
    word: SharedWord,
    longest: float,
) -> None:
    """Work those queues in forked children until SIGTERM or Ctrl-C, then end the process.

    ``longest``: seconds that a message may be at work; see :class:`BeatingConsumer`.

    After ``renew`` messages a fresh child takes a child's place: what libraries never give back
    (spaCy's tables remember the places of all words there ever were) goes with it.

    What is at work may finish within ``GIVE_UP_TASKS`` seconds; then it is cut short, which loses
    nothing: the work is still written down as to be done.
    """
    signals.setup_logging.connect(_keep_our_logging)
    leases = Leases(address_of(app), names_of(app).unacked, held)
    signals.worker_shutting_down.connect(partial(_end_in_time, leases), weak=False)
    app.conf.worker_max_tasks_per_child = renew
    parent = os.getpid()
    signals.worker_process_init.connect(lambda **_: end_with_parent(parent), weak=False)
    # Root is dangerous to Celery where messages may be pickled; here only JSON is accepted.
    warnings.simplefilter("ignore", SecurityWarning)
    worker = _Worker(
        app=app,
        hostname=f"{name}-{os.getpid()}@{socket.gethostname()}",
        queues=",".join(queues),
        concurrency=processes,
        pool=Children,
        loglevel=logging.WARNING,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        consumer_cls=partial(
            BeatingConsumer,
            heart=heart,
            leases=leases,
            word=word,
            watch=Watch(longest + GRACE, _kill_all),
        ),
    )
    try:
        worker.start()
    finally:
        heart.end()
    sys.exit(worker.exitcode)


def _keep_our_logging(**_: object) -> None:
    """Celery leaves logging alone where this signal has a receiver."""


def _end_in_time(leases: Leases, **_: Any) -> None:
    """Called by every signal to end: each timer does nothing where the end has come.

    The event loop does not go round any more, and nothing is forked.
    """
    leases.renew_to_the_end()
    for seconds, give_up in ((GIVE_UP_TASKS, _kill_children), (GIVE_UP, _kill_all)):
        _after(seconds, give_up)


def _after(seconds: float, give_up: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()


def _kill_children() -> None:
    for child in psutil.Process().children(recursive=True):
        child.kill()


def _kill_all() -> None:
    """At once. Not by a signal: the first process of a container gets none that it sends itself."""
    _kill_children()
    os._exit(1)
