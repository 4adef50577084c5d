"""When a batch is made searchable at once instead of at the index's next refresh."""

from __future__ import annotations

from dataclasses import dataclass

#: A batch of so few files came to an idle inbox; in a stream batches are full.
FEW = 8
#: Refreshes are no nearer to each other: each makes a small segment that is to be merged later.
SECONDS = 0.25


@dataclass(slots=True)
class Freshness:
    """The rule, and when it last said yes (seconds of one clock)."""

    last: float = float("-inf")

    def wanted(self, articles: int, now: float) -> bool:
        """Whether to refresh with this write; whoever asks does so where the answer is yes."""
        if not 0 < articles <= FEW or now - self.last < SECONDS:
            return False
        self.last = now
        return True
