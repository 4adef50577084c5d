"""Near-identical articles: ``python -m benchmarks.story --data DIR``.

Each of the 850 Wikinews articles is edited in eight ways (``benchmarks.edits``), and all come in
by chance through a stand-in for the index. A pair counts as wanted if the two come from one
article and share at least 80 % of the shorter one's shingles (and, a figure of its own, where
Jaccard's index is that high), counted exactly over the words; wrong is a pair in one story whose
articles come from different ones. All comes a second time with headlines, of which every other copy
has one of its own, six words out of its text. Then press reviews, each two whole articles in one
text: none may bring these into one story. Last the articles with no more of their text than its
first 20 words, or none, and a notice of the publisher's: each of them is a story of its own.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from benchmarks.edits import EDITS
from benchmarks.figures import Figure, table
from benchmarks.wikinews import articles
from extraction.story import (
    Document,
    Signature,
    mergeable,
    same_story,
    signature,
    story_of,
    to_merge,
)
from extraction.story.shingles import WIDTH, words

#: What a publisher may put under every article; made up.
NOTICE = (
    "Weiterlesen mit dem digitalen Monatszugang: Sie erhalten unbegrenzt Zugriff auf alle Inhalte, "
    "das tägliche Rätsel und die Ausgabe schon am Vorabend. Jederzeit kündbar. Haben Sie bereits "
    "einen Zugang, so melden Sie sich bitte an. Bei Fragen hilft Ihnen unser Leserdienst werktags "
    "von acht bis siebzehn Uhr, per Telefon oder mit dem Formular auf der Seite Kontakt."
)


class Copy(NamedTuple):
    """An edited article: the number of the one it was made from, how, and its texts."""

    id: str
    source: int
    edit: str
    paragraphs: list[str]
    headline: str = ""

    def fields(self) -> dict[str, str]:
        return {"headline": self.headline, "body": "\n\n".join(self.paragraphs)}


@dataclass
class Index:
    """Documents found by their bands, as Elasticsearch finds them."""

    documents: dict[str, Document] = field(default_factory=dict)
    bands: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    stories: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, bands: tuple[str, ...], minhash: str) -> None:
        """Put it into its story, then join the stories that it shows to be one."""
        near = {neighbour_id for band in bands for neighbour_id in self.bands[band]}
        self._put(
            Document(name, story_of(Document(name, "", minhash), *self._around(near)), minhash)
        )
        for band in bands:
            self.bands[band].append(name)
        for other in to_merge(self.documents[name], self._around(near)[0]):
            own = self.documents[name].story
            if mergeable(self._members(own), self._members(other)):
                for id_ in self.stories.pop(max(own, other)):
                    self._put(self.documents[id_]._replace(story=min(own, other)))

    def groups(self) -> dict[str, str]:
        return {document.id: document.story for document in self.documents.values()}

    def _put(self, document: Document) -> None:
        self.documents[document.id] = document
        self.stories[document.story].append(document.id)

    def _members(self, story: str) -> list[Document]:
        return [self.documents[id_] for id_ in self.stories[story]]

    def _around(self, near: set[str]) -> tuple[list[Document], dict[str, list[Document]]]:
        neighbours = [self.documents[id_] for id_ in near]
        return neighbours, {d.story: self._members(d.story) for d in neighbours}


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


def titled(made: list[Copy], data: Path, seed: int = 1) -> list[Copy]:
    """Return the copies with headlines, of which every other edit has one of its own."""
    chance = random.Random(seed)
    titles = [article.headline for article in articles(data)]
    own = (bool(copy.edit and chance.random() < 0.5) for copy in made)
    return [
        copy._replace(headline=_row(copy, chance) if its_own else titles[copy.source])
        for copy, its_own in zip(made, own, strict=True)
    ]


def _row(copy: Copy, chance: random.Random) -> str:
    """Return six words in a row out of a text."""
    row = " ".join(copy.paragraphs).split()
    start = chance.randrange(max(1, len(row) - 6))
    return " ".join(row[start : start + 6])


def notices(data: Path, kept: int) -> list[Copy]:
    """Return each article with no more of its text than ``kept`` words, and the notice."""
    return [
        Copy(f"{n:04}", n, "", [" ".join(a.text.split()[:kept]), NOTICE], a.headline)
        for n, a in enumerate(articles(data))
    ]


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
        *_titled(titled(made, data)),
        _stable("same groups in 3 orders of arrival", groups),
        _reviewed([copy for copy in made if not copy.edit]),
        *(_alone(notices(data, kept), kept, target) for kept, target in ((0, 0.9), (20, 0.8))),
        Figure("ms for an article of 500 words", took / total * 500 * 1000, note="target below 1"),
    ]


def _reviewed(articles: list[Copy], seed: int = 1) -> Figure:
    """Share of the press reviews, of two whole articles each, that bring these into one story."""
    reviews = [
        Copy(f"review of {a.id} and {b.id}", -1, "", [*a.paragraphs, *b.paragraphs])
        for a, b in zip(articles[::2], articles[1::2], strict=False)
    ]
    made = [*articles, *reviews]
    signed = {copy.id: signature(copy.fields()) for copy in made}
    story = _arrive(made, signed, seed)
    pairs = zip(articles[::2], articles[1::2], strict=False)
    met = [story[a.id] == story[b.id] for a, b in pairs]
    note = f"{len(met)} pairs of articles"
    return Figure("articles brought together by a press review", sum(met) / len(met), 0, note)


def _titled(made: list[Copy]) -> list[Figure]:
    """Precision and recall with headlines."""
    signed = {copy.id: signature(copy.fields()) for copy in made}
    precision, recall, *_ = _pairs(made, _arrive(made, signed, seed=1), signed)
    return [replace(figure, what=f"{figure.what}, titled") for figure in (precision, recall)]


def _alone(made: list[Copy], kept: int, target: float) -> Figure:
    """Share of different articles that are no other's story for what their publisher adds."""
    story = _arrive(made, {copy.id: signature(copy.fields()) for copy in made}, seed=1)
    alone = [group for group in _by(made, lambda copy: story[copy.id]) if len(group) == 1]
    name = f"alone with {kept} words of their own and a notice"
    return Figure(name, len(alone) / len(made), target, "each compared with all the others")


def _stable(name: str, groups: list[dict[str, str]]) -> Figure:
    """Share of the stories of the first order that hold the same articles in all."""
    first, *others = [{frozenset(ids) for ids in _turned(group).values()} for group in groups]
    return Figure(
        name, len(first.intersection(*others)) / len(first), 0.99, f"{len(first)} stories"
    )


def _turned(story: dict[str, str]) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = defaultdict(list)
    for id_, name in story.items():
        ids[name].append(id_)
    return ids


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
