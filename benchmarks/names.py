"""Canonical names and roles: ``python -m benchmarks.names [--data DIR] [--errors]``.

On the gold names in ``tests/gold/names``: B-cubed precision, recall and F (Bagga and Baldwin,
"Algorithms for scoring coreference chains", 1998) over the mentions of each article, once with
the gold spans and labels given, once on what the shipped pipeline finds (a name that it misses
counts as not recalled, one that it invents as imprecise, after Stoyanov et al. 2009). Names inside
words (``Nato`` of ``Nato-Gipfel``) are not annotated and count neither way; `benchmarks.news`
measures them. The first part of the gold set was written before anything was measured, the others
after the rules; what the first runs showed stands in ``tests/gold/names/README.md``.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from articles.article import Mention
from benchmarks.figures import Figure, table
from benchmarks.gold_names import GoldArticle, GoldMention, articles
from benchmarks.news import is_inside
from extraction.entities.names import canonical
from extraction.tagging import pipeline
from extraction.text import Text

PARTS = ("first", "second", "third")
TARGET = 0.90
_LEAST_OVERLAP = 0.5


@dataclass(slots=True)
class Sums:
    """Sums over mentions, from which the figures are made."""

    precision: float = 0.0
    predicted: int = 0
    recall: float = 0.0
    gold: int = 0
    roles_right: int = 0
    roles_predicted: int = 0
    roles_gold: int = 0

    def b_cubed(self) -> tuple[float, float, float]:
        return _f(self.precision / max(self.predicted, 1), self.recall / max(self.gold, 1))

    def roles(self) -> tuple[float, float, float]:
        return _f(
            self.roles_right / max(self.roles_predicted, 1),
            self.roles_right / max(self.roles_gold, 1),
        )


def given(article: GoldArticle) -> list[Mention]:
    """Return the canonical mentions for the gold spans and labels."""
    spans = [
        Mention(g.label, "", article.texts[g.field][g.start : g.end], g.field, g.start, g.end)
        for g in article.mentions
    ]
    return canonical(spans, article.texts)


def add(sums: Sums, article: GoldArticle, predicted: Sequence[Mention]) -> list[str]:
    """Add an article to the sums; return what is wrong in it, in words."""
    predicted = _annotatable(article, predicted)
    pairs = _matched(article, predicted)
    entity = {i: article.mentions[g].entity for g, i in pairs.items()}
    of_gold = Counter(g.entity for g in article.mentions)
    of_name = Counter((m.label, m.name) for m in predicted)
    both = Counter((entity[i], (m.label, m.name)) for i, m in enumerate(predicted) if i in entity)
    sums.predicted += len(predicted)
    sums.gold += len(article.mentions)
    for i, id_ in entity.items():
        name = (predicted[i].label, predicted[i].name)
        sums.precision += both[id_, name] / of_name[name]
        sums.recall += both[id_, name] / of_gold[id_]
    return _clusters(article, predicted, entity) + _add_roles(sums, article, predicted, pairs)


def _annotatable(article: GoldArticle, predicted: Sequence[Mention]) -> list[Mention]:
    """Leave out names inside words unless that very span is annotated."""
    spans = {(gold.field, gold.start, gold.end) for gold in article.mentions}
    return [
        mention
        for mention in predicted
        if (mention.field, mention.start, mention.end) in spans
        or not is_inside(mention, article.texts)
    ]


def _matched(article: GoldArticle, predicted: Sequence[Mention]) -> dict[int, int]:
    """Return gold index -> found index for spans of which at least half overlaps."""
    pairs: dict[int, int] = {}
    for g, gold in enumerate(article.mentions):
        for i, mention in enumerate(predicted):
            shared = min(gold.end, mention.end) - max(gold.start, mention.start)
            longest = max(gold.end - gold.start, mention.end - mention.start)
            same_end = mention.end == gold.end and shared > 0  # only a title is left out
            near = same_end or shared >= _LEAST_OVERLAP * longest
            if near and mention.field == gold.field and i not in pairs.values():
                pairs[g] = i
                break
    return pairs


def _clusters(
    article: GoldArticle, predicted: Sequence[Mention], entity: dict[int, str]
) -> list[str]:
    """Tell which entities fell apart and which names hold several."""
    names: dict[str, set[str]] = {}
    entities: dict[str, set[str]] = {}
    for i, id_ in entity.items():
        name = f"{predicted[i].label} {predicted[i].name}"
        names.setdefault(id_, set()).add(name)
        entities.setdefault(name, set()).add(id_)
    apart = [f"{article.key}: {e} is {sorted(n)}" for e, n in names.items() if len(n) > 1]
    mixed = [f"{article.key}: {n} holds {sorted(e)}" for n, e in entities.items() if len(e) > 1]
    missed = {g.entity for g in article.mentions} - set(entity.values())
    return apart + mixed + [f"{article.key}: {e} is missing" for e in sorted(missed)]


def _add_roles(
    sums: Sums, article: GoldArticle, predicted: Sequence[Mention], pairs: dict[int, int]
) -> list[str]:
    """Count a role as right if role and what it belongs to are."""
    wrong = []
    names: dict[str, set[str]] = {}
    for g, i in pairs.items():
        names.setdefault(article.mentions[g].entity, set()).add(predicted[i].name)
    sums.roles_gold += sum(bool(g.role or g.role_of) for g in article.mentions)
    sums.roles_predicted += sum(bool(m.role or m.role_of) for m in predicted)
    for g, i in pairs.items():
        gold, mention = article.mentions[g], predicted[i]
        wanted = names.get(gold.role_of, {gold.role_of})
        right = mention.role == gold.role and mention.role_of in wanted
        sums.roles_right += right and bool(gold.role or gold.role_of)
        if not right:
            wrong.append(
                f"{article.key}: {_said(gold)} got {mention.role!r} of {mention.role_of!r}"
            )
    return wrong


def _said(gold: GoldMention) -> str:
    return f"{gold.entity} ({gold.role!r} of {gold.role_of!r})"


def measured(part: str, nlp: Language | None = None) -> tuple[Sums, list[str]]:
    """Measure one part of the gold set: with the spans given, or as ``nlp`` finds them.

    The gold marks nothing within its names, so nothing is asked of what is found there.
    """
    read, sums, wrong = articles(part), Sums(), list[str]()
    if nlp:
        texts = [Text.of(dict(article.texts)) for article in read]
        predicted = [_apart(result.mentions) for result in pipeline.read(nlp, texts)]
    else:
        predicted = [given(article) for article in read]
    for article, mentions in zip(read, predicted, strict=True):
        wrong += add(sums, article, mentions)
    return sums, wrong


def _apart(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, in reading order, without those that lie within another."""
    apart: list[Mention] = []
    for mention in mentions:
        last = apart[-1] if apart else None
        if not last or last.field != mention.field or last.end < mention.end:
            apart.append(mention)
    return apart


def words_per_second(repeats: int = 20) -> float:
    """Return words a second of ``canonical`` alone, by processor time, over the gold set."""
    read = [article for part in PARTS for article in articles(part)]
    words = sum(len(text.split()) for article in read for text in article.texts.values())
    started = time.process_time()
    for _ in range(repeats):
        for article in read:
            given(article)
    return repeats * words / (time.process_time() - started)


def evaluate(data: Path | None = None) -> list[Figure]:  # noqa: ARG001  # the gold set is ours
    """Return all figures; ``data`` is not looked at."""
    return [*own(pipeline.load()), Figure("canonical names, words/s", words_per_second())]


def own(nlp: Language) -> list[Figure]:
    """Return F of names and roles on each part, with the spans given and as ``nlp`` finds them."""
    figures = []
    for model, how in ((None, "spans given"), (nlp, "end to end")):
        for part in PARTS:
            sums, _ = measured(part, model)
            p, r, f = sums.b_cubed()
            note = f"P {p:.3f} R {r:.3f}, {sums.gold} mentions"
            target = None if model else TARGET
            figures.append(Figure(f"names B-cubed F, {how}, {part} part", f, target, note))
            p, r, f = sums.roles()
            note = f"P {p:.3f} R {r:.3f}, {sums.roles_gold} roles"
            figures.append(Figure(f"roles F, {how}, {part} part", f, None, note))
    return figures


def _f(precision: float, recall: float) -> tuple[float, float, float]:
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="not needed: the gold set is in tests/gold")
    parser.add_argument("--errors", action="store_true", help="print what is wrong")
    parser.add_argument("--part", choices=PARTS, help="errors of one part, with the spans given")
    args = parser.parse_args()
    if args.errors or args.part:
        for part in (args.part,) if args.part else PARTS:
            sums, wrong = measured(part)
            print("\n".join(wrong), sums.b_cubed(), sums.roles(), sep="\n")
        return
    print(table(evaluate(args.data)))


if __name__ == "__main__":
    main()
