"""What looks as if it had moved in a tree is read at once: its bytes alone tell that it has.

An inode's number is given away again as soon as a file is deleted, and size and time are his to
choose who gets it: they say what to read first, and nothing else.
"""

from __future__ import annotations

from contextlib import suppress

from articles.errors import ArticleFault
from worker.mirror.fed import Waiting
from worker.mirror.state import State
from worker.mirror.take import Taking


def moved(state: State, tree: int, taking: Taking) -> int:
    """Files that went and came under another name keep their documents; how many.

    What is large, or cannot be read now, moves when it has its turn.
    """
    files = state.as_missed(taking.max_file_bytes)
    return sum(_has_moved(state, tree, taking, file) for file in files)


def _has_moved(state: State, tree: int, taking: Taking, file: Waiting) -> bool:
    with suppress(OSError, ArticleFault):
        taken = taking.take(tree, file)
        return taken is not None and state.adopt(file.path, taken.digest)
    return False
