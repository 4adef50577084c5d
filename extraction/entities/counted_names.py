"""Which of the names inside of words count in an article's lists.

What stands within another name is a mention and no more: nobody looks for Robert Koch where an
article names the ``Robert-Koch-Institut``, or for a bank where it names its stadium. States count,
for the ``US-Kongress`` acts for one, and so do bodies whose own body is named (``EU-Kommission``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from articles.article import Mention
from extraction.geography.senses import senses


def counted(inside: Sequence[Mention], mentions: Sequence[Mention]) -> list[Mention]:
    """Return the names of ``inside`` that count beside the article's own ``mentions``."""
    around: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda m: m.start):
        around.setdefault(mention.field, []).append(mention)
    return [m for m in inside if _counts(m, _holder(m, around.get(m.field, ())))]


def _holder(mention: Mention, there: Sequence[Mention]) -> Mention | None:
    """Return what holds the mention of those sorted by their start, which are apart."""
    before = there[: bisect_right(there, mention.start, key=lambda m: m.start)][-1:]
    return before[0] if before and before[0].end >= mention.end else None


def _counts(mention: Mention, holder: Mention | None) -> bool:
    if not holder or mention.label == holder.label == "ORG":
        return True
    return mention.label == "LOC" and any(s.place.kind == "country" for s in senses(mention.name))
