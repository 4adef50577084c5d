"""Which documents are of this site: what its data folder is called stands in ``tasks.site``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """``name`` is the present one, "" where nobody tells it; ``names`` are all that it has had."""

    name: str = ""
    names: frozenset[str] = frozenset()

    def owns(self, site: str) -> bool:
        """Whether a document of that site is of this one. One that names none may be anybody's."""
        return not site or not self.name or site == self.name or site in self.names


#: A pipeline of which nobody has said where it is.
NOWHERE = Site()
