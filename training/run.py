"""Make the shipped model: ``python -m training.run --data DIR --work training/work``.

Three steps: train a first model on the sources that annotate all four labels; let it say where
the other sources may hold a MISC and train the model on everything; polish it at a lower rate on
GermEval, the one source annotated by hand for all four labels. Then package it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path

for variable in ("OMP", "OPENBLAS", "MKL", "BLIS"):
    os.environ.setdefault(f"{variable}_NUM_THREADS", "1")

import spacy  # noqa: E402
from spacy.training.initialize import init_nlp  # noqa: E402
from spacy.training.loop import train  # noqa: E402
from spacy.util import load_config  # noqa: E402
from thinc.api import NumpyOps, set_current_ops  # noqa: E402

from extraction import brown  # noqa: E402
from training.corpus import build  # noqa: E402
from training.tables import brown_table  # noqa: E402

CONFIG = Path(__file__).with_name("ner.cfg")
PACKAGE = Path(__file__).parents[1] / "extraction" / "model"
#: Forms rarer than this (natural logarithm of the probability) are left out of the table.
LEAST_LOG_PROBABILITY = -18.0
SETTINGS: dict[str, dict[str, object]] = {
    "first": {"training.max_steps": 1800},
    "full": {},
    "polish": {
        "training.max_steps": 1200,
        "training.eval_frequency": 50,
        "training.patience": 500,
        "training.optimizer.learn_rate": 0.0002,
    },
}
#: Steps that go on from the best state of another.
BEFORE = {"polish": "full"}
MODEL_PARTS = ("ner", "tok2vec", "vocab")


def fit(step: str, data: Path, work: Path, seed: int) -> None:
    """Train one model in ``work/step``; its best state is ``model-best`` there."""
    folder = work / step
    train_path, dev_path = build(step, data, folder, _best(work, "first"))
    paths = {"paths.train": str(train_path), "paths.dev": str(dev_path), "system.seed": seed}
    nlp = init_nlp(load_config(CONFIG, overrides={**paths, **SETTINGS[step]}))
    if before := BEFORE.get(step):
        trained = spacy.load(_best(work, before))
        for name in nlp.pipe_names:  # with its labels: their order is that of the weights
            nlp.get_pipe(name).from_bytes(trained.get_pipe(name).to_bytes())  # type: ignore[attr-defined]
    else:
        table = brown_table(data / "names", LEAST_LOG_PROBABILITY)
        brown.set_table(nlp.get_pipe("tok2vec").model, table)  # type: ignore[attr-defined]
    train(nlp, folder)


def _best(work: Path, step: str) -> Path:
    return work / step / "model-best"


def package(best: Path, version: str, target: Path) -> None:
    """Write the trained pipeline to ``target`` without the training's paths and words."""
    nlp = spacy.load(best)
    nlp.meta.update(
        name="depesche_news",
        version=version,
        description="People, places, organisations and other names in German news text",
        license="see README.md",
    )
    nlp.config["paths"].update(train=None, dev=None)
    for entry in MODEL_PARTS:
        shutil.rmtree(target / entry, ignore_errors=True)
    nlp.to_disk(target)
    labels = sorted(nlp.pipe_labels["ner"])
    (target / "vocab" / "strings.json").write_text(json.dumps(labels) + "\n", "utf-8")
    print(f"packaged {best} as {version} in {target}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with ner/ and names/")
    parser.add_argument("--work", type=Path, default=Path("training/work"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--version", default="0.1.0", help="version of the packaged model")
    parser.add_argument("--only", choices=(*SETTINGS, "package"), help="one step alone")
    parser.add_argument("--target", type=Path, default=PACKAGE)
    args = parser.parse_args()
    brown.register()
    set_current_ops(NumpyOps(use_blis=False))  # OpenBLAS is three times as fast as BLIS's wheels
    for step in SETTINGS:
        if args.only in (None, step):
            fit(step, args.data, args.work, args.seed)
    if args.only in (None, "package"):
        package(_best(args.work, "polish"), args.version, args.target)


if __name__ == "__main__":
    main()
