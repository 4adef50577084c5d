"""The embedding layer: features of word forms, and its table saved with the pipeline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from extraction.tagging import brown
from extraction.tagging.brown import COLUMNS, FIRST_NAME, STATE, SURNAME, BrownTable

CLUSTERS = {"Berlin": 80, "Treffen": 1021, "Putin": 40}
FLAGS = {"Peter": FIRST_NAME | SURNAME, "Polen": STATE}
TEXT = "BERLIN Peters Außenministertreffen in Berlin, Putins Selenskyj Berlin."


def pipeline() -> Language:
    brown.register()
    nlp = spacy.blank("de")
    embed = {"@architectures": brown.ARCHITECTURE, "width": 16, "rows": [50] * len(COLUMNS)}
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 16,
        "depth": 1,
        "window_size": 1,
        "maxout_pieces": 2,
    }
    model = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    nlp.add_pipe("tok2vec", config={"model": model})
    nlp.initialize()
    table = BrownTable.build(CLUSTERS, FLAGS)
    brown.set_table(nlp.get_pipe("tok2vec").model, table)  # type: ignore[attr-defined]
    return nlp


def features(doc: Doc, table: BrownTable) -> dict[str, dict[str, int]]:
    orths = np.array([token.orth for token in doc], dtype=np.uint64)
    rows = brown.form_features(doc.vocab, orths, table)
    return {
        token.text: dict(zip(COLUMNS, map(int, row), strict=True))
        for token, row in zip(doc, rows, strict=True)
    }


def test_a_table_finds_its_forms_and_no_others() -> None:
    clusters, flags = BrownTable.build(CLUSTERS, FLAGS).find(["Putin", "Peter", "Kiew", ""])
    assert clusters.tolist() == [40, 0, 0, 0]
    assert flags.tolist() == [0, FIRST_NAME | SURNAME, 0, 0]


def test_an_empty_table_finds_nothing() -> None:
    clusters, flags = BrownTable.build({}, {}).find(["Putin"])
    assert clusters.tolist() == flags.tolist() == [0]


def test_features_are_cluster_paths_from_the_root_and_kin() -> None:
    nlp = spacy.blank("de")
    row = features(nlp(TEXT), BrownTable.build(CLUSTERS, FLAGS))
    assert row["Berlin"]["brown4"] == 1 + (80 & 0xF)
    assert row["Berlin"]["brown7"] == 1 + (80 & 0x7F)
    assert row["Berlin"]["cluster"] == 1 + 80
    assert row["BERLIN"]["kin7"] == row["Berlin"]["brown7"]
    assert row["Außenministertreffen"]["kin"] & 0xFFFF == CLUSTERS["Treffen"]
    assert row["Putins"]["kin"] & 0xFFFF == CLUSTERS["Putin"]
    assert row["Selenskyj"]["cluster"] == row["Selenskyj"]["kin"] == 0
    assert row["Peters"]["names"] == (FIRST_NAME | SURNAME) << 3


def test_a_form_has_one_vector_in_any_batch() -> None:
    layer = pipeline().get_pipe("tok2vec").model.layers[0]  # type: ignore[attr-defined]
    nlp = spacy.blank("de")
    docs = [nlp(TEXT), nlp(""), nlp("Berlin Putins")]
    together = layer.predict(docs)
    assert [len(vectors) for vectors in together] == [len(doc) for doc in docs]
    for doc, vectors in zip(docs, together, strict=True):
        # Values are about 1; near 0 the order of additions in 32 bits is more than rtol.
        np.testing.assert_allclose(layer.predict([doc])[0], vectors, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(together[0][-2], together[2][0], rtol=1e-5)


def test_the_gradient_of_a_form_is_the_sum_over_its_tokens() -> None:
    def gradient(text: str) -> float:
        layer = pipeline().get_pipe("tok2vec").model.layers[0]  # type: ignore[attr-defined]
        vectors, backprop = layer.begin_update([spacy.blank("de")(text)])
        backprop([np.ones_like(vectors[0])])
        biases = [node.get_grad("b") for node in layer.walk() if node.has_grad("b")]
        return sum(float(np.abs(bias).sum()) for bias in biases)

    assert gradient("Berlin") > 0
    assert gradient("Berlin Berlin Berlin") == pytest.approx(3 * gradient("Berlin"), rel=1e-4)


def test_the_table_travels_with_the_pipeline(tmp_path: Path) -> None:
    nlp = pipeline()
    before = nlp(TEXT).tensor
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    np.testing.assert_allclose(again(TEXT).tensor, before, rtol=1e-5)
    layer = again.get_pipe("tok2vec").model.layers[0]  # type: ignore[attr-defined]
    assert brown.get_table(layer).find(["Putin"])[0].tolist() == [40]


def test_no_layer_keeps_a_word_alive() -> None:
    nlp = pipeline()
    with nlp.memory_zone():
        list(nlp.pipe(["Zwirbeldax und Krawuttke reisten nach Berlin."] * 3))
    assert "Krawuttke" not in nlp.vocab.strings
    assert next(iter(nlp.pipe(["Krawuttke"]))).tensor.shape == (1, 16)
