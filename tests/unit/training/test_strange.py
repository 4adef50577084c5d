"""Copies in which unknown compounds stand for common nouns."""

from __future__ import annotations

import random

from training.samples import NUMBER, Sample
from training.strange import copies

SENTENCE = Sample(
    ("Der", "Reifen", "„", "Siemens", "“"),
    (NUMBER["O"], NUMBER["O"], NUMBER["O"], NUMBER["B-ORG"], NUMBER["O"]),
)


def test_names_and_small_words_stay_and_nouns_give_way() -> None:
    made = copies([SENTENCE] * 200, random.Random(0))
    nouns = {copy.words[1] for copy in made}
    assert 0 < len(made) < 200
    assert "Reifen" in nouns
    assert len(nouns) > 10
    assert {copy.words[0] for copy in made} == {"Der"}
    for copy in made:
        assert len(copy.words) == len(copy.tags)
        assert copy.tags[copy.words.index("Siemens")] == NUMBER["B-ORG"]
    assert {"„" in copy.words for copy in made} == {True, False}
