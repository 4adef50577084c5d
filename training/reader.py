"""The teacher of the news: the encoder as a tagger that reads stretches of whole articles.

A stretch is as many sentences of an article in a row as fit, so that a name that is clear in one
helps in the next. The lower layers stay as they are and their states are computed once, which
saves a third of the time and more; so do the embeddings, which is why forms that no training text
holds need none of their own.
"""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from training.encoder import EncoderFile
from training.samples import TAGS, Sample
from training.teacher import FAST_BFLOAT16, Cut, Probabilities, Teacher

#: The first word of a stretch of GermEval, whose annotators went by other rules than the news'.
OTHER_RULES = "Wikipedia"
#: Pieces of a stretch, and of a batch of them.
LONGEST, IN_BATCH = 220, 1200
#: Layers, from the first, that learn nothing.
FROZEN = 6
RATE = 2e-4


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces, where each word's first piece stands, and the words' tags."""

    pieces: tuple[int, ...]
    firsts: tuple[int, ...]
    tags: tuple[int, ...]


def reader(encoder: Path, words: set[str], frozen: int = FROZEN) -> Teacher:
    """Return the encoder with a fresh top; neither embeddings nor lower layers learn."""
    made = Teacher(EncoderFile(encoder), words | {OTHER_RULES})
    for part in (made.word, made.norm, *made.layers[:frozen]):
        part.requires_grad_(False)
    made.place.requires_grad_(False)
    return made


def stretches(
    article: Sequence[Sample], cut: Cut, longest: int = LONGEST, first: int | None = None
) -> Iterator[Stretch]:
    """Yield an article's sentences, as many at a time as fit; ``first``: pieces of the first."""
    pieces, firsts, tags = [cut.begin], list[int](), list[int]()
    most = first or longest
    for sample in article:
        own, places = cut.sentence(sample.words)
        if firsts and len(pieces) + len(own) - 1 > most:
            yield Stretch(tuple(pieces), tuple(firsts), tuple(tags))
            pieces, firsts, tags, most = [cut.begin], [], [], longest
        firsts += [len(pieces) + place - 1 for place in places]
        pieces += own[1:]
        tags += sample.tags
    if firsts:
        yield Stretch(tuple(pieces), tuple(firsts), tuple(tags))


def by_other_rules(samples: Sequence[Sample], cut: Cut) -> list[Stretch]:
    """Return each sentence of GermEval behind the word that says whose rules hold."""
    mark = tuple(cut.of[OTHER_RULES])
    made = []
    for sample in samples:
        pieces, places = cut.sentence(sample.words)
        firsts = tuple(place + len(mark) for place in places)
        made.append(Stretch((pieces[0], *mark, *pieces[1:]), firsts, sample.tags))
    return made


class States:
    """What the lower layers make of stretches, each computed once."""

    def __init__(self, teacher: Teacher, frozen: int = FROZEN) -> None:
        self._teacher, self._frozen = teacher, frozen
        self._kept: dict[tuple[int, ...], NDArray[np.float16]] = {}

    def of(self, batch: Sequence[Stretch]) -> tuple[Tensor, Tensor]:
        """Return states (batch, length, hidden) and the mask of the attention."""
        new = [s for s in batch if s.pieces not in self._kept]
        if new:
            states, _ = lower(self._teacher, new, self._frozen)
            for stretch, own in zip(new, states.float().numpy(), strict=True):
                self._kept[stretch.pieces] = own[: len(stretch.pieces)].astype(np.float16)
        length = max(len(s.pieces) for s in batch)
        x = torch.zeros(len(batch), length, self._teacher.place.shape[1])
        for row, stretch in enumerate(batch):
            x[row, : len(stretch.pieces)] = torch.from_numpy(
                self._kept[stretch.pieces].astype(np.float32)
            )
        return x, _mask(batch, length)


@torch.no_grad()
def lower(teacher: Teacher, batch: Sequence[Stretch], frozen: int) -> tuple[Tensor, Tensor]:
    length = max(len(s.pieces) for s in batch)
    padded = torch.tensor([s.pieces + (teacher.cut.pad,) * (length - len(s.pieces)) for s in batch])
    mask = _mask(batch, length)
    x = teacher.norm(teacher.word(padded) + teacher.place[:length])
    for layer in teacher.layers[:frozen]:
        x = layer(x, mask)
    return x, mask


def _mask(batch: Sequence[Stretch], length: int) -> Tensor:
    sizes = torch.tensor([len(s.pieces) for s in batch])
    mask = torch.where(torch.arange(length)[None] < sizes[:, None], 0.0, -1e4)
    return mask[:, None, None, :]


def upper(
    teacher: Teacher, x: Tensor, mask: Tensor, batch: Sequence[Stretch], frozen: int
) -> Tensor:
    """Return the scores of the tags of all words in a batch."""
    x = teacher.dropout(x)
    for layer in teacher.layers[frozen:]:
        x = layer(x, mask)
    rows = [row for row, s in enumerate(batch) for _ in s.firsts]
    columns = [place for s in batch for place in s.firsts]
    return teacher.top(teacher.dropout(x[rows, columns]))


def batches(
    taught: Sequence[Stretch], chance: random.Random | None, most: int = IN_BATCH
) -> Iterator[list[int]]:
    """Yield numbers of stretches of like length."""
    order = sorted(
        range(len(taught)), key=lambda i: (len(taught[i].pieces), chance.random() if chance else 0)
    )
    groups: list[list[int]] = [[]]
    for i in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(taught[i].pieces) > most:
            groups.append([])
        groups[-1].append(i)
    if chance:
        chance.shuffle(groups)
    yield from groups


class Fitting:
    """AdamW over stretches at a rate that climbs, then falls to nothing when the time is over.

    ``until``: seconds of the clock, as ``time.time()`` has them, when the rate must be down.
    """

    def __init__(self, teacher: Teacher, rate: float = RATE, frozen: int = FROZEN) -> None:
        self.teacher, self.rate, self.frozen = teacher, rate, frozen
        self.states = States(teacher, frozen)
        learning = [p for p in teacher.layers.parameters() if p.requires_grad]
        parts = [{"params": learning, "times": 1}, {"params": teacher.top.parameters(), "times": 5}]
        self.optimizer = torch.optim.AdamW(parts, lr=rate, weight_decay=0.01, fused=True)
        self.step = 0

    def learn(self, batch: Sequence[Stretch], done: float) -> float:
        self.teacher.train()
        for part in self.optimizer.param_groups:
            part["lr"] = part["times"] * self.rate * min((self.step + 1) / 40, max(0.0, 1 - done))
        with torch.autocast("cpu", torch.bfloat16, enabled=FAST_BFLOAT16):
            x, mask = self.states.of(batch)
            scores = upper(self.teacher, x, mask, batch, self.frozen)
        tags = torch.tensor([tag for s in batch for tag in s.tags])
        loss = F.cross_entropy(scores.float(), tags)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.teacher.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return float(loss.item())


def kept(teacher: Teacher) -> dict[str, Any]:
    """Return the weights without the embeddings, which are the encoder's."""
    return {k: v for k, v in teacher.state_dict().items() if k != "word.weight"}


def weights_file(work: Path, seed: int) -> Path:
    """Return where the weights of a seed are kept."""
    return work / f"reader-{seed}.pt"


def learned(work: Path) -> dict[str, Any]:
    """Return the mean of the weights of all seeds (Wortsman et al. 2022, "Model soups")."""
    every = [torch.load(path, weights_only=True) for path in sorted(work.glob("reader-*.pt"))]
    return {name: sum(each[name] for each in every) / len(every) for name in every[0]}


@torch.no_grad()
def predict(teacher: Teacher, read: Sequence[Stretch], frozen: int = FROZEN) -> list[Probabilities]:
    """Return the probabilities of the tags, (words, tags), of each stretch."""
    teacher.eval()
    said: list[Probabilities] = [np.zeros((0, len(TAGS)), np.float32)] * len(read)
    for group in batches(read, None):
        batch = [read[i] for i in group]
        with torch.autocast("cpu", torch.bfloat16, enabled=FAST_BFLOAT16):
            x, mask = lower(teacher, batch, frozen)
            scores = upper(teacher, x, mask, batch, frozen)
        likely = F.softmax(scores.float(), -1).numpy()
        at = 0
        for i in group:
            said[i] = likely[at : at + len(read[i].firsts)]
            at += len(read[i].firsts)
    return said
