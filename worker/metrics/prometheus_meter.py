"""Metrics for Prometheus. How forked children share their figures is chosen when it is made."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram

from worker.meter import CountedFate, Meter, label_of

#: From a few documents on a fast machine to the time limit of a message, in seconds.
STAGE_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0, 600.0)
#: From an idle system to a backlog of a day.
DELAY_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)
#: Different reasons that a process keeps apart; later ones count as ``other``.
MOST_REASONS = 50


class PrometheusMeter(Meter):
    """Counts into a registry; forked children go on counting, each in a table of its own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._articles = Counter(
            "depesche_articles", "Articles by what became of them.", ["fate"], registry=registry
        )
        self._failures = Counter(
            "depesche_failures", "Failed articles.", ["stage", "reason"], registry=registry
        )
        self._stages = Histogram(
            "depesche_stage_seconds",
            "Time of one batch in a stage.",
            ["stage"],
            registry=registry,
            buckets=STAGE_SECONDS,
        )
        self._delays = Histogram(
            "depesche_delay_seconds",
            "Time from the claim of a file until its article got so far.",
            ["until"],
            registry=registry,
            buckets=DELAY_SECONDS,
        )
        self._reasons: set[str] = set()

    def stage(self, name: str) -> AbstractContextManager[object]:
        """As ``Meter`` says."""
        return self._stages.labels(name).time()

    def articles(self, fate: CountedFate, count: int = 1) -> None:
        """As ``Meter`` says."""
        self._articles.labels(fate).inc(count)

    def failed(self, stage: str, reason: str) -> None:
        """As ``Meter`` says."""
        label = label_of(reason)
        if len(self._reasons) < MOST_REASONS:
            self._reasons.add(label)
        self._failures.labels(stage, label if label in self._reasons else "other").inc()

    def delay(self, until: str, since: str) -> None:
        """As ``Meter`` says; what has no time of its claim is left out."""
        try:
            passed = datetime.now(UTC) - datetime.fromisoformat(since)
        except (ValueError, TypeError):
            return
        self._delays.labels(until).observe(max(0.0, passed.total_seconds()))
