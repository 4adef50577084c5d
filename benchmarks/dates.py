"""Dates read out of news: ``python -m benchmarks.dates --data DIR [--errors]``.

Measured on the 42 articles of ``DIR/temporal`` (KRAUTS Dolomiten-42, measure only), as TempEval-3
does it (UzZaman et al. 2013): an expression counts as found if its span overlaps one of the gold
standard that no other was matched with. *relaxed F* asks for no more, *strict F* for the same
span, *type F* and *value F* for an overlapping span with the same type or value. Values are
compared as strings; only the clock's ``9.30``, as the gold standard has it now and then, is read
as ``09:30``. An interval that is read as one counts as its two ends, as TimeML marks them.
HeidelTime's output comes with the data and goes through the same scorer.

Rules were looked at on the development half only: every other article by name, from the first.
``--errors`` lists what is wrong on that half, and nothing of the other.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
import tarfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from articles.article import Published
from benchmarks import wikinews
from benchmarks.figures import Figure, table
from extraction.temporal import TimeMention, read_dates

ARCHIVE = "temporal/krauts-dolomiten-42.tar.xz"
TARGET = 0.80
_GOLD, _HEIDELTIME = "KRAUTS_Dolomiten-42", "KRAUTS_Dolomiten-42_Heideltime"
_TIMEX = re.compile(r"<TIMEX3\b([^>]*?)(?:/>|>(.*?)</TIMEX3>)", re.DOTALL)
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_SPEED_WORDS = 100_000


class Timex(NamedTuple):
    """An expression; ``start`` and ``end`` count the characters that are no white space."""

    start: int
    end: int
    kind: str
    value: str
    surface: str


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` without marks, published on ``date``; gold standard and HeidelTime's output."""

    name: str
    date: str
    text: str
    gold: list[Timex]
    heideltime: list[Timex]


def documents(data: Path) -> list[Document]:
    """Read the articles, ordered by name."""
    with tarfile.open(data / ARCHIVE) as archive:
        files = {
            (Path(member.name).parent.name, Path(member.name).name): file.read().decode("utf-8")
            for member in archive
            if (file := archive.extractfile(member))
        }
    names = sorted(name for folder, name in files if folder == _GOLD)
    return [_document(name, files[_GOLD, name], files[_HEIDELTIME, name]) for name in names]


def _document(name: str, gold: str, heideltime: str) -> Document:
    date = re.search(r'<DCT>.*?value="([^"]*)"', gold, re.DOTALL)
    if not date:
        raise ValueError(f"no date of publication in {name}")
    text, marked = _parse(gold)
    return Document(name, date[1], text, marked, _parse(heideltime)[1])


def _parse(file: str) -> tuple[str, list[Timex]]:
    """Return the text and the expressions of the element TEXT."""
    body = file[file.index("<TEXT>") + 6 : file.index("</TEXT>")]
    text, timexes, at = "", [], 0
    for timex in _TIMEX.finditer(body):
        text += _plain(body[at : timex.start()])
        start, surface = _solid(text), _plain(timex[2] or "")
        text, at = text + surface, timex.end()
        if surface.strip():  # some have no text of their own
            attributes = dict(_ATTRIBUTE.findall(timex[1]))
            value = _clock(attributes.get("value", ""))
            timexes.append(Timex(start, _solid(text), attributes.get("type", ""), value, surface))
    return text + _plain(body[at:]), timexes


def _plain(marked: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", marked))


def _solid(text: str) -> int:
    return len("".join(text.split()))


def _clock(value: str) -> str:
    return re.sub(r"T(\d\d?)[.:](\d\d)", lambda at: f"T{int(at[1]):02}:{at[2]}", value)


def ours(document: Document) -> list[Timex]:
    """Return what ``read_dates`` finds, intervals as their two ends."""
    mentions = read_dates(document.text, Published(document.date, "day"))
    ends = (end for mention in mentions for end in (mention.parts or (mention,)))
    return [_timex(document.text, mention) for mention in ends]


def _timex(text: str, mention: TimeMention) -> Timex:
    start = _solid(text[: mention.start])
    kind = mention.kind.upper()
    return Timex(start, start + _solid(mention.surface), kind, mention.value, mention.surface)


def matched(gold: list[Timex], predicted: list[Timex]) -> Iterator[tuple[Timex, Timex]]:
    """Pair each expression with the first one free that overlaps it, the same span first."""
    free = list(predicted)
    for expected in gold:
        over = [
            candidate
            for candidate in free
            if candidate.start < expected.end and expected.start < candidate.end
        ]
        if over:
            best = max(
                over,
                key=lambda candidate: (
                    candidate[:2] == expected[:2],
                    candidate.value == expected.value,
                ),
            )
            free.remove(best)
            yield expected, best


def f_score(right: int, gold: int, predicted: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * right / (gold + predicted) if gold + predicted else 0.0


def scores(pairs: Iterable[tuple[list[Timex], list[Timex]]]) -> dict[str, float]:
    """Return the four measures over documents of gold and found expressions."""
    read = list(pairs)
    gold, predicted = sum(len(g) for g, _ in read), sum(len(f) for _, f in read)
    both = [pair for g, f in read for pair in matched(g, f)]
    right = {
        "value F": sum(a.value == b.value for a, b in both),
        "relaxed span F": len(both),
        "strict span F": sum(a[:2] == b[:2] for a, b in both),
        "type F": sum(a.kind == b.kind for a, b in both),
    }
    return {name: f_score(count, gold, predicted) for name, count in right.items()}


def value_shares(pairs: Iterable[tuple[list[Timex], list[Timex]]]) -> dict[str, tuple[int, int]]:
    """Return for each type of the gold standard how many values are right, and of how many."""
    both = [pair for gold, predicted in pairs for pair in matched(gold, predicted)]
    kinds = sorted({gold.kind for gold, _ in both})
    return {
        kind: (
            sum(a.value == b.value for a, b in both if a.kind == kind),
            sum(a.kind == kind for a, _ in both),
        )
        for kind in kinds
    }


def evaluate(data: Path) -> list[Figure]:
    """Measure both systems on both halves and on all articles, then the speed."""
    read = documents(data)
    figures = []
    for half, docs in (("development", read[::2]), ("held out", read[1::2]), ("all", read)):
        count = sum(len(doc.gold) for doc in docs)
        mine = scores((doc.gold, ours(doc)) for doc in docs)
        theirs = scores((doc.gold, doc.heideltime) for doc in docs)
        for measure, value in mine.items():
            target = TARGET if measure == "value F" else None
            note = f"HeidelTime {theirs[measure]:.3f}, {count} expressions"
            figures.append(Figure(f"dates, {half}: {measure}", value, target, note))
        shares = value_shares((doc.gold, ours(doc)) for doc in docs)
        figures += [
            Figure(f"dates, {half}: values right, {kind}", right / count, None, f"of {count} found")
            for kind, (right, count) in shares.items()
        ]
    return [*figures, _speed(data)]


def _speed(data: Path) -> Figure:
    texts = [(article.date, article.text) for article in wikinews.articles(data)]
    read_dates("aufgewärmt", None)
    words, start = 0, time.process_time()
    for date, text in texts:
        read_dates(text, Published(date, "day"))
        words += len(text.split())
        if words > _SPEED_WORDS:
            break
    seconds = time.process_time() - start
    return Figure(
        "dates: microseconds a word", 1e6 * seconds / words, None, "on Wikinews, one core"
    )


def print_errors(docs: list[Document]) -> None:
    """Print what is missing, too much or of another value than in the gold standard."""
    for doc in docs:
        predicted = ours(doc)
        pairs = list(matched(doc.gold, predicted))
        for gold, read in pairs:
            if gold.value != read.value:
                print(f"{doc.name} {doc.date} value: {gold.surface!r} {gold.value} {gold.kind}"
                      f" / {read.surface!r} {read.value} {read.kind}")  # fmt: skip
        for gold in doc.gold:
            if not any(gold == expected for expected, _ in pairs):
                print(f"{doc.name} missing: {gold.surface!r} {gold.value} {gold.kind}")
        for read in predicted:
            if not any(read == taken for _, taken in pairs):
                print(f"{doc.name} too much: {read.surface!r} {read.value} {read.kind}")


def main() -> None:
    """Print the table, or the errors of the development half."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--errors", action="store_true")
    arguments = parser.parse_args()
    if not (arguments.data / ARCHIVE).is_file():
        sys.exit(f"{arguments.data / ARCHIVE} is not there")
    if arguments.errors:
        print_errors(documents(arguments.data)[::2])
    else:
        print(table(evaluate(arguments.data)))


if __name__ == "__main__":
    main()
