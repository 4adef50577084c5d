"""Expressions of time in German news: found, and turned into ranges of days where they can be."""

from extraction.temporal.mention import Kind, TimeMention, TimePrecision, range_of
from extraction.temporal.reader import read_dates

__all__ = ["Kind", "TimeMention", "TimePrecision", "range_of", "read_dates"]
