"""Quotations with their speakers, read by rules from words, capitals and known names."""

from extraction.quotes.quote import Quote as Quote
from extraction.quotes.read import read_quotes as read_quotes
