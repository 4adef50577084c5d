"""The name under which the archive has a name, by the rules about names."""

from __future__ import annotations

from pathlib import Path

from articles.article import Label
from indexing.searching.query import Canonical
from worker.enrichment.rules import Rules

#: What the rules about names call the names of an index field.
_LABELS: dict[str, Label] = {
    "people": "PER",
    "quoted_people": "PER",
    "organisations": "ORG",
    "places": "LOC",
}


class CanonicalNames:
    """The shipped rules, ``seeds/aliases.txt``, and those of a file, read anew when it changes.

    The file need not be there, and neither it nor its folder is ever made.
    """

    def __init__(self, path: Path) -> None:
        self._rules = Rules(path)

    def current(self) -> Canonical:
        """Return what gives a name of an index field the name that the rules give it now.

        Raises :class:`UsageError` with the number of a line that is no rule.
        """
        rules = self._rules.current()

        def named(field: str, name: str) -> str:
            label = _LABELS.get(field)
            return rules.name(label, name) if label else name

        return named
