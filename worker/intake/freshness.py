"""When a batch is made searchable at once instead of at the index's next refresh."""

from __future__ import annotations

from dataclasses import dataclass

#: A batch of so few files came to an idle inbox; in a stream batches are full.
FEW = 8
#: Refreshes are no nearer to each other: each makes a small segment that is to be merged later.
SECONDS = 0.25
#: The same for larger batches, if hardly another one waits behind them.
SECONDS_LARGE = 0.5


@dataclass(slots=True)
class Freshness:
    """The rule, and when it last said yes (seconds of one clock)."""

    last: float = float("-inf")

    def wanted(self, articles: int, now: float, *, last: bool = False) -> bool:
        """Whether to refresh with this write; whoever asks does so where the answer is yes.

        ``last``: nothing waits behind it that would be refreshed soon after.
        """
        if not articles or (articles > FEW and not last):
            return False
        if now - self.last < (SECONDS if articles <= FEW else SECONDS_LARGE):
            return False
        self.last = now
        return True
