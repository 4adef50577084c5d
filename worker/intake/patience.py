"""A container that is read and read while nothing comes out of it is given up.

Others have their turn between its members: where none comes, nobody has. A hole, or empty lines
without end, cost their sender little.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

from articles.errors import Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: Seconds of the processor from one member to the next: by the clock a slow disk were at fault.
MOST = 120.0


class Patience(io.FileIO):
    """An open file, by its number, that raises ``Unreadable`` when it has been read for too long.

    Whoever opened it closes it.
    """

    def __init__(self, handle: int, most: float = MOST) -> None:
        super().__init__(handle, closefd=False)
        self._most = most
        self.renew()

    def renew(self) -> None:
        """A member has come."""
        self._ends = time.thread_time() + self._most

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """As any file's."""
        if time.thread_time() > self._ends:
            raise Unreadable(
                f"It was read for {self._most:,.0f} seconds of the processor, and no article came.",
                "Look whether it is a file of articles.",
            )
        return super().readinto(buffer)
