"""What an article is about: the phrases that a person would tag it with."""

from extraction.keyphrases.select import read_keyphrases

__all__ = ["read_keyphrases"]
