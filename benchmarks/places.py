"""Countries of places: ``python -m benchmarks.places [--data DIR] [--wrong]``.

Measured on the gold set in ``tests/gold/places`` (its first lines tell the format), whose names
are given as a perfect recogniser would give them. ``--data`` adds the speed on the Wikinews
articles, with the words after ``in`` for names.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, table
from benchmarks.wikinews import articles
from extraction.geography import Located, locate

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "places"
HALVES = ("first", "second")
_MARK = re.compile(r"\[\[([^]|]+)\|([A-Z]{2}|-)(?:\|([^]|]+))?\]\]")
_DATELINE = re.compile(r"([A-ZÄÖÜ][A-ZÄÖÜ ()/]+) \| ")
_LIKELY_PLACE = re.compile(r"\b(?:in|aus|nach) ([A-ZÄÖÜ][a-zäöüß]+(?:-[A-Z][a-zäöüß]+)?)")


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked place: ``country`` is empty for none, ``name`` where the gold set gives it."""

    surface: str
    country: str
    name: str = ""

    @property
    def is_adjective(self) -> bool:
        """Tell whether an adjective names the state."""
        return self.surface[0].islower()


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the gold set without its marks."""

    dateline: tuple[str, ...]
    text: str
    marks: tuple[Marked, ...]

    def located(self) -> Located:
        """Locate the marked names."""
        names = [mark.surface for mark in self.marks if not mark.is_adjective]
        return locate(names, self.dateline, {"body": self.text})


def gold(half: str) -> Iterator[Text]:
    """Yield the texts of ``half`` of the gold set."""
    for line in (GOLD / f"{half}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield _text(line)


def wrong(text: Text) -> list[tuple[Marked, str]]:
    """Return the marks whose country or German name is wrong, with what was found."""
    located = text.located()
    missed = []
    for mark in text.marks:
        place = located.places.get(mark.surface)
        country, name = (place.country, place.name) if place else ("", "")
        if mark.is_adjective:
            country = mark.country if mark.country in located.countries else ""
        if country != mark.country or (mark.name and mark.name != name):
            missed.append((mark, f"{country} {name}"))
    return missed


def countries_f(texts: list[Text]) -> float:
    """Return F of the articles' countries, micro-averaged."""
    right = given = wanted = 0
    for text in texts:
        gold_countries = {mark.country for mark in text.marks if mark.country}
        predicted = set(text.located().countries)
        right += len(predicted & gold_countries)
        given, wanted = given + len(predicted), wanted + len(gold_countries)
    return 2 * right / (given + wanted)


def evaluate(data: Path | None = None) -> list[Figure]:
    """Return accuracy of the country for each half, F of the countries, and the speed."""
    figures = []
    for half in HALVES:
        texts = list(gold(half))
        marks = sum(len(text.marks) for text in texts)
        right = marks - sum(len(wrong(text)) for text in texts)
        note = f"{marks} mentions"
        figures.append(Figure(f"places, right country ({half} half)", right / marks, 0.9, note))
        figures.append(Figure(f"places, F of countries ({half} half)", countries_f(texts)))
    return figures + ([_speed(data)] if data else [])


def _text(line: str) -> Text:
    dateline = _DATELINE.match(line)
    written = line[dateline.end() :] if dateline else line
    marks = tuple(
        Marked(m[1], "" if m[2] == "-" else m[2], m[3] or "") for m in _MARK.finditer(written)
    )
    places = tuple(place.title() for place in dateline[1].split("/")) if dateline else ()
    return Text(places, _MARK.sub(lambda m: m[1], written), marks)


def _speed(data: Path) -> Figure:
    texts = [article.text for article in articles(data)]
    names = [_LIKELY_PLACE.findall(text) for text in texts]
    locate(["Berlin"])
    start = time.process_time()
    for text, candidates in zip(texts, names, strict=True):
        locate(candidates, (), {"body": text})
    taken = time.process_time() - start
    words = sum(len(text.split()) for text in texts)
    return Figure("places, microseconds a word", taken / words * 1e6, note=f"{words} words")


def main() -> int:
    """Print the figures, and with ``--wrong`` each mistake."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--wrong", action="store_true")
    args = parser.parse_args()
    print(table(evaluate(args.data)))
    for half in HALVES if args.wrong else ():
        for text in gold(half):
            for mark, answer in wrong(text):
                print(f"{half}: {mark.surface} is {mark.country or '-'} {mark.name}, got {answer}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
