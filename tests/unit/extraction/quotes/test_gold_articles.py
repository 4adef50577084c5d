"""The quotes of fifty articles are those of this version (see ``tests/snapshots``)."""

from __future__ import annotations

import json
from functools import cache

import pytest

from benchmarks.gold_names import GoldArticle
from tests.snapshots import CONTENT, Content, gold_articles, gold_key, gold_quotes


@cache
def recorded() -> Content:
    content: Content = json.loads(CONTENT.read_text("utf-8"))
    return content


@pytest.mark.parametrize("article", gold_articles(), ids=lambda article: article.key)
def test_quotes_are_read_as_recorded(article: GoldArticle) -> None:
    told = "raise EXTRACTION_VERSION, run `python -m tests.snapshots` and read its diff"
    assert gold_quotes(article) == recorded()[gold_key(article)], told
