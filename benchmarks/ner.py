"""Names and speed of a pipeline: ``python -m benchmarks.ner --data DIR [--model M] [--json]``.

Precision, recall and F of exact spans, micro over PER, LOC and ORG, on three texts:

- the 1,100 sentences of ``DIR/ner/germeval2014-dev-a.tsv``, on the given tokens. Its annotation
  differs from what the shipped model learns since 0.3.0 (institutions), so nothing is demanded of
  it; what is to be reached stands in `benchmarks.news`;
- ``gold/ner-news.txt``: 80 sentences written for this project in the manner of agencies and
  regional newspapers, from the raw text. No model learned from them, none was chosen by them;
- the last tenth of the silver Wikinews sentences, on the given tokens. Their labels come from
  CoreNLP, so this measures agreement, not truth; since 0.3.0 the model has learned most of these
  articles, with other labels.

Speed: words (tokens) a second of ``nlp.pipe`` with tokenisation on one core, over articles of
about 400 words joined from dev-a. The data is not part of the project.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from spacy.language import Language
from spacy.tokens import Doc

from articles.errors import UsageError
from benchmarks.figures import Figure
from extraction.tagging import marks, pipeline

GERMEVAL = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "OTH": "MISC"}
MICRO = ("PER", "LOC", "ORG")
ARTICLE_SENTENCES = 21
NEWS = Path(__file__).with_name("gold") / "ner-news.txt"
TARGET_SPEED = 12_000.0
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


def gold_spans(sentence: int, tags: list[str], labels: dict[str, str] = GERMEVAL) -> set[Span]:
    """Return the names of a sentence; derivations and parts of compounds are none."""
    spans: set[Span] = set()
    start, before = 0, "O"
    for at, tag in enumerate([*tags, "O"]):
        if tag[0] != "I" or tag[2:] != before[2:]:
            if label := labels.get(before[2:]):
                spans.add((sentence, start, at, label))
            start = at
        before = tag
    return spans


def found_spans(sentence: int, doc: Doc) -> set[Span]:
    return {
        (sentence, entity.start, entity.end, label)
        for entity in doc.ents
        if (label := marks.LABELS.get(entity.label_))
    }


def score(label: str, gold: set[Span], predicted: set[Span]) -> Score:
    """Compare spans; an empty side scores 0."""
    both = len(gold & predicted)
    precision, recall = both / max(len(predicted), 1), both / max(len(gold), 1)
    f = 2 * precision * recall / (precision + recall) if both else 0.0
    return Score(label, 100 * precision, 100 * recall, 100 * f, len(gold))


def scores(nlp: Language, path: Path) -> list[Score]:
    """Score each label on a GermEval file, then the micro average over PER, LOC and ORG."""
    return token_scores(nlp, sentences(path), GERMEVAL)


def token_scores(
    nlp: Language, read: list[tuple[list[str], list[str]]], labels: dict[str, str]
) -> list[Score]:
    """Score on given tokens and tags; ``labels`` maps what the tags call the kinds."""
    docs = nlp.pipe([Doc(nlp.vocab, words=tokens) for tokens, _ in read])
    gold = {span for i, (_, tags) in enumerate(read) for span in gold_spans(i, tags, labels)}
    return all_scores(gold, {span for i, doc in enumerate(docs) for span in found_spans(i, doc)})


def news_scores(nlp: Language) -> list[Score]:
    """Score on the project's own news sentences; spans count characters."""
    read = [marked(line) for line in NEWS.read_text("utf-8").splitlines() if line]
    gold = {(i, *span) for i, (_, spans) in enumerate(read) for span in spans}
    predicted: set[Span] = {
        (i, entity.start_char, entity.end_char, label)
        for i, doc in enumerate(nlp.pipe([text for text, _ in read]))
        for entity in doc.ents
        if (label := marks.LABELS.get(entity.label_))
    }
    return all_scores(gold, predicted)


def marked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Return the text of a line like ``[PER Jung] lacht`` and its names as character spans."""
    text, spans, end = "", [], 0
    for match in re.finditer(r"\[([A-Z]+) ([^]]+)\]", line):
        text += line[end : match.start()]
        spans.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        end = match.end()
    return text + line[end:], spans


def wikinews(path: Path) -> list[tuple[list[str], list[str]]]:
    """Read the last tenth of the silver Wikinews sentences."""
    blocks = lzma.decompress(path.read_bytes()).decode("utf-8").split("\n\n")
    rows = [[line.rsplit(maxsplit=1) for line in block.splitlines()] for block in blocks]
    read = [([r[0] for r in row], [r[1] for r in row]) for row in rows if row]
    return read[len(read) * 9 // 10 :]


def all_scores(gold: set[Span], predicted: set[Span]) -> list[Score]:
    """Score each label, then the micro average over PER, LOC and ORG."""

    def of(name: str, labels: tuple[str, ...]) -> Score:
        return score(
            name,
            {span for span in gold if span[3] in labels},
            {span for span in predicted if span[3] in labels},
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


def texts(nlp: Language, data: Path) -> dict[str, list[Score]]:
    """Return the scores on each text that is there."""
    measured = {"germeval2014-dev-a": scores(nlp, data / "ner" / "germeval2014-dev-a.tsv")}
    measured["news sentences"] = news_scores(nlp)
    silver = data / "ner" / "silver" / "silver-wikinews.conll.xz"
    if silver.is_file():
        same = {label: label for label in (*MICRO, "MISC")}
        measured["Wikinews, held out, CoreNLP's labels"] = token_scores(nlp, wikinews(silver), same)
    return measured


def own(nlp: Language) -> list[Figure]:
    """Return F of every label on the project's own sentences, 0 to 100."""
    return _figures({"news sentences": news_scores(nlp)})


def evaluate(data: Path, model: str = "") -> list[Figure]:
    """Return F of every label on every text, and the speed, of the shipped or another model."""
    nlp = pipeline.load(model)
    clock, processor = words_per_second(nlp, data / "ner" / "germeval2014-dev-a.tsv")
    note = f"{processor:,.0f} by processor time"
    speed = Figure("words/s of the entity model", clock, TARGET_SPEED, note)
    return [*_figures(texts(nlp, data)), speed]


def _figures(scores_by_text: dict[str, list[Score]]) -> list[Figure]:
    return [
        Figure(
            f"F of {s.label} on {text}",
            s.f,
            None,
            f"precision {s.precision:.1f}, recall {s.recall:.1f}, {s.names} names",
        )
        for text, measured in scores_by_text.items()
        for s in measured
    ]


def show(model: str, measured: dict[str, list[Score]], clock: float, processor: float) -> None:
    console = Console()
    for text, rows in measured.items():
        table = Table(title=f"{model} on {text}")
        for column in ("label", "precision", "recall", "F", "names"):
            table.add_column(column, justify="left" if column == "label" else "right")
        for s in rows:
            figures = (f"{value:.1f}" for value in (s.precision, s.recall, s.f))
            table.add_row(s.label, *figures, str(s.names))
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
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    measured = texts(nlp, args.data)
    clock, processor = words_per_second(nlp, path)
    model = pipeline.version(nlp)
    if args.json:
        speed = {"words_per_s": clock, "words_per_processor_s": processor}
        first, *others = ([asdict(s) for s in rows] for rows in measured.values())
        more = dict(zip([*measured][1:], others, strict=True))
        print(json.dumps({"model": model, "scores": first, "others": more, **speed}))
    else:
        show(model, measured, clock, processor)
    return 0


if __name__ == "__main__":
    sys.exit(main())
