"""The sentences that teacher and student learn from, as words and tag numbers."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.tokens import Doc

from training import sources
from training.documents import line_document, some_quotes, with_quotes
from training.sources import Sentence

NAMES = ("LOC", "MISC", "ORG", "PER")
#: Names; names inside compounds (`Nato-Gipfel`), adjectives of places (`Berliner`): one word each.
LABELS = (*NAMES, "LOCpart", "MISCpart", "ORGpart", "PERpart", "LOCderiv")
#: Tag number -> tag; ``B-X`` is followed by ``I-X``.
TAGS = ("O", *(f"{part}-{label}" for label in LABELS for part in "BI"))
NUMBER = {tag: number for number, tag in enumerate(TAGS)}
#: Tags of MISC, which some sources do not annotate.
MISC = (NUMBER["B-MISC"], NUMBER["I-MISC"])
LEGAL_SENTENCES = 2500
LONGEST = 150


@dataclass(frozen=True, slots=True)
class Sample:
    """Words and their tag numbers, of equal number; ``partial``: an ``O`` may be MISC."""

    words: tuple[str, ...]
    tags: tuple[int, ...]
    partial: bool = False


def germeval(ner: Path, part: str, chance: random.Random) -> list[Sample]:
    read = sources.germeval(ner / f"germeval2014-{part}.tsv")
    return [sample_of(sentence, chance) for sentence in read]


def silver(ner: Path, chance: random.Random) -> list[Sample]:
    """Wikinews, UD GSD and Bundestag with the labels of CoreNLP, without ``held_out``."""
    return [
        sample_of(sentence, chance)
        for path in sorted((ner / "silver").glob("*.conll.xz"))
        for sentence in _fit(_parts(path)[0])
    ]


def held_out(ner: Path) -> list[Sample]:
    """The last tenth of Wikinews: nothing learns from it."""
    path = ner / "silver" / "silver-wikinews.conll.xz"
    return [sample_of(sentence, random.Random(0)) for sentence in _parts(path)[1]]


def _parts(path: Path) -> tuple[list[Sentence], list[Sentence]]:
    """Cut a silver file into what trains and what is held out."""
    sentences = [*sources.conll(path, sources.SILVER)]
    kept = len(sentences) * 9 // 10 if "wikinews" in path.name else len(sentences)
    return sentences[:kept], sentences[kept:]


def partial(ner: Path, chance: random.Random) -> list[Sample]:
    """SmartData and a sample of Legal-ER."""
    legal = [
        sentence
        for path in sorted((ner / "legal-er").glob("*.conll.xz"))
        for sentence in _fit(sources.conll(path, sources.LEGAL))
        if any(tag != "O" for tag in sentence.tags)
    ]
    samples = [sample_of(s, chance, True) for s in chance.sample(legal, LEGAL_SENTENCES)]
    nlp = spacy.blank("de")
    for path in sorted(ner.glob("smartdata-*.avro")):
        docs = (line_document(nlp, line) for line in sources.smartdata(path))
        samples += [_of_document(doc) for doc in docs if 4 <= len(doc) <= LONGEST]
    return samples


def sample_of(sentence: Sentence, chance: random.Random, misc_missing: bool = False) -> Sample:
    """Return a sentence as a sample, its quotation marks in a style by chance."""
    words = with_quotes(sentence.tokens, some_quotes(chance))
    return Sample(tuple(words), tuple(NUMBER[tag] for tag in sentence.tags), misc_missing)


def _of_document(doc: Doc) -> Sample:
    tags = [f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in doc]
    return Sample(tuple(t.text for t in doc), tuple(NUMBER[tag] for tag in tags), True)


def _fit(sentences: Iterable[Sentence]) -> list[Sentence]:
    return [sentence for sentence in sentences if 3 <= len(sentence.tokens) <= 120]
