"""What looks as if it had moved in a tree is read at once: its bytes alone tell that it has.

An inode's number is given away again as soon as a file is deleted, and size and time are his to
choose who gets it: they say what to read first, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile

from articles.errors import ArticleFault
from worker.mirror.aside import TURN
from worker.mirror.fed import Waiting
from worker.mirror.state import State
from worker.mirror.take import Taking

#: A look waits for no more seconds.
LONGEST = 1.0


def moved(state: State, tree: int, taking: Taking) -> int:
    """Files that went and came under another name keep their documents; how many.

    What is large, cannot be read now, or is left after some seconds moves when it has its turn.
    """
    files = state.as_missed(taking.max_file_bytes)
    if not files:
        return 0
    _let_rest(files, taking.quiet[0])
    clock = taking.rests.clock
    ends = clock() + TURN
    in_time = takewhile(lambda _: clock() < ends, files)
    return sum(_has_moved(state, tree, taking, file) for file in in_time)


def _let_rest(files: Sequence[Waiting], quiet: float) -> None:
    """What was renamed a moment ago is too young to be read, and is not to count as missed."""
    youngest = max(file.look.ctime for file in files) / 1e9
    wait = youngest + quiet - time.time()
    if 0 < wait <= LONGEST:
        time.sleep(wait)


def _has_moved(state: State, tree: int, taking: Taking, file: Waiting) -> bool:
    with suppress(OSError, ArticleFault):
        taken = taking.take(tree, file, whole=False)
        return taken is not None and state.adopt(file.path, taken.digest)
    return False
