"""Bind the tasks to what does the work. A task checks its arguments and calls; no more.

The notifications (``intake.batch``, ``enrich.documents``) overlook arguments that they do not know:
a newer sender may say more than an older worker needs, and what to do stands on disk and in the
index anyway. The public tasks refuse them: there they are a sender's mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, NoReturn, Protocol

from celery import Celery, Task
from celery.exceptions import Ignore

from articles.errors import DepescheError
from tasks.messages import read_article, read_ids, read_name, read_number, read_paths, read_said
from tasks.names import (
    BEHIND,
    ENRICH_DOCUMENTS,
    INTAKE_ARTICLE,
    INTAKE_BATCH,
    INTAKE_FILES,
    SITE_ASKED,
)
from tasks.share import Share

Items = list[dict[str, Any]]

#: A service that is away, or what a sender has done wrong: a sentence, and no defect.
_EXPECTED = (DepescheError,)


class IntakeWork(Protocol):
    """What the intake worker can do; each item says path, fate, id and reason."""

    def batch(self, name: str, *, before_others: bool = False) -> object: ...
    def sends_on(self, paths: Sequence[str], came_from: str) -> str: ...
    def files(self, paths: Sequence[str]) -> Items: ...
    def article(self, parts: dict[str, Any]) -> dict[str, Any]: ...
    def asked(self, question: str, said: dict[str, Any]) -> dict[str, Any]: ...


class EnrichWork(Protocol):
    """What the enrich worker can do."""

    def documents(self, ids: Sequence[str], careful: bool, request: int) -> object: ...


def _decorator(app: Celery, seconds: float) -> Any:
    """What makes tasks of this application alone: those that are shared are every later one's."""
    return partial(app.task, shared=False, time_limit=seconds, throws=_EXPECTED)


def register_intake(app: Celery, work: IntakeWork, seconds: float) -> None:
    """Register ``intake.batch`` and the two public tasks with a hard time limit in seconds."""

    task = _decorator(app, seconds)
    share = Share()

    @task(name=INTAKE_BATCH, bind=True, ignore_result=True)
    def intake_batch(self: Task, batch: str, *_newer: Any, **_newer_still: Any) -> None:
        stood = (self.request.delivery_info or {}).get("priority")
        work.batch(read_name(batch), before_others=stood != BEHIND)

    @task(name=INTAKE_FILES, bind=True)
    def ingest_files(self: Task, paths: object = None, *more: Any, **others: Any) -> Items:
        checked = read_paths(paths, *more, **others)
        came_from = str((self.request.delivery_info or {}).get("routing_key", ""))
        if queue := work.sends_on(checked, came_from):
            _send_on(self, checked, queue)
        return work.files(checked)

    @task(name=INTAKE_ARTICLE)
    def ingest_article(*positional: Any, **content: Any) -> dict[str, Any]:
        return work.article(read_article(content, positional))

    @task(name=SITE_ASKED)
    def site_asked(question: str, said: Any = None, *_newer: Any) -> dict[str, Any]:
        words = read_said(said)
        with share.taken():
            return work.asked(str(question), words)


def _send_on(task: Task, paths: list[str], queue: str) -> NoReturn:
    """Under its own id: whoever waits for the result gets that of the site that takes the files."""
    request = task.request
    task.app.send_task(
        task.name,
        [paths],
        task_id=request.id,
        queue=queue,
        ignore_result=bool(request.ignore_result),
    )
    raise Ignore


def register_enrich(app: Celery, work: EnrichWork, seconds: float) -> None:
    """Register ``enrich.documents`` with a hard time limit in seconds."""

    @_decorator(app, seconds)(name=ENRICH_DOCUMENTS, bind=True, ignore_result=True)
    def enrich_documents(
        self: Task,
        ids: list[str],
        careful: bool = False,
        request: int = 0,
        *_newer: Any,
        **_newer_still: Any,
    ) -> None:
        again = bool((self.request.delivery_info or {}).get("redelivered"))
        work.documents(read_ids(ids), careful is True or again, read_number(request))
