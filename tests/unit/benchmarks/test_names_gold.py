"""The gold names hold the bar that the project set itself."""

from __future__ import annotations

import pytest

from benchmarks.gold_names import articles
from benchmarks.names import PARTS, TARGET, measured


@pytest.mark.parametrize("part", PARTS)
def test_b_cubed_on_the_given_spans(part: str) -> None:
    sums, wrong = measured(part)
    assert sums.b_cubed()[2] >= TARGET, wrong
    assert sums.roles()[2] >= TARGET, wrong


def test_the_gold_set_is_large_enough_and_well_written() -> None:
    read = [article for part in PARTS for article in articles(part)]
    assert len(read) >= 40
    assert len({article.key for article in read}) == len(read)
    assert sum(len(article.mentions) for article in read) >= 600
    for article in read:
        for mention in article.mentions:
            assert article.texts[mention.field][mention.start : mention.end].strip()
