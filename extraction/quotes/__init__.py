"""Quotations with their speakers, read by rules from words, capitals and known names.

Where a module says that a length is set by hand: on the half of the Wikinews quotations that may
be tuned on (``benchmarks.quotes --half tune``). Nothing in this room was fitted by a program.
"""

from extraction.quotes.quote import Quote as Quote
from extraction.quotes.read import read_quotes as read_quotes
