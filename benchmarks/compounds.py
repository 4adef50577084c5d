"""Parts of compounds: ``python -m benchmarks.compounds [--data DIR] [--misses]``.

The 200 compounds and 100 other words of ``tests/gold/compounds.txt``, written for this project;
a part is right if its lemma is. Words that are no compounds must not be split at all. With the
data folder also the speed on the Wikinews articles.
"""

from __future__ import annotations

import argparse
import re
import time
from itertools import chain
from pathlib import Path

from benchmarks.figures import Figure, table
from benchmarks.wikinews import articles
from german.compounds import compound_words, parts

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "compounds.txt"
#: Endings in which lemmas of one word may differ: Abgeordnete and Abgeordneter, Finanz, Finanzen.
_ENDING = re.compile(r"(?:er|en|e|n)$")


def gold() -> tuple[list[tuple[str, list[str]]], list[tuple[str, list[str]]]]:
    """Return word and parts of the main list and of the unseen one; no parts: no compound."""
    main, _, unseen = GOLD.read_text("utf-8").partition("# unseen\n")
    return _rows(main), _rows(unseen)


def _rows(text: str) -> list[tuple[str, list[str]]]:
    rows = [line.split("\t") for line in text.splitlines() if "\t" in line]
    return [(word, [] if right == "-" else right.split(" ")) for word, right in rows]


def judge(word: str, right: list[str]) -> tuple[int, int, int]:
    """Return the numbers of right parts, wrong parts and missing parts."""
    given = {_stem(part) for part in parts(word)}
    wanted = [[_stems(choice) for choice in part.strip("()").split("|")] for part in right]
    allowed = {stem for part in wanted for choice in part for stem in choice}
    needed = [
        choices for part, choices in zip(right, wanted, strict=True) if not part.startswith("(")
    ]
    missing = sum(not any(choice <= given for choice in choices) for choices in needed)
    return len(given & allowed), len(given - allowed), missing


def _stem(part: str) -> str:
    return _ENDING.sub("", part.casefold())


def _stems(choice: str) -> set[str]:
    return {_stem(part) for part in choice.split("+")}


def evaluate(data: Path | None = None) -> list[Figure]:
    """Measure the gold list, and the speed on the articles under ``data``."""
    figures = []
    for name, rows in zip(("main list", "unseen list"), gold(), strict=True):
        scores = [judge(word, right) for word, right in rows if right]
        right, wrong, missing = (sum(score[i] for score in scores) for i in range(3))
        wanted = sum(len(right_parts) for _, right_parts in rows)
        others = [word for word, right in rows if not right]
        split = sum(bool(parts(word)) for word in others)
        figures += [
            Figure(f"compounds, precision of parts, {name}", right / max(right + wrong, 1), 0.95),
            Figure(f"compounds, recall of parts, {name}", 1 - missing / wanted, 0.9),
            Figure(f"other words split wrongly, {name}", split / len(others), 0.02),
        ]
    return figures + (speed(data) if data else [])


def speed(data: Path) -> list[Figure]:
    """Time the articles cold and again with everything known."""
    texts = [article.text for article in articles(data)]
    words = sum(len(text.split()) for text in texts)
    parts("Anfang")
    figures = []
    for name in ("first time", "warm"):
        start = time.process_time()
        for text in texts:
            compound_words(text)
        took = time.process_time() - start
        figures.append(Figure(f"compounds, 1,000 words a second, {name}", words / took / 1000))
    return figures


def main() -> None:
    """Print the figures, and with ``--misses`` every word that is not all right."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    print(table(evaluate(arguments.data)))
    for word, right in chain(*gold()) if arguments.misses else ():
        if any(judge(word, right)[1:]):
            print(f"{word}: {' '.join(parts(word)) or '-'} (right: {' '.join(right) or '-'})")


if __name__ == "__main__":
    main()
