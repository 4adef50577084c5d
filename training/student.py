"""The student: the layers of the shipped model in PyTorch, taught by the teacher's probabilities.

The same arithmetic as `extraction.tagging.brown` and spaCy's ``MaxoutWindowEncoder``; PyTorch
trains it several times as fast on a processor, and from soft targets. `training.export` moves the
weights.
"""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from training.forms import Forms
from training.samples import TAGS
from training.teacher import FAST_BFLOAT16

#: Rows of the hash tables, in the order of `extraction.tagging.brown.COLUMNS`.
ROWS = (10000, 1000, 2500, 2500, 50, 200, 1000, 2000, 200, 2500, 100)
WATCHED = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of the student and how it is trained."""

    width: int = 160
    depth: int = 4
    pieces: int = 3
    dropout: float = 0.15
    blindness: float = 0.15
    rate: float = 2e-3
    epochs: int = 7
    words_in_batch: int = 2500
    decay: float = 0.01
    seed: int = 0


class Norm(nn.Module):
    """thinc's ``LayerNorm``: the epsilon is added to the variance."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.G, self.b = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.G.shape, self.G, self.b, 1e-8)


class Maxout(nn.Module):
    """thinc's ``Maxout`` with its norm: W is (out, pieces, in), b (out, pieces)."""

    def __init__(self, inputs: int, width: int, pieces: int) -> None:
        super().__init__()
        bound = (6.0 / (inputs + width * pieces)) ** 0.5
        self.W = nn.Parameter(torch.empty(width, pieces, inputs).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.zeros(width, pieces))
        self.norm = Norm(width)

    def forward(self, x: Tensor) -> Tensor:
        width, pieces, inputs = self.W.shape
        y = F.linear(x, self.W.view(width * pieces, inputs), self.b.view(-1))
        return self.norm(y.view(len(x), width, pieces).amax(-1))


class Student(nn.Module):
    """Hash tables and form vectors, mixed; windows of three words, ``depth`` times; tags."""

    def __init__(self, plan: Plan, vector_size: int) -> None:
        super().__init__()
        self.plan = plan
        self.tables = nn.ParameterList(
            nn.Parameter(torch.empty(rows, plan.width).uniform_(-0.1, 0.1)) for rows in ROWS
        )
        self.mix = Maxout(plan.width * len(ROWS) + vector_size, plan.width, plan.pieces)
        self.windows = nn.ModuleList(
            Maxout(plan.width * 3, plan.width, plan.pieces) for _ in range(plan.depth)
        )
        self.top = nn.Linear(plan.width, len(TAGS))

    def forms(self, rows: Tensor, vectors: Tensor) -> Tensor:
        """Return a vector for each form: rows (forms, columns, 4), vectors (forms, size)."""
        parts = []
        for column, table in enumerate(self.tables):
            part = F.embedding_bag(rows[:, column], table, mode="sum")
            parts.append(self._blind(part) if column == 0 else part)
        parts.append(self._blind(vectors))
        return self._drop(self.mix(torch.cat(parts, dim=1)))

    def forward(self, rows: Tensor, vectors: Tensor, at: Tensor) -> Tensor:
        """Return scores for every place of ``at``, which holds form numbers, -1 for padding."""
        x = self.forms(rows, vectors)
        x = torch.cat([x, x.new_zeros(1, x.shape[1])])[at]
        edge = x.new_zeros(1, x.shape[1])
        for window in self.windows:
            y = torch.cat([edge, x, edge])
            x = x + self._drop(window(torch.cat([y[:-2], x, y[2:]], dim=1)))
        scores: Tensor = self.top(x)
        return scores

    def _drop(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.plan.dropout, self.training)

    def _blind(self, x: Tensor) -> Tensor:
        """Forget a feature of whole forms, so that the others must do."""
        if not self.training:
            return x
        return x * (torch.rand(len(x), 1) >= self.plan.blindness).to(x.dtype)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A sentence as form numbers and the probabilities of its tags, (words, tags)."""

    forms: NDArray[np.int64]
    targets: NDArray[np.float32]


def batches(
    lessons: Sequence[Lesson], plan: Plan, chance: random.Random | None
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Yield distinct forms, places (-1 for padding) and targets, (places, tags).

    Half of the sentences stand by themselves, as in GermEval, half directly behind another, as
    in an article.
    """
    gap = np.full(plan.depth, -1, np.int64)
    order = list(range(len(lessons)))
    if chance:
        chance.shuffle(order)
    silence = np.zeros((plan.depth, len(TAGS)), np.float32)
    places, targets, size = [gap], [silence], 0
    for number, i in enumerate(order):
        places.append(lessons[i].forms)
        targets.append(lessons[i].targets)
        size += len(lessons[i].forms)
        last = size >= plan.words_in_batch or number == len(order) - 1
        if last or not chance or chance.random() < 0.5:
            places.append(gap)
            targets.append(silence)
        if last:
            distinct, at = np.unique(np.concatenate(places), return_inverse=True)
            yield (
                torch.tensor(distinct[1:]),
                torch.tensor(at - 1),
                torch.tensor(np.concatenate(targets)),
            )
            places, targets, size = [gap], [silence], 0


def fit(
    plan: Plan,
    lessons: Sequence[Lesson],
    forms: Forms,
    start: Student | None = None,
    watch: Callable[[int, Student], None] | None = None,
) -> Student:
    """Train with AdamW at a rate that climbs, then falls to nothing; return averaged weights.

    ``start``: go on from these weights; ``watch``: called every ``WATCHED`` steps with step and
    the averaged weights.
    """
    torch.manual_seed(plan.seed)
    chance = random.Random(plan.seed)
    student = Student(plan, forms.vectors.shape[1])
    if start:
        student.load_state_dict(start.state_dict())
    average = copy.deepcopy(student).eval()
    optimizer = torch.optim.AdamW(
        student.parameters(), lr=plan.rate, weight_decay=plan.decay, betas=(0.9, 0.99), fused=True
    )
    rows, vectors = torch.tensor(forms.rows), torch.tensor(forms.vectors)
    total = plan.epochs * sum(len(lesson.forms) for lesson in lessons) / plan.words_in_batch
    every = (batch for _ in range(plan.epochs) for batch in batches(lessons, plan, chance))
    for step, (distinct, at, targets) in enumerate(every, 1):
        for part in optimizer.param_groups:
            part["lr"] = plan.rate * min(step / 200, max(0.005, 1 - step / total))
        student.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=FAST_BFLOAT16):
            scores = student(rows[distinct], vectors[distinct], at)
        loss = -(targets * F.log_softmax(scores.float(), -1)).sum() / targets.sum()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        _follow(average, student, min(0.997, step / (step + 10)))
        if step % WATCHED == 0:
            print(f"step {step} of {total:.0f}, loss {loss.item():.4f}", flush=True)
            if watch:
                watch(step, average)
    return average


@torch.no_grad()
def _follow(average: Student, student: Student, keep: float) -> None:
    for mean, own in zip(average.parameters(), student.parameters(), strict=True):
        mean.lerp_(own, 1 - keep)


@torch.no_grad()
def predict(
    student: Student, sentences: Sequence[NDArray[np.int64]], forms: Forms
) -> list[NDArray[np.float32]]:
    """Return the probabilities of the tags for each sentence by itself."""
    rows, vectors = torch.tensor(forms.rows), torch.tensor(forms.vectors)
    lessons = [Lesson(s, np.zeros((len(s), len(TAGS)), np.float32)) for s in sentences]
    probabilities: list[NDArray[np.float32]] = []
    pending = iter(sentences)
    for distinct, at, _ in batches(lessons, student.plan, None):
        likely = F.softmax(student(rows[distinct], vectors[distinct], at), -1).numpy()
        start = student.plan.depth
        while start < len(likely):
            length = len(next(pending))
            probabilities.append(likely[start : start + length])
            start += length + student.plan.depth
    return probabilities
