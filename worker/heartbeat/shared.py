"""A word from the forked children of a worker to their parent: for which service they wait."""

from __future__ import annotations

import mmap

SIZE = 1024


class SharedWord:
    """Memory that all children share; make it before the fork. The last word counts."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SIZE)

    def say(self, word: str) -> None:
        """Say it to the parent; an empty one takes back what was said."""
        content = word.encode("utf-8", "replace")[: SIZE - 1]
        self._memory[:SIZE] = content.ljust(SIZE, b"\0")

    def heard(self) -> str:
        """What was said last."""
        return self._memory[:SIZE].rstrip(b"\0").decode("utf-8", "replace")
