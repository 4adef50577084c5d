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
from tasks.register import register_enrich
from tasks.settings import Settings
from worker import failpoint
from worker.container import Container
from worker.enrichment.aborted_attempts import AbortedAttempts
from worker.enrichment.budget import Budget
from worker.enrichment.debouncer import LAST_SECONDS, RENEWED_SECONDS, Debouncer
from worker.enrichment.enrich import Enricher
from worker.enrichment.in_flight import InFlight, InFlightEnricher
from worker.enrichment.reading import Reader
from worker.enrichment.surname_resolver import SurnameResolver
from worker.enrichment.writing import Writer
from worker.heartbeat.shared import SharedWord
from worker.metrics.exporter import exported
from worker.processes.allocator import keep_freed_memory
from worker.processes.celery_worker import serve
from worker.processes.telling import TellingEnrich


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C in ``enrich_processes`` children."""
    failpoint.arm(os.environ)
    keep_freed_memory()
    container = Container(settings)
    heart, word = container.heart("enrich"), SharedWord()
    heart.beat()
    nlp = pipeline.load(settings.spacy_model or None)
    heart.pulse.version = pipeline.version(nlp)
    encoder = Encoder() if settings.meaning else None
    pipeline.warm(nlp)
    aborted = AbortedAttempts(container.folders.run / "survived")
    budget = Budget(settings.enrich_seconds, times=pipeline.slowness(nlp))
    with exported(container, "enrich"):
        index = lambda: container.client, settings.index
        surnames = SurnameResolver(*index, container.meter)
        reader = Reader(nlp, container.rules, surnames, encoder, budget)
        writer = Writer(*index, aborted, container.meter)
        signals.worker_process_shutdown.connect(partial(_finish, writer.second_looks), weak=False)
        enricher = Enricher(reader, writer, *index, aborted, container.meter)
        work = InFlightEnricher(enricher, InFlight(container.folders.enriching))
        register_enrich(container.app, TellingEnrich(work, word), settings.enrich_seconds)
        gc.collect()
        gc.freeze()  # the children's collectors leave the pipeline's pages shared
        queues = container.names.of_enrich
        processes, renew = settings.enrich_processes, settings.renew
        longest = settings.enrich_seconds
        serve(container.app, "enrich", queues, processes, renew, heart, word, longest)


def _finish(second_looks: Debouncer[Any, Any], exitcode: int | None = None, **_: Any) -> None:
    """Before a child ends: do what it has put off."""
    second_looks.finish(RENEWED_SECONDS if exitcode == EX_RECYCLE else LAST_SECONDS)
