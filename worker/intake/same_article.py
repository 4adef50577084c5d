"""Whether a text that has no id and no URL of its own is one that its path had before. Pure.

Drop folders use names again: ``artikel.txt`` is another article every day. So the path alone tells
nothing; the text has to be recognised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from articles.article import Article
from extraction.story import same_story, share_of_longer
from indexing.writing.recognise import Known

_DAY = 10

Name = TypeVar("Name", str, bytes)


def is_same_article(known: Known, article: Article) -> bool:
    """Whether it has the same headline and date, or most of the words in the same order.

    Two that are dated on different days are two, however alike: a report of every day is.
    """
    before, now = known.published, article.published.value if article.published else ""
    if before and now and not _overlap(before, now):
        return False
    if before and now and _plain(known.headline) == _plain(article.headline):
        return True
    return bool(known.minhash) and same_story(known.minhash, article.minhash)


def recognised(candidates: Sequence[Known], article: Article) -> Known | None:
    """Return the one that it is, of several the most alike; of those the last received."""
    return matched({"": article}, candidates).get("")


def matched(articles: Mapping[Name, Article], candidates: Sequence[Known]) -> dict[Name, Known]:
    """Return which each is, by name; none is two: the most alike are found first."""
    pairs = [
        (_rank(known, article), name, known)
        for name, article in articles.items()
        for known in candidates
        if is_same_article(known, article)
    ]
    found: dict[Name, Known] = {}
    taken = set[str]()
    for _, name, known in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if name not in found and known.id not in taken:
            found[name] = known
            taken.add(known.id)
    return found


def _rank(known: Known, article: Article) -> tuple[float, str, str]:
    alike = share_of_longer(known.minhash, article.minhash) if known.minhash else 0.0
    return alike, known.received_at, known.id


def _overlap(before: str, now: str) -> bool:
    """Whether two dates, each as exact as its source had it, may be of one day."""
    shorter, longer = sorted((before[:_DAY], now[:_DAY]), key=len)
    return longer.startswith(shorter)


def _plain(headline: str) -> str:
    return " ".join(headline.split()).casefold()
