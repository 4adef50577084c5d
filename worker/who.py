"""Whom the archive means by a bare surname."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from elasticsearch import Elasticsearch

from extraction.article import Published
from extraction.entities.archive import Candidate, resolve_surname
from indexing.people import Bearer, bearers
from worker.meter import Meter

#: An answer is good for this many seconds; the archive does not change its mind faster.
KEPT_SECONDS = 300.0
_MOST_KEPT = 10_000


@dataclass(slots=True)
class Who:
    """Asks the index, and remembers for a while."""

    client: Callable[[], Elasticsearch]
    index: str
    meter: Meter = field(default_factory=Meter)
    _known: dict[tuple[str, str], tuple[float, str | None]] = field(default_factory=dict)

    def people(self, surnames: Sequence[str], published: Published | None) -> Mapping[str, str]:
        """The full names of those surnames whose bearer is clear.

        Raises ``ServiceAway`` and ``Misuse``.
        """
        around = published.value[:10] if published else ""
        year, now = around[:4], time.monotonic()
        missing = [name for name in surnames if not self._kept(name, year, now)]
        for surname, found in self._bearers(missing, around).items():
            candidates = [Candidate(one.name, one.articles, one.recent) for one in found]
            self._known[surname, year] = now, resolve_surname(surname, candidates)
        full = {name: self._known[name, year][1] for name in surnames}
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        return {name: whole for name, whole in full.items() if whole}

    def _bearers(self, surnames: Sequence[str], around: str) -> dict[str, list[Bearer]]:
        if not surnames:
            return {}
        with self.meter.stage("enrich.surnames"):
            return bearers(self.client(), self.index, surnames, around)

    def _kept(self, surname: str, year: str, now: float) -> bool:
        asked, _ = self._known.get((surname, year), (-KEPT_SECONDS, None))
        return now - asked < KEPT_SECONDS
