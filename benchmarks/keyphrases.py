"""Keyphrases: ``python -m benchmarks.keyphrases [--data DIR] [--show]``.

Twenty short articles with tags, written for this project (``tests/gold/keyphrases.txt``). The
first ten were looked at while the statistic was made, the others were not. A keyphrase is right
if a tag has its lemma. With the data folder also the speed on the Wikinews articles.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Figure, table
from benchmarks.wikinews import articles
from extraction.keyphrases import read_keyphrases
from german.compounds import lemma

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "keyphrases.txt"


class Tagged(NamedTuple):
    """An article with the names in it and its tags."""

    fields: dict[str, str]
    names: list[str]
    tags: list[str]


def gold() -> list[Tagged]:
    """Return the twenty articles."""
    blocks = GOLD.read_text("utf-8").strip().split("\n\n")[1:]
    return [_tagged(dict(line.split(": ", 1) for line in b.split("\n"))) for b in blocks]


def _tagged(rows: dict[str, str]) -> Tagged:
    fields = {"headline": rows["H"], "body": rows["B"]}
    return Tagged(fields, rows["N"].split("; "), rows["T"].split("; "))


def precision(tagged: Tagged, first: int) -> float:
    """Return the share of the first keyphrases that are tags; of fewer if fewer are given."""
    given = read_keyphrases(tagged.fields, tagged.names)[:first]
    tags = {_key(tag) for tag in tagged.tags}
    return sum(_key(phrase) in tags for phrase in given) / max(1, len(given))


def recall(tagged: Tagged) -> float:
    """Return the share of the tags that are given."""
    given = {_key(phrase) for phrase in read_keyphrases(tagged.fields, tagged.names)}
    return sum(_key(tag) in given for tag in tagged.tags) / len(tagged.tags)


def _key(phrase: str) -> str:
    return " ".join(lemma(word) for word in phrase.split()).casefold()


def evaluate(data: Path | None = None) -> list[Figure]:
    """Measure both halves of the gold list, and the speed on the articles under ``data``."""
    figures = []
    for name, half in (("first ten", gold()[:10]), ("other ten", gold()[10:])):
        at5, at10 = (sum(precision(t, n) for t in half) / len(half) for n in (5, 10))
        figures += [
            Figure(f"keyphrases, precision at 5, {name}", at5, 0.7),
            Figure(f"keyphrases, precision at 10, {name}", at10, 0.6),
            Figure(f"keyphrases, recall of tags, {name}", sum(map(recall, half)) / len(half)),
        ]
    return figures + (speed(data) if data else [])


def speed(data: Path) -> list[Figure]:
    """Time the articles."""
    texts = [{"headline": a.headline, "body": a.text} for a in articles(data)]
    start = time.process_time()
    for text in texts:
        read_keyphrases(text, ())
    took = time.process_time() - start
    words = sum(len(text["body"].split()) for text in texts)
    return [Figure("keyphrases, 1,000 words a second", words / took / 1000)]


def main() -> None:
    """Print the figures, and with ``--show`` what is given for each article."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    print(table(evaluate(arguments.data)))
    for tagged in gold() if arguments.show else ():
        tags = {_key(tag) for tag in tagged.tags}
        given = read_keyphrases(tagged.fields, tagged.names)
        print(f"\n{tagged.fields['headline']}")
        print("  " + ", ".join(p if _key(p) in tags else f"*{p}" for p in given))
        print("  missing: " + ", ".join(sorted(tags - {_key(p) for p in given})))


if __name__ == "__main__":
    main()
