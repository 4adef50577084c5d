"""Whose comes first of what is to wait: each owner's first, then each one's second.

In the order in which it came alone, whoever brings much keeps out all that others bring later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from operator import itemgetter
from typing import TypeVar

from worker.spool.spool import SpooledFile

T = TypeVar("T")


def in_turn(
    each: Iterable[T], owners: Callable[[T], Collection[int]], had: Mapping[int, int]
) -> list[T]:
    """The same, in that order; ``had``: how many of each owner have gone before.

    What several own comes when the first of them has his turn; what nobody owns, before all.
    """
    gone, ranked = Counter(had), list[tuple[int, T]]()
    for one in each:
        own = owners(one)
        ranked.append((min((gone[owner] for owner in own), default=0), one))
        gone.update(own)
    return [one for _, one in sorted(ranked, key=itemgetter(0))]


def by_turns(
    files: Iterable[SpooledFile], turns: Mapping[str, int], sender: Callable[[SpooledFile], int]
) -> list[SpooledFile]:
    """Files of a batch by their ``turns``: each sender's whose last one is longest ago comes first.

    Before any had one nobody is asked for.
    """
    in_order = sorted(files, key=lambda file: turns.get(file.relative, 0))
    return in_turn(in_order, lambda file: (sender(file),), {}) if turns else in_order
