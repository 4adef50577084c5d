"""The large model: a reader of whole stretches of text beside the shipped tagger, and their mean.

Each errs where the other does not. The reader is an encoder of twelve layers, run by onnxruntime
(the extra ``large``); what it is and how it was made stands in ``extraction/large/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from articles.errors import UsageError
from extraction.tagging.pieces import Pieces
from extraction.tagging.stretches import Stretch, stretches
from extraction.tagging.tagger import NameTagger, Scores

NAME = "large"
FOLDER = Path(__file__).parents[1] / "large"
#: Its files: the layers as an ONNX model; pieces of words, their vectors and those of positions.
LAYERS, PIECES = "layers.onnx", "pieces.npz"
#: In ``doc.user_data``: the document goes on with the text of the one before.
GOES_ON = "depesche.goes_on"
#: The reader's share in the mean.
SHARE = 0.5
#: Times as much processor time as the standard model takes, at most.
SLOWNESS = 15.0
#: Pieces, with the padding, that are read at once.
_IN_BATCH = 1_200
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors of pieces in blocks of 32 numbers of 4 bits: ``(nibble - 8) * scale``.

    ``nibbles``: (pieces, blocks, 16), the lower half of a byte first for all 16; ``scales``:
    (pieces, blocks); ``places``: (positions, numbers), what is added at each position.
    """

    nibbles: NDArray[np.uint8]
    scales: NDArray[np.float16]
    places: NDArray[np.float32]

    def of(self, pieces: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (rows, length, numbers) for piece numbers (rows, length)."""
        packed = self.nibbles[pieces]
        values = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - 8.0
        scaled = values * self.scales[pieces].astype(np.float32)[..., None]
        return scaled.reshape(*pieces.shape, -1) + self.places[: pieces.shape[1]]


class Layers(Protocol):
    """A session of onnxruntime: ``embedded`` (rows, length, numbers) and ``mask`` to one result,
    the scores of the tags (rows, length, tags)."""

    def run(self, names: None, given: dict[str, NDArray[np.float32]], /) -> Sequence[Any]: ...


class Reader:
    """Says how likely each tag is for each word of a stretch.

    ``name`` tells these weights from others.
    """

    def __init__(self, pieces: Pieces, embeddings: Embeddings, layers: Layers, name: str) -> None:
        self.name = name
        self.pieces, self._embeddings, self._layers = pieces, embeddings, layers

    def likely(self, read: Sequence[Stretch]) -> list[Scores]:
        """Return the probabilities of the tags, (words, tags), of each stretch."""
        said: list[Scores] = [np.zeros((0, 0), np.float32)] * len(read)
        for group in _groups(read):
            scores = self._scores([read[i].pieces for i in group])
            for i, rows in zip(group, scores, strict=True):
                said[i] = softmax(rows[list(read[i].firsts)])
        return said

    def _scores(self, batch: Sequence[tuple[int, ...]]) -> Scores:
        length = max(map(len, batch))
        padded = np.array([each + (self.pieces.pad,) * (length - len(each)) for each in batch])
        mask = np.where(padded == self.pieces.pad, np.float32(-1e4), np.float32(0))
        given = {"embedded": self._embeddings.of(padded), "mask": mask[:, None, None, :]}
        scores: Scores = self._layers.run(None, given)[0]
        return scores


def _groups(read: Sequence[Stretch]) -> Iterator[list[int]]:
    """Yield numbers of stretches of like length."""
    group: list[int] = []
    for i in sorted(range(len(read)), key=lambda i: len(read[i].pieces)):
        if group and (len(group) + 1) * len(read[i].pieces) > _IN_BATCH:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def softmax(scores: Scores) -> Scores:
    """Return probabilities, (words, tags)."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    likely: Scores = raised / raised.sum(axis=1, keepdims=True)
    return likely


class MeanTagger(NameTagger):
    """The shipped tagger and the reader: the tags that both together find the most probable."""

    def __init__(self, tagger: NameTagger, reader: Reader) -> None:
        super().__init__(tagger.vocab, tagger.model, tagger.name, list(tagger.labels))
        self.reader = reader

    def predict(self, docs: Sequence[Doc]) -> list[Scores]:
        """Return the logarithm of the mean for each word, (words, tags), for each document."""
        own = [softmax(scores) for scores in super().predict(docs)]
        read, places = list[Stretch](), list[tuple[int, int]]()
        for text in _texts(docs):
            lines = [line for at in text for line in _lines(at, docs[at])]
            words = [[docs[at][word].text for at, word in line] for line in lines]
            read += stretches(words, self.reader.pieces)
            places += [place for line in lines for place in line]
        said = (row for rows in self.reader.likely(read) for row in rows)
        for (at, word), row in zip(places, said, strict=True):
            own[at][word] += SHARE * (row - own[at][word])
        return [np.log(np.maximum(likely, _LEAST)) for likely in own]


def _texts(docs: Sequence[Doc]) -> Iterator[range]:
    """Yield the numbers of the documents of each text."""
    start = 0
    for end in range(1, len(docs) + 1):
        if end == len(docs) or not docs[end].user_data.get(GOES_ON):
            yield range(start, end)
            start = end


def _lines(number: int, doc: Doc) -> Iterator[list[tuple[int, int]]]:
    """Yield the words of each line, as the document's number and their own; no blanks."""
    line: list[tuple[int, int]] = []
    for token in doc:
        if not token.is_space:
            line.append((number, token.i))
        elif "\n" in token.text and line:
            yield line
            line = []
    if line:
        yield line


def folder_of(model: str) -> Path | None:
    """Return where the large model that is meant lies, if one is: the shipped one or a path."""
    if model == NAME:
        return FOLDER
    return Path(model) if model and (Path(model) / LAYERS).is_file() else None


def load(folder: Path = FOLDER) -> Reader:
    """Load the reader. Raises ``UsageError`` where onnxruntime or the weights are missing."""
    if find_spec("onnxruntime") is None:
        raise UsageError(
            "The large model needs onnxruntime, which is not installed: "
            "pip install 'depesche[large]', or leave DEPESCHE_SPACY_MODEL empty."
        )
    if not (folder / LAYERS).is_file():
        raise UsageError(
            f"The large model's weights are not in {folder}: `make train-large` makes them "
            "(training/README.md). Or leave DEPESCHE_SPACY_MODEL empty."
        )
    layers = (folder / LAYERS).read_bytes()
    return Reader(*_pieces(folder / PIECES), _session(layers), f"{NAME}_{crc32(layers):08x}")


def _session(layers: bytes) -> Layers:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # No threads of its own: workers run side by side, and are forked when it is loaded.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session: Layers = onnxruntime.InferenceSession(
        layers, options, providers=["CPUExecutionProvider"]
    )
    return session


def _pieces(path: Path) -> tuple[Pieces, Embeddings]:
    with np.load(path) as kept:
        texts = kept["texts"].tobytes().decode("utf-8").split("\n")
        scored = enumerate(zip(texts, kept["scores"].tolist(), strict=True))
        known = {text: (number, score) for number, (text, score) in scored if text}
        special = kept["special"].tolist()
        places = kept["places"].astype(np.float32)
        return Pieces(known, *special), Embeddings(kept["nibbles"], kept["scales"], places)
