"""The running text of an article, and what helps to understand it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from articles.article import TEXT_FIELDS, Published


@dataclass(frozen=True, slots=True)
class Text:
    """What the pipeline reads. ``language`` is ISO 639-1, empty where nobody knows it."""

    kicker: str = ""
    headline: str = ""
    lead: str = ""
    body: str = ""
    published: Published | None = None
    dateline_places: tuple[str, ...] = ()
    language: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> Text:
        """Take the text fields out of a mapping; what is missing or ``None`` is empty."""
        kicker, headline, lead, body = (str(fields.get(name) or "") for name in TEXT_FIELDS)
        return cls(kicker, headline, lead, body)

    @property
    def fields(self) -> dict[str, str]:
        """The texts by field, in reading order."""
        return {name: getattr(self, name) for name in TEXT_FIELDS}

    @property
    def characters(self) -> int:
        """How many characters all its texts have."""
        return sum(map(len, self.fields.values()))

    @property
    def foreign(self) -> bool:
        """Whether it is known to be in another language than German."""
        return self.language not in {"", "de", "und"}
