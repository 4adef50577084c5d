"""What is known of a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["country", "region", "city", "district", "continent", "water", "historic"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place under the name that German texts use most.

    ``country`` is ISO 3166-1 alpha-2 (``XK`` for Kosovo), empty for what lies in no country or
    in several. Degrees are WGS 84; ``None`` where one point would say nothing, or where several
    places of the country bear the name and the article does not tell which is meant.
    """

    name: str
    country: str
    latitude: float | None
    longitude: float | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Located:
    """The places of one article.

    ``places`` has the names as they were given; what is not known is missing. ``countries`` are
    ISO codes, most mentioned first. ``points`` (latitude, longitude) are those of cities,
    districts and regions; a country is no point.
    """

    places: Mapping[str, Place]
    countries: tuple[str, ...]
    points: tuple[tuple[float, float], ...]
