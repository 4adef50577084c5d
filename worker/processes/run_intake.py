"""The intake process: index what is claimed and what programs send, some batches at a time."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from celery import signals

from extraction.confined import reading
from extraction.formats.parse import warm
from tasks.real_path import real_path
from tasks.register import register_intake
from tasks.settings import Settings
from worker import failpoint
from worker.container import Container
from worker.heartbeat.shared import SharedWord
from worker.inbox import lease
from worker.metrics.exporter import exported
from worker.processes.celery_worker import serve
from worker.processes.check import check_folders
from worker.processes.site_name import keep as keep_name
from worker.processes.telling import TellingIntake

SECONDS = 600.0


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C; no language processing is ever loaded here."""
    failpoint.arm(os.environ)
    warm()
    lease.survive_broken_leases()
    container = Container(settings)
    check_folders(container.folders)
    keep_name(settings)
    takes = list(taken_from([container.folders.inbox, *settings.ingest_folders]))
    heart, word = container.heart("intake", takes), SharedWord()
    heart.beat()
    with exported(container, "intake"):
        work = TellingIntake(container.senders, word, partial(_answer, container))
        register_intake(container.app, work, SECONDS)
        signals.worker_process_shutdown.connect(_finish, weak=False)
        gc.collect()
        gc.freeze()  # the children's collectors leave the lists' pages shared
        queues = container.names.of_intake
        processes, renew = settings.intake_processes, settings.renew
        serve(container.app, "intake", queues, processes, renew, heart, word, SECONDS)


def taken_from(folders: Iterable[Path]) -> Iterator[str]:
    """Where the folders lie; to one to which too many links lead nobody comes."""
    for folder in folders:
        with suppress(OSError):
            yield str(real_path(folder))


def _answer(container: Container, question: str, said: dict[str, Any]) -> dict[str, Any]:
    """How this site stands. What is needed for that is loaded when somebody asks."""
    from worker.care.all_sites import answer

    return answer(container, question, said)


def _finish(**_: Any) -> None:
    """Before a child ends."""
    reading.close()
