"""The embedding layer of the shipped pipeline: word-form features with Brown clusters.

Brown clusters group word forms by the words around them, learned from a large unlabelled
corpus; they tell the model about names that no training sentence holds. The table lies in the
layer itself, so a saved pipeline needs no other file, and ``spacy.load`` finds the layer
through the entry point ``spacy_architectures``.

Every feature is a function of the word form alone. The layer therefore computes one vector
for each *distinct* form of a batch and copies it to the form's tokens. A pipeline that only reads
may keep the vectors of forms (``keep_forms``); one that is trained may not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import ORTH
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import HashEmbed, Maxout, Model, concatenate
from thinc.types import Floats2d

from extraction.tagging import tagger
from extraction.tagging.form_memory import FormMemory
from extraction.tagging.form_vectors import VectorTable
from extraction.tagging.kinship import key, relatives

Keys = NDArray[np.uint64]

#: The layer's columns, in the order in which ``rows`` gives the size of their tables.
COLUMNS = (
    "norm",
    "prefix",
    "suffix",
    "shape",
    "brown4",
    "brown7",
    "brown10",
    "cluster",
    "kin7",
    "kin",
    "names",
)
#: Bits of ``BrownTable.flags``.
FIRST_NAME, SURNAME, STATE = 1, 2, 4
NODE = "brown_features"
ARCHITECTURE = "depesche.BrownHashEmbed.v1"

_SHORTEST_GENITIVE = 5
_SHORTEST_CAPITALS = 4


@dataclass(frozen=True, slots=True)
class BrownTable:
    """Word forms with their Brown cluster and the name lists that hold them.

    Three arrays of equal length, sorted by ``keys``: the low 32 bits of the form's hash
    (uint32), the cluster (uint16; its lowest bit is the first step of the path from the root
    of the cluster tree; 0 means no cluster) and the flags (uint8).
    """

    keys: NDArray[np.uint32]
    clusters: NDArray[np.uint16]
    flags: NDArray[np.uint8]

    @classmethod
    def build(cls, clusters: Mapping[str, int], flags: Mapping[str, int]) -> BrownTable:
        """Make the table from word form -> cluster and word form -> flags."""
        rows = {
            key(form): (clusters.get(form, 0), flags.get(form, 0)) for form in {*clusters, *flags}
        }
        order = sorted(rows)
        return cls(
            np.array(order, dtype=np.uint32),
            np.array([rows[key][0] for key in order], dtype=np.uint16),
            np.array([rows[key][1] for key in order], dtype=np.uint8),
        )

    def find(self, forms: Sequence[str]) -> tuple[Keys, Keys]:
        """Return cluster and flags of each form, 0 where the table does not hold it."""
        keys = np.fromiter((key(form) for form in forms), dtype=np.uint32, count=len(forms))
        if not len(self.keys):
            return np.zeros(len(forms), np.uint64), np.zeros(len(forms), np.uint64)
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        held = self.keys[at] == keys
        return (
            np.where(held, self.clusters[at], 0).astype(np.uint64),
            np.where(held, self.flags[at], 0).astype(np.uint64),
        )


def brown_hash_embed(
    width: int, rows: list[int], vectors: int = 0
) -> Model[list[Doc], list[Floats2d]]:
    """Build the layer: documents in, one vector of ``width`` for each token out.

    ``rows`` holds the number of rows of each column's hash table (see ``COLUMNS``); 0 leaves
    the column out. ``vectors`` is the ``width`` of the table of form vectors. Both tables are
    empty until ``set_table`` and ``set_vectors`` or loading fill them.
    """
    used = [column for column, size in enumerate(rows) if size]
    embeds: list[Model[Any, Any]] = [
        HashEmbed(width, rows[column], column=column, seed=8 + column, dropout=0.0)
        for column in used
    ]
    hashed: Model[Any, Any] = concatenate(*embeds)
    mix = Maxout(width, width * len(embeds) + vectors, nP=3, dropout=0.0, normalize=True)
    attrs = {"keys": b"", "clusters": b"", "flags": b"", "vectors": vectors}
    attrs |= {"vector_keys": b"", "vector_values": b""}
    forward = _Forward(FormMemory())
    return Model(NODE, forward, init=_init, layers=[hashed, mix], dims={"nO": width}, attrs=attrs)


def keep_forms(model: Model[Any, Any], limit: int) -> None:
    """Have every such layer keep up to ``limit`` vectors; its weights must not change any more."""
    for node in model.walk():
        if node.name == NODE and isinstance(node._func, _Forward):
            node._func.memory.limit = limit


def register() -> None:
    """Make layer and component known to spaCy where no entry points are installed."""
    tagger.register()
    if ARCHITECTURE not in registry.architectures.get_all():
        registry.architectures.register(ARCHITECTURE, func=brown_hash_embed)


def set_table(model: Model[Any, Any], table: BrownTable) -> None:
    """Store the table in every such layer of ``model``."""
    for node in model.walk():
        if node.name == NODE:
            node.attrs["keys"] = table.keys.tobytes()
            node.attrs["clusters"] = table.clusters.tobytes()
            node.attrs["flags"] = table.flags.tobytes()


def get_table(node: Model[Any, Any]) -> BrownTable:
    """Return a view (no copy) of the table that the layer holds."""
    return BrownTable(
        np.frombuffer(node.attrs["keys"], dtype=np.uint32),
        np.frombuffer(node.attrs["clusters"], dtype=np.uint16),
        np.frombuffer(node.attrs["flags"], dtype=np.uint8),
    )


def set_vectors(model: Model[Any, Any], table: VectorTable) -> None:
    """Store the vectors in every such layer of ``model``."""
    for node in model.walk():
        if node.name == NODE:
            node.attrs["vector_keys"] = table.keys.tobytes()
            node.attrs["vector_values"] = table.values.tobytes()


def get_vectors(node: Model[Any, Any]) -> VectorTable:
    """Return a view (no copy) of the vectors that the layer holds."""
    keys = np.frombuffer(node.attrs["vector_keys"], dtype=np.uint32)
    values = np.frombuffer(node.attrs["vector_values"], dtype=np.int8)
    return VectorTable(keys, values.reshape(len(keys), max(node.attrs["vectors"] - 1, 0)))


def form_features(vocab: Vocab, orths: Keys, table: BrownTable) -> Keys:
    """Return one row of ``COLUMNS`` for each word form, given by its hash in ``vocab``."""
    lexemes = [vocab[int(orth)] for orth in orths]
    forms = [lexeme.orth_ for lexeme in lexemes]
    own, names = table.find(forms)
    kin, kind = _kin(forms, own, table)
    columns = [
        [lexeme.norm for lexeme in lexemes],
        [lexeme.prefix for lexeme in lexemes],
        [lexeme.suffix for lexeme in lexemes],
        [lexeme.shape for lexeme in lexemes],
        *_path(own, (0xF, 0x7F, 0x3FF, 0xFFFF)),
        *_path(kin, (0x7F,)),
        kin + (kind << np.uint64(16)),
        names | (_genitive_flags(forms, table) << np.uint64(3)),
    ]
    return np.array(columns, dtype=np.uint64).T.copy()


def _path(clusters: Keys, masks: tuple[int, ...]) -> list[Keys]:
    """Cut the clusters' paths to the masks' lengths; 0 stays for forms without a cluster."""
    known = clusters > 0
    return [np.where(known, (clusters & np.uint64(mask)) + np.uint64(1), 0) for mask in masks]


def _kin(forms: list[str], own: Keys, table: BrownTable) -> tuple[Keys, Keys]:
    """Return the cluster of the nearest known relative of each form that needs one, and its kind.

    A form needs one where it has no cluster itself or is written in capitals.
    """
    asked: list[str] = []
    owner: list[tuple[int, int]] = []
    for index, form in enumerate(forms):
        if own[index] == 0 or (len(form) >= _SHORTEST_CAPITALS and form.isupper()):
            for kind, relative in relatives(form):
                asked.append(relative)
                owner.append((index, kind))
    kin, kinds = np.zeros(len(forms), np.uint64), np.zeros(len(forms), np.uint64)
    clusters, _ = table.find(asked)
    for position in np.flatnonzero(clusters):
        index, kind = owner[position]
        if not kin[index]:
            kin[index], kinds[index] = clusters[position], kind
    return kin, kinds


def _genitive_flags(forms: list[str], table: BrownTable) -> Keys:
    bases = [
        form[:-1].rstrip("'’") if form.endswith("s") and len(form) >= _SHORTEST_GENITIVE else ""
        for form in forms
    ]
    return table.find(bases)[1]


def _init(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:  # noqa: ARG001, N803
    hashed, mix = model.layers
    hashed.initialize(X=model.ops.alloc2i(1, len(COLUMNS), dtype="uint64"))
    mix.initialize(X=model.ops.alloc2f(1, mix.get_dim("nI")))


@dataclass(frozen=True, slots=True)
class _Forward:
    """The layer's function, with what it remembers."""

    memory: FormMemory

    def __call__(
        self, model: Model[Any, Any], docs: Sequence[Doc], is_train: bool
    ) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
        ops: Any = model.ops
        lengths = [len(doc) for doc in docs]
        if not sum(lengths):
            return [ops.alloc2f(0, model.get_dim("nO")) for _ in docs], lambda _: []
        orths = np.concatenate([np.asarray(doc.to_array(ORTH)).reshape(-1) for doc in docs])
        distinct, inverse = np.unique(orths, return_inverse=True)
        vocab = docs[0].vocab
        if not is_train:
            kept = self.memory.of(distinct, lambda new: _forms(model, vocab, new, False)[0])
            return ops.unflatten(ops.as_contig(kept[inverse]), lengths), lambda _: []
        vectors, backprop_forms = _forms(model, vocab, distinct, is_train)
        tokens: Any = ops.as_contig(vectors[inverse])

        def backprop(gradients: list[Floats2d]) -> list[Doc]:
            summed = ops.alloc2f(len(distinct), vectors.shape[1])
            ops.scatter_add(summed, ops.asarray1i(inverse), ops.flatten(gradients))
            backprop_forms(summed)
            return []

        return ops.unflatten(tokens, lengths), backprop


def _forms(
    model: Model[Any, Any], vocab: Vocab, distinct: Keys, is_train: bool
) -> tuple[Any, Callable[[Any], None]]:
    """Compute one vector for each distinct form."""
    ops: Any = model.ops
    hashed, mix = model.layers
    features = form_features(vocab, distinct, get_table(model))
    rows, backprop_hashed = hashed(ops.asarray2i(features, dtype="uint64"), is_train)
    if model.attrs["vectors"]:
        own = get_vectors(model).of([vocab.strings[int(orth)] for orth in distinct])
        joined = np.concatenate([rows, own], axis=1)
    else:
        joined = rows
    vectors, backprop_mix = mix(joined, is_train)

    def backprop(gradients: Any) -> None:
        backprop_hashed(ops.as_contig(backprop_mix(gradients)[:, : rows.shape[1]]))

    return vectors, backprop
