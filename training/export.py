"""Move a student's weights into a spaCy pipeline."""

from __future__ import annotations

from typing import Any

import spacy
from spacy.language import Language
from thinc.api import Model

from extraction.tagging import brown, tagger
from extraction.tagging.brown import BrownTable
from extraction.tagging.form_vectors import VectorTable
from training.samples import LABELS, TAGS
from training.student import ROWS, Maxout, Plan, Student


def blank_pipeline(plan: Plan, vector_width: int) -> Language:
    """Return the untrained pipeline of the shipped model."""
    brown.register()
    tok2vec = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": brown.ARCHITECTURE,
            "width": plan.width,
            "rows": list(ROWS),
            "vectors": vector_width,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": plan.width,
            "depth": plan.depth,
            "window_size": 1,
            "maxout_pieces": plan.pieces,
        },
    }
    model = {
        "@architectures": "spacy.Tagger.v2",
        "tok2vec": tok2vec,
        "nO": len(TAGS),
        "normalize": False,
    }
    nlp = spacy.blank("de", config={"nlp": {"batch_size": 256}})
    nlp.add_pipe(tagger.NAME, name="ner", config={"model": model, "labels": list(LABELS)})
    return nlp


def export(student: Student, table: BrownTable, vectors: VectorTable) -> Language:
    """Return a pipeline that computes what the student does."""
    nlp = blank_pipeline(student.plan, vectors.width)
    model: Any = nlp.get_pipe("ner").model  # type: ignore[attr-defined]
    model.initialize(X=[nlp.make_doc("Ein Satz.")])
    brown.set_table(model, table)
    brown.set_vectors(model, vectors)
    hashes = [node for node in model.walk() if node.name == "hashembed"]
    for node, weights in zip(hashes, student.tables, strict=True):
        node.set_param("E", weights.detach().numpy().copy())
    maxouts = [node for node in model.walk() if node.name == "maxout"]
    norms = [node for node in model.walk() if node.name == "layernorm"]
    layers = [student.mix, *student.windows]
    for maxout, norm, layer in zip(maxouts, norms, layers, strict=True):
        _fill(maxout, norm, layer)
    top = model.get_ref("softmax")
    top.set_param("W", student.top.weight.detach().numpy().copy())
    top.set_param("b", student.top.bias.detach().numpy().copy())
    return nlp


def _fill(maxout: Model[Any, Any], norm: Model[Any, Any], layer: Maxout) -> None:
    maxout.set_param("W", layer.W.detach().numpy().copy())
    maxout.set_param("b", layer.b.detach().numpy().copy())
    norm.set_param("G", layer.norm.G.detach().numpy().copy())
    norm.set_param("b", layer.norm.b.detach().numpy().copy())
