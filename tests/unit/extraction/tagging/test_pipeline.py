"""Reading articles with the shipped pipeline and with any other."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from articles.errors import UsageError
from extraction.tagging import pipeline
from extraction.tagging.chunks import chunks
from extraction.tagging.pipeline import load, read, version
from extraction.text import Text

SUMMIT = Text(
    kicker="Gipfel in Brüssel",
    headline="Merkels schwerer Abend",
    lead="Bundeskanzlerin Angela Merkel ist am Donnerstag nach Brüssel gereist.",
    body=(
        "BRÜSSEL dpa | Angela Merkel hat am Donnerstag mit dem französischen Präsidenten "
        "Emmanuel Macron gesprochen. „Wir sind uns einig“, sagte Merkel in Brüssel.\n\n"
        "Macrons Sprecher wollte sich nicht äußern. Auch die Europäische Kommission schwieg."
    ),
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


def test_the_shipped_pipeline_reads_an_article(nlp: Language) -> None:
    (found,) = read(nlp, [SUMMIT])
    assert found.people[:2] == ("Angela Merkel", "Emmanuel Macron")
    assert found.places[0] == "Brüssel"
    assert "Europäische Kommission" in found.organisations


def test_mentions_point_into_the_text_behind_the_dateline(nlp: Language) -> None:
    (found,) = read(nlp, [SUMMIT])
    assert {"kicker", "headline", "lead", "body"} == {mention.field for mention in found.mentions}
    for mention in found.mentions:
        text = getattr(SUMMIT, mention.field)
        assert text[mention.start : mention.end] == mention.surface
        assert mention.field != "body" or mention.start >= SUMMIT.body.index("Angela")


def test_articles_come_back_in_order_and_do_not_mix(nlp: Language) -> None:
    empty = Text()
    texts = [SUMMIT, empty, Text(body="Olaf Scholz besuchte Hamburg."), empty]
    first, second, third, fourth = read(nlp, texts)
    assert first.people[0] == "Angela Merkel"
    assert second == fourth
    assert not second.mentions
    assert (third.people, third.places) == (("Olaf Scholz",), ("Hamburg",))


def test_nothing_comes_of_nothing(nlp: Language) -> None:
    assert list(read(nlp, [])) == []


def test_an_article_reads_the_same_alone_and_among_others(nlp: Language) -> None:
    others = [Text(body="Olaf Scholz besuchte Hamburg. " * n) for n in (1, 40, 300)]
    *_, last = read(nlp, [*others, SUMMIT])
    assert next(iter(read(nlp, [SUMMIT]))) == last


def test_texts_from_a_document() -> None:
    assert Text.of({"headline": "H", "body": None, "url": "u"}) == Text(headline="H")


def test_the_store_of_words_stops_growing(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    def text(word: str) -> Text:
        return Text(body=f"Zwirbeldax und {word} reisten mit Fridolin nach Berlin.")

    list(read(nlp, [text("Krawuttke")]))
    assert "Krawuttke" in nlp.vocab.strings
    monkeypatch.setattr(pipeline, "_KEPT_WORDS", len(nlp.vocab))
    before = len(nlp.vocab.strings)
    list(read(nlp, [text("Klömpke")] * 3))
    assert len(nlp.vocab.strings) == before


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "„Angela Merkel“",
                "Putins",
                "in\u00a0Berlin",
                "\n\n",
                "\n",
                "SPD,",
                "😀",
                "x" * 9,
                ".",
                "»Nato«",
            ]
        ),
        max_size=30,
    ),
    st.integers(5, 60),
)
def test_offsets_hold_however_a_text_is_cut(nlp: Language, words: list[str], size: int) -> None:
    text = Text(headline=" ".join(words[:8]), body=" ".join(words))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "_PIECE", size)
        patch.setattr(pipeline, "_BATCH", 2 * size)
        (found,) = read(nlp, [text])
    for mention in found.mentions:
        assert getattr(text, mention.field)[mention.start : mention.end] == mention.surface
        assert "\n" not in mention.surface


@given(st.text(alphabet="ab \n", max_size=80), st.integers(0, 10), st.integers(1, 12))
def test_chunks_are_the_text(text: str, start: int, limit: int) -> None:
    pieces = list(chunks(text, start, limit))
    assert "".join(piece for _, piece in pieces) == text[start:]
    for offset, piece in pieces:
        assert 1 <= len(piece) <= limit
        assert text[offset : offset + len(piece)] == piece


def test_chunks_end_at_paragraphs_then_at_blanks() -> None:
    assert [piece for _, piece in chunks("ab cd\n\nef gh ij", 0, 9)] == ["ab cd\n\n", "ef gh ij"]
    assert [piece for _, piece in chunks("abcd efghi jkl", 0, 8)] == ["abcd ", "efghi ", "jkl"]


def test_a_giant_paragraph(nlp: Language) -> None:
    body = "Angela Merkel besuchte gestern Hamburg. " * 700
    (found,) = read(nlp, [Text(body=body)])
    assert found.people == ("Angela Merkel",)
    assert sum(mention.label == "PER" for mention in found.mentions) >= 690


def ruler(path: Path, *labels: str) -> str:
    """Save a pipeline with foreign labels and an owner's sentencizer; return its path."""
    other = spacy.blank("de")
    other.add_pipe("sentencizer")
    words = ("Putin", "Berlin", "SPD", "Ostern")
    other.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": label, "pattern": word} for label, word in zip(labels, words, strict=False)]
    )
    other.to_disk(path)
    return str(path)


@pytest.mark.parametrize(
    "labels",
    [
        ("PERSON", "GPE", "ORGANIZATION", "MISCELLANEOUS"),
        ("PER", "LOCATION", "ORG", "EVENT"),
    ],
)
def test_any_other_pipeline(tmp_path: Path, labels: tuple[str, ...]) -> None:
    other = load(ruler(tmp_path / "other", *labels))
    (found,) = read(other, [Text(body="Putin kam an Ostern zur SPD nach Berlin.")])
    assert (found.people, found.places) == (("Putin",), ("Berlin",))
    assert (found.organisations, found.misc) == (("SPD",), ("Ostern",))


def test_labels_that_are_no_names_are_left_out(tmp_path: Path) -> None:
    other = load(ruler(tmp_path / "other", "PER", "MONEY"))
    (found,) = read(other, [Text(body="Putin kam nach Berlin.")])
    assert [mention.surface for mention in found.mentions] == ["Putin"]


@pytest.mark.parametrize("labels", [(), ("MONEY", "DATE")])
def test_a_pipeline_without_names_is_refused(tmp_path: Path, labels: tuple[str, ...]) -> None:
    path = tmp_path / "other"
    if labels:
        ruler(path, *labels)
    else:
        spacy.blank("de").to_disk(path)
    with pytest.raises(UsageError, match="no component that marks people"):
        load(str(path))


def test_a_pipeline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot load the spaCy pipeline 'de_nowhere'"):
        load("de_nowhere")
    (tmp_path / "config.cfg").write_text("[nlp]\n")
    with pytest.raises(UsageError, match="DEPESCHE_SPACY_MODEL"):
        load(str(tmp_path))


def test_the_version_names_model_and_rules(nlp: Language) -> None:
    name, _, rules = version(nlp).partition("+e")
    assert name.startswith("de_depesche_news-")
    assert rules == str(pipeline.EXTRACTION_VERSION)
