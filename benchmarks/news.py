"""Lists of names on annotated news: ``python -m benchmarks.news --data DIR [--part dev]``.

The people, organisations, places and other names that the whole pipeline gives for each article,
against those of its annotation (`benchmarks.news_gold`); the held-out part unless another is named.
``--wrong`` prints each name that is missed or wrong, ``--kind`` measures one kind of news alone.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language

from articles.article import Article, Enrichment, Mention
from benchmarks.figures import Figure, table
from benchmarks.news_gold import FOLDER, FULL, PARTS, Marked, articles
from benchmarks.samples import text_of
from extraction.formats.parse import parse
from extraction.tagging import pipeline

LISTS = {"PER": "people", "LOC": "places", "ORG": "organisations", "MISC": "misc"}
#: What counts in ``all``; the others stand beside it.
COUNTED = ("PER", "LOC", "ORG")
TARGETS = {"PER": 0.92, "LOC": 0.91, "ORG": 0.85, "MISC": 0.80, "all": 0.89, "parts": 0.85}
_INSIDE = re.compile(r"[^\W_]|-[^\W_]")
_INSIDE_BEFORE = re.compile(r"[^\W_]-?\Z")


@dataclass(slots=True)
class Count:
    """Names given, right among them, wanted, found among those; what went wrong, in words."""

    given: int = 0
    right: int = 0
    wanted: int = 0
    found: int = 0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Count) -> Count:
        return Count(
            self.given + other.given,
            self.right + other.right,
            self.wanted + other.wanted,
            self.found + other.found,
            self.wrong + other.wrong,
        )

    def figure(self, what: str, target: float | None = None) -> Figure:
        """Return F, with precision and recall beside it."""
        precision, recall = self.right / max(1, self.given), self.found / max(1, self.wanted)
        f = 2 * precision * recall / max(1e-9, precision + recall)
        note = f"P {precision:.3f} R {recall:.3f}, {self.wanted} names"
        return Figure(f"lists of names, F of {what}", f, target, note)


def fold(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return re.sub(r"[\s\-‑–]+", " ", name.casefold()).strip().replace("ß", "ss")


def count(marked: Marked, article: Article, given: Enrichment) -> dict[str, Count]:
    """Compare the lists of one article, label by label, and ``parts``: names inside compounds.

    A name is right if it, or one of its surfaces, is the annotated name or one of its surfaces
    under the same label; a second name for one entity is wrong. Names that are annotated only as
    part or derivation count neither way. Agencies and places of the dateline, which have fields
    of their own, count as found and never as wrong.
    """
    forms: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mention in given.mentions:
        forms[mention.label, mention.name] |= {fold(mention.name), fold(mention.surface)}
    extra = {"ORG": article.agencies or (), "LOC": article.dateline_places or ()}
    counts = {}
    for label, kind in LISTS.items():
        listed = {name: forms[label, name] | {fold(name)} for name in getattr(given, kind)}
        counts[label] = _count(marked, label, listed, {fold(n) for n in extra.get(label, ())})
    counts["parts"] = _parts(marked, given, article)
    return counts


def base(label: str) -> str:
    """Return ``LOC`` for ``LOCpart`` and ``LOCderiv``."""
    return label.removesuffix("part").removesuffix("deriv")


def _count(marked: Marked, label: str, listed: Mapping[str, set[str]], extra: set[str]) -> Count:
    wanted = _entities(marked, label)
    soft = {fold(r.name) for r in marked.rows if base(r.label) == label != r.label}
    counted, met = Count(wanted=len(wanted)), set[str]()
    for name, forms in listed.items():
        matches = [entity for entity, known in wanted.items() if known & forms]
        if not matches and fold(name) in soft:
            continue
        counted.given += 1
        right = bool(matches) and matches[0] not in met
        counted.right += right
        met |= set(matches[:1])
        counted.wrong += [] if right else [f"{marked.stem}: {label} wrong   {name}"]
    met |= {entity for entity, known in wanted.items() if known & extra}
    counted.found = len(met)
    counted.wrong += [f"{marked.stem}: {label} missing {e}" for e in wanted if e not in met]
    return counted


def _entities(marked: Marked, label: str) -> dict[str, set[str]]:
    entities: dict[str, set[str]] = defaultdict(set)
    for row in marked.rows:
        if row.label == label:
            entities[row.name] |= {fold(row.name), fold(row.surface)}
    return entities


def _parts(marked: Marked, given: Enrichment, article: Article) -> Count:
    """Count names that stand only inside compounds, and what is right of those found inside one.

    Tables have the whole compound as surface, so a part of it is right under either name. Marks in
    the text do not nest: of what stands within a name that is marked there, nobody can tell.
    """
    full = {fold(row.name) for row in marked.rows if row.label in FULL}
    parts = [row for row in marked.rows if row.label.endswith("part")]
    only = {(base(r.label), r.name) for r in parts if fold(r.name) not in full}
    names = {label: set(map(fold, getattr(given, kind))) for label, kind in LISTS.items()}
    counted = Count(wanted=sum(label in COUNTED for label, _ in only))
    inside = _inside(given.mentions, article) - _untold(marked, given, article)
    for label, name in sorted(only):
        held = {fold(r.surface) for r in parts if (base(r.label), r.name) == (label, name)}
        met = fold(name) in names[label] or any(
            kind == label and any(fold(surface) in word for word in held)
            for kind, _, surface in inside
        )
        counted.found += met and label in COUNTED
        counted.wrong += [] if met else [f"{marked.stem}: {label} part missing {name}"]
    for label, name, surface in sorted(inside):
        met = any(
            base(r.label) == label
            and (fold(r.name) == fold(name) or fold(surface) in fold(r.surface))
            for r in marked.rows
        )
        counted.given += 1
        counted.right += met
        counted.wrong += [] if met else [f"{marked.stem}: {label} part wrong {name} ({surface})"]
    return counted


def _untold(marked: Marked, given: Enrichment, article: Article) -> set[tuple[str, str, str]]:
    """Return the names that stand, wherever they do, within another that marks in the text hold."""
    if marked.kind == "wikinews":
        return set()
    texts = text_of(article).fields
    names = {row.surface for row in marked.rows if row.label in FULL}
    spans = {
        field: [match.span() for name in names for match in re.finditer(re.escape(name), text)]
        for field, text in texts.items()
    }
    free = {
        (m.label, m.name, m.surface)
        for m in given.mentions
        if not any(
            start <= m.start and m.end <= end and end - start > m.end - m.start
            for start, end in spans[m.field]
        )
    }
    return _inside(given.mentions, article) - free


def _inside(mentions: Sequence[Mention], article: Article) -> set[tuple[str, str, str]]:
    """Return the names that stand inside a longer word, each once."""
    texts = text_of(article).fields
    return {(m.label, m.name, m.surface) for m in mentions if is_inside(m, texts)}


def is_inside(mention: Mention, texts: Mapping[str, str]) -> bool:
    """Tell whether a mention stands inside a longer word: ``Nato`` of ``Nato-Gipfel``."""
    text = texts[mention.field]
    before = _INSIDE_BEFORE.search(text, max(0, mention.start - 2), mention.start)
    return bool(before or _INSIDE.match(text, mention.end))


def counts(nlp: Language, marked: Sequence[Marked]) -> Iterator[tuple[Marked, dict[str, Count]]]:
    """Read the articles and yield each with its counts."""
    parsed = [parse(m.text.encode(), f"{m.stem}.txt") for m in marked]
    enriched = pipeline.read(nlp, map(text_of, parsed))
    for gold, article, given in zip(marked, parsed, enriched, strict=True):
        yield gold, count(gold, article, given)


def figures(counted: Sequence[tuple[Marked, dict[str, Count]]]) -> list[Figure]:
    """Return the figures of both sources, then F over people, places, organisations by kind."""
    made = []
    for source in ("wikinews", "written"):
        own = [c for m, c in counted if (m.kind == "wikinews") == (source == "wikinews")]
        sums = {label: sum((c[label] for c in own), Count()) for label in (*LISTS, "parts")}
        sums["all"] = sum((sums[label] for label in COUNTED), Count())
        made += [s.figure(f"{label}, {source}", TARGETS[label]) for label, s in sums.items()]
    for kind in sorted({m.kind for m, _ in counted} - {"wikinews"}):
        own = [c for m, c in counted if m.kind == kind]
        total = sum((c[label] for c in own for label in COUNTED), Count())
        made.append(total.figure(f"all, kind {kind}"))
    return made


def evaluate(data: Path) -> list[Figure]:
    """Return the figures of the shipped model on the held-out articles; none without the data."""
    if not (data / FOLDER).is_dir():
        return []
    return figures([*counts(pipeline.load(), articles(data, "test"))])


def main() -> None:
    """Print the figures, and what is wrong if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that holds ner/news")
    parser.add_argument("--part", choices=PARTS, default="test")
    parser.add_argument("--model", default="", help="path or name; the shipped one if left out")
    parser.add_argument("--kind", help="one kind of news alone")
    parser.add_argument("--wrong", action="store_true")
    args = parser.parse_args()
    marked = [m for m in articles(args.data, args.part) if args.kind in (None, m.kind)]
    counted = [*counts(pipeline.load(args.model), marked)]
    print(table(figures(counted)))
    for _, each in counted if args.wrong else ():
        print(*(line for c in each.values() for line in c.wrong), sep="\n")


if __name__ == "__main__":
    main()
