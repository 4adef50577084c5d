"""A spaCy pipeline for the tests: two names, a word that ends the process, one that never ends.

The worker finds the component by an entry point of a distribution that ``pipeline`` writes; so
``DEPESCHE_SPACY_MODEL`` and ``PYTHONPATH`` are all that it takes.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

DEADLY = "Giftwort"
ENDLESS = "Endloswort"


@Language.component("poison")
def poison(doc: Doc) -> Doc:
    """Do to this process what the text says."""
    if DEADLY in doc.text:
        os.kill(os.getpid(), signal.SIGKILL)
    while ENDLESS in doc.text:
        time.sleep(0.05)
    return doc


def pipeline(folder: Path) -> dict[str, str]:
    """Save the pipeline below ``folder``; the environment in which a worker loads it."""
    nlp = spacy.blank("de")
    names = [{"label": "PER", "pattern": "Petra Lindenau"}, {"label": "LOC", "pattern": "Dessau"}]
    nlp.add_pipe("entity_ruler").add_patterns(names)  # type: ignore[attr-defined]
    nlp.add_pipe("poison")
    nlp.to_disk(folder / "pipeline")
    distribution = folder / "site" / "poison-1.0.dist-info"
    distribution.mkdir(parents=True)
    (distribution / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1.0\n")
    entry = "[spacy_factories]\npoison = tests.faults.poison:poison\n"
    (distribution / "entry_points.txt").write_text(entry)
    return {
        "DEPESCHE_SPACY_MODEL": str(folder / "pipeline"),
        "PYTHONPATH": str(folder / "site"),
    }
