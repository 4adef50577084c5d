"""The rules, by what they read."""

from extraction.temporal.grammar import Rule
from extraction.temporal.rules import (
    clock,
    counted,
    day,
    holiday,
    length,
    month,
    night,
    recurring,
    relative,
    season,
    weekday,
    year,
)

#: Of rules that match the same words the first that reads them counts.
RULES: tuple[Rule, ...] = (
    *day.RULES,
    *month.RULES,
    *season.RULES,
    *year.RULES,
    *weekday.RULES,
    *night.RULES,
    *relative.RULES,
    *holiday.RULES,
    *counted.RULES,
    *length.RULES,
    *recurring.RULES,
    *clock.RULES,
)
