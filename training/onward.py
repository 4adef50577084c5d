"""Go on from the weights of a pipeline with the annotated news, and with GermEval.

The layers, the form vectors and the Brown table stay as they are; the softmax grows by the labels
that it lacks.
"""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import torch
from numpy.typing import NDArray
from spacy.language import Language
from thinc.api import Model

from benchmarks.news_gold import Part, articles
from extraction.tagging import brown
from training import news, samples, student
from training.export import export
from training.forms import Forms
from training.lessons import LINE_BREAKS, with_breaks
from training.samples import TAGS, Sample
from training.student import Lesson, Maxout, Plan, Student

#: A sentence, the probabilities of its tags, (words, tags), and the annotation's share beside.
Told = tuple[Sample, NDArray[np.float32], float]
#: The annotation's share in the targets, beside chance.
GOLD_SHARE = 0.95
PLAN = Plan(rate=0.001, epochs=4, dropout=0.2, blindness=0.2)
#: What the new tags are given at first: hardly likely.
_UNLIKELY = -5.0


def taught(data: Path, parts: Sequence[Part], seed: int) -> list[Sample]:
    """Return the sentences of the news, those of these parts, of our own articles and GermEval."""
    own = news.samples([*articles(data, *parts), *news.written()])
    return own + samples.germeval(data / "ner", "test", random.Random(seed))


def fit(
    shipped: Language,
    lessons: Sequence[Sample],
    plan: Plan = PLAN,
    told: Sequence[Told] = (),
    trust: float = 1.0,
) -> Language:
    """Return a pipeline of the same layers that has learned the sentences.

    ``told``: sentences with what a teacher says of them and the annotation's share beside that;
    where ``trust``, the teacher's own share, is less than one, the pipeline's answers are the rest.
    """
    node = next(n for n in _model(shipped).walk() if n.name == brown.NODE)
    table, vectors = brown.get_table(node), brown.get_vectors(node)
    heard = [sample for sample, _, _ in told]
    words = {word for sample in [*lessons, *heard] for word in sample.words} | {*LINE_BREAKS}
    forms = Forms.build(words, spacy.blank("de").vocab, (table, vectors), student.ROWS)
    start = started(shipped, plan, vectors.width)
    taught = [_lesson(sample, forms) for sample in lessons]
    own = student.predict(start.eval(), [forms.of(sample.words) for sample in heard], forms)
    for (sample, said, share), known in zip(told, own, strict=True):
        taught.append(_told(sample, trust * said + (1 - trust) * known, share, forms))
    taught = with_breaks(taught, forms, random.Random(plan.seed))
    made = student.fit(plan, taught, forms, start)
    return export(made, table, vectors)


def _lesson(sample: Sample, forms: Forms) -> Lesson:
    own = np.eye(len(TAGS), dtype=np.float32)[np.array(sample.tags)]
    return Lesson(forms.of(sample.words), GOLD_SHARE * own + (1 - GOLD_SHARE) / len(TAGS))


def _told(sample: Sample, said: NDArray[np.float32], share: float, forms: Forms) -> Lesson:
    annotated = np.eye(len(TAGS), dtype=np.float32)[np.array(sample.tags)]
    return Lesson(forms.of(sample.words), share * annotated + (1 - share) * said)


def started(shipped: Language, plan: Plan, vector_width: int) -> Student:
    """Return the pipeline's weights as a student; tags that it lacks are unlikely."""
    model = _model(shipped)
    made = Student(plan, vector_width)
    nodes = {
        kind: [node for node in model.walk() if node.name == kind]
        for kind in ("hashembed", "maxout", "layernorm")
    }
    with torch.no_grad():
        for own, node in zip(made.tables, nodes["hashembed"], strict=True):
            own.copy_(torch.tensor(node.get_param("E")))
        layers: list[Maxout] = [made.mix, *made.windows]
        for layer, maxout, norm in zip(layers, nodes["maxout"], nodes["layernorm"], strict=True):
            layer.W.copy_(torch.tensor(maxout.get_param("W")))
            layer.b.copy_(torch.tensor(maxout.get_param("b")))
            layer.norm.G.copy_(torch.tensor(norm.get_param("G")))
            layer.norm.b.copy_(torch.tensor(norm.get_param("b")))
        _fill_top(made, model.get_ref("softmax"), shipped.get_pipe("ner").labels)  # type: ignore[attr-defined]
    return made


def _fill_top(made: Student, top: Model[Any, Any], labels: Sequence[str]) -> None:
    made.top.weight.zero_()
    made.top.bias.fill_(_UNLIKELY)
    old = ("O", *(f"{part}-{label}" for label in labels for part in "BI"))
    rows = [TAGS.index(tag) for tag in old]
    made.top.weight[rows] = torch.tensor(top.get_param("W"))
    made.top.bias[rows] = torch.tensor(top.get_param("b"))


def _model(nlp: Language) -> Model[Any, Any]:
    return nlp.get_pipe("ner").model  # type: ignore[attr-defined]
