"""For programs in the same environment: send articles and files, get each item's fate.

    from tasks.client import connect

    depesche = connect()
    depesche.ingest_article(headline="Testfall", body="Ein Satz.").get(timeout=30)
    depesche.ingest_files(["/data/inbox/a.txt"]).get(timeout=30)

A program that has only Celery does the same with ``send_task("ingest.article", kwargs={…})``.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fspath
from typing import Any

from celery import Celery
from celery.result import AsyncResult

from tasks import broker, names
from tasks.messages import article_to_send
from tasks.settings import read_settings, redis_address
from tasks.site import queue_names


class Client:
    """Sends the two public tasks. Results wait in Redis for a day, long ones for ten minutes."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def ingest_files(self, paths: Iterable[str | PathLike[str]]) -> AsyncResult:
        """Files in the inbox, or in a folder of ``DEPESCHE_INGEST_FOLDERS``, into the archive.

        The result is a list with ``{"path", "fate", "id", "reason"}`` for each file; ``fate`` is
        ``indexed``, ``duplicate``, ``failed``, or ``waiting`` while Elasticsearch is away (the
        file is safe in the spool then).
        """
        files = [str(fspath(path)) for path in paths]
        return self._app.send_task(names.INTAKE_FILES, [files])

    def ingest_article(self, **content: Any) -> AsyncResult:
        """One article by its parts (``headline``, ``body`` …: ``articles.parts``).

        Raises ``UsageError`` at once where an argument is wrong. The result is one such dictionary.
        """
        return self._app.send_task(names.INTAKE_ARTICLE, kwargs=article_to_send(content))


def connect(url: str | None = None) -> Client:
    """A client on that Redis, or on the one that the environment's settings name.

    Articles go to any site of the index. Files go to the site of these settings or, where they name
    none, to the one that takes their folder.
    """
    settings = read_settings()
    address = url or redis_address(settings)
    return Client(broker.connect(address, names=queue_names(settings)))
