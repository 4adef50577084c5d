"""What had its turn waits in the tree, but for a few: there it takes no disk, and loses nothing.

A copy in the spool costs whoever makes links to one file nothing, and lasts for as long as others
have their turn before it. So those are taken out again that came last of who has most of them; what
was not tried yet is read as ever, and comes back for others' room.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, groupby

import structlog

from worker import beneath
from worker.mirror.mirrors import Mirror
from worker.mirror.state import State
from worker.spool import unpacked
from worker.spool.in_turn import in_turn
from worker.spool.origin import senders_of
from worker.spool.spool import Batch

log = structlog.get_logger()

#: Batches of one mirror that had their turn and stay in the spool, each with those of the members
#: of its containers.
MOST_BEHIND = 32


def put_off(mirror: Mirror, state: State, batches: Sequence[Batch]) -> tuple[int, Counter[int]]:
    """Take out of the spool what is above that number; how many more may come.

    And how many of each owner (a uid) stay. What somebody works on does so until he has done.
    """
    own = (batch for batch in batches if batch.mirror() == mirror.name)
    together = [list(each) for _, each in groupby(own, key=lambda batch: batch.first)]
    behind = [each for each in together if any(batch.had_turn() for batch in each)]
    behind.sort(key=lambda each: not each[0].again())  # else they would never be done
    behind = in_turn(behind, _owners, {})
    for each in behind[MOST_BEHIND:]:
        _take_out(mirror, state, each)
    stay = Counter(chain.from_iterable(map(_owners, behind[:MOST_BEHIND])))
    return max(0, MOST_BEHIND - len(behind)), stay


def _owners(batches: Sequence[Batch]) -> frozenset[int]:
    return senders_of(batches[0])


def _take_out(mirror: Mirror, state: State, batches: Sequence[Batch]) -> None:
    """A batch, and those of members of its containers: all of them, or none."""
    with ExitStack() as locks:
        if not all(locks.enter_context(batch.owned()) for batch in batches):
            return
        first, below = batches[0].first, mirror.below
        tried = {os.fsencode(path.removeprefix(below)) for b in batches for path in _tried(b)}
        state.put_off(first, tried)  # before they go: what is done twice is done once
        for batch in batches:
            for file in batch.files():
                beneath.unlink(batch.root, file.relative)
            batch.close()
    log.info("mirror.put_off", mirror=mirror.name, batch=first, files=len(tried))


def _tried(batch: Batch) -> Iterator[str]:
    """Of what is left in it the paths of the files in the tree that had a turn."""
    if container := batch.container():
        yield container
        return
    had = unpacked.turns(batch.turns).keys() | unpacked.all_progress(batch.unpacked).keys()
    yield from (file.relative for file in batch.files() if file.relative in had)
