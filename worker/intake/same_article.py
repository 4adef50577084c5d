"""Whether a text that has no id and no URL of its own is one that its path had before. Pure.

Drop folders use names again: ``artikel.txt`` is another article every day. So the path alone tells
nothing; the text has to be recognised.
"""

from __future__ import annotations

from collections.abc import Sequence

from articles.article import Article
from extraction.story import same_story, share_of_longer
from indexing.writing.recognise import Known

_DAY = 10


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
    same = [known for known in candidates if is_same_article(known, article)]
    return max(same, key=lambda k: (_likeness(k, article), k.received_at, k.id), default=None)


def _likeness(known: Known, article: Article) -> float:
    return share_of_longer(known.minhash, article.minhash) if known.minhash else 0.0


def _overlap(before: str, now: str) -> bool:
    """Whether two dates, each as exact as its source had it, may be of one day."""
    shorter, longer = sorted((before[:_DAY], now[:_DAY]), key=len)
    return longer.startswith(shorter)


def _plain(headline: str) -> str:
    return " ".join(headline.split()).casefold()
