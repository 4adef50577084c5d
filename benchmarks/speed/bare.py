"""What the whole is compared with: the model alone, and Elasticsearch's own bulk helper."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from elasticsearch import helpers
from spacy.language import Language

from articles.article import TEXT_FIELDS
from benchmarks.speed.ground import searchable, until
from benchmarks.speed.use import Meter, Spent
from extraction.formats.parse import parse
from extraction.tagging import pipeline
from extraction.text import Text
from worker.container import Container
from worker.processes.allocator import keep_freed_memory

WARM = 32
Work = Callable[[Language, Sequence[Text]], object]


def as_texts(articles: Sequence[str]) -> list[Text]:
    """What enrichment gets of articles in the main format."""
    read = [parse(article.encode(), f"{number}.txt") for number, article in enumerate(articles)]
    return [
        Text(a.kicker, a.headline, a.lead, a.body, a.published, a.dateline_places) for a in read
    ]


def model_alone(nlp: Language, texts: Sequence[Text]) -> None:
    """``nlp.pipe`` over each article as one string."""
    whole = ("\n\n".join(getattr(text, field) for field in TEXT_FIELDS) for text in texts)
    for _ in nlp.pipe(whole):
        pass


def stock_alone(nlp: Language, texts: Sequence[Text]) -> None:
    """``model_alone`` of a pipeline as ``spacy.load`` gives it.

    What ``pipeline.load`` chose for all pipelines is undone: this may run only in a process that
    reads nothing else.
    """
    pipeline.use_blis(nlp, True)
    model_alone(nlp, texts)


def reading_alone(nlp: Language, texts: Sequence[Text]) -> None:
    """All that extraction does, without queue and index."""
    for _ in pipeline.read(nlp, texts):
        pass


def forked_rate(
    nlp: Language,
    warm: Sequence[Text],
    texts: Sequence[Text],
    processes: int,
    work: Work,
    *,
    keeping: bool = False,
) -> float:
    """Articles a second of ``work`` in so many forked processes, each with its share of the texts.

    Each reads other articles before, ``warm``. ``keeping`` freed memory, as our workers do and a
    program that only calls spaCy does not.
    """
    context = multiprocessing.get_context("fork")
    line = context.Barrier(processes + 1)

    def child(share: Sequence[Text]) -> None:
        if keeping:
            keep_freed_memory()
        work(nlp, warm)
        line.wait()
        work(nlp, share)
        line.wait()

    children = [
        context.Process(target=child, args=(texts[n::processes],)) for n in range(processes)
    ]
    for process in children:
        process.start()
    line.wait()
    start = time.monotonic()
    line.wait()
    passed = time.monotonic() - start
    for process in children:
        process.join()
    return len(texts) / passed


def bulk_rate(
    container: Container, ready: Sequence[tuple[str, dict[str, Any]]]
) -> tuple[float, Spent]:
    """Documents a second of ``helpers.parallel_bulk`` until all can be searched, warm."""
    index = container.settings.index
    actions = ({"_index": index, "_id": id_, "_source": source} for id_, source in ready)
    done = 0
    for _ in helpers.parallel_bulk(container.client, islice(actions, WARM)):
        done += 1
    clocks = Meter([])
    clocks.start()
    start = time.monotonic()
    for _ in helpers.parallel_bulk(container.client, actions):
        done += 1
    container.client.indices.refresh(index=index)
    end = until(lambda: searchable(container) >= done, "the bulk to be searchable")
    return (done - WARM) / (end - start), clocks.spent(done - WARM)
