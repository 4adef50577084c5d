"""Now, as what Depesche writes down tells it."""

from __future__ import annotations

from datetime import UTC, datetime


def moment() -> str:
    """ISO 8601, UTC, in seconds: ``2026-02-03T04:05:06Z``."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
