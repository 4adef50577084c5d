"""Places: their German names, countries and coordinates."""

from extraction.geography.locate import german_name, locate
from extraction.geography.place import Kind, Located, Place

__all__ = ["Kind", "Located", "Place", "german_name", "locate"]
