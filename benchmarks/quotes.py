"""Measure quotations and speakers on the Wikinews quotations (measure only).

    python -m benchmarks.quotes --data DIR [--half report|tune|all]

The 850 articles are cut in two halves by the hash of their names; the rules were tuned on the
half `tune`, the figures are those of `report`.

How it counts. The annotation has one span for each pair of quotation marks, so each piece of a
direct quotation is held against them: found if it shares at least 0.8 of the words of both
together (Jaccard over word tokens, punctuation is none), one to one, best first. Spans
annotated twice with two speakers are one. An indirect quotation is its whole set of tokens,
held against the types Indirect, FreeIndirect and IndirectFreeIndirect together; the type
Reported has no counterpart.

A speaker is right if the words that named it overlap the annotated speaker, or its canonical name
is the name in the annotated speaker (not one behind ``von`` or a genitive), or, where there is no
name in that, a noun of it is in the answer. Annotated pronouns are counted apart: the annotation
does not say whom they mean, so an answer is right if the pronoun was read as the speaker and
somebody was found; whether it was the right one is not measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.article import Mention
from benchmarks.figures import Figure, table
from benchmarks.wikinews import ARCHIVE
from extraction.quotes import Quote, read_quotes
from extraction.tagging.pipeline import load, read
from extraction.text import Text

ENOUGH = 0.8
_PRONOUNS = {
    "er",
    "sie",
    "dieser",
    "diese",
    "ihm",
    "ihr",
    "ihnen",
    "man",
    "wir",
    "ich",
    "der",
    "die",
}
_INDIRECT = {"Indirect", "FreeIndirect", "IndirectFreeIndirect"}
_GENITIVE = re.compile(r"\S.*\b(?:von|vom|des|der|für|mit|seine[rs]|ihre[rs])\s+\Z", re.DOTALL)
_NOUN = re.compile(r"\b[A-ZÄÖÜ][\w-]{2,}")

Tokens = frozenset[int]


@dataclass(slots=True)
class Gold:
    """An annotated quotation: its tokens and the spans of each annotated speaker."""

    kind: str
    tokens: Tokens
    speakers: list[list[tuple[int, int]]] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """An article with its annotations; ``starts`` are the offsets of its tokens."""

    name: str
    text: str
    starts: list[tuple[int, int]]
    gold: list[Gold]
    mentions: list[Mention] = field(default_factory=list)

    def tokens(self, spans: list[tuple[int, int]]) -> Tokens:
        """Return the numbers of the tokens that the spans touch."""
        return frozenset(
            number
            for number, (start, end) in enumerate(self.starts)
            if any(start < stop and begin < end for begin, stop in spans)
        )


def documents(data: Path, half: str) -> list[Document]:
    """Return the articles of a half (``tune``, ``report`` or ``all``)."""
    with tarfile.open(data / ARCHIVE) as archive:
        return [_document(content) for content in _contents(archive) if _is_in(content, half)]


def _contents(archive: tarfile.TarFile) -> Iterator[dict[str, Any]]:
    for member in archive:
        file = archive.extractfile(member) if member.name.endswith(".json") else None
        if file is not None:
            yield json.load(file)


def _is_in(content: dict[str, Any], half: str) -> bool:
    even = int(hashlib.sha256(content["documentName"].encode()).hexdigest(), 16) % 2 == 0
    return half == "all" or even == (half == "tune")


def _document(content: dict[str, Any]) -> Document:
    words = (t for t in content["tokens"] if any(map(str.isalnum, t["text"])))
    starts = [(t["charBegin"], t["charEnd"]) for t in words]
    made = Document(content["documentName"], content["originalText"], starts, [])
    by_place: dict[tuple[str, Tokens], Gold] = {}
    for annotation in content["annotations"]:
        kind = "indirect" if annotation["type"] in _INDIRECT else annotation["type"].lower()
        tokens = made.tokens(_spans(annotation["quote"]))
        gold = by_place.setdefault((kind, tokens), Gold(kind, tokens))
        if annotation["speaker"]["spans"]:
            gold.speakers.append(_spans(annotation["speaker"]))
    made.gold = [gold for gold in by_place.values() if gold.tokens]
    return made


def _spans(part: dict[str, Any]) -> list[tuple[int, int]]:
    return [(span["charBegin"], span["charEnd"]) for span in part["spans"]]


def annotate(articles: list[Document]) -> None:
    """Let the shipped pipeline find the names in the articles."""
    texts = (Text(body=article.text) for article in articles)
    for article, enrichment in zip(articles, read(load(), texts), strict=True):
        article.mentions = list(enrichment.mentions)


def matched(predicted: list[Tokens], gold: list[Tokens]) -> list[tuple[int, int]]:
    """Return pairs of indices that share at least ``ENOUGH`` of their tokens, one to one."""
    scored = [
        (len(a & b) / len(a | b), i, j)
        for i, a in enumerate(predicted)
        for j, b in enumerate(gold)
        if a & b
    ]
    pairs: list[tuple[int, int]] = []
    for score, i, j in sorted(
        scored, key=lambda candidate: (-candidate[0], candidate[1], candidate[2])
    ):
        if score >= ENOUGH and all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return pairs


def verdict(document: Document, quote: Quote, gold: Gold) -> str:
    """Return ``right``, ``wrong``, ``pronoun right``, ``pronoun wrong`` or ``nobody``."""
    if not gold.speakers:
        return "nobody"
    pronoun = all(_text(document, s).lower() in _PRONOUNS for s in gold.speakers)
    right = any(_is_right(document, quote, spans) for spans in gold.speakers)
    return f"{'pronoun ' if pronoun else ''}{'right' if right else 'wrong'}"


def _text(document: Document, spans: list[tuple[int, int]]) -> str:
    return " ".join(document.text[start:end] for start, end in spans)


def _is_right(document: Document, quote: Quote, spans: list[tuple[int, int]]) -> bool:
    if not quote.speaker:
        return False
    if quote.speaker_span and any(
        start < quote.speaker_span[1] and quote.speaker_span[0] < end for start, end in spans
    ):
        return True
    names = _names(document, spans)
    if names:
        return quote.speaker in names
    nouns = set(_NOUN.findall(_text(document, spans)))
    return bool(nouns & set(_NOUN.findall(quote.speaker)))


def _names(document: Document, spans: list[tuple[int, int]]) -> set[str]:
    return {
        m.name
        for m in document.mentions
        for start, end in spans
        if start <= m.start < end and not _GENITIVE.match(document.text[start : m.start])
    }


@dataclass(slots=True)
class Result:
    """Counts of one run."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document, quotes: list[Quote]) -> None:
        """Count one article."""
        direct = [(q, part) for q in quotes if q.kind == "direct" for part in q.parts]
        gold = [g for g in document.gold if g.kind == "direct"]
        pieces = [document.tokens([part]) for _, part in direct]
        pairs = matched(pieces, [g.tokens for g in gold])
        self._count("direct", len(direct), len(gold), len(pairs))
        for i, j in pairs:
            self.counts[verdict(document, direct[i][0], gold[j])] += 1
        indirect = [q for q in quotes if q.kind == "indirect"]
        gold = [g for g in document.gold if g.kind == "indirect"]
        pairs = matched([document.tokens([*q.parts]) for q in indirect], [g.tokens for g in gold])
        self._count("indirect", len(indirect), len(gold), len(pairs))
        for i, j in pairs:
            self.counts["indirect " + verdict(document, indirect[i], gold[j])] += 1
        self.counts["reported gold"] += sum(g.kind == "reported" for g in document.gold)

    def _count(self, kind: str, predicted: int, gold: int, both: int) -> None:
        self.counts[f"{kind} found"] += predicted
        self.counts[f"{kind} gold"] += gold
        self.counts[f"{kind} both"] += both

    def figures(self) -> list[Figure]:
        """Return the figures in the order of the table."""
        return [
            *self._prf("direct", 0.90),
            self._share("quotes: speaker of a found direct quote right", "", 0.80),
            self._share("quotes: the same where the annotated speaker is a pronoun", "pronoun "),
            *self._prf("indirect", None),
            self._share("quotes: speaker of a found indirect quote right", "indirect "),
            Figure(
                "quotes: reported found, F",
                0.0,
                None,
                f"{self.counts['reported gold']} annotated, not read",
            ),
        ]

    def _prf(self, kind: str, target: float | None) -> list[Figure]:
        predicted, gold, both = (
            self.counts[f"{kind} {part}"] for part in ("found", "gold", "both")
        )
        note = f"{both} of {predicted} found, {gold} annotated"
        return [
            Figure(f"quotes: {kind} precision", both / max(predicted, 1)),
            Figure(f"quotes: {kind} recall", both / max(gold, 1)),
            Figure(f"quotes: {kind} F", 2 * both / max(predicted + gold, 1), target, note),
        ]

    def _share(self, what: str, prefix: str, target: float | None = None) -> Figure:
        right, wrong = self.counts[f"{prefix}right"], self.counts[f"{prefix}wrong"]
        return Figure(what, right / max(right + wrong, 1), target, f"{right} of {right + wrong}")


def evaluate(data: Path, half: str = "report") -> list[Figure]:
    """Return the figures on a half of the Wikinews quotations under ``data``."""
    articles = documents(data, half)
    annotate(articles)
    result = Result()
    for article in articles:
        result.add(article, read_quotes({"body": article.text}, article.mentions))
    return result.figures()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=("report", "tune", "all"), default="report")
    arguments = parser.parse_args()
    print(table(evaluate(arguments.data, arguments.half)))


if __name__ == "__main__":
    main()
