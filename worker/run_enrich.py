"""The enrich process: the pipeline loaded once, then forked."""

from __future__ import annotations

import gc
import os

from celery import signals

from extraction import pipeline
from extraction.meaning import Encoder
from tasks.broker import ENRICH_QUEUE
from tasks.register import register_enrich
from tasks.settings import Settings
from worker import failpoint
from worker.at_work import AtWork, Witnessed
from worker.celery_worker import serve
from worker.enrich import Enricher
from worker.exporter import exported
from worker.house import House
from worker.later import Later
from worker.survived import Survived


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C in ``enrich_processes`` children."""
    failpoint.arm(os.environ)
    house = House(settings)
    nlp = pipeline.load(settings.spacy_model or None)
    encoder = Encoder() if settings.meaning else None
    pipeline.warm(nlp)
    survived = Survived(house.folders.run / "survived")
    later = Later()
    signals.worker_process_shutdown.connect(lambda **_: later.finish(), weak=False)
    with exported(house, "enrich"):
        enricher = Enricher(
            *(nlp, lambda: house.client, settings.index, survived, house.rules, house.meter),
            later=later,
            encoder=encoder,
        )
        work = Witnessed(enricher, AtWork(house.folders.enriching))
        register_enrich(house.app, work, settings.enrich_seconds)
        gc.collect()
        gc.freeze()  # the children's collectors leave the pipeline's pages shared
        serve(house.app, "enrich", (ENRICH_QUEUE,), settings.enrich_processes)
