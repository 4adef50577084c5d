"""Enrichment from the queue to ``enriched``, over the bare model; and a second process."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import spacy
from spacy.language import Language

from benchmarks.speed.bare import (
    Work,
    as_texts,
    forked_rate,
    model_alone,
    reading_alone,
    stock_alone,
)
from benchmarks.speed.ground import Ground, enriched, enriched_at, publish, put_in, until
from benchmarks.speed.rows import Row, row, steady
from benchmarks.speed.use import Meter, Spent
from extraction.tagging import pipeline
from extraction.text import Text
from worker.enrichment.debouncer import SECONDS

ARTICLES, QUICK = 512, 128
#: Articles until most words are known.
WARM_READING = 160


@dataclass(frozen=True, slots=True)
class Bare:
    """Reading without queue and index; ``warm`` are articles that are read before."""

    ours: Language
    stock: Language
    warm: Sequence[Text]
    texts: Sequence[Text]

    def rates(self, processes: int) -> tuple[float, float, float]:
        """Articles a second of our model, of the stock one, and of all of extraction."""

        def of(nlp: Language, work: Work, *, keeping: bool = False) -> float:
            return forked_rate(nlp, self.warm, self.texts, processes, work, keeping=keeping)

        return (
            of(self.ours, model_alone),
            of(self.stock, stock_alone),
            of(self.ours, reading_alone, keeping=True),
        )


class Rates(NamedTuple):
    """Articles a second, and processor time an article in the last of them.

    ``model`` is ours, which keeps vectors of word forms and multiplies with NumPy's BLAS;
    ``stock`` the same as ``spacy.load`` gives it.
    """

    model: float
    stock: float
    reading: float
    worker: float
    spent: Spent


def rate(ground: Ground, articles: Sequence[str], processes: int) -> tuple[float, Spent]:
    """Articles a second of ``depesche work enrich`` in so many processes."""
    with ground.container() as (container, running):
        ids = put_in(container, articles)
        publish(container, ids)
        worker = running.start("enrich", DEPESCHE_ENRICH_PROCESSES=str(processes))
        clocks = Meter([worker.pid])
        until(lambda: enriched(container) > 0, "the first to be enriched")
        container.client.indices.refresh(index=container.settings.index)
        first = enriched(container)
        clocks.start()
        until(lambda: enriched(container) >= len(ids), "all to be enriched", every=0.5)
        time.sleep(1.5 * SECONDS)  # the second look at stories is part of the work
        return steady(enriched_at(container)), clocks.spent(len(ids) - first)


def measure(ground: Ground) -> list[Row]:
    """Each round the bare model, extraction alone and the worker, with one and two processes."""
    size = ground.size(ARTICLES, QUICK)
    articles = [ground.corpus.text(n) for n in range(size)]
    others = [ground.corpus.text(n) for n in range(size, size + WARM_READING)]
    bare = Bare(pipeline.load(), spacy.load(pipeline.SHIPPED), as_texts(others), as_texts(articles))
    rounds: dict[int, list[Rates]] = defaultdict(list)
    for _ in ground.rounds:
        for processes in (1, 2):
            rates = Rates(*bare.rates(processes), *rate(ground, articles, processes))
            rounds[processes].append(rates)
    return [*_ratios(1, rounds[1]), *_ratios(2, rounds[2]), *_gains(rounds[1], rounds[2])]


def _ratios(processes: int, rounds: Sequence[Rates]) -> list[Row]:
    unit = "ms/article"
    of = f"({processes} process{'es' if processes > 1 else ''})"
    return [
        row(f"enrichment over nlp.pipe {of}", "×", [r.worker / r.model for r in rounds], 0.9),
        row(f"  over nlp.pipe as spaCy loads it {of}", "×", [r.worker / r.stock for r in rounds]),
        row(f"  over all of extraction {of}", "×", [r.worker / r.reading for r in rounds]),
        row(f"  nlp.pipe {of}", "articles/s", [r.model for r in rounds]),
        row(f"  nlp.pipe as spaCy loads it {of}", "articles/s", [r.stock for r in rounds]),
        row(f"  all of extraction {of}", "articles/s", [r.reading for r in rounds]),
        row(f"  enrichment {of}", "articles/s", [r.worker for r in rounds]),
        row(f"  processor time of the machine {of}", unit, [r.spent.machine for r in rounds]),
        row(f"  of it the worker {of}", unit, [r.spent.own for r in rounds]),
    ]


def _gains(single: Sequence[Rates], double: Sequence[Rates]) -> list[Row]:
    pairs = list(zip(single, double, strict=True))
    return [
        row("one more enrich process", "×", [b.worker / a.worker for a, b in pairs], 1.8),
        row("  one more process of nlp.pipe", "×", [b.model / a.model for a, b in pairs]),
    ]
