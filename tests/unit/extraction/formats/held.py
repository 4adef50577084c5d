"""Articles under embargo, in tests of formats that ask what gets out."""

from __future__ import annotations

from articles.article import Article
from articles.errors import Unreadable


def free(article: Article) -> Article:
    """Return an article that nobody holds; raises ``Unreadable`` for one that is held."""
    if article.embargo_until:
        raise Unreadable(f"under embargo until {article.embargo_until}", "Wait.")
    return article
