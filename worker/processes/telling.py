"""The work of the forked children, with a word to their parent where it waits for a service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import structlog

from articles.errors import ServiceUnavailable
from tasks.register import EnrichWork
from worker.heartbeat.shared import SharedWord
from worker.intake.senders import Senders

log = structlog.get_logger()


#: What answers a question about this site: ``worker.care.all_sites``.
Answering = Callable[[str, dict[str, Any]], dict[str, Any]]


class TellingIntake:
    """As the senders' own; ``waiting`` is the fate of what Elasticsearch did not take."""

    def __init__(self, work: Senders, word: SharedWord, answer: Answering | None = None) -> None:
        self._work = work
        self._word = word
        self._answer = answer

    def batch(self, name: str, *, before_others: bool = False) -> None:
        """Work a batch of the spool: see :meth:`Intake.batch`."""
        with _told_where_it_waits(self._word):
            fates = self._work.batch(name, before_others=before_others)
        self._tell([(fate.fate, fate.reason) for fate in fates])

    def sends_on(self, paths: Sequence[str], came_from: str) -> str:
        """The queue that they are to be sent on to, "" where they are for this site."""
        return self._work.sends_on(paths, came_from)

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """Take files over and work them."""
        with _told_where_it_waits(self._word):
            items = self._work.files(paths)
        self._tell([(item["fate"], item["reason"]) for item in items])
        return items

    def article(self, parts: dict[str, Any]) -> dict[str, Any]:
        """Write an article down and work it."""
        with _told_where_it_waits(self._word):
            item = self._work.article(parts)
        self._tell([(item["fate"], item["reason"])])
        return item

    def asked(self, question: str, said: dict[str, Any]) -> dict[str, Any]:
        """How this site stands."""
        return self._answer(question, said) if self._answer else {}

    def _tell(self, fates: Sequence[tuple[str, str]]) -> None:
        if fates:
            self._word.say(next((reason for fate, reason in fates if fate == "waiting"), ""))


class TellingEnrich:
    """As the enricher's own, which raises where a service is away."""

    def __init__(self, work: EnrichWork, word: SharedWord) -> None:
        self._work = work
        self._word = word

    def documents(self, ids: Sequence[str], careful: bool, request: int) -> object:
        """Enrich what needs it."""
        with _told_where_it_waits(self._word):
            done = self._work.documents(ids, careful, request)
        self._word.say("")
        return done


@contextmanager
def _told_where_it_waits(word: SharedWord) -> Iterator[None]:
    """In a line, for Celery says nothing of what is expected."""
    try:
        yield
    except ServiceUnavailable as error:
        word.say(str(error))
        log.warning("work.waits", why=str(error))
        raise
