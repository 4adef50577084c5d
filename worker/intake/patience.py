"""A container that is read and read while hardly anything comes out of it is given up.

Others have their turn between its members: where none comes, nobody has, and where each takes long,
they have it late. A hole, or empty lines without end, cost their sender little.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from articles.errors import Unreadable
from articles.limits import MEBIBYTE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

#: Seconds of the processor from one member to the next: by the clock a slow disk were at fault.
MOST = 120.0
#: What a member gives back of them, and a second for so many bytes that were read for it: an honest
#: one takes milliseconds, but what is none may lie before it, such as films in a web archive.
_OF_MEMBER, _BYTES_OF_SECOND = 1.0, 8 * MEBIBYTE


class Patience(io.FileIO):
    """An open file, by its number, that raises ``Unreadable`` when it has been read for too long.

    Whoever opened it closes it. ``clock`` tells seconds; between ``rest`` and ``go_on`` they do not
    count. ``gate`` is called before anything is read.
    """

    def __init__(
        self,
        handle: int,
        most: float = MOST,
        clock: Callable[[], float] = time.thread_time,
        *,
        gate: Callable[[], object] = bool,
    ) -> None:
        super().__init__(handle, closefd=False)
        self._gate = gate
        self._most, self._clock = most, clock
        self._left, self._read = most, 0
        self._since = clock()

    def rest(self) -> None:
        """A member has come, and is seen to."""
        given = _OF_MEMBER + self._read / _BYTES_OF_SECOND
        self._left, self._read = min(self._now_left() + given, self._most), 0

    def go_on(self) -> None:
        """The next one is looked for. Raises ``Unreadable``."""
        self._since = self._clock()
        self._check()

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """As any file's."""
        self._ask()
        count = super().readinto(buffer)
        self._read += count or 0
        return count

    def tell(self, /) -> int:
        """As any file's; what unpacks it asks with each piece: few bytes give very many."""
        self._ask()
        return super().tell()

    def _ask(self) -> None:
        self._check()
        self._gate()

    def _now_left(self) -> float:
        return self._left - (self._clock() - self._since)

    def _check(self) -> None:
        if self._now_left() < 0:
            raise Unreadable(
                f"It was read for {self._most:,.0f} seconds of the processor, and no article came, "
                "or hardly any.",
                "Look whether it is a file of articles.",
            )
