"""Put the sources together into the two corpora that training reads."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from training import sources
from training.documents import QUOTES, document, line_document, some_quotes, with_misc_missing
from training.sources import Sentence

GERMEVAL_COPIES = 3
LEGAL_SENTENCES = 2500


def build(step: str, data: Path, work: Path, guesser: Path, seed: int = 0) -> tuple[Path, Path]:
    """Write ``train.spacy`` and ``dev.spacy`` to ``work`` and return their paths.

    ``first`` takes the sources that annotate MISC, ``full`` SmartData and Legal-ER too, whose
    MISC are missing wherever the pipeline ``guesser`` sees one, ``polish`` GermEval alone.
    """
    nlp = spacy.blank("de")
    chance = random.Random(seed)
    ner = data / "ner"
    train = _gold(nlp, ner, chance)
    if step != "polish":
        train += _silver(nlp, ner, chance)
    if step == "full":
        train += with_misc_missing(_partial(nlp, ner, chance), spacy.load(guesser))
    chance.shuffle(train)
    dev = [
        document(nlp, sentence, QUOTES[0])
        for sentence in sources.germeval(ner / "germeval2014-dev-a.tsv")
    ]
    return _save(train, work / "train.spacy"), _save(dev, work / "dev.spacy")


def _gold(nlp: Language, ner: Path, chance: random.Random) -> list[Doc]:
    """GermEval, each copy with other quotation marks."""
    sentences = [*sources.germeval(ner / "germeval2014-test.tsv")] * GERMEVAL_COPIES
    return [document(nlp, sentence, some_quotes(chance)) for sentence in sentences]


def _silver(nlp: Language, ner: Path, chance: random.Random) -> list[Doc]:
    paths = sorted((ner / "silver").glob("*.conll.xz"))
    return [
        document(nlp, sentence, some_quotes(chance))
        for path in paths
        for sentence in _fit(sources.conll(path, sources.SILVER))
    ]


def _partial(nlp: Language, ner: Path, chance: random.Random) -> list[Doc]:
    """SmartData and a sample of Legal-ER."""
    legal = [
        sentence
        for path in sorted((ner / "legal-er").glob("*.conll.xz"))
        for sentence in _fit(sources.conll(path, sources.LEGAL))
        if any(tag != "O" for tag in sentence.tags)
    ]
    docs = [document(nlp, s, some_quotes(chance)) for s in chance.sample(legal, LEGAL_SENTENCES)]
    for path in sorted(ner.glob("smartdata-*.avro")):
        docs += [line_document(nlp, line) for line in sources.smartdata(path)]
    return [doc for doc in docs if 4 <= len(doc) <= 300]


def _fit(sentences: Iterable[Sentence]) -> list[Sentence]:
    return [sentence for sentence in sentences if 3 <= len(sentence.tokens) <= 120]


def _save(docs: list[Doc], path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    DocBin(docs=docs).to_disk(path)
    labels = Counter(span.label_ for doc in docs for span in doc.ents)
    print(f"{path.name}: {len(docs)} documents, {sum(map(len, docs))} tokens, {dict(labels)}")
    return path
