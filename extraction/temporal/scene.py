"""What the rules know besides the words: the anchor, what was read before, and the tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extraction.temporal import period as periods
from extraction.temporal.anchor import Anchor
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.tense import direction, same_sentence
from extraction.temporal.token import CodedTokens
from extraction.temporal.verb import Direction

#: Days that a day of the year may lie away in the direction of the tense; beyond, the nearest is
#: meant: a year that is not this one is written.
_AWAY = 300
_NEAR = 400


@dataclass(slots=True)
class Scene:
    """``last`` is the range read before, which ``am Tag darauf`` counts from; ``last_day`` the
    last single day of the same paragraph, and ``day_end`` the token behind it; ``opening`` the
    last day on which something began, which ``in der dritten Woche`` counts from."""

    tokens: CodedTokens
    anchor: Anchor
    last: Period | None = None
    last_day: date | None = None
    day_end: int = 0
    opening: date | None = None

    def direction(self, match: PatternMatch) -> Direction:
        """Tell whether the sentence speaks of what was or of what will be.

        One without a verb goes on in the direction of the day before it in the paragraph.
        """
        told = direction(self.tokens, match.start, match.end)
        if told or not (self.last_day and self.anchor.day):
            return told
        return "future" if self.last_day > self.anchor.day else ""

    def towards(self, match: PatternMatch) -> Direction:
        """Tell from prepositions and verbs on which side of the anchor to look."""
        if match.code_before("SEIT"):
            return "past"
        if match.before() == "auf" and not match.code_before("WDAY", "DOT", "MONTH", distance=2):
            return "future"  # auf Dienstag verschoben
        tense = self.direction(match)
        if not tense and (match.code_before("AB", "BIS") or match.before(2) in ("bis", "ab")):
            return "future"
        return tense

    def day_of_hour(self, match: PatternMatch) -> date | None:
        """Return the day named before in the same sentence, which ``um 15 Uhr`` belongs to."""
        near = same_sentence(self.tokens, self.day_end, match.start)
        return self.last_day if near else None

    def weekday(self, number: int, towards: Direction) -> date | None:
        """Return the last such day up to the anchor, or the next one from it on."""
        today = self.anchor.day
        if not today:
            return None
        away = (number - today.isoweekday()) % 7
        return periods.shifted(today, away if towards == "future" or not away else away - 7)

    def month(self, number: int, towards: Direction) -> Period:
        """Return the last such month up to the anchor, or the next one."""
        now = self.anchor.months
        if not now:
            return Period(f"XXXX-{number:02}", "month")
        year, current = now
        if towards == "future":
            return periods.month(year + (number < current), number)
        return periods.month(year - (number > current), number)

    def day_of_year(
        self, month: int, day: int, towards: Direction, weekday: int = 0
    ) -> Period | None:
        """Return the day in the year that the tense tells, else the nearest to the anchor.

        A weekday that was named with it (1 to 7) chooses the year if it falls on it near the
        anchor. ``None`` if the day exists in no year.
        """
        if not _exists(2024, month, day):
            return None
        now = self._middle(towards)
        unknown = Period(f"XXXX-{month:02}-{day:02}", "day")
        if not now:
            return unknown
        days = [
            date(year, month, day)
            for year in range(max(1, now.year - 8), min(9999, now.year + 8) + 1)
            if _exists(year, month, day)
        ]
        if not days:
            return unknown
        fitting = [fit for fit in days if fit.isoweekday() == weekday]
        if fitting and abs((best := chosen(fitting, now, "")) - now).days <= _NEAR:
            return periods.day(best)
        return periods.day(chosen(days, now, towards))

    def _middle(self, towards: Direction) -> date | None:
        """Return the anchor's day; of a month the end, the start or the middle."""
        if self.anchor.day or not self.anchor.months:
            return self.anchor.day
        whole = periods.month(*self.anchor.months)
        if not (whole.first and whole.last):
            return None
        return {"past": whole.last, "future": whole.first}.get(towards, whole.first.replace(day=15))


def chosen(days: list[date], now: date, towards: Direction) -> date:
    """Return the last of some days up to now, the first from now on, or the nearest."""
    nearest = min(days, key=lambda day: abs((day - now).days))
    fitting = nearest
    if towards == "past":
        fitting = max((day for day in days if day <= now), default=nearest)
    elif towards == "future":
        fitting = min((day for day in days if day >= now), default=nearest)
    return fitting if abs((fitting - now).days) <= _AWAY else nearest


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False
