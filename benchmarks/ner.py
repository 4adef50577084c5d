"""Names and speed of a pipeline: ``python -m benchmarks.ner --data DIR [--model M] [--json]``.

Names: precision, recall and F on the 1,100 sentences of ``DIR/ner/germeval2014-dev-a.tsv``, exact
spans, predicted on the given tokens; micro over PER, LOC and ORG. Speed: words (tokens) a second
of ``nlp.pipe`` with tokenisation on one core, over articles of about 400 words joined from the
same sentences. The data is not part of the project.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from spacy.language import Language
from spacy.tokens import Doc

from extraction import pipeline
from extraction.errors import Misuse

GERMEVAL = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "OTH": "MISC"}
MICRO = ("PER", "LOC", "ORG")
ARTICLE_SENTENCES = 21
Span = tuple[int, int, int, str]  # sentence, first token, token behind the last, label


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F in per cent; ``names`` is the number in the gold standard."""

    label: str
    precision: float
    recall: float
    f: float
    names: int


def sentences(path: Path) -> list[tuple[list[str], list[str]]]:
    """Read tokens and outer tags of a GermEval file."""
    read = []
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        rows = [line.split("\t") for line in block.splitlines() if re.match(r"\d", line)]
        if rows:
            read.append(([row[1] for row in rows], [row[2] for row in rows]))
    return read


def gold_spans(sentence: int, tags: list[str]) -> set[Span]:
    """Return the names of a sentence; derivations and parts of compounds are none."""
    spans: set[Span] = set()
    start, before = 0, "O"
    for at, tag in enumerate([*tags, "O"]):
        if tag[0] != "I" or tag[2:] != before[2:]:
            if label := GERMEVAL.get(before[2:]):
                spans.add((sentence, start, at, label))
            start = at
        before = tag
    return spans


def found_spans(sentence: int, doc: Doc) -> set[Span]:
    return {
        (sentence, entity.start, entity.end, label)
        for entity in doc.ents
        if (label := pipeline.LABELS.get(entity.label_))
    }


def score(label: str, gold: set[Span], found: set[Span]) -> Score:
    """Compare spans; an empty side scores 0."""
    both = len(gold & found)
    precision, recall = both / max(len(found), 1), both / max(len(gold), 1)
    f = 2 * precision * recall / (precision + recall) if both else 0.0
    return Score(label, 100 * precision, 100 * recall, 100 * f, len(gold))


def scores(nlp: Language, path: Path) -> list[Score]:
    """Score each label, then the micro average over PER, LOC and ORG."""
    read = sentences(path)
    docs = nlp.pipe([Doc(nlp.vocab, words=tokens) for tokens, _ in read])
    gold = {span for i, (_, tags) in enumerate(read) for span in gold_spans(i, tags)}
    found = {span for i, doc in enumerate(docs) for span in found_spans(i, doc)}

    def of(name: str, labels: tuple[str, ...]) -> Score:
        return score(
            name,
            {span for span in gold if span[3] in labels},
            {span for span in found if span[3] in labels},
        )

    return [*(of(label, (label,)) for label in (*MICRO, "MISC")), of("micro", MICRO)]


def words_per_second(nlp: Language, path: Path, repeats: int = 3) -> tuple[float, float]:
    """Return words a second by the clock and by processor time, each the best of several runs.

    The two are the same on an idle machine; the second holds on a busy one too.
    """
    joined = [" ".join(tokens) for tokens, _ in sentences(path)]
    texts = [
        "\n".join(joined[at : at + ARTICLE_SENTENCES])
        for at in range(0, len(joined), ARTICLE_SENTENCES)
    ]
    clock = processor = 0.0
    for _ in range(repeats):
        start, started = time.perf_counter(), time.process_time()
        words = sum(len(doc) for doc in nlp.pipe(texts, batch_size=8))
        clock = max(clock, words / (time.perf_counter() - start))
        processor = max(processor, words / (time.process_time() - started))
    return clock, processor


def show(model: str, measured: list[Score], clock: float, processor: float) -> None:
    table = Table(title=f"{model} on germeval2014-dev-a")
    for column in ("label", "precision", "recall", "F", "names"):
        table.add_column(column, justify="left" if column == "label" else "right")
    for s in measured:
        figures = (f"{value:.1f}" for value in (s.precision, s.recall, s.f))
        table.add_row(s.label, *figures, str(s.names))
    console = Console()
    console.print(table)
    console.print(
        f"{clock:,.0f} words/s on one core, {processor:,.0f} by processor time "
        f"(articles of {ARTICLE_SENTENCES} sentences of dev-a)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds ner/")
    parser.add_argument("--model", default="", help="path or name; the shipped one if left out")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    path = args.data / "ner" / "germeval2014-dev-a.tsv"
    if not path.is_file():
        print(f"no such file: {path}; give the data folder with --data", file=sys.stderr)
        return 2
    try:
        nlp = pipeline.load(args.model)
    except Misuse as error:
        print(error, file=sys.stderr)
        return 2
    measured = scores(nlp, path)
    clock, processor = words_per_second(nlp, path)
    model = pipeline.version(nlp)
    if args.json:
        speed = {"words_per_s": clock, "words_per_processor_s": processor}
        print(json.dumps({"model": model, "scores": [asdict(s) for s in measured], **speed}))
    else:
        show(model, measured, clock, processor)
    return 0


if __name__ == "__main__":
    sys.exit(main())
