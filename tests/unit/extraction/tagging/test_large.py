"""The mean of the shipped tagger and a reader: here one that says the same of each word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from spacy.language import Language

from articles.errors import UsageError
from extraction.tagging import large, pipeline
from extraction.tagging.pieces import Pieces
from extraction.tagging.stretches import stretches
from extraction.text import Text

LETTERS = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüß.,"
PIECES = Pieces({each: (4 + i, -1.0) for i, each in enumerate(LETTERS)}, 0, 1, 2, 3)
SIZE, TAGS = 32, 19
SENTENCE = "Olaf Scholz besuchte am Freitag die Werft in Hamburg."

floats = NDArray[np.float32]


def embeddings() -> large.Embeddings:
    """A vector for each piece, other ones for each position."""
    chance = np.random.default_rng(0)
    nibbles = chance.integers(0, 256, (len(LETTERS) + 4, SIZE // 32, 16)).astype(np.uint8)
    scales = np.full((len(LETTERS) + 4, SIZE // 32), 0.1, np.float16)
    return large.Embeddings(nibbles, scales, chance.random((400, SIZE)).astype(np.float32))


class Sure:
    """Layers that are sure of one tag, whatever the word."""

    def __init__(self, tag: int) -> None:
        self.tag = tag

    def run(self, _names: None, given: dict[str, floats]) -> Sequence[floats]:
        rows, length, _ = given["embedded"].shape
        sure = np.eye(TAGS, dtype=np.float32)[self.tag] * 30
        return [np.broadcast_to(sure, (rows, length, TAGS))]


class Summing:
    """Layers whose scores depend on all that is read together, and on no padding."""

    def run(self, _names: None, given: dict[str, floats]) -> Sequence[floats]:
        seen = np.where(given["mask"][:, 0, 0, :, None] == 0, given["embedded"], 0)
        return [(seen + np.cumsum(seen, axis=1))[..., :TAGS]]


@pytest.fixture(scope="module")
def shipped() -> Language:
    return pipeline.load()


@pytest.fixture
def nlp(shipped: Language) -> Iterator[Language]:
    """The shipped pipeline; what a test puts into it is taken out again."""
    components, name = shipped._components, shipped.meta["name"]
    yield shipped
    shipped._components, shipped.meta["name"] = components, name


def reader(layers: large.Layers) -> large.Reader:
    return large.Reader(PIECES, embeddings(), layers, "large_test")


def test_four_bits_are_vectors() -> None:
    nibbles, scales = np.full((1, 2, 16), 0x2F, np.uint8), np.array([[1, 0.5]], np.float16)
    made = large.Embeddings(nibbles, scales, np.ones((3, 64), np.float32))
    (row,) = made.of(np.array([[0]]))[0]
    assert row[:32].tolist() == [15 - 8 + 1] * 16 + [2 - 8 + 1] * 16
    assert row[32:].tolist() == [3.5 + 1] * 16 + [-3 + 1] * 16


def test_a_reader_that_sees_no_name_takes_away_what_the_tagger_doubts(nlp: Language) -> None:
    plain = [*pipeline.read(nlp, [Text(body=SENTENCE)])]
    both = pipeline.beside(nlp, reader(Sure(0)))
    (found,) = pipeline.read(both, [Text(body=SENTENCE)])
    assert set(found.people) <= set(plain[0].people)
    (doc,) = both.pipe(["Hamburg"])
    scores = both.get_pipe("ner").predict([doc])[0]  # type: ignore[attr-defined]
    assert np.exp(scores[0, 0]) >= large.SHARE - 1e-3
    assert np.exp(scores).sum() == pytest.approx(1, abs=1e-3)


def test_documents_say_which_model_read_them(nlp: Language) -> None:
    before = pipeline.version(nlp)
    assert pipeline.slowness(nlp) == 1
    both = pipeline.beside(nlp, reader(Sure(0)))
    assert pipeline.version(both) == before.replace("news-", "news_large_test-")
    assert pipeline.slowness(both) == large.SLOWNESS


def test_blanks_and_empty_articles_are_no_words(nlp: Language) -> None:
    both = pipeline.beside(nlp, reader(Sure(0)))
    blank, short = Text(headline=" ", body="\n\n  \n"), Text(headline="Eins", body="Zwei\n\nDrei")
    texts = [Text(), blank, short]
    assert len([*pipeline.read(both, texts)]) == len(texts)


def test_an_article_is_read_as_if_alone(nlp: Language) -> None:
    both = pipeline.beside(nlp, reader(Summing()))
    long = "\n\n".join([SENTENCE * 4] * 50)
    texts = [
        Text(headline="Werft in Hamburg", lead=SENTENCE, body=long),
        Text(headline="Besuch", body=SENTENCE),
        Text(kicker="Norden", headline="Scholz", lead=SENTENCE, body=long[:9000]),
    ]
    together = [*pipeline.read(both, texts)]
    assert together == [found for text in texts for found in pipeline.read(both, [text])]


@settings(max_examples=20)
@given(st.lists(st.lists(st.text("abc", min_size=1, max_size=9), max_size=60), max_size=6))
def test_what_is_said_does_not_depend_on_the_padding(lines: list[list[str]]) -> None:
    read = [stretch for line in lines for stretch in stretches([line], PIECES)]
    made = reader(Summing())
    alone = [made.likely([stretch])[0] for stretch in read]
    for one, other in zip(made.likely(read), alone, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.skipif(find_spec("onnxruntime") is not None, reason="the extra `large` is installed")
def test_a_missing_extra_is_named() -> None:
    with pytest.raises(UsageError, match=r"pip install 'depesche\[large\]'"):
        pipeline.load("large")


@pytest.mark.skipif(find_spec("onnxruntime") is None, reason="needs the extra `large`")
def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="make train-large"):
        large.load(tmp_path)


def test_a_folder_with_layers_is_a_large_model(tmp_path: Path) -> None:
    assert large.folder_of("large") == large.FOLDER
    assert large.folder_of(str(tmp_path)) is None
    (tmp_path / large.LAYERS).touch()
    assert large.folder_of(str(tmp_path)) == tmp_path
    assert large.folder_of("") is None
