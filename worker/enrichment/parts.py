"""How the documents of one message are cut into what is read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from worker.reconcile.dispatch import chunks

#: Documents that are read in one go.
PART = 16
_EDGE = PART // 2


def parts(ids: Sequence[str]) -> list[list[str]]:
    """Cut them in order; the first and the last part are small.

    While the first is fetched there is nothing to read yet, and while the last is written nothing
    more: the smaller they are, the shorter that takes.
    """
    first, rest = ids[:_EDGE], ids[_EDGE:]
    inner, last = rest[:-_EDGE], rest[-_EDGE:]
    even = ceil(len(inner) / ceil(len(inner) / PART)) if inner else PART
    return [*chunks(first, _EDGE), *chunks(inner, even), *chunks(last, _EDGE)]
