"""The watch process: claim what is dropped, and reconcile beside it."""

from __future__ import annotations

import os
import signal
import threading

from tasks.settings import Settings
from worker import failpoint
from worker.care.keep_withdrawn import containers, keep_withdrawn, quick, shared, slow, sweeping
from worker.container import Container
from worker.copies.keep_copies import keep_copies
from worker.inbox import lease
from worker.inbox.polling import watch
from worker.intake.second_look import look_again
from worker.metrics.exporter import exported
from worker.mirror.follow import follow
from worker.processes.check import check_folders
from worker.processes.site_name import keep as keep_name
from worker.reconcile.reconcile import reconcile


def run(settings: Settings) -> None:
    """Watch until SIGTERM or Ctrl-C. Raises ``UsageError`` at once where it could never work."""
    failpoint.arm(os.environ)
    lease.survive_broken_leases()
    container = Container(settings)
    check_folders(container.folders)
    keep_name(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heart = container.heart("watch")
    with heart.beating(), exported(container, "watch", lambda: container.watcher.waiting):
        pulse = heart.pulse
        watcher, work = container.watcher, (container.reconciler, container.wake, stop, pulse)
        reconciling = threading.Thread(target=reconcile, args=work, daemon=True)
        reconciling.start()
        threading.Thread(target=_look_again, args=(container, stop), daemon=True).start()
        for chores in (quick(), slow(), sweeping(), containers(), shared()):
            keeping = (container, stop, chores)
            threading.Thread(target=keep_withdrawn, args=keeping, daemon=True).start()
        if settings.archive:
            lock = container.folders.data / "copies.lock"
            copying = container.copier, lock, stop
            threading.Thread(target=keep_copies, args=copying, daemon=True).start()
        mirrors = lambda: container.follower, container.mirrors, stop
        following = threading.Thread(target=follow, args=mirrors, daemon=True)
        following.start()
        watch(watcher, container.folders.inbox, stop, poll=settings.poll, pulse=pulse)
        container.wake.set()  # it need not wait for its end
        reconciling.join(timeout=10)
        following.join(timeout=2)


def _look_again(container: Container, stop: threading.Event) -> None:
    settings = container.settings
    look_again(
        container.second_looks,
        container.spool,
        stop,
        quiet=settings.quiet_seconds_unproven,
        batches=settings.spool_batches,
    )
