"""What the model's tokeniser is given, and what it never sees."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from extraction.tagging import pipeline
from extraction.tagging.tokenizing import tokenized
from extraction.text import Text
from tests.linear import assert_linear

PIECES = st.sampled_from(
    ["/", "//a", "%", "_", "'", "…", ":)", "a", "Wort ", " ", "\n", "»", "z. B. ", "\u0301", "é"]
)
#: What took longest, alone and in turn, with blanks and without.
HOSTILE = (
    *("/", "%", "_", "'", "…", ":)", "«", ".", "-", "a", "ß", " ", "\n"),
    *("/.", "/ ", "/A", "A/B ", "&a;", "</em>", "http://a.", "a.", "“„", "/" * 29 + "%", "\u0301"),
    *("/" * 149 + " ", "x" * 140 + "\n", "1:2,", "Eva/Wolff-", "@Wolff: ", "(red) "),
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipeline.load()


@pytest.mark.parametrize(
    "text",
    [
        "Er sagte: „Das ist z. B. gut“ – um 15.30 Uhr …",
        "Siehe https://www.example.org/nachrichten/2024/06/19/der-lange-titel-einer-nachricht?x=1",
        "----------------------------------------------------------------",
        "……… ............................................................ Seite 3",
        "",
    ],
)
def test_usual_text_is_cut_as_ever(nlp: Language, text: str) -> None:
    cut = [(word.text, word.norm_, word.idx) for word in tokenized(nlp, text)]
    assert cut == [(word.text, word.norm_, word.idx) for word in nlp.make_doc(text)]


@settings(deadline=None)
@given(st.lists(st.tuples(PIECES, st.integers(1, 200)), max_size=6))
def test_the_tokens_are_the_text_again(nlp: Language, pieces: list[tuple[str, int]]) -> None:
    text = "".join(piece * times for piece, times in pieces)
    doc = tokenized(nlp, text)
    assert doc.text == text
    assert all(text.startswith(word.text, word.idx) for word in doc)


def test_a_name_behind_a_line_of_signs_is_read_where_it_stands(nlp: Language) -> None:
    body = "Am Rand: " + "/" * 8_000 + "\nBundeskanzlerin Angela Merkel reiste nach Brüssel."
    (enrichment,) = pipeline.read(nlp, [Text(body=body)])
    (person,) = [mention for mention in enrichment.mentions if mention.label == "PER"]
    assert body[person.start : person.end] == person.surface == "Angela Merkel"


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_tokeniser_takes_linear_time(nlp: Language, piece: str) -> None:
    assert_linear(lambda text: tokenized(nlp, text), piece)


@pytest.mark.no_cover
@pytest.mark.parametrize("piece", ["/", "%'", "/A", "</em>", "„Ja“, sagte Wolff/", "1./", "@Eva-"])
def test_all_of_reading_takes_linear_time(nlp: Language, piece: str) -> None:
    assert_linear(lambda text: list(pipeline.read(nlp, [Text(body=text)])), piece, length=20_000)
