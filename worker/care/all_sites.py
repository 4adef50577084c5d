"""How all sites stand: the intake of each is asked by a message, and answers for its own folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from articles.errors import UsageError, WrongType
from tasks.broker import errors_of
from tasks.names import SITE_ASKED
from tasks.site import NAME
from worker.care.answers import read as read_answer
from worker.care.failures import failed_files
from worker.care.mirrors import failed_in_mirrors
from worker.care.retry import retry
from worker.care.status import read
from worker.care.verdict import exit_status
from worker.care.verified import last
from worker.container import Container

#: How long all of them together are waited for. One whose processes are all at work is late.
SECONDS = 15.0
Answer = dict[str, Any]


def _status(container: Container, _: Mapping[str, Any]) -> Answer:
    current = read(container)
    return {"status": current.as_dict(), "exit_status": exit_status(current)}


def _failed(container: Container, _: Mapping[str, Any]) -> Answer:
    files = [*failed_files(container.folders), *failed_in_mirrors(container)]
    return {"files": [asdict(file) for file in files]}


def _retry(container: Container, said: Mapping[str, Any]) -> Answer:
    return asdict(retry(container, list(said.get("paths", ())), str(said.get("reason", ""))))


def _verified(container: Container, _: Mapping[str, Any]) -> Answer:
    """The last time, for it takes longer than anybody waits for an answer."""
    return {"verified": last(container)}


QUESTIONS: dict[str, Callable[[Container, Mapping[str, Any]], Answer]] = {
    "status": _status,
    "failed": _failed,
    "retry": _retry,
    "verified": _verified,
}


def answer(container: Container, question: str, said: Mapping[str, Any]) -> Answer:
    """What this site answers. Raises ``UsageError`` where a newer release asks."""
    if question not in QUESTIONS:
        raise UsageError(f"{SITE_ASKED}: this release has no answer to {question[:60]!r}")
    return QUESTIONS[question](container, said)


def ask(
    container: Container, question: str, said: Mapping[str, Any], seconds: float = SECONDS
) -> dict[str, Answer | None]:
    """The answer of each site, by its name; None where none came in time, or one that is none.

    The sites are those whose watcher or intake was seen within a day, and this one. Raises
    ``ServiceUnavailable`` without Redis.
    """
    ends = time.monotonic() + seconds
    sent = {site: _sent(container, question, said, site, seconds) for site in _others(container)}
    with errors_of(container.app):
        answers = {site: _got(question, result, ends) for site, result in sent.items()}
    answers[container.names.site] = answer(container, question, said)
    return dict(sorted(answers.items()))


def _sent(
    container: Container, question: str, said: Mapping[str, Any], site: str, seconds: float
) -> Any:
    """What the answer comes by; None where another program's key stands in its queue's place.

    Nobody may be there who removes it, for it may be no site: the others are told all the same.
    """
    arguments, queue = [question, dict(said)], container.names.of(site)
    try:
        with errors_of(container.app):
            return container.app.send_task(SITE_ASKED, arguments, queue=queue, expires=seconds)
    except WrongType:
        return None


def _others(container: Container) -> list[str]:
    beats = (seen.beat for seen in container.heartbeats.read())
    told = {beat.site for beat in beats if beat.process in {"watch", "intake"}}
    return sorted(site for site in told - {container.names.site} if NAME.fullmatch(site))


def _got(question: str, result: Any, ends: float) -> Answer | None:
    from celery.exceptions import TimeoutError as NoResult
    from kombu.exceptions import KombuError

    try:  # what a site could not do is no answer either: its log says what it was
        got = result.get(timeout=max(0.1, ends - time.monotonic()), propagate=False)
    except (NoResult, KombuError, LookupError, ValueError, TypeError, AttributeError):  # or none
        return None
    return read_answer(question, got)
