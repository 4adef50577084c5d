"""Near-identical articles: ``python -m benchmarks.story --data DIR``.

Each of the 850 Wikinews articles is edited in eight ways (``benchmarks.edits``), and all come in
by chance through a stand-in for the index. A pair counts as wanted if the two come from one
article and share at least 80 % of the shorter one's shingles (and, a figure of its own, where
Jaccard's index is that high), counted exactly over the words; wrong is a pair in one story whose
articles come from different ones.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.edits import EDITS
from benchmarks.figures import Figure, table
from benchmarks.wikinews import articles
from extraction.story import Document, Signature, same_story, signature, story_of
from extraction.story.shingles import WIDTH, words


class Copy(NamedTuple):
    """An edited article: the number of the one it was made from, how, and its paragraphs."""

    id: str
    source: int
    edit: str
    paragraphs: list[str]

    def fields(self) -> dict[str, str]:
        return {"body": "\n\n".join(self.paragraphs)}


@dataclass
class Index:
    """Documents found by their bands, as Elasticsearch finds them."""

    documents: dict[str, Document] = field(default_factory=dict)
    bands: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, bands: tuple[str, ...], minhash: str) -> None:
        near = {neighbour_id for band in bands for neighbour_id in self.bands[band]}
        neighbours = [self.documents[neighbour_id] for neighbour_id in near]
        story, renames = story_of(Document(name, "", minhash), neighbours)
        for rename in renames:
            for old in [d for d in self.documents.values() if d.story == rename.old]:
                self.documents[old.id] = old._replace(story=rename.new)
        self.documents[name] = Document(name, story, minhash)
        for band in bands:
            self.bands[band].append(name)

    def groups(self) -> dict[str, str]:
        return {document.id: document.story for document in self.documents.values()}


def copies(data: Path, seed: int = 1) -> list[Copy]:
    """Return the articles and their edits, with ids that say nothing of either."""
    chance = random.Random(seed)
    texts = [[p for p in a.text.split("\n") if p.strip()] for a in articles(data)]
    others = [word for paragraphs in texts[:200] for p in paragraphs for word in p.split()]
    made = []
    for source, paragraphs in enumerate(texts):
        made.append(Copy(f"{chance.getrandbits(64):016x}", source, "", paragraphs))
        for name, edits in EDITS.items():
            changed = paragraphs
            for edit in edits:
                changed = edit(changed, chance, others)
            made.append(Copy(f"{chance.getrandbits(64):016x}", source, name, changed))
    return made


def evaluate(data: Path) -> list[Figure]:
    """Measure recall, precision, independence of order, and time."""
    made = copies(data)
    start = time.process_time()
    signed = {copy.id: signature(copy.fields()) for copy in made}
    took = time.process_time() - start
    groups = [_arrive(made, signed, seed) for seed in (1, 2, 3)]
    total = sum(len(words(copy.fields())) for copy in made)
    return [
        *_pairs(made, groups[0], signed),
        *_by_edit(made, groups[0]),
        Figure("same groups in 3 orders of arrival", float(groups[0] == groups[1] == groups[2]), 1),
        Figure("ms for an article of 500 words", took / total * 500 * 1000, note="target below 1"),
    ]


def _arrive(made: list[Copy], signed: dict[str, Signature], seed: int) -> dict[str, str]:
    index = Index()
    for copy in random.Random(seed).sample(made, len(made)):
        index.add(copy.id, *signed[copy.id])
    return index.groups()


def _pairs(made: list[Copy], story: dict[str, str], signed: dict[str, Signature]) -> list[Figure]:
    """Recall over all pairs of one source, precision over all pairs of one story.

    ``alone``: the pair would also be found if nothing else were in the index.
    """
    wanted: dict[str, list[bool]] = {"shorter one's": [], "shorter one's, alone": [], "Jaccard": []}
    for group in _by(made, lambda copy: str(copy.source)):
        sets = [_shingles(copy) for copy in group]
        for (a, first), (b, second) in combinations(zip(group, sets, strict=True), 2):
            common = len(first & second)
            together = story[a.id] == story[b.id]
            if common >= 0.8 * min(len(first), len(second)):
                wanted["shorter one's"].append(together)
                wanted["shorter one's, alone"].append(_meet(signed[a.id], signed[b.id]))
            if common >= 0.8 * len(first | second):
                wanted["Jaccard"].append(together)
    pairs = [
        a.source == b.source
        for group in _by(made, lambda copy: story[copy.id])
        for a, b in combinations(group, 2)
    ]
    return [
        Figure("story, precision of pairs", sum(pairs) / len(pairs), 0.99, f"{len(pairs)} pairs"),
        *(
            Figure(f"story, recall, 80 % shared ({how})", sum(f) / len(f), 0.95, f"{len(f)} pairs")
            for how, f in wanted.items()
        ),
    ]


def _meet(a: Signature, b: Signature) -> bool:
    return bool(set(a.bands) & set(b.bands)) and same_story(a.minhash, b.minhash)


def _by_edit(made: list[Copy], story: dict[str, str]) -> list[Figure]:
    """Share of the edits that are in their original's story, however much they changed."""
    joined: dict[str, list[bool]] = defaultdict(list)
    original = {copy.source: copy.id for copy in made if not copy.edit}
    for copy in made:
        if copy.edit:
            joined[copy.edit].append(story[copy.id] == story[original[copy.source]])
    return [Figure(f"with its original: {edit}", sum(f) / len(f)) for edit, f in joined.items()]


def _by(made: list[Copy], key: Callable[[Copy], str]) -> list[list[Copy]]:
    groups: dict[str, list[Copy]] = defaultdict(list)
    for copy in made:
        groups[key(copy)].append(copy)
    return list(groups.values())


def _shingles(copy: Copy) -> set[tuple[str, ...]]:
    tokens = words(copy.fields())
    return {tuple(tokens[at : at + WIDTH]) for at in range(max(1, len(tokens) - WIDTH + 1))}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    print(table(evaluate(parser.parse_args().data)))


if __name__ == "__main__":
    main()
