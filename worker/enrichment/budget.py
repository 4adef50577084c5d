"""Processor time that reading may take, so that an article without end fails alone, and soon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from articles.errors import TooSlow
from extraction.processor import within

#: Of a message's time limit: for whatever is read, for so many characters more, and at most.
_SHARE, _CHARACTERS, _MOST = 0.05, 300_000, 0.9


@dataclass(frozen=True, slots=True)
class Budget:
    """A share of ``limit``, the time limit of one message in seconds (DEPESCHE_ENRICH_SECONDS).

    At 600 seconds an article has 30, and 30 more for each 300,000 characters: five times what usual
    text needs on a slow core. Whatever the limit is, it has the ``least`` seconds. A pipeline that
    takes longer than the standard one has ``times`` as much.
    """

    limit: float = 600.0
    least: float = 5.0
    times: float = 1.0

    def seconds(self, characters: int) -> float:
        """How long a step of reading so many characters may take."""
        share = self.limit * _SHARE * self.times * (1 + characters / _CHARACTERS)
        return min(max(share, self.least), self.limit * _MOST)

    @contextmanager
    def on(self, characters: int) -> Iterator[None]:
        """Raise ``TooSlow`` inside when the time is used up.

        What that cannot interrupt (:mod:`extraction.processor`) the message's own limit does.
        """
        seconds = self.seconds(characters)
        late = TooSlow(
            f"Reading its {characters:,} characters took more than {seconds:,.0f} seconds of "
            "the processor.",
            "Look whether it is an article; if it is, raise DEPESCHE_ENRICH_SECONDS.",
        )
        with within(seconds, late):
            yield
