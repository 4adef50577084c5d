"""What the parts tell of their work while they do it; nobody listens unless asked to."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

CountedFate = Literal[
    "claimed",
    "indexed",
    "duplicate",
    "corrected",
    "unpacked",
    "asset",
    "failed",
    "withdrawn",
    "enriched",
    "not_enriched",
]

LONGEST_LABEL = 80
_VARYING = re.compile(
    r"""'[^']*' | "[^"]*" | `[^`]*` | „[^“]*“ | \[[^\]]*\]  # what a file says, or is called
      | \S*/\S*                                             # paths, addresses
      | \d[\d.,:]*\d | \d """,
    re.VERBOSE,
)


class Meter:
    """Listens to nothing and costs nothing; ``metrics.prometheus_meter.PrometheusMeter`` counts."""

    def stage(self, name: str) -> AbstractContextManager[object]:  # noqa: ARG002
        """Time what happens inside, under that name: ``intake.read``, ``enrich.write`` …"""
        return nullcontext()

    def articles(self, fate: CountedFate, count: int = 1) -> None:
        """So many articles came to that."""

    def failed(self, stage: str, reason: str) -> None:
        """One article failed there, for a reason as a person reads it."""

    def delay(self, until: str, since: str) -> None:
        """An article that was claimed at ``since`` (ISO 8601) got so far now."""


def label_of(reason: str) -> str:
    """The kind of a reason, for a label: without numbers, names and quotations, and short.

    A time series is kept for each value of a label, so what differs from file to file must go.
    """
    plain = _VARYING.sub("…", " ".join(reason.split()))
    return plain[:LONGEST_LABEL].strip() or "unknown"
