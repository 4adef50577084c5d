"""Annotated news as sentences of words and tags."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.news_gold import inline
from extraction.formats.parse import parse
from training import news
from training.samples import TAGS, Sample

MARKED = (
    " date 2024-05-03 {LOC:Essen}\n\n"
    "{PER:Eva Muster} war in der {LOCderiv:Berliner=Berlin} {ORG:SPD}.\n"
    "Zum {ORGpart:Nato}-Gipfel fuhr sie mit der {LOC:Essen}-{ORG:Bahn}."
)


def told(sample: Sample) -> list[tuple[str, str]]:
    """Return the tagged words."""
    return [(word, TAGS[tag]) for word, tag in zip(sample.words, sample.tags, strict=True) if tag]


def test_names_parts_and_derivations_are_tagged() -> None:
    headline, first, second = news.samples([inline("a1", MARKED)])
    assert headline.words == ("Essen",)
    assert told(first) == [
        *(("Eva", "B-PER"), ("Muster", "I-PER")),
        *(("Berliner", "B-LOCderiv"), ("SPD", "B-ORG")),
    ]
    # Whatever is marked in it, a word has one tag.
    assert told(second) == [("Nato-Gipfel", "B-ORGpart"), ("Essen-Bahn", "B-LOCpart")]


@pytest.mark.parametrize("words", [1, 60, 110, 111, 500])
def test_long_paragraphs_are_cut_behind_names(words: int) -> None:
    text = "{PER:Eva Muster} kam . " * words
    samples = news.samples([inline("a1", text)])
    assert [w for s in samples for w in s.words] == ["Eva", "Muster", "kam", "."] * words
    assert all(len(s.words) <= news.MOST_WORDS + 2 for s in samples)
    assert not any(TAGS[s.tags[0]].startswith("I-") for s in samples)


def test_the_written_articles_are_whole_and_their_marks_sound() -> None:
    articles = news.written()
    assert len(articles) == 240
    assert min(Counter(article.kind for article in articles).values()) == 30
    for article in articles:
        assert not set("{}") & set(article.text), article.stem
        assert parse(article.text.encode(), f"{article.stem}.txt").published, article.stem
        assert len(article.names) > 15, article.stem
