"""Whom the archive means by a bare surname."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from elasticsearch import Elasticsearch

from articles.article import Published
from extraction.entities.archive import Candidate, resolve_surname
from indexing.entities.surnames import Bearer, bearers
from worker.meter import Meter

#: An answer is good for this many seconds; the archive does not change its mind faster.
KEPT_SECONDS = 300.0
_MOST_KEPT = 10_000
#: Surnames that one request asks for, so that none takes long however many there are.
_AT_ONCE = 250

#: A surname and the year that it is asked for in.
Key = tuple[str, str]


@dataclass(slots=True)
class SurnameResolver:
    """Asks the index, and remembers for a while."""

    client: Callable[[], Elasticsearch]
    index: str
    meter: Meter = field(default_factory=Meter)
    _known: dict[Key, tuple[float, str | None]] = field(default_factory=dict)

    def people(
        self, wanted: Sequence[tuple[Sequence[str], Published | None]]
    ) -> list[Mapping[str, str]]:
        """Of each article's surnames the full names of those whose bearer is clear.

        ``wanted`` are surnames and date of each article; one request asks for those of all.
        Raises ``ServiceUnavailable`` and ``UsageError``.
        """
        days = [published.value[:10] if published else "" for _, published in wanted]
        pairs = list(zip(wanted, days, strict=True))
        asked = {(name, day[:4]): day for (names, _), day in pairs for name in names}
        known = self._known_of(asked)
        return [
            {name: full for name in names if (full := known[name, day[:4]])}
            for (names, _), day in pairs
        ]

    def _known_of(self, asked: Mapping[Key, str]) -> dict[Key, str | None]:
        """The answer for each surname and year; what is not remembered is asked for."""
        now = time.monotonic()
        before = {key: self._known.get(key, (-KEPT_SECONDS, None)) for key in asked}
        known = {key: full for key, (when, full) in before.items() if now - when < KEPT_SECONDS}
        missing = [key for key in asked if key not in known]
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            answers = self._bearers([(name, asked[name, year]) for name, year in some])
            for key, bearing in zip(some, answers, strict=True):
                candidates = [Candidate(b.name, b.articles, b.recent) for b in bearing]
                known[key] = resolve_surname(key[0], candidates)
                self._known[key] = now, known[key]
        return known

    def _bearers(self, wanted: Sequence[tuple[str, str]]) -> list[list[Bearer]]:
        if not wanted:
            return []
        with self.meter.stage("enrich.surnames"):
            return bearers(self.client(), self.index, wanted)
