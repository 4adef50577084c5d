"""The enrich process: the pipeline loaded once, then forked."""

from __future__ import annotations

import gc
import os
from functools import partial
from typing import Any

from billiard.pool import EX_RECYCLE
from celery import signals

from extraction.meaning import Encoder
from extraction.tagging import pipeline
from tasks.broker import ENRICH_QUEUE
from tasks.register import register_enrich
from tasks.settings import Settings
from worker import failpoint
from worker.container import House
from worker.enrichment.aborted_attempts import Survived
from worker.enrichment.debouncer import LAST_SECONDS, RENEWED_SECONDS, Later
from worker.enrichment.enrich import Enricher
from worker.enrichment.in_flight import AtWork, Witnessed
from worker.enrichment.reading import Reader
from worker.enrichment.surname_resolver import Who
from worker.enrichment.writing import Writer
from worker.metrics.exporter import exported
from worker.processes.allocator import keep_freed_memory
from worker.processes.celery_worker import serve


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C in ``enrich_processes`` children."""
    failpoint.arm(os.environ)
    keep_freed_memory()
    house = House(settings)
    nlp = pipeline.load(settings.spacy_model or None)
    encoder = Encoder() if settings.meaning else None
    pipeline.warm(nlp)
    survived = Survived(house.folders.run / "survived")
    with exported(house, "enrich"):
        index = lambda: house.client, settings.index
        reader = Reader(nlp, house.rules, Who(*index, house.meter), encoder)
        writer = Writer(*index, survived, house.meter)
        signals.worker_process_shutdown.connect(partial(_finish, writer.later), weak=False)
        enricher = Enricher(reader, writer, *index, survived, house.meter)
        work = Witnessed(enricher, AtWork(house.folders.enriching))
        register_enrich(house.app, work, settings.enrich_seconds)
        gc.collect()
        gc.freeze()  # the children's collectors leave the pipeline's pages shared
        queues = (ENRICH_QUEUE,)
        serve(house.app, "enrich", queues, settings.enrich_processes, settings.renew)


def _finish(later: Later[Any, Any], exitcode: int | None = None, **_: Any) -> None:
    """Before a child ends: do what it has put off."""
    later.finish(RENEWED_SECONDS if exitcode == EX_RECYCLE else LAST_SECONDS)
