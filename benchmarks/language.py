"""Language of articles: ``python -m benchmarks.language --data DIR [--wrong]``.

German: the Wikinews articles of ``DIR/quotes``, their headlines and leads, and the texts of
``tests/gold/languages`` that are easily taken for something else. Other languages: the texts
there, the second half written after the profiles were built.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.figures import Figure, table
from benchmarks.wikinews import articles
from extraction.language import UNKNOWN, language_of

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "languages"
Sample = tuple[str, str]


def gold(file: str) -> Iterator[Sample]:
    """Yield the code and the text of each line of ``file``."""
    for line in (GOLD / f"{file}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            others = file.startswith("others")
            code, _, text = line.partition("|") if others else ("de", "", line)
            yield code, text


def wrong(samples: Iterable[Sample]) -> list[tuple[str, str, str]]:
    """Return code, code found and text where they differ."""
    answers = ((code, language_of(text), text) for code, text in samples)
    return [(code, got, text) for code, got, text in answers if got != code]


def evaluate(data: Path) -> list[Figure]:
    """Return the share of German taken for German and of others told, and the speed."""
    return [*_shares(_wikinews(data)), *own(), _speed(data)]


def own() -> list[Figure]:
    """Return the share of the texts of the project's own that are told right."""
    return _shares(_own())


def _shares(sets: dict[str, list[Sample]]) -> list[Figure]:
    figures = []
    for what, samples in sets.items():
        missed = wrong(samples)
        mistaken = [got for _, got, _ in missed if got != UNKNOWN]
        note = f"{len(samples)} texts, {len(mistaken)} another language, rest und"
        target = 0.99 if "articles" in what else 0.9
        share = 1 - len(missed) / len(samples)
        figures.append(Figure(f"language, {what}", share, target, note))
    return figures


def _wikinews(data: Path) -> dict[str, list[Sample]]:
    read = list(articles(data))
    leads = [next(part for part in article.text.split("\n") if part.strip()) for article in read]
    return {
        "German articles": [("de", article.text) for article in read],
        "German leads": [("de", lead) for lead in leads],
        "German headlines": [("de", article.headline) for article in read],
        "German headlines in capitals": [("de", article.headline.upper()) for article in read],
    }


def _own() -> dict[str, list[Sample]]:
    return {
        "hard German, first half": list(gold("german")),
        "hard German, second half": list(gold("german-second")),
        "others, first half": list(gold("others")),
        "others, second half": list(gold("others-second")),
    }


def _speed(data: Path) -> Figure:
    texts = [article.text for article in articles(data)]
    language_of("Das ist Deutsch.")
    start = time.process_time()
    for text in texts:
        language_of(text)
    taken = time.process_time() - start
    words = sum(len(text.split()) for text in texts)
    return Figure("language, microseconds a word", taken / words * 1e6, note=f"{words} words")


def main() -> int:
    """Print the figures, and with ``--wrong`` each mistake but those in headlines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--wrong", action="store_true")
    args = parser.parse_args()
    print(table(evaluate(args.data)))
    for what, samples in (_wikinews(args.data) | _own()).items() if args.wrong else ():
        for code, got, text in wrong(samples):
            if got != UNKNOWN or "headlines" not in what:
                print(f"{what}: {code}, got {got}: {text[:70]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
