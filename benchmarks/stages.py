"""Where the time of reading goes: words a second of the whole, and each stage's share of it."""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

from articles.article import TEXT_FIELDS
from benchmarks.figures import Figure, table
from benchmarks.wikinews import articles, main_format
from extraction import understand
from extraction.formats.parse import parse
from extraction.story import signature
from extraction.tagging import pipeline
from extraction.text import Text

#: What ``understand`` calls, by the name that it has there.
STAGES = {
    "names": ("with_missed", "canonical"),
    "places": ("locate", "german_name"),
    "quotations": ("read_quotes",),
    "dates": ("read_dates",),
    "keyphrases": ("read_keyphrases",),
}
ARTICLES = 300


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    before = {name: getattr(understand, name) for names in STAGES.values() for name in names}
    for stage, names in STAGES.items():
        for name in names:
            setattr(understand, name, _clocked(before[name], stage, spent))
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(understand, name, function)


def _clocked(
    function: Callable[..., Any], stage: str, spent: dict[str, float]
) -> Callable[..., Any]:
    @wraps(function)
    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent[stage] += time.process_time() - start

    return timed


def evaluate(data: Path, model: str = "") -> list[Figure]:
    """Read the first 300 Wikinews articles, in processor time of this one process."""
    nlp = pipeline.load(model)
    first_articles = islice(articles(data), ARTICLES)
    read = [
        parse(main_format(article).encode(), f"{article.number}.txt") for article in first_articles
    ]
    texts = [
        Text(a.kicker, a.headline, a.lead, a.body, a.published, a.dateline_places) for a in read
    ]
    words = sum(len(getattr(text, field).split()) for text in texts for field in TEXT_FIELDS)
    list(pipeline.read(nlp, texts[:30]))  # tables are loaded, words are known
    spent: dict[str, float] = defaultdict(float)
    start = time.process_time()
    with _timed(spent):
        list(pipeline.read(nlp, texts))
    whole = time.process_time() - start
    start = time.process_time()
    for text in texts:
        signature(text.fields)
    signing = time.process_time() - start
    figures = [Figure("everything, words a second", words / whole, 5000)]
    shares = {**spent, "entity model and tokens": whole - sum(spent.values())}
    figures += [Figure(f"  {name}, % of it", 100 * part / whole) for name, part in shares.items()]
    figures.append(Figure("  signature (in intake), % beside it", 100 * signing / whole))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*figures, Figure("memory of this process at most, MiB", most)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="", help="path or name; the shipped one if left out")
    arguments = parser.parse_args()
    print(table(evaluate(arguments.data, arguments.model)))


if __name__ == "__main__":
    main()
