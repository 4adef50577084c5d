"""How the documents of one message are cut into what is read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from worker.to_ring import chunks

#: Documents that are read in one go.
PART = 16
_EDGE = PART // 2


def parts(ids: Sequence[str]) -> list[list[str]]:
    """Cut them in order; the first and the last part are small.

    While the first is fetched there is nothing to read yet, and while the last is written nothing
    more: the smaller they are, the shorter that takes.
    """
    inner = ids[_EDGE:-_EDGE]
    even = ceil(len(inner) / max(1, ceil(len(inner) / PART)))
    last = max(len(ids) - _EDGE, min(len(ids), _EDGE))
    return [*chunks(ids[:_EDGE], _EDGE), *chunks(inner, max(1, even)), *chunks(ids[last:], _EDGE)]
