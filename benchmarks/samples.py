"""Names of the sample articles: ``python -m benchmarks.samples [--data DIR] [--wrong]``.

The people, organisations and places of each of the articles in ``seeds/articles``, as the shipped
pipeline gives them, against ``tests/gold/samples.txt`` (its first lines tell the format), which was
written by reading the articles. Precision, recall and F over the names of each article.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from spacy.language import Language

from articles.article import Article, Enrichment
from benchmarks.figures import Figure, table
from extraction.formats.parse import parse
from extraction.tagging import pipeline
from extraction.text import Text

GOLD = Path(__file__).parents[1] / "tests" / "gold" / "samples.txt"
KINDS = ("people", "organisations", "places")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name by each of its ``forms``; what is ``optional`` counts neither way."""

    forms: tuple[str, ...]
    optional: bool = False


@dataclass(slots=True)
class Count:
    """Names that are right, invented and missed, as ``sample: name``."""

    right: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def figure(self, what: str) -> Figure:
        """Return F, with precision and recall beside it."""
        precision = len(self.right) / max(1, len(self.right) + len(self.invented))
        recall = len(self.right) / max(1, len(self.right) + len(self.missed))
        f = 2 * precision * recall / (precision + recall) if self.right else 0.0
        names = len(self.right) + len(self.missed)
        note = f"P {precision:.3f} R {recall:.3f}, {names} names"
        return Figure(f"sample articles, F of {what}", f, note=note)


def samples() -> dict[str, Article]:
    """Return the sample articles by the stems of their names."""
    entries = sorted((files("seeds") / "articles").iterdir(), key=lambda entry: entry.name)
    return {e.name.removesuffix(".txt"): parse(e.read_bytes(), e.name) for e in entries}


def read(nlp: Language) -> dict[str, Enrichment]:
    """Return what is read in each sample."""
    articles = samples()
    enrichments = pipeline.read(nlp, map(text_of, articles.values()))
    return dict(zip(articles, enrichments, strict=True))


def text_of(article: Article) -> Text:
    """Return what the pipeline reads of an article."""
    a = article
    written = (a.kicker, a.headline, a.lead, a.body)
    return Text(*written, a.published, a.dateline_places, a.language or "")


def gold() -> dict[str, dict[str, list[Wanted]]]:
    """Return for each sample the names of each kind."""
    blocks = re.split(r"^=== ", GOLD.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {b.split("\n", 1)[0]: dict(_rows(b.split("\n", 1)[1])) for b in blocks}


def _rows(block: str) -> Iterator[tuple[str, list[Wanted]]]:
    for line in block.strip().splitlines():
        kind, _, names = line.partition(":")
        yield kind, [_wanted(name.strip()) for name in names.split(";") if name.strip()]


def _wanted(name: str) -> Wanted:
    forms = name.strip("()") if name.startswith("(") else name
    return Wanted(tuple(form.strip() for form in forms.split("|")), name.startswith("("))


def count(given: dict[str, Enrichment]) -> dict[str, Count]:
    """Compare what was ``given`` for each sample with the gold list, kind by kind.

    Places of the dateline are not asked for, and right if they are given.
    """
    counts, articles = {kind: Count() for kind in KINDS}, samples()
    for sample, kinds in gold().items():
        told = [Wanted((place,), optional=True) for place in articles[sample].dateline_places]
        for kind in KINDS:
            wanted = [*kinds[kind], *(told if kind == "places" else ())]
            _add(counts[kind], sample, wanted, set(getattr(given[sample], kind)))
    return counts


def _add(counted: Count, sample: str, wanted: list[Wanted], names: set[str]) -> None:
    for name in wanted:
        met = names.intersection(name.forms)
        if not name.optional:
            (counted.right if met else counted.missed).append(f"{sample}: {name.forms[0]}")
        names -= set(sorted(met)[:1] if not name.optional else met)
    counted.invented += [f"{sample}: {name}" for name in sorted(names)]


def figures(counts: dict[str, Count]) -> list[Figure]:
    """Return F of each kind, and over all names."""
    every = Count(*([n for c in counts.values() for n in getattr(c, k)] for k in Count.__slots__))
    return [counted.figure(kind) for kind, counted in counts.items()] + [every.figure("all names")]


def evaluate(data: Path | None = None) -> list[Figure]:  # noqa: ARG001  # the gold list is ours
    """Return the figures; ``data`` is not looked at."""
    return own(pipeline.load())


def own(nlp: Language) -> list[Figure]:
    """Return F of the names of each kind, and of all."""
    return figures(count(read(nlp)))


def main() -> None:
    """Print the figures, and with ``--wrong`` each name that is missed or invented."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="not needed: the articles are in seeds")
    parser.add_argument("--wrong", action="store_true")
    counts = count(read(pipeline.load()))
    print(table(figures(counts)))
    for kind, counted in counts.items() if parser.parse_args().wrong else ():
        print(f"\n{kind}", *(f"missed    {name}" for name in counted.missed), sep="\n")
        print(*(f"invented  {name}" for name in counted.invented), sep="\n")


if __name__ == "__main__":
    main()
