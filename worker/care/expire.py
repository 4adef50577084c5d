"""Withdraw what is older than it may be kept: when somebody says so, and by licence every hour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import structlog

from indexing.searching.expired import Expired, Expiry
from worker import failpoint
from worker.care.licence import by_licence, of_this_site
from worker.care.taking_away import OWN, finish
from worker.care.withdraw import Order, withdraw
from worker.container import Container

log = structlog.get_logger()

REASON = "expired"
BY_LICENCE = "DEPESCHE_RETENTION"


def expired(container: Container, expiry: Expiry) -> Iterator[list[Expired]]:
    """What of this site is older, in pages. Raises ``ServiceUnavailable`` and ``UsageError``.

    The files of another site only that one can take away: without their documents nobody would.
    By licence nothing that has texts of others: see ``licence.py``.
    """
    pages = of_this_site(container, expiry)
    return ([one for one in page if not (expiry.licence and one.others)] for page in pages)


def expire(
    container: Container, expiry: Expiry, order: Order, progress: Callable[[int], object]
) -> int:
    """Withdraw what is older; how many. ``progress`` is told of each page. Raises likewise.

    Each page is out of the index before the next: cut short, it goes on where it was. What a purge
    has to write anew, and containers that hold it, are left to ``taking_away.finish``.
    """
    count = 0
    for page in expired(container, expiry):
        done = withdraw(container, [one.id for one in page], order)
        finish(container, steps=OWN, ids=[one.id for one in done])
        failpoint.reach("expire.page")
        count += len(page)
        progress(len(page))
    return count


def expire_by_licence(container: Container, now: datetime) -> int:
    """Withdraw what no licence covers any more; how many."""
    settings = container.settings
    order = Order(REASON, BY_LICENCE, purge=settings.retention_purge)
    due = by_licence(settings.retention, now, settings.time_zone)
    count = sum(expire(container, expiry, order, lambda _: None) for expiry in due)
    if count:
        log.info("articles.expired", articles=count)
    return count
