"""The pipeline component of the shipped model: one tag for each word, read into names.

Tags are ``O``, ``B-X`` (first word of a name X) and ``I-X`` (a further one). The most probable
sequence in which every ``I-X`` continues an X is taken (Viterbi's algorithm).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from thinc.api import Model

Scores = NDArray[np.float32]
NAME = "depesche_tagger"
_IMPOSSIBLE = -1e9
#: What the scores of these labels lose (natural logarithm). In texts of another manner than the
#: training's more words are unknown, and the unknown are taken for organisations.
RELUCTANCE: Mapping[str, float] = {"ORG": 1.0, "ORGpart": 1.0}


class NameTagger(TrainablePipe):  # type: ignore[misc]
    """Mark names in ``doc.ents``. ``labels``: their kinds, in the order of the model's tags."""

    def __init__(self, vocab: Vocab, model: Model[Any, Any], name: str, labels: list[str]) -> None:
        self.vocab, self.model, self.name = vocab, model, name
        self.cfg: dict[str, Any] = {}
        self._labels = tuple(labels)
        self._follows = follows(len(labels))
        self._reluctance = reluctance(labels)

    @property
    def labels(self) -> tuple[str, ...]:
        return self._labels

    def predict(self, docs: Sequence[Doc]) -> list[Scores]:
        """Return a score of every tag for each word, (words, tags), for each document."""
        scores: list[Scores] = self.model.predict(docs)
        return scores

    def set_annotations(self, docs: Sequence[Doc], scores: list[Scores]) -> None:
        for doc, tagged in zip(docs, scores, strict=True):
            names = names_of(decode(tagged - self._reluctance, self._follows))
            doc.set_ents([Span(doc, a, b, self._labels[kind]) for a, b, kind in names])


def reluctance(labels: Sequence[str]) -> Scores:
    """Return what each tag's score loses."""
    lost = [RELUCTANCE.get(label, 0.0) for label in labels for _ in "BI"]
    return np.array([0.0, *lost], np.float32)


def follows(labels: int) -> NDArray[np.bool_]:
    """Return (tag, next tag): whether the second may follow the first."""
    tags = np.arange(2 * labels + 1)
    inside = (tags > 0) & (tags % 2 == 0)
    same = (tags[:, None] + 1) // 2 == (tags[None, :] + 1) // 2
    allowed: NDArray[np.bool_] = ~inside[None, :] | same
    return allowed


def decode(scores: Scores, allowed: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the best tag of each word; only where those contradict each other is it searched."""
    tags: NDArray[np.intp] = scores.argmax(axis=1) if len(scores) else np.zeros(0, np.intp)
    before = np.concatenate([[0], tags[:-1]])
    wrong = np.flatnonzero(~allowed[before, tags])
    end = 0
    for at in wrong.tolist():
        if at >= end:
            start, end = _stretch(tags, at, end)
            tags[start:end] = _viterbi(scores[start:end], allowed)
    return tags


def _stretch(tags: NDArray[np.intp], at: int, least: int) -> tuple[int, int]:
    """Return the words around ``at`` that its tag can touch: up to an ``O`` on either side."""
    start, end = max(at - 1, least), at + 1
    while start > least and tags[start]:
        start -= 1
    while end < len(tags) and tags[end]:
        end += 1
    return start, end


def _viterbi(scores: Scores, allowed: NDArray[np.bool_]) -> list[int]:
    logs = scores - scores.max(axis=1, keepdims=True)
    step = np.where(allowed, 0.0, _IMPOSSIBLE)
    best = logs[0] + step[0]
    back = []
    for row in logs[1:]:
        through = best[:, None] + step
        back.append(through.argmax(axis=0))
        best = through.max(axis=0) + row
    path = [int(best.argmax())]
    for origins in reversed(back):
        path.append(int(origins[path[-1]]))
    return path[::-1]


def names_of(tags: NDArray[np.intp]) -> Iterator[tuple[int, int, int]]:
    """Yield first word, word behind the last, and number of the label of each name."""
    words = np.flatnonzero(tags).tolist()
    start = 0
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else -1
        if tags[word] % 2:
            start = word
        if after != word + 1 or tags[after] % 2:
            yield start, word + 1, (int(tags[word]) - 1) // 2


def make(nlp: Language, name: str, model: Model[Any, Any], labels: list[str]) -> NameTagger:
    return NameTagger(nlp.vocab, model, name, labels)


def register() -> None:
    """Make the component known to spaCy."""
    if not Language.has_factory(NAME):
        assigned = ["doc.ents", "token.ent_iob", "token.ent_type"]
        factory: Callable[..., Any] = Language.factory(NAME, assigns=assigned)
        factory(make)
