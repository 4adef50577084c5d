"""The teacher: multilingual-e5-small, fine-tuned in PyTorch to tag names.

Too slow for the product (some 3,000 words/s), it says for every word of the training texts how
likely each tag is; the student learns from that. Fine-tuned first on all sources, then on
GermEval, which alone is annotated by hand for all four labels.
"""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from extraction.tagging.pieces import Pieces
from training.encoder import EncoderFile
from training.samples import MISC, TAGS, Sample

Probabilities = NDArray[np.float32]
PIECES_IN_BATCH = 1600
#: Without AMX, bfloat16 is five times as slow as float32.
FAST_BFLOAT16 = torch.cpu._is_amx_tile_supported()


class Layer(nn.Module):
    """One layer of BERT, norms behind the sums."""

    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, inner), nn.Linear(inner, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, epsilon), nn.LayerNorm(hidden, epsilon)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        q, k, v = (
            part(x).view(batch, length, self.heads, -1).transpose(1, 2)
            for part in (self.q, self.k, self.v)
        )
        scores = q @ k.transpose(2, 3) * (hidden // self.heads) ** -0.5 + mask
        seen = scores.softmax(-1).to(v.dtype) @ v  # PyTorch's own is 20 times slower backwards
        seen = seen.transpose(1, 2).reshape(batch, length, hidden)
        x = self.aln(x + self.ao(seen))
        return self.oln(x + self.fo(F.gelu(self.fi(x))))


class Teacher(nn.Module):
    """The encoder with one linear layer on the first piece of each word."""

    def __init__(self, file: EncoderFile, words: set[str]) -> None:
        super().__init__()
        self.cut = Cut(file.pieces, words)
        s = file.shape
        table = file.matrix("emb.word", s.pieces, s.hidden)[self.cut.used]
        self.word = nn.Embedding.from_pretrained(torch.tensor(table), freeze=False)
        places = file.vector("emb.pos", s.positions * s.hidden).reshape(-1, s.hidden)
        self.place = nn.Parameter(torch.tensor(places + file.vector("emb.type", s.hidden)))
        self.norm = nn.LayerNorm(s.hidden, s.epsilon)
        self.layers = nn.ModuleList(
            Layer(s.hidden, s.heads, s.inner, s.epsilon) for _ in range(s.layers)
        )
        self.dropout = nn.Dropout(0.1)
        self.top = nn.Linear(s.hidden, len(TAGS))
        self._fill(file)

    def _fill(self, file: EncoderFile) -> None:
        hidden = file.shape.hidden
        _fill_norm(self.norm, file, "emb.ln", hidden)
        for number, layer in enumerate(self.layers):
            for name, part in layer.named_children():
                if isinstance(part, nn.Linear):
                    rows, columns = part.weight.shape
                    part.weight.data = torch.tensor(
                        file.matrix(f"l{number}.{name}.w", rows, columns)
                    )
                    part.bias.data = torch.tensor(file.vector(f"l{number}.{name}.b", rows))
                elif isinstance(part, nn.LayerNorm):
                    _fill_norm(part, file, f"l{number}.{name}", hidden)

    def hidden(self, pieces: Tensor) -> Tensor:
        """Return the last layer's states of pieces, (batch, length, hidden)."""
        mask = torch.where(pieces == self.cut.pad, -1e4, 0.0)[:, None, None, :]
        x = self.dropout(self.norm(self.word(pieces) + self.place[: pieces.shape[1]]))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def forward(self, pieces: Tensor) -> Tensor:
        scores: Tensor = self.top(self.dropout(self.hidden(pieces)))
        return scores


def _fill_norm(norm: nn.LayerNorm, file: EncoderFile, name: str, size: int) -> None:
    norm.weight.data = torch.tensor(file.vector(f"{name}.w", size))
    norm.bias.data = torch.tensor(file.vector(f"{name}.b", size))


class Cut:
    """Words to pieces, numbered anew so that only the used ones need an embedding."""

    def __init__(self, pieces: Pieces, words: set[str]) -> None:
        old = {word: pieces.of(word) for word in sorted(words)}
        special = [pieces.begin, pieces.end, pieces.pad]
        self.used = np.unique(np.array(special + [p for cut in old.values() for p in cut]))
        new = {piece: at for at, piece in enumerate(self.used.tolist())}
        self.begin, self.end, self.pad = (new[piece] for piece in special)
        self.of = {word: [new[p] for p in cut] for word, cut in old.items()}

    def sentence(self, words: Sequence[str], longest: int = 510) -> tuple[list[int], list[int]]:
        """Return the pieces of a sentence and where each word's first piece stands."""
        pieces, firsts = [self.begin], []
        for word in words:
            firsts.append(len(pieces))
            pieces += self.of[word]
        if len(pieces) > longest:
            raise ValueError(f"a sentence of {len(pieces)} pieces")
        return [*pieces, self.end], firsts


def batches(
    cut: Cut, words: Sequence[Sequence[str]], chance: random.Random | None
) -> Iterator[tuple[list[int], Tensor, list[list[int]]]]:
    """Yield sentence numbers, padded pieces and first pieces, sentences of like length together."""
    cuts = [cut.sentence(sentence) for sentence in words]
    order = sorted(
        range(len(cuts)), key=lambda i: (len(cuts[i][0]), chance.random() if chance else 0)
    )
    groups: list[list[int]] = [[]]
    for i in order:
        if (len(groups[-1]) + 1) * len(cuts[i][0]) > PIECES_IN_BATCH and groups[-1]:
            groups.append([])
        groups[-1].append(i)
    if chance:
        chance.shuffle(groups)
    for group in groups:
        length = max(len(cuts[i][0]) for i in group)
        padded = [cuts[i][0] + [cut.pad] * (length - len(cuts[i][0])) for i in group]
        yield group, torch.tensor(padded), [cuts[i][1] for i in group]


def loss_of(scores: Tensor, tags: Tensor, partial: Tensor) -> Tensor:
    """Cross entropy over words; in a partial sentence ``O`` stands for ``O`` or MISC."""
    logs = F.log_softmax(scores.float(), dim=-1)
    open_o = torch.logsumexp(logs[:, [0, *MISC]], dim=-1)
    own = logs.gather(1, tags[:, None])[:, 0]
    return -torch.where(partial & (tags == 0), open_o, own).mean()


def fit(
    teacher: Teacher, samples: list[Sample], epochs: int, rate: float, seed: int, name: str = ""
) -> None:
    """Train with AdamW; the rate climbs for a tenth of the steps, then falls to nothing."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(teacher.parameters(), lr=rate, weight_decay=0.01, fused=True)
    words = [sample.words for sample in samples]
    total = epochs * sum(1 for _ in batches(teacher.cut, words, random.Random(0)))
    step = 0
    teacher.train()
    for _ in range(epochs):
        losses = 0.0
        for group, pieces, firsts in batches(teacher.cut, words, chance):
            step += 1
            for part in optimizer.param_groups:
                part["lr"] = rate * min(step / (0.1 * total), (total - step) / (0.9 * total))
            tags, partial = _targets(samples, group)
            with torch.autocast("cpu", torch.bfloat16, enabled=FAST_BFLOAT16):
                scores = teacher(pieces)[_rows(firsts), _columns(firsts)]
            loss = loss_of(scores, tags, partial)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimizer.step()
            losses += loss.item()
            if step % 100 == 0:
                print(f"{name} step {step}/{total} loss {losses / 100:.4f}", flush=True)
                losses = 0.0
    teacher.eval()


def _rows(firsts: list[list[int]]) -> list[int]:
    return [row for row, places in enumerate(firsts) for _ in places]


def _columns(firsts: list[list[int]]) -> list[int]:
    return [place for places in firsts for place in places]


def _targets(samples: list[Sample], group: list[int]) -> tuple[Tensor, Tensor]:
    tags = [tag for i in group for tag in samples[i].tags]
    partial = [samples[i].partial for i in group for _ in samples[i].tags]
    return torch.tensor(tags), torch.tensor(partial)


@torch.no_grad()
def predict(teacher: Teacher, words: Sequence[Sequence[str]]) -> list[Probabilities]:
    """Return the probabilities of the tags, (words, tags), for each sentence."""
    probabilities: list[Probabilities] = [np.zeros((0, len(TAGS)), np.float32)] * len(words)
    for group, pieces, firsts in batches(teacher.cut, words, None):
        with torch.autocast("cpu", torch.bfloat16, enabled=FAST_BFLOAT16):
            scores = teacher(pieces).float()
        likely = F.softmax(scores, dim=-1).numpy()
        for row, (i, places) in enumerate(zip(group, firsts, strict=True)):
            probabilities[i] = likely[row, places]
    return probabilities
